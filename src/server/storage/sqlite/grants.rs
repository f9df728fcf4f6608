//! The right to run the referral program.

use super::store::SqliteStore;
use super::transaction::SqliteTransaction;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{Grant, MemberId};
use crate::server::storage::{GrantStore, GrantTransaction, StoreResult};
use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

const GRANTS: &str = "SELECT admins.id, admins.phone, members.id AS member_id, granted_at, secret, enrolled_at, \
                      last_step, recovery_used FROM admins LEFT JOIN members ON members.phone = admins.phone";

#[async_trait]
impl GrantStore for SqliteStore {
    async fn grants(&self) -> StoreResult<Vec<Grant>> {
        let mut query = QueryBuilder::<Sqlite>::new(GRANTS);
        let rows = query.push(" ORDER BY admins.id").build().fetch_all(&self.readers).await?;
        rows.iter().map(grant).collect()
    }

    async fn grant_of(&self, member: MemberId) -> StoreResult<Option<Grant>> {
        grant_of(&self.readers, member).await
    }

    async fn is_first_admin_link(&self, token_hash: &[u8; 32], now: Timestamp) -> StoreResult<bool> {
        let link = sqlx::query("SELECT 1 FROM first_admin_links WHERE token_hash = ? AND expires_at > ?");
        Ok(link.bind(token_hash.to_vec()).bind(now).fetch_optional(&self.readers).await?.is_some())
    }
}

#[async_trait]
impl GrantTransaction for SqliteTransaction {
    async fn add_grant(&mut self, phone: &Phone, now: Timestamp) -> StoreResult<bool> {
        let add = sqlx::query("INSERT INTO admins (phone, granted_at) VALUES (?, ?) ON CONFLICT (phone) DO NOTHING");
        let is_new = add.bind(phone).bind(now).execute(&mut *self.0).await?.rows_affected() == 1;
        sqlx::query("DELETE FROM first_admin_links").execute(&mut *self.0).await?;
        Ok(is_new)
    }

    async fn remove_grant(&mut self, phone: &Phone) -> StoreResult<bool> {
        let remove = sqlx::query("DELETE FROM admins WHERE phone = ?");
        Ok(remove.bind(phone).execute(&mut *self.0).await?.rows_affected() == 1)
    }

    async fn grant_of(&mut self, member: MemberId) -> StoreResult<Option<Grant>> {
        grant_of(&mut *self.0, member).await
    }

    async fn add_first_admin_link(
        &mut self,
        token_hash: &[u8; 32],
        now: Timestamp,
        expires_at: Timestamp,
    ) -> StoreResult<bool> {
        let expired = sqlx::query("DELETE FROM first_admin_links WHERE expires_at <= ?");
        expired.bind(now).execute(&mut *self.0).await?;
        let add = sqlx::query("INSERT INTO first_admin_links SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM admins)");
        let add = add.bind(token_hash.to_vec()).bind(expires_at);
        Ok(add.execute(&mut *self.0).await?.rows_affected() == 1)
    }

    async fn use_first_admin_link(&mut self, token_hash: &[u8; 32], now: Timestamp) -> StoreResult<bool> {
        let delete = sqlx::query("DELETE FROM first_admin_links WHERE token_hash = ? AND expires_at > ?");
        let delete = delete.bind(token_hash.to_vec()).bind(now);
        Ok(delete.execute(&mut *self.0).await?.rows_affected() == 1)
    }

    async fn keep_second_factor(&mut self, grant: &Grant) -> StoreResult<()> {
        sqlx::query("UPDATE admins SET secret = ?, enrolled_at = ?, last_step = ?, recovery_used = ? WHERE id = ?")
            .bind(&grant.secret)
            .bind(grant.enrolled_at)
            .bind(grant.last_step)
            .bind(grant.recovery_used)
            .bind(grant.id)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }
}

async fn grant_of<'e, E>(executor: E, member: MemberId) -> StoreResult<Option<Grant>>
where
    E: sqlx::Executor<'e, Database = Sqlite>,
{
    let mut query = QueryBuilder::<Sqlite>::new(GRANTS);
    query.push(" WHERE members.id = ").push_bind(member);
    query.build().fetch_optional(executor).await?.as_ref().map(grant).transpose()
}

fn grant(row: &SqliteRow) -> StoreResult<Grant> {
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
