//! Login codes: sent, guessed at, used.

use super::store::{SqliteStore, forget};
use super::transaction::SqliteTransaction;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{
    ApiLoginId, DeviceId, FlowId, GuessTarget, LoginAttempt, NewLoginCode, SentLoginCode, SentToPrefix, UnusedMessages,
};
use crate::server::storage::{LoginCodeStore, LoginCodeTransaction, StoreResult};
use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite};

#[async_trait]
impl LoginCodeStore for SqliteStore {
    async fn newest_login_code(&self, flow: FlowId) -> StoreResult<Option<SentLoginCode>> {
        newest_login_code(&self.readers, flow).await
    }

    async fn unused_messages(
        &self,
        phone: &Phone,
        device: Option<DeviceId>,
        since: Timestamp,
    ) -> StoreResult<UnusedMessages> {
        unused_messages(&self.readers, phone, device, since).await
    }

    async fn newest_code_at(&self) -> StoreResult<Option<Timestamp>> {
        let newest: Option<i64> =
            sqlx::query_scalar("SELECT max(created_at) FROM login_codes").fetch_one(&self.readers).await?;
        Ok(newest.map(Timestamp))
    }

    async fn delete_codes_before(&self, before: Timestamp) -> StoreResult<u64> {
        let old = "DELETE FROM login_codes WHERE id IN (SELECT id FROM login_codes WHERE created_at < ? LIMIT ?)";
        forget(&self.writer, old, before.0).await
    }

    async fn logins_of(&self, phone: &Phone, limit: u32) -> StoreResult<Vec<LoginAttempt>> {
        let rows = sqlx::query(
            "SELECT created_at, device_id IS NOT NULL AS is_known, length, sends, used_at, expires_at, \
                 tries + (SELECT coalesce(sum(tries), 0) FROM api_logins WHERE code_id = login_codes.id) AS guesses \
             FROM login_codes WHERE phone = ? ORDER BY created_at DESC, id DESC LIMIT ?",
        )
        .bind(phone)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(login_attempt).collect()
    }
}

#[async_trait]
impl LoginCodeTransaction for SqliteTransaction {
    async fn newest_login_code(&mut self, flow: FlowId) -> StoreResult<Option<SentLoginCode>> {
        newest_login_code(&mut *self.0, flow).await
    }

