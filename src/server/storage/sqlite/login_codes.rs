//! Login codes: sent, guessed at, used.

use super::connection::{Statements, value};
use super::store::SqliteStore;
use super::transaction::SqliteTransaction;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{
    ApiLoginId, DeviceId, FlowId, GuessTarget, LoginAttempt, NewLoginCode, SentLoginCode, SentToPrefix, UnusedMessages,
};
use crate::server::storage::rows::login_attempt;
use crate::server::storage::{LoginCodeStore, LoginCodeTransaction, StoreResult};
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

#[async_trait]
impl LoginCodeStore for SqliteStore {
    async fn newest_login_code(&self, flow: FlowId) -> StoreResult<Option<SentLoginCode>> {
        self.reads.read(|connection| newest_login_code(connection, flow)).await
    }

    async fn unused_messages(
        &self,
        phone: &Phone,
        device: Option<DeviceId>,
        since: Timestamp,
    ) -> StoreResult<UnusedMessages> {
        self.reads.read(|connection| unused_messages(connection, phone, device, since)).await
    }

    async fn newest_code_at(&self) -> StoreResult<Option<Timestamp>> {
        self.reads.read(|connection| connection.one("SELECT max(created_at) FROM login_codes", [], value)).await
    }

    async fn delete_codes_before(&self, before: Timestamp) -> StoreResult<u64> {
        let old = "DELETE FROM login_codes WHERE id IN (SELECT id FROM login_codes WHERE created_at < ? LIMIT ?)";
        self.forget(old, before.0).await
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
        newest_login_code(&self.connection, flow)
    }

    async fn unused_messages(
        &mut self,
        phone: &Phone,
        device: Option<DeviceId>,
        since: Timestamp,
    ) -> StoreResult<UnusedMessages> {
        unused_messages(&self.connection, phone, device, since)
    }

    async fn expire_oldest_flows(
        &mut self,
        phone: &Phone,
        device: Option<DeviceId>,
        flow: FlowId,
        keep: u32,
        now: Timestamp,
    ) -> StoreResult<()> {
        self.connection.change(
            "WITH live AS (SELECT flow, max(id) AS newest FROM login_codes \
                 WHERE phone = ?1 AND device_id IS ?2 AND flow <> ?3 AND expires_at > ?4 \
                 AND used_at IS NULL AND ended_at IS NULL GROUP BY flow) \
             UPDATE login_codes SET expires_at = ?4 WHERE expires_at > ?4 \
             AND flow IN (SELECT flow FROM live ORDER BY newest DESC LIMIT -1 OFFSET ?5)",
            params![phone, device, flow, now, keep],
        )?;
        Ok(())
    }

    async fn sent_to_prefix(&mut self, prefix: &str, since: Timestamp, now: Timestamp) -> StoreResult<SentToPrefix> {
        // "~" sorts after every digit.
        self.connection.one(
            "SELECT count(*) AS count, count(used_at) AS used, min(created_at) AS oldest FROM login_codes \
             WHERE phone >= ?1 AND phone < ?1 || '~' AND device_id IS NULL AND created_at > ?2 \
             AND (used_at IS NOT NULL OR expires_at <= ?3)",
            params![prefix, since, now],
            |row| Ok(SentToPrefix { count: row.get("count")?, used: row.get("used")?, oldest: row.get("oldest")? }),
        )
    }

    async fn add_login_code(&mut self, code: &NewLoginCode) -> StoreResult<SentLoginCode> {
        let NewLoginCode { flow, phone, device, length, begins_login, created_at, expires_at } = code;
        self.connection.one(
            "INSERT INTO login_codes \
                 (flow, phone, device_id, mac, length, begins_login, created_at, expires_at) \
             VALUES (?, ?, ?, zeroblob(32), ?, ?, ?, ?) RETURNING *",
            params![flow, phone, device, length, begins_login, created_at, expires_at],
            sent_login_code,
        )
    }

    async fn count_message(&mut self, id: i64, now: Timestamp) -> StoreResult<()> {
        self.connection
            .change("UPDATE login_codes SET sends = sends + 1, resent_at = ? WHERE id = ?", params![now, id])?;
        Ok(())
    }

    async fn take_back_message(&mut self, id: i64, before: Option<Timestamp>) -> StoreResult<()> {
        self.connection
            .change("UPDATE login_codes SET sends = sends - 1, resent_at = ? WHERE id = ?", params![before, id])?;
        Ok(())
    }

