//! Write transactions.

use super::*;

/// The writer, between BEGIN and COMMIT.
pub(super) struct SqliteTransaction(pub(super) sqlx::Transaction<'static, Sqlite>);

#[async_trait]
impl Transaction for SqliteTransaction {
    async fn commit(self: Box<Self>) -> StoreResult<()> {
        Ok(self.0.commit().await?)
    }

    async fn unused_codes(&mut self, phone: &Phone, since: Timestamp) -> StoreResult<Vec<Timestamp>> {
        unused_codes(&mut *self.0, phone, since).await
    }

    async fn add_login_code(&mut self, code: &NewLoginCode) -> StoreResult<i64> {
        let done =
            sqlx::query("INSERT INTO login_codes (flow, phone, mac, created_at, expires_at) VALUES (?, ?, ?, ?, ?)")
                .bind(code.flow.0.to_vec())
                .bind(code.phone.as_str())
                .bind(code.mac.to_vec())
                .bind(code.created_at.0)
                .bind(code.expires_at.0)
                .execute(&mut *self.0)
                .await?;
        Ok(done.last_insert_rowid())
    }

    async fn remove_login_code(&mut self, id: i64) -> StoreResult<()> {
        sqlx::query("DELETE FROM login_codes WHERE id = ?").bind(id).execute(&mut *self.0).await?;
        Ok(())
    }

    async fn take_try(&mut self, flow: FlowId, max_tries: u32, now: Timestamp) -> StoreResult<Option<SentLoginCode>> {
        let row = sqlx::query(
            "UPDATE login_codes SET tries = tries + 1 \
             WHERE id = (SELECT max(id) FROM login_codes WHERE flow = ?) \
             AND tries < ? AND expires_at > ? AND used_at IS NULL AND ended_at IS NULL RETURNING id, phone, mac",
        )
        .bind(flow.0.to_vec())
        .bind(max_tries)
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await?;
        row.as_ref().map(sent_login_code).transpose()
    }

    async fn use_code(&mut self, id: i64, now: Timestamp) -> StoreResult<bool> {
        let done =
            sqlx::query("UPDATE login_codes SET used_at = ? WHERE id = ? AND used_at IS NULL AND ended_at IS NULL")
                .bind(now.0)
                .bind(id)
                .execute(&mut *self.0)
                .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn end_codes(&mut self, phone: &Phone, now: Timestamp) -> StoreResult<()> {
        sqlx::query("UPDATE login_codes SET ended_at = ? WHERE phone = ? AND used_at IS NULL AND ended_at IS NULL")
            .bind(now.0)
            .bind(phone.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    async fn member_by_phone(&mut self, phone: &Phone) -> StoreResult<Option<Member>> {
        let row = sqlx::query("SELECT id, phone, invite_code, epoch, blocked_at FROM members WHERE phone = ?")
            .bind(phone.as_str())
            .fetch_optional(&mut *self.0)
            .await?;
        row.as_ref().map(member).transpose()
    }

    async fn member_by_invite_code(&mut self, code: &InviteCode) -> StoreResult<Option<Member>> {
        let row = sqlx::query("SELECT id, phone, invite_code, epoch, blocked_at FROM members WHERE invite_code = ?")
            .bind(code.as_str())
            .fetch_optional(&mut *self.0)
            .await?;
        row.as_ref().map(member).transpose()
    }

    async fn add_member(&mut self, phone: &Phone, code: &InviteCode, now: Timestamp) -> StoreResult<AddMember> {
        let row = sqlx::query(
            "INSERT INTO members (phone, invite_code, created_at) VALUES (?, ?, ?) \
             ON CONFLICT (invite_code) DO NOTHING RETURNING id, phone, invite_code, epoch, blocked_at",
        )
        .bind(phone.as_str())
        .bind(code.as_str())
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await?;
        row.as_ref().map_or(Ok(AddMember::InviteCodeTaken), |row| Ok(AddMember::Added(member(row)?)))
    }

    async fn activated_code(&mut self, invitee: MemberId) -> StoreResult<Option<InviteCode>> {
        let code: Option<String> = sqlx::query_scalar("SELECT invite_code FROM redemptions WHERE invitee_id = ?")
            .bind(invitee.0)
            .fetch_optional(&mut *self.0)
            .await?;
        code.map(invite_code).transpose()
    }

    async fn was_brought_in_by(&mut self, member: MemberId, ancestor: MemberId) -> StoreResult<bool> {
        Ok(sqlx::query_scalar(
            "WITH RECURSIVE up (id) AS ( \
                 SELECT inviter_id FROM redemptions WHERE invitee_id = ? \
                 UNION SELECT inviter_id FROM redemptions JOIN up ON invitee_id = up.id \
             ) SELECT EXISTS (SELECT 1 FROM up WHERE id = ?)",
        )
        .bind(member.0)
        .bind(ancestor.0)
        .fetch_one(&mut *self.0)
        .await?)
    }

    async fn add_redemption(
        &mut self,
        invitee: MemberId,
        inviter: MemberId,
        code: &InviteCode,
        now: Timestamp,
    ) -> StoreResult<()> {
        sqlx::query("INSERT INTO redemptions (invitee_id, inviter_id, invite_code, redeemed_at) VALUES (?, ?, ?, ?)")
            .bind(invitee.0)
            .bind(inviter.0)
            .bind(code.as_str())
            .bind(now.0)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    async fn add_token_family(
        &mut self,
        family: FamilyId,
        member: MemberId,
        epoch: Epoch,
        now: Timestamp,
    ) -> StoreResult<()> {
        sqlx::query("INSERT INTO token_families (id, member_id, epoch, created_at, expires_at) VALUES (?, ?, ?, ?, ?)")
            .bind(family.0.to_vec())
            .bind(member.0)
            .bind(epoch.0)
            .bind(now.0)
            .bind(now.0)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    async fn add_refresh_token(&mut self, family: FamilyId, hash: &[u8; 32], expires_at: Timestamp) -> StoreResult<()> {
        sqlx::query("INSERT INTO refresh_tokens (hash, family_id, expires_at) VALUES (?, ?, ?)")
            .bind(hash.to_vec())
            .bind(family.0.to_vec())
            .bind(expires_at.0)
            .execute(&mut *self.0)
            .await?;
        sqlx::query("UPDATE token_families SET expires_at = max(expires_at, ?) WHERE id = ?")
            .bind(expires_at.0)
            .bind(family.0.to_vec())
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    async fn refresh_token(&mut self, hash: &[u8; 32]) -> StoreResult<Option<RefreshToken>> {
        let row = sqlx::query(
            "SELECT family_id, member_id, refresh_tokens.expires_at, used_at FROM refresh_tokens \
             JOIN token_families ON token_families.id = family_id JOIN members ON members.id = member_id \
             WHERE hash = ? AND members.epoch = token_families.epoch AND blocked_at IS NULL",
        )
        .bind(hash.to_vec())
        .fetch_optional(&mut *self.0)
        .await?;
        row.as_ref().map(refresh_token).transpose()
    }

    async fn use_refresh_token(&mut self, hash: &[u8; 32], now: Timestamp) -> StoreResult<()> {
        sqlx::query("UPDATE refresh_tokens SET used_at = ? WHERE hash = ? AND used_at IS NULL")
            .bind(now.0)
            .bind(hash.to_vec())
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    async fn end_token_family(&mut self, family: FamilyId) -> StoreResult<()> {
        let delete = sqlx::query("DELETE FROM token_families WHERE id = ?");
        delete.bind(family.0.to_vec()).execute(&mut *self.0).await?;
        Ok(())
    }

    async fn next_epoch(&mut self, member: MemberId) -> StoreResult<()> {
        let update = sqlx::query("UPDATE members SET epoch = epoch + 1 WHERE id = ?");
        update.bind(member.0).execute(&mut *self.0).await?;
        Ok(())
    }

    async fn budget_uses(&mut self, budget: &str, subject: &str, since: Timestamp) -> StoreResult<BudgetUses> {
        budget_uses(&mut *self.0, budget, subject, since).await
    }

    async fn use_budget(&mut self, budget: &str, subject: &str, now: Timestamp) -> StoreResult<()> {
        sqlx::query("INSERT INTO budget_uses (budget, subject, used_at) VALUES (?, ?, ?)")
            .bind(budget)
            .bind(subject)
            .bind(now.0)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    async fn idempotent_outcome(
        &mut self,
        member: MemberId,
        key_hash: &[u8; 32],
        since: Timestamp,
    ) -> StoreResult<Option<IdempotentOutcome>> {
        let row = sqlx::query(
            "SELECT request, outcome FROM idempotency_keys WHERE member_id = ? AND key_hash = ? AND created_at > ?",
        )
        .bind(member.0)
        .bind(key_hash.to_vec())
        .bind(since.0)
        .fetch_optional(&mut *self.0)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(IdempotentOutcome { request: row.try_get("request")?, outcome: row.try_get("outcome")? }))
    }

    async fn keep_idempotent_outcome(
        &mut self,
        member: MemberId,
        key_hash: &[u8; 32],
        outcome: &IdempotentOutcome,
        now: Timestamp,
    ) -> StoreResult<()> {
        sqlx::query(
            "INSERT INTO idempotency_keys (member_id, key_hash, request, outcome, created_at) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT DO UPDATE SET request = excluded.request, outcome = excluded.outcome, \
             created_at = excluded.created_at",
        )
        .bind(member.0)
        .bind(key_hash.to_vec())
        .bind(&outcome.request)
        .bind(&outcome.outcome)
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}
