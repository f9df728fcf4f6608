//! Login codes: sent, guessed at, used.

use super::store::PostgresStore;
use super::transaction::PostgresTransaction;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{
    ApiLoginId, DeviceId, FlowId, GuessTarget, LoginAttempt, NewLoginCode, SentLoginCode, SentToPrefix, UnusedMessages,
};
use crate::server::storage::rows::{login_attempt, number, unsigned};
use crate::server::storage::{LoginCodeStore, LoginCodeTransaction, StoreResult};
use async_trait::async_trait;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

#[async_trait]
impl LoginCodeStore for PostgresStore {
    async fn newest_login_code(&self, flow: FlowId) -> StoreResult<Option<SentLoginCode>> {
        newest_login_code(&mut *self.pool.acquire().await?, flow).await
    }

    async fn unused_messages(
        &self,
        phone: &Phone,
        device: Option<DeviceId>,
        since: Timestamp,
    ) -> StoreResult<UnusedMessages> {
        unused_messages(&mut *self.pool.acquire().await?, phone, device, since).await
    }

    async fn newest_code_at(&self) -> StoreResult<Option<Timestamp>> {
        Ok(sqlx::query_scalar("SELECT max(created_at) FROM login_codes").fetch_one(&self.pool).await?)
    }

    async fn delete_codes_before(&self, before: Timestamp) -> StoreResult<u64> {
        let old = "DELETE FROM login_codes WHERE id IN \
                   (SELECT id FROM login_codes WHERE created_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)";
        self.forget(old, before.0).await
    }

    async fn logins_of(&self, phone: &Phone, limit: u32) -> StoreResult<Vec<LoginAttempt>> {
        let rows = sqlx::query(
            "SELECT created_at, device_id IS NOT NULL AS is_known, length, sends, used_at, expires_at, \
                 (tries + (SELECT coalesce(sum(tries), 0) FROM api_logins WHERE code_id = login_codes.id))::bigint \
                 AS guesses \
             FROM login_codes WHERE phone = $1 ORDER BY created_at DESC, id DESC LIMIT $2",
        );
        let rows = rows.bind(phone).bind(i64::from(limit)).fetch_all(&self.pool).await?;
        rows.iter().map(login_attempt).collect()
    }
}

#[async_trait]
impl LoginCodeTransaction for PostgresTransaction {
    async fn newest_login_code(&mut self, flow: FlowId) -> StoreResult<Option<SentLoginCode>> {
        newest_login_code(self.connection(), flow).await
    }

    async fn unused_messages(
        &mut self,
        phone: &Phone,
        device: Option<DeviceId>,
        since: Timestamp,
    ) -> StoreResult<UnusedMessages> {
        unused_messages(self.connection(), phone, device, since).await
    }

    async fn expire_oldest_flows(
        &mut self,
        phone: &Phone,
        device: Option<DeviceId>,
        flow: FlowId,
        keep: u32,
        now: Timestamp,
    ) -> StoreResult<()> {
        let expire = sqlx::query(
            "WITH live AS (SELECT flow, max(id) AS newest FROM login_codes \
                 WHERE phone = $1 AND device_id IS NOT DISTINCT FROM $2 AND flow <> $3 AND expires_at > $4 \
                 AND used_at IS NULL AND ended_at IS NULL GROUP BY flow) \
             UPDATE login_codes SET expires_at = $4 WHERE expires_at > $4 \
             AND flow IN (SELECT flow FROM live ORDER BY newest DESC OFFSET $5)",
        );
        let expire = expire.bind(phone).bind(device).bind(flow).bind(now).bind(i64::from(keep));
        expire.execute(self.connection()).await?;
        Ok(())
    }

    async fn sent_to_prefix(&mut self, prefix: &str, since: Timestamp, now: Timestamp) -> StoreResult<SentToPrefix> {
        // "~" sorts after every digit.
        let sent = sqlx::query_as(
            "SELECT count(*), count(used_at), min(created_at) FROM login_codes \
             WHERE phone >= $1 AND phone < $1 || '~' AND device_id IS NULL AND created_at > $2 \
             AND (used_at IS NOT NULL OR expires_at <= $3)",
        );
        let sent = sent.bind(prefix).bind(since).bind(now).fetch_one(self.connection()).await?;
        let (count, used, oldest): (i64, i64, _) = sent;
        Ok(SentToPrefix { count: unsigned(count, "count")?, used: unsigned(used, "used")?, oldest })
    }

    async fn add_login_code(&mut self, code: &NewLoginCode) -> StoreResult<SentLoginCode> {
        let NewLoginCode { flow, phone, device, length, begins_login, created_at, expires_at } = code;
        let add = sqlx::query(
            "INSERT INTO login_codes (flow, phone, device_id, length, begins_login, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) \
             RETURNING id, flow, phone, device_id, length, tries, expires_at, resent_at, used_at, ended_at",
        );
        let add = add.bind(flow).bind(phone).bind(device).bind(length).bind(begins_login);
        sent_login_code(&add.bind(created_at).bind(expires_at).fetch_one(self.connection()).await?)
    }

    async fn count_message(&mut self, id: i64, now: Timestamp) -> StoreResult<()> {
        let count = sqlx::query("UPDATE login_codes SET sends = sends + 1, resent_at = $1 WHERE id = $2");
        count.bind(now).bind(id).execute(self.connection()).await?;
        Ok(())
    }