    async fn unused_messages(
        &mut self,
        phone: &Phone,
        device: Option<DeviceId>,
        since: Timestamp,
    ) -> StoreResult<UnusedMessages> {
        unused_messages(&mut *self.0, phone, device, since).await
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
        .bind(phone)
        .bind(device)
        .bind(flow)
        .bind(now)
        .bind(keep)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    async fn sent_to_prefix(&mut self, prefix: &str, since: Timestamp, now: Timestamp) -> StoreResult<SentToPrefix> {
        // "~" sorts after every digit.
        let row = sqlx::query(
            "SELECT count(*) AS count, count(used_at) AS used, min(created_at) AS oldest FROM login_codes \
             WHERE phone >= ?1 AND phone < ?1 || '~' AND device_id IS NULL AND created_at > ?2 \
             AND (used_at IS NOT NULL OR expires_at <= ?3)",
        )
        .bind(prefix)
        .bind(since)
        .bind(now)
        .fetch_one(&mut *self.0)
        .await?;
        let oldest: Option<i64> = row.try_get("oldest")?;
        Ok(SentToPrefix { count: row.try_get("count")?, used: row.try_get("used")?, oldest: oldest.map(Timestamp) })
    }

    async fn add_login_code(&mut self, code: &NewLoginCode) -> StoreResult<SentLoginCode> {
        let row = sqlx::query(
            "INSERT INTO login_codes (flow, phone, device_id, mac, length, begins_login, created_at, expires_at) \
                 VALUES (?, ?, ?, zeroblob(32), ?, ?, ?, ?) RETURNING *",
        )
        .bind(code.flow)
        .bind(&code.phone)
        .bind(code.device)
        .bind(code.length)
        .bind(code.begins_login)
        .bind(code.created_at)
        .bind(code.expires_at)
        .fetch_one(&mut *self.0)
        .await?;
        sent_login_code(&row)
    }

    async fn count_message(&mut self, id: i64, now: Timestamp) -> StoreResult<()> {
        sqlx::query("UPDATE login_codes SET sends = sends + 1, resent_at = ? WHERE id = ?")
            .bind(now)
            .bind(id)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    async fn take_back_message(&mut self, id: i64, before: Option<Timestamp>) -> StoreResult<()> {
        sqlx::query("UPDATE login_codes SET sends = sends - 1, resent_at = ? WHERE id = ?")
            .bind(before)
            .bind(id)
            .execute(&mut *self.0)
            .await?;
        Ok(())
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

    async fn add_api_login(&mut self, login: ApiLoginId, code_id: i64) -> StoreResult<()> {
        sqlx::query("INSERT INTO api_logins (id, code_id) VALUES (?, ?)")
            .bind(login)
            .bind(code_id)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    async fn move_api_logins(&mut self, from: i64, to: i64) -> StoreResult<()> {
        sqlx::query("UPDATE api_logins SET code_id = ?, tries = 0 WHERE code_id = ?")
            .bind(to)
            .bind(from)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    async fn take_guess(
        &mut self,
        target: GuessTarget,
        max_guesses: u32,
        now: Timestamp,
    ) -> StoreResult<Option<SentLoginCode>> {
        let (statement, id) = match target {
            GuessTarget::Flow(flow) => (GUESS_IN_FLOW, flow.0),
            GuessTarget::ApiLogin(login) => (GUESS_IN_API_LOGIN, login.0),
        };
        let counted: Option<(i64, u32)> = sqlx::query_as(statement)
            .bind(id.to_vec())
            .bind(max_guesses)
            .bind(now)
            .fetch_optional(&mut *self.0)
            .await?;
        let Some((code, tries)) = counted else { return Ok(None) };
        let row = sqlx::query("SELECT * FROM login_codes WHERE id = ?").bind(code).fetch_one(&mut *self.0).await?;
        Ok(Some(SentLoginCode { tries, ..sent_login_code(&row)? }))
    }

    async fn use_code(&mut self, id: i64, now: Timestamp) -> StoreResult<bool> {
        let done =
            sqlx::query("UPDATE login_codes SET used_at = ? WHERE id = ? AND used_at IS NULL AND ended_at IS NULL")
                .bind(now)
                .bind(id)
                .execute(&mut *self.0)
                .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn end_codes(&mut self, phone: &Phone, now: Timestamp) -> StoreResult<()> {
        sqlx::query("UPDATE login_codes SET ended_at = ? WHERE phone = ? AND used_at IS NULL AND ended_at IS NULL")
            .bind(now)
            .bind(phone)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    async fn delete_unused_codes(&mut self, phone: &Phone) -> StoreResult<()> {
        sqlx::query("DELETE FROM login_codes WHERE phone = ? AND used_at IS NULL")
            .bind(phone)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }
}

const GUESS_IN_FLOW: &str = "UPDATE login_codes SET tries = tries + 1 \
    WHERE id = (SELECT max(id) FROM login_codes WHERE flow = ?1) \
    AND tries < ?2 AND expires_at > ?3 AND used_at IS NULL AND ended_at IS NULL RETURNING id, tries";
const GUESS_IN_API_LOGIN: &str = "UPDATE api_logins SET tries = tries + 1 WHERE id = ?1 AND tries < ?2 \
    AND EXISTS (SELECT 1 FROM login_codes WHERE id = code_id \
        AND expires_at > ?3 AND used_at IS NULL AND ended_at IS NULL) RETURNING code_id, tries";

async fn newest_login_code<'e, E>(executor: E, flow: FlowId) -> StoreResult<Option<SentLoginCode>>
where
    E: sqlx::Executor<'e, Database = Sqlite>,
{
    let row = sqlx::query("SELECT * FROM login_codes WHERE flow = ? ORDER BY id DESC LIMIT 1")
        .bind(flow)
        .fetch_optional(executor)
        .await?;
    row.as_ref().map(sent_login_code).transpose()
}

async fn unused_messages<'e, E>(
    executor: E,
    phone: &Phone,
    device: Option<DeviceId>,
    since: Timestamp,
) -> StoreResult<UnusedMessages>
where
    E: sqlx::Executor<'e, Database = Sqlite>,
{
    let row = sqlx::query(
        "SELECT coalesce(sum(sends), 0) AS count, max(coalesce(resent_at, created_at)) AS newest FROM login_codes \
         WHERE phone = ? AND device_id IS ? AND coalesce(resent_at, created_at) > ? AND used_at IS NULL",
    )
    .bind(phone)
    .bind(device)
    .bind(since)
    .fetch_one(executor)
    .await?;
    Ok(UnusedMessages { count: row.try_get("count")?, newest: row.try_get("newest")? })
}

fn sent_login_code(row: &SqliteRow) -> StoreResult<SentLoginCode> {
    Ok(SentLoginCode {
        id: row.try_get("id")?,
        flow: row.try_get("flow")?,
        phone: row.try_get("phone")?,
        device: row.try_get("device_id")?,
        length: row.try_get("length")?,
        tries: row.try_get("tries")?,
        expires_at: row.try_get("expires_at")?,
        resent_at: row.try_get("resent_at")?,
        is_used: row.try_get::<Option<Timestamp>, _>("used_at")?.is_some(),
        is_ended: row.try_get::<Option<Timestamp>, _>("ended_at")?.is_some(),
    })
}

fn login_attempt(row: &SqliteRow) -> StoreResult<LoginAttempt> {
    Ok(LoginAttempt {
        begun_at: row.try_get("created_at")?,
        is_known_device: row.try_get("is_known")?,
        length: row.try_get("length")?,
        messages: row.try_get("sends")?,
        guesses: row.try_get("guesses")?,
        used_at: row.try_get("used_at")?,
        expires_at: row.try_get("expires_at")?,
    })
}
