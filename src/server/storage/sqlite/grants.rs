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
}

#[async_trait]
impl GrantTransaction for SqliteTransaction {
    async fn add_grant(&mut self, phone: &Phone, now: Timestamp) -> StoreResult<bool> {
        let add = sqlx::query("INSERT INTO admins (phone, granted_at) VALUES (?, ?) ON CONFLICT (phone) DO NOTHING");
        Ok(add.bind(phone).bind(now).execute(&mut *self.0).await?.rows_affected() == 1)
    }

    async fn remove_grant(&mut self, phone: &Phone) -> StoreResult<bool> {
        let remove = sqlx::query("DELETE FROM admins WHERE phone = ?");
        Ok(remove.bind(phone).execute(&mut *self.0).await?.rows_affected() == 1)
    }

    async fn grant_of(&mut self, member: MemberId) -> StoreResult<Option<Grant>> {
        grant_of(&mut *self.0, member).await
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
