//! Write transactions.

use super::*;
use sqlx::QueryBuilder;

/// The writer, between BEGIN and COMMIT.
pub(super) struct SqliteTransaction(pub(super) sqlx::Transaction<'static, Sqlite>);

#[async_trait]
impl Transaction for SqliteTransaction {
    async fn commit(self: Box<Self>) -> StoreResult<()> {
        Ok(self.0.commit().await?)
    }

    async fn unused_codes(
        &mut self,
        phone: &Phone,
        device: Option<DeviceId>,
        since: Timestamp,
    ) -> StoreResult<Vec<Timestamp>> {
        unused_codes(&mut *self.0, phone, device, since).await
    }

    async fn expire_oldest_flows(
        &mut self,
        phone: &Phone,
        device: Option<DeviceId>,
        flow: FlowId,
        keep: u32,
        now: Timestamp,
    ) -> StoreResult<()> {
        sqlx::query(
            "WITH live AS (SELECT flow, max(id) AS newest FROM login_codes \
                 WHERE phone = ?1 AND device_id IS ?2 AND flow <> ?3 AND expires_at > ?4 \
                 AND used_at IS NULL AND ended_at IS NULL GROUP BY flow) \
             UPDATE login_codes SET expires_at = ?4 WHERE expires_at > ?4 \
             AND flow IN (SELECT flow FROM live ORDER BY newest DESC LIMIT -1 OFFSET ?5)",
        )
        .bind(phone.as_str())
        .bind(device.map(|device| device.0))
        .bind(flow.0.to_vec())
        .bind(now.0)
        .bind(keep)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    async fn sent_to_prefix(&mut self, prefix: &str, since: Timestamp, now: Timestamp) -> StoreResult<SentToPrefix> {
        // "~" sorts behind every digit.
        let row = sqlx::query(
            "SELECT count(*) AS count, count(used_at) AS used, min(created_at) AS oldest FROM login_codes \
             WHERE phone >= ?1 AND phone < ?1 || '~' AND device_id IS NULL AND created_at > ?2 \
             AND (used_at IS NOT NULL OR expires_at <= ?3)",
        )
        .bind(prefix)
        .bind(since.0)
        .bind(now.0)
        .fetch_one(&mut *self.0)
        .await?;
        let oldest: Option<i64> = row.try_get("oldest")?;
        Ok(SentToPrefix { count: row.try_get("count")?, used: row.try_get("used")?, oldest: oldest.map(Timestamp) })
    }

    async fn add_login_code(&mut self, code: &NewLoginCode) -> StoreResult<i64> {
        let done = sqlx::query(
            "INSERT INTO login_codes (flow, phone, device_id, mac, length, begins_login, created_at, expires_at) \
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(code.flow.0.to_vec())
        .bind(code.phone.as_str())
        .bind(code.device.map(|device| device.0))
        .bind(code.mac.to_vec())
        .bind(code.length)
        .bind(code.begins_login)
        .bind(code.created_at.0)
        .bind(code.expires_at.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.last_insert_rowid())
    }

    async fn remove_login_code(&mut self, id: i64) -> StoreResult<()> {
        sqlx::query(
            "UPDATE daily_counts SET count = count - 1 WHERE (day, what) IN ( \
                 SELECT created_at / 86400000, 'messages-sent' FROM login_codes WHERE id = ?1 \
                 UNION ALL \
                 SELECT created_at / 86400000, 'logins-begun' FROM login_codes WHERE id = ?1 AND begins_login)",
        )
        .bind(id)
        .execute(&mut *self.0)
        .await?;
        sqlx::query("DELETE FROM login_codes WHERE id = ?").bind(id).execute(&mut *self.0).await?;
        Ok(())
    }

    async fn take_try(&mut self, flow: FlowId, max_tries: u32, now: Timestamp) -> StoreResult<Option<SentLoginCode>> {
        let row = sqlx::query(
            "UPDATE login_codes SET tries = tries + 1 \
             WHERE id = (SELECT max(id) FROM login_codes WHERE flow = ?) \
             AND tries < ? AND expires_at > ? AND used_at IS NULL AND ended_at IS NULL RETURNING id, phone, device_id, length, mac, used_at",
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
        let row = sqlx::query(
            "SELECT id, phone, invite_code, epoch, blocked_at FROM members WHERE invite_code = ? AND phone IS NOT NULL",
        )
        .bind(code.as_str())
        .fetch_optional(&mut *self.0)
        .await?;
        row.as_ref().map(member).transpose()
    }

    async fn add_member(&mut self, phone: &Phone, code: &InviteCode, now: Timestamp) -> StoreResult<AddMember> {
        let row = sqlx::query(
            "INSERT INTO members (phone, invite_code, created_at) SELECT ?1, ?2, ?3 \
             WHERE NOT EXISTS (SELECT 1 FROM former_invite_codes WHERE invite_code = ?2) \
             ON CONFLICT (invite_code) DO NOTHING RETURNING id, phone, invite_code, epoch, blocked_at",
        )
        .bind(phone.as_str())
        .bind(code.as_str())
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await?;
        row.as_ref().map_or(Ok(AddMember::InviteCodeTaken), |row| Ok(AddMember::Added(member(row)?)))
    }

    async fn remember_device(
        &mut self,
        member: MemberId,
        before: Option<&[u8; 32]>,
        token_hash: &[u8; 32],
        visitor: &Visitor,
        now: Timestamp,
    ) -> StoreResult<()> {
        if let Some(before) = before {
            sqlx::query("UPDATE devices SET token_hash = ? WHERE token_hash = ?")
                .bind(token_hash.to_vec())
                .bind(before.to_vec())
                .execute(&mut *self.0)
                .await?;
        }
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO devices (token_hash, member_id, created_at, seen_at, agent, network, browser) \
             VALUES (?1, ?2, ?3, ?3, ?4, ?5, (SELECT browser FROM devices WHERE token_hash = ?1)) \
             ON CONFLICT (token_hash, member_id) DO UPDATE SET seen_at = excluded.seen_at, agent = excluded.agent, \
             network = excluded.network RETURNING id",
        )
        .bind(token_hash.to_vec())
        .bind(member.0)
        .bind(now.0)
        .bind(&visitor.agent)
        .bind(visitor.network.as_str())
        .fetch_one(&mut *self.0)
        .await?;
        // The first device of a browser gives it its number.
        let name = sqlx::query("UPDATE devices SET browser = id WHERE id = ? AND browser IS NULL");
        name.bind(id).execute(&mut *self.0).await?;
        Ok(())
    }

    async fn forget_devices(&mut self, member: MemberId) -> StoreResult<()> {
        sqlx::query("DELETE FROM devices WHERE member_id = ?").bind(member.0).execute(&mut *self.0).await?;
        Ok(())
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

    async fn take_budget(&mut self, new: &BudgetUse<'_>, limits: &[(u32, Timestamp)]) -> StoreResult<Option<i64>> {
        let mut take =
            QueryBuilder::new("INSERT INTO budget_uses (budget, subject, purpose, used_at, expires_at) SELECT ");
        let mut values = take.separated(", ");
        values.push_bind(new.budget).push_bind(new.subject).push_bind(new.purpose);
        values.push_bind(new.used_at.0).push_bind(new.expires_at.0);
        take.push(" WHERE true");
        for (uses, since) in limits {
            take.push(" AND (SELECT count(*) FROM budget_uses WHERE budget = ").push_bind(new.budget);
            take.push(" AND subject = ").push_bind(new.subject);
            take.push(" AND used_at > ").push_bind(since.0).push(") < ").push_bind(*uses);
        }
        take.push(" RETURNING id");
        Ok(take.build_query_scalar().fetch_optional(&mut *self.0).await?)
    }

    async fn give_back(&mut self, uses: &[UseId]) -> StoreResult<()> {
        let mut delete = QueryBuilder::new("DELETE FROM budget_uses WHERE id IN (");
        let mut ids = delete.separated(", ");
        for id in uses {
            ids.push_bind(id.0);
        }
        delete.push(")").build().execute(&mut *self.0).await?;
        Ok(())
    }

    async fn give_back_for(&mut self, budget: &str, subject: &str, purpose: &str) -> StoreResult<()> {
        sqlx::query("DELETE FROM budget_uses WHERE budget = ? AND subject = ? AND purpose = ?")
            .bind(budget)
            .bind(subject)
            .bind(purpose)
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