    async fn remove_login_code(&mut self, id: i64) -> StoreResult<()> {
        self.connection.change(
            "UPDATE daily_counts SET count = count - 1 WHERE (day, what) IN ( \
                 SELECT created_at / 86400000, 'messages-sent' FROM login_codes WHERE id = ?1 \
                 UNION ALL \
                 SELECT created_at / 86400000, 'logins-begun' FROM login_codes WHERE id = ?1 AND begins_login)",
            params![id],
        )?;
        self.connection.change("DELETE FROM login_codes WHERE id = ?", params![id])?;
        Ok(())
    }

    async fn add_api_login(&mut self, login: ApiLoginId, code_id: i64) -> StoreResult<()> {
        self.connection.change("INSERT INTO api_logins (id, code_id) VALUES (?, ?)", params![login, code_id])?;
        Ok(())
    }

    async fn move_api_logins(&mut self, from: i64, to: i64) -> StoreResult<()> {
        self.connection.change("UPDATE api_logins SET code_id = ?, tries = 0 WHERE code_id = ?", params![to, from])?;
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
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let counted: Option<(i64, u32)> = self.connection.first(statement, params![id, max_guesses, now], read)?;
        let Some((code, tries)) = counted else { return Ok(None) };
        let sent = self.connection.one("SELECT * FROM login_codes WHERE id = ?", [code], sent_login_code)?;
        Ok(Some(SentLoginCode { tries, ..sent }))
    }

    async fn use_code(&mut self, id: i64, now: Timestamp) -> StoreResult<bool> {
        let done = self.connection.change(
            "UPDATE login_codes SET used_at = ? WHERE id = ? AND used_at IS NULL AND ended_at IS NULL",
            params![now, id],
        )?;
        Ok(done == 1)
    }

    async fn end_codes(&mut self, phone: &Phone, now: Timestamp) -> StoreResult<()> {
        self.connection.change(
            "UPDATE login_codes SET ended_at = ? WHERE phone = ? AND used_at IS NULL AND ended_at IS NULL",
            params![now, phone],
        )?;
        Ok(())
    }

    async fn delete_unused_codes(&mut self, phone: &Phone) -> StoreResult<()> {
        self.connection.change("DELETE FROM login_codes WHERE phone = ? AND used_at IS NULL", params![phone])?;
        Ok(())
    }
}

const GUESS_IN_FLOW: &str = "UPDATE login_codes SET tries = tries + 1 \
    WHERE id = (SELECT max(id) FROM login_codes WHERE flow = ?1) \
    AND tries < ?2 AND expires_at > ?3 AND used_at IS NULL AND ended_at IS NULL RETURNING id, tries";
const GUESS_IN_API_LOGIN: &str = "UPDATE api_logins SET tries = tries + 1 WHERE id = ?1 AND tries < ?2 \
    AND EXISTS (SELECT 1 FROM login_codes WHERE id = code_id \
        AND expires_at > ?3 AND used_at IS NULL AND ended_at IS NULL) RETURNING code_id, tries";

fn newest_login_code(connection: &Connection, flow: FlowId) -> StoreResult<Option<SentLoginCode>> {
    let newest = "SELECT * FROM login_codes WHERE flow = ? ORDER BY id DESC LIMIT 1";
    connection.first(newest, [flow], sent_login_code)
}

fn unused_messages(
    connection: &Connection,
    phone: &Phone,
    device: Option<DeviceId>,
    since: Timestamp,
) -> StoreResult<UnusedMessages> {
    connection.one(
        "SELECT coalesce(sum(sends), 0) AS count, max(coalesce(resent_at, created_at)) AS newest FROM login_codes \
         WHERE phone = ? AND device_id IS ? AND coalesce(resent_at, created_at) > ? AND used_at IS NULL",
        params![phone, device, since],
        |row| Ok(UnusedMessages { count: row.get("count")?, newest: row.get("newest")? }),
    )
}

fn sent_login_code(row: &Row<'_>) -> rusqlite::Result<SentLoginCode> {
    Ok(SentLoginCode {
        id: row.get("id")?,
        flow: row.get("flow")?,
        phone: row.get("phone")?,
        device: row.get("device_id")?,
        length: row.get("length")?,
        tries: row.get("tries")?,
        expires_at: row.get("expires_at")?,
        resent_at: row.get("resent_at")?,
        is_used: row.get::<_, Option<Timestamp>>("used_at")?.is_some(),
        is_ended: row.get::<_, Option<Timestamp>>("ended_at")?.is_some(),
    })
}
