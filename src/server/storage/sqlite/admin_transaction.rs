//! What admins change in SQLite.

use super::admin::{grant_of, owner_of_code, time};
use super::transaction::SqliteTransaction;
use super::*;
use crate::server::domain::admin::Grant;
use crate::server::domain::admin::flags::{FlagKind, Verdict};
use crate::server::domain::admin::repair::Subject;
use crate::server::domain::visitor::BrowserId;
use sqlx::QueryBuilder;

#[async_trait]
impl AdminTransaction for SqliteTransaction {
    async fn add_grant(&mut self, phone: &Phone, now: Timestamp) -> StoreResult<bool> {
        let add = sqlx::query("INSERT INTO admins (phone, granted_at) VALUES (?, ?) ON CONFLICT (phone) DO NOTHING");
        Ok(add.bind(phone.as_str()).bind(now.0).execute(&mut *self.0).await?.rows_affected() == 1)
    }

    async fn remove_grant(&mut self, phone: &Phone) -> StoreResult<bool> {
        let remove = sqlx::query("DELETE FROM admins WHERE phone = ?");
        Ok(remove.bind(phone.as_str()).execute(&mut *self.0).await?.rows_affected() == 1)
    }

    async fn grant_of(&mut self, member: MemberId) -> StoreResult<Option<Grant>> {
        grant_of(&mut *self.0, member).await
    }

