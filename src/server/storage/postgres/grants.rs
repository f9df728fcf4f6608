//! The right to run the referral program.

use super::store::PostgresStore;
use super::transaction::PostgresTransaction;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{Grant, MemberId};
use crate::server::storage::{GrantStore, GrantTransaction, StoreResult};
use async_trait::async_trait;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

const GRANTS: &str = "SELECT admins.id, admins.phone, members.id AS member_id, granted_at, secret, enrolled_at, \
                      last_step, recovery_used FROM admins LEFT JOIN members ON members.phone = admins.phone \
                      ORDER BY admins.id";
const GRANT_OF: &str = "SELECT admins.id, admins.phone, members.id AS member_id, granted_at, secret, enrolled_at, \
                        last_step, recovery_used FROM admins JOIN members ON members.phone = admins.phone \
                        WHERE members.id = $1";

#[async_trait]
impl GrantStore for PostgresStore {
    async fn grants(&self) -> StoreResult<Vec<Grant>> {
        sqlx::query(GRANTS).fetch_all(&self.pool).await?.iter().map(grant).collect()
    }

    async fn grant_of(&self, member: MemberId) -> StoreResult<Option<Grant>> {
        grant_of(&mut *self.pool.acquire().await?, member).await
    }

    async fn is_first_admin_link(&self, token_hash: &[u8; 32], now: Timestamp) -> StoreResult<bool> {
        let link = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM first_admin_links WHERE token_hash = $1 AND expires_at > $2)",
        );
        Ok(link.bind(&token_hash[..]).bind(now).fetch_one(&self.pool).await?)
    }
}

#[async_trait]
impl GrantTransaction for PostgresTransaction {
    async fn add_grant(&mut self, phone: &Phone, now: Timestamp) -> StoreResult<bool> {
        let add = sqlx::query("INSERT INTO admins (phone, granted_at) VALUES ($1, $2) ON CONFLICT (phone) DO NOTHING");
        let added = add.bind(phone).bind(now).execute(self.connection()).await?;
        sqlx::query("DELETE FROM first_admin_links").execute(self.connection()).await?;
        Ok(added.rows_affected() == 1)
    }

    async fn remove_grant(&mut self, phone: &Phone) -> StoreResult<bool> {
        let removed = sqlx::query("DELETE FROM admins WHERE phone = $1").bind(phone).execute(self.connection()).await?;
        Ok(removed.rows_affected() == 1)
    }

    async fn grant_of(&mut self, member: MemberId) -> StoreResult<Option<Grant>> {
        grant_of(self.connection(), member).await
    }

    async fn add_first_admin_link(
        &mut self,
        token_hash: &[u8; 32],
        now: Timestamp,
        expires_at: Timestamp,
    ) -> StoreResult<bool> {
        let old = sqlx::query("DELETE FROM first_admin_links WHERE expires_at <= $1");
        old.bind(now).execute(self.connection()).await?;
        let add = sqlx::query("INSERT INTO first_admin_links SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM admins)");
        let added = add.bind(&token_hash[..]).bind(expires_at).execute(self.connection()).await?;
        Ok(added.rows_affected() == 1)
    }

    async fn use_first_admin_link(&mut self, token_hash: &[u8; 32], now: Timestamp) -> StoreResult<bool> {
        let delete = sqlx::query("DELETE FROM first_admin_links WHERE token_hash = $1 AND expires_at > $2");
        let deleted = delete.bind(&token_hash[..]).bind(now).execute(self.connection()).await?;
        Ok(deleted.rows_affected() == 1)
    }

    async fn keep_second_factor(&mut self, grant: &Grant) -> StoreResult<()> {
        let keep = sqlx::query(
            "UPDATE admins SET secret = $1, enrolled_at = $2, last_step = $3, recovery_used = $4 WHERE id = $5",
        );
        let keep = keep.bind(&grant.secret).bind(grant.enrolled_at).bind(grant.last_step);
        keep.bind(grant.recovery_used).bind(grant.id).execute(self.connection()).await?;
        Ok(())
    }
}

async fn grant_of(connection: &mut PgConnection, member: MemberId) -> StoreResult<Option<Grant>> {
    let row = sqlx::query(GRANT_OF).bind(member).fetch_optional(connection).await?;
    row.as_ref().map(grant).transpose()
}

fn grant(row: &PgRow) -> StoreResult<Grant> {
    Ok(Grant {
        id: row.try_get("id")?,
        phone: row.try_get("phone")?,
        member: row.try_get("member_id")?,
        granted_at: row.try_get("granted_at")?,
        secret: row.try_get("secret")?,
        enrolled_at: row.try_get("enrolled_at")?,
        last_step: row.try_get("last_step")?,
        recovery_used: row.try_get("recovery_used")?,
    })
}
