//! Login codes: sent, guessed at, used.

use super::store::{SqliteStore, forget};
use super::transaction::SqliteTransaction;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{DeviceId, FlowId, NewLoginCode, SentLoginCode, SentToPrefix};
use crate::server::storage::{LoginCodeStore, LoginCodeTransaction, StoreResult};
use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite};

#[async_trait]
impl LoginCodeStore for SqliteStore {
    async fn newest_login_code(&self, flow: FlowId) -> StoreResult<Option<SentLoginCode>> {
        let row = sqlx::query(
            "SELECT id, phone, device_id, length, mac, used_at FROM login_codes \
             WHERE flow = ? ORDER BY id DESC LIMIT 1",
        )
        .bind(flow)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(sent_login_code).transpose()
    }

    async fn unused_codes(
        &self,
        phone: &Phone,
        device: Option<DeviceId>,
        since: Timestamp,
    ) -> StoreResult<Vec<Timestamp>> {
        unused_codes(&self.readers, phone, device, since).await
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
}

#[async_trait]
impl LoginCodeTransaction for SqliteTransaction {
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

    async fn add_login_code(&mut self, code: &NewLoginCode) -> StoreResult<i64> {
        let done = sqlx::query(
            "INSERT INTO login_codes (flow, phone, device_id, mac, length, begins_login, created_at, expires_at) \
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(code.flow)
        .bind(&code.phone)
        .bind(code.device)
        .bind(code.mac.to_vec())
        .bind(code.length)
        .bind(code.begins_login)
        .bind(code.created_at)
        .bind(code.expires_at)
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

    async fn take_guess(
        &mut self,
        flow: FlowId,
        max_guesses: u32,
        now: Timestamp,
    ) -> StoreResult<Option<SentLoginCode>> {
        let row = sqlx::query(
            "UPDATE login_codes SET tries = tries + 1 \
             WHERE id = (SELECT max(id) FROM login_codes WHERE flow = ?) \
             AND tries < ? AND expires_at > ? AND used_at IS NULL AND ended_at IS NULL RETURNING id, phone, device_id, length, mac, used_at",
        )
        .bind(flow)
        .bind(max_guesses)
        .bind(now)
        .fetch_optional(&mut *self.0)
        .await?;
        row.as_ref().map(sent_login_code).transpose()
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
}

async fn unused_codes<'e, E>(
    executor: E,
    phone: &Phone,
    device: Option<DeviceId>,
    since: Timestamp,
) -> StoreResult<Vec<Timestamp>>
where
    E: sqlx::Executor<'e, Database = Sqlite>,
{
    let times: Vec<i64> = sqlx::query_scalar(
        "SELECT created_at FROM login_codes \
         WHERE phone = ? AND device_id IS ? AND created_at > ? AND used_at IS NULL \
         ORDER BY created_at DESC",
    )
    .bind(phone)
    .bind(device)
    .bind(since)
    .fetch_all(executor)
    .await?;
    Ok(times.into_iter().map(Timestamp).collect())
}

fn sent_login_code(row: &SqliteRow) -> StoreResult<SentLoginCode> {
    Ok(SentLoginCode {
        id: row.try_get("id")?,
        phone: row.try_get("phone")?,
        device: row.try_get("device_id")?,
        length: row.try_get("length")?,
        mac: row.try_get("mac")?,
        is_used: row.try_get::<Option<Timestamp>, _>("used_at")?.is_some(),
    })
}