    async fn keep_second_factor(&mut self, grant: &Grant) -> StoreResult<()> {
        sqlx::query("UPDATE admins SET secret = ?, enrolled_at = ?, last_step = ?, recovery_used = ? WHERE id = ?")
            .bind(&grant.secret)
            .bind(grant.enrolled_at.map(|at| at.0))
            .bind(grant.last_step)
            .bind(grant.recovery_used)
            .bind(grant.id.0)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    async fn subject(&mut self, id: MemberId) -> StoreResult<Option<Subject>> {
        let row = sqlx::query(
            "SELECT members.id, members.phone, invite_code, blocked_at, admins.id IS NOT NULL AS is_admin \
             FROM members LEFT JOIN admins ON admins.phone = members.phone WHERE members.id = ?",
        )
        .bind(id.0)
        .fetch_optional(&mut *self.0)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Subject {
            id: MemberId(row.try_get("id")?),
            phone: optional_phone(&row)?,
            invite_code: invite_code(row.try_get("invite_code")?)?,
            is_blocked: time(&row, "blocked_at")?.is_some(),
            is_admin: row.try_get("is_admin")?,
        }))
    }

    async fn set_blocked(&mut self, member: MemberId, blocked_at: Option<Timestamp>) -> StoreResult<()> {
        let set = sqlx::query("UPDATE members SET blocked_at = ? WHERE id = ?");
        set.bind(blocked_at.map(|at| at.0)).bind(member.0).execute(&mut *self.0).await?;
        Ok(())
    }

    async fn remove_redemption(&mut self, invitee: MemberId) -> StoreResult<Option<(MemberId, InviteCode)>> {
        let row = sqlx::query("DELETE FROM redemptions WHERE invitee_id = ? RETURNING inviter_id, invite_code")
            .bind(invitee.0)
            .fetch_optional(&mut *self.0)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some((MemberId(row.try_get("inviter_id")?), invite_code(row.try_get("invite_code")?)?)))
    }

    async fn replace_invite_code(&mut self, member: MemberId, code: &InviteCode, now: Timestamp) -> StoreResult<bool> {
        if AdminTransaction::owner_of_code(self, code).await?.is_some() {
            return Ok(false);
        }
        sqlx::query(
            "INSERT INTO former_invite_codes (invite_code, member_id, replaced_at) \
             SELECT invite_code, id, ? FROM members WHERE id = ?",
        )
        .bind(now.0)
        .bind(member.0)
        .execute(&mut *self.0)
        .await?;
        let set = sqlx::query("UPDATE members SET invite_code = ? WHERE id = ?");
        set.bind(code.as_str()).bind(member.0).execute(&mut *self.0).await?;
        Ok(true)
    }

    async fn erase_member(&mut self, member: MemberId, phone: &Phone, now: Timestamp) -> StoreResult<()> {
        for statement in [
            "DELETE FROM sessions WHERE member_id = ?",
            "DELETE FROM token_families WHERE member_id = ?",
            "DELETE FROM idempotency_keys WHERE member_id = ?",
            "DELETE FROM devices WHERE member_id = ?",
            "DELETE FROM redeem_tries WHERE member_id = ?",
            "DELETE FROM flags WHERE member_id = ?",
        ] {
            sqlx::query(statement).bind(member.0).execute(&mut *self.0).await?;
        }
        for statement in [
            "DELETE FROM login_codes WHERE phone = ?",
            // The whole file: without a line it would be another one. One that is being looked through may hold it, too.
            "DELETE FROM imports WHERE state = 'checking' OR id IN (SELECT import_id FROM import_lines WHERE phone = ?)",
        ] {
            sqlx::query(statement).bind(phone.as_str()).execute(&mut *self.0).await?;
        }
        sqlx::query("DELETE FROM budget_uses WHERE instr(subject, ?1) > 0 OR purpose = ?1")
            .bind(phone.as_str())
            .execute(&mut *self.0)
            .await?;
        sqlx::query(
            "UPDATE members SET phone = NULL, erased_at = ?, blocked_at = NULL, epoch = epoch + 1 WHERE id = ?",
        )
        .bind(now.0)
        .bind(member.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    async fn owner_of_code(&mut self, code: &InviteCode) -> StoreResult<Option<MemberId>> {
        owner_of_code(&mut *self.0, code).await
    }

    async fn add_audit_line(&mut self, line: &NewAuditLine<'_>) -> StoreResult<()> {
        sqlx::query(
            "INSERT INTO audit_log (at, actor, act, subject, reason, details, address) VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(line.at.0)
        .bind(line.actor.map(|member| member.0))
        .bind(line.act.as_str())
        .bind(line.subject.map(|member| member.0))
        .bind(line.reason)
        .bind(line.details)
        .bind(line.address)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    async fn tries_since(&mut self, member: MemberId, since: Timestamp) -> StoreResult<u32> {
        let count = sqlx::query_scalar("SELECT count(*) FROM redeem_tries WHERE member_id = ? AND last_at > ?");
        Ok(count.bind(member.0).bind(since.0).fetch_one(&mut *self.0).await?)
    }

    async fn repeat_try(&mut self, again: &NewTry<'_>, since: Timestamp) -> StoreResult<bool> {
        let done = sqlx::query(
            "UPDATE redeem_tries SET times = times + 1, last_at = ?1, network = ?2, browser = ?3 WHERE id = ( \
                 SELECT id FROM redeem_tries WHERE member_id = ?4 AND last_at > ?5 AND typed = ?6 AND outcome = ?7 \
                 ORDER BY last_at DESC LIMIT 1)",
        )
        .bind(again.at.0)
        .bind(again.network)
        .bind(again.browser.map(|browser| browser.0))
        .bind(again.member.0)
        .bind(since.0)
        .bind(again.typed)
        .bind(again.outcome.as_str())
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn count_tries(&mut self, which: &TryCount<'_>) -> StoreResult<u32> {
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT coalesce(sum(times), 0) FROM redeem_tries WHERE network IS NOT NULL AND outcome = ",
        );
        query.push_bind(which.outcome.as_str()).push(" AND last_at > ").push_bind(which.since.0);
        if let Some(member) = which.member {
            query.push(" AND member_id = ").push_bind(member.0);
        }
        if let Some(inviter) = which.inviter {
            query.push(" AND inviter_id = ").push_bind(inviter.0);
        }
        if let Some(network) = which.network {
            query.push(" AND network = ").push_bind(network);
        }
        if let Some(browser) = which.browser {
            query.push(" AND browser = ").push_bind(browser.0);
        }
        Ok(query.build_query_scalar().fetch_one(&mut *self.0).await?)
    }

    async fn redemptions_within_browser(&mut self, browser: BrowserId, since: Timestamp) -> StoreResult<u32> {
        let count = sqlx::query_scalar(
            "SELECT count(*) FROM devices AS theirs JOIN redemptions ON invitee_id = theirs.member_id \
             JOIN devices AS inviters ON inviters.member_id = inviter_id \
             WHERE theirs.browser = ?1 AND inviters.browser = ?1 AND redeemed_at > ?2",
        );
        Ok(count.bind(browser.0).bind(since.0).fetch_one(&mut *self.0).await?)
    }

    async fn flag_reviewed_at(
        &mut self,
        kind: FlagKind,
        member: MemberId,
        source: &str,
    ) -> StoreResult<Option<Timestamp>> {
        let last: Option<i64> = sqlx::query_scalar(
            "SELECT max(reviewed_at) FROM flags \
             WHERE kind = ? AND member_id = ? AND source = ? AND reviewed_at IS NOT NULL",
        )
        .bind(kind.as_str())
        .bind(member.0)
        .bind(source)
        .fetch_one(&mut *self.0)
        .await?;
        Ok(last.map(Timestamp))
    }

    async fn raise_flag(
        &mut self,
        kind: FlagKind,
        member: MemberId,
        source: &str,
        count: u32,
        now: Timestamp,
    ) -> StoreResult<()> {
        sqlx::query(
            "INSERT INTO flags (kind, member_id, source, count, first_at, last_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5) \
             ON CONFLICT (kind, member_id, source) WHERE reviewed_at IS NULL \
             DO UPDATE SET count = excluded.count, last_at = excluded.last_at",
        )
        .bind(kind.as_str())
        .bind(member.0)
        .bind(source)
        .bind(count)
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    async fn review_flag(&mut self, id: i64, verdict: Verdict, now: Timestamp) -> StoreResult<bool> {
        let review = sqlx::query("UPDATE flags SET verdict = ?, reviewed_at = ? WHERE id = ? AND reviewed_at IS NULL");
        let done = review.bind(verdict.as_str()).bind(now.0).bind(id).execute(&mut *self.0).await?;
        Ok(done.rows_affected() == 1)
    }

    async fn add_try(&mut self, new: &NewTry<'_>) -> StoreResult<()> {
        sqlx::query(
            "INSERT INTO redeem_tries (member_id, typed, inviter_id, outcome, tried_at, last_at, network, browser) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7)",
        )
        .bind(new.member.0)
        .bind(new.typed)
        .bind(new.inviter.map(|member| member.0))
        .bind(new.outcome.as_str())
        .bind(new.at.0)
        .bind(new.network)
        .bind(new.browser.map(|browser| browser.0))
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}