    async fn take_back_message(&mut self, id: i64, before: Option<Timestamp>) -> StoreResult<()> {
        let take_back = sqlx::query("UPDATE login_codes SET sends = sends - 1, resent_at = $1 WHERE id = $2");
        take_back.bind(before).bind(id).execute(self.connection()).await?;
        Ok(())
    }

    async fn remove_login_code(&mut self, id: i64) -> StoreResult<()> {
        for uncount in [
            "SELECT count_on_day(created_at, 'messages-sent', -1) FROM login_codes WHERE id = $1",
            "SELECT count_on_day(created_at, 'logins-begun', -1) FROM login_codes WHERE id = $1 AND begins_login",
        ] {
            sqlx::query(uncount).bind(id).execute(self.connection()).await?;
        }
        sqlx::query("DELETE FROM login_codes WHERE id = $1").bind(id).execute(self.connection()).await?;
        Ok(())
    }

    async fn add_api_login(&mut self, login: ApiLoginId, code_id: i64) -> StoreResult<()> {
        let add = sqlx::query("INSERT INTO api_logins (id, code_id) VALUES ($1, $2)");
        add.bind(login).bind(code_id).execute(self.connection()).await?;
        Ok(())
    }

    async fn move_api_logins(&mut self, from: i64, to: i64) -> StoreResult<()> {
        let change = sqlx::query("UPDATE api_logins SET code_id = $1, tries = 0 WHERE code_id = $2");
        change.bind(to).bind(from).execute(self.connection()).await?;
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
        let take = sqlx::query(statement).bind(&id[..]).bind(i64::from(max_guesses)).bind(now);
        let Some(row) = take.fetch_optional(self.connection()).await? else { return Ok(None) };
        Ok(Some(SentLoginCode { tries: number(&row, "counted")?, ..sent_login_code(&row)? }))
    }

    async fn use_code(&mut self, id: i64, now: Timestamp) -> StoreResult<bool> {
        let mark =
            sqlx::query("UPDATE login_codes SET used_at = $1 WHERE id = $2 AND used_at IS NULL AND ended_at IS NULL");
        Ok(mark.bind(now).bind(id).execute(self.connection()).await?.rows_affected() == 1)
    }

    async fn end_codes(&mut self, phone: &Phone, now: Timestamp) -> StoreResult<()> {
        let end = sqlx::query(
            "UPDATE login_codes SET ended_at = $1 WHERE phone = $2 AND used_at IS NULL AND ended_at IS NULL",
        );
        end.bind(now).bind(phone).execute(self.connection()).await?;
        Ok(())
    }

    async fn delete_unused_codes(&mut self, phone: &Phone) -> StoreResult<()> {
        let delete = sqlx::query("DELETE FROM login_codes WHERE phone = $1 AND used_at IS NULL");
        delete.bind(phone).execute(self.connection()).await?;
        Ok(())
    }
}

/// `counted` are the guesses under the target, this one included.
const GUESS_IN_FLOW: &str = "UPDATE login_codes SET tries = tries + 1 \
    WHERE id = (SELECT max(id) FROM login_codes WHERE flow = $1) \
    AND tries < $2 AND expires_at > $3 AND used_at IS NULL AND ended_at IS NULL \
    RETURNING id, flow, phone, device_id, length, tries, expires_at, resent_at, used_at, ended_at, \
    tries AS counted";
const GUESS_IN_API_LOGIN: &str = "UPDATE api_logins SET tries = api_logins.tries + 1 FROM login_codes \
    WHERE api_logins.id = $1 AND api_logins.tries < $2 AND login_codes.id = code_id \
    AND expires_at > $3 AND used_at IS NULL AND ended_at IS NULL \
    RETURNING login_codes.id, flow, phone, device_id, length, login_codes.tries, expires_at, resent_at, used_at, \
    ended_at, api_logins.tries AS counted";

async fn newest_login_code(connection: &mut PgConnection, flow: FlowId) -> StoreResult<Option<SentLoginCode>> {
    let newest = sqlx::query(
        "SELECT id, flow, phone, device_id, length, tries, expires_at, resent_at, used_at, ended_at \
         FROM login_codes WHERE flow = $1 ORDER BY id DESC LIMIT 1",
    );
    newest.bind(flow).fetch_optional(connection).await?.as_ref().map(sent_login_code).transpose()
}

async fn unused_messages(
    connection: &mut PgConnection,
    phone: &Phone,
    device: Option<DeviceId>,
    since: Timestamp,
) -> StoreResult<UnusedMessages> {
    let unused = sqlx::query_as(
        "SELECT coalesce(sum(sends), 0)::bigint, max(coalesce(resent_at, created_at)) FROM login_codes \
         WHERE phone = $1 AND device_id IS NOT DISTINCT FROM $2 AND coalesce(resent_at, created_at) > $3 \
         AND used_at IS NULL",
    );
    let (count, newest) = unused.bind(phone).bind(device).bind(since).fetch_one(connection).await?;
    Ok(UnusedMessages { count: unsigned(count, "sends")?, newest })
}

fn sent_login_code(row: &PgRow) -> StoreResult<SentLoginCode> {
    Ok(SentLoginCode {
        id: row.try_get("id")?,
        flow: row.try_get("flow")?,
        phone: row.try_get("phone")?,
        device: row.try_get("device_id")?,
        length: row.try_get("length")?,
        tries: number(row, "tries")?,
        expires_at: row.try_get("expires_at")?,
        resent_at: row.try_get("resent_at")?,
        is_used: row.try_get::<Option<Timestamp>, _>("used_at")?.is_some(),
        is_ended: row.try_get::<Option<Timestamp>, _>("ended_at")?.is_some(),
    })
}
