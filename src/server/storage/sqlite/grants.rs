//! The right to run the referral program.

use super::connection::{Statements, value};
use super::store::SqliteStore;
use super::transaction::SqliteTransaction;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{Grant, MemberId};
use crate::server::storage::{GrantStore, GrantTransaction, StoreResult};
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

const GRANTS: &str = "SELECT admins.id, admins.phone, members.id AS member_id, granted_at, secret, enrolled_at, \
                      last_step, recovery_used FROM admins LEFT JOIN members ON members.phone = admins.phone \
                      ORDER BY admins.id";
const GRANT_OF: &str = "SELECT admins.id, admins.phone, members.id AS member_id, granted_at, secret, enrolled_at, \
                        last_step, recovery_used FROM admins JOIN members ON members.phone = admins.phone \
                        WHERE members.id = ?";

#[async_trait]
impl GrantStore for SqliteStore {
    async fn grants(&self) -> StoreResult<Vec<Grant>> {
        self.reads.read(|connection| connection.all(GRANTS, [], grant)).await
    }

    async fn grant_of(&self, member: MemberId) -> StoreResult<Option<Grant>> {
        self.reads.read(|connection| grant_of(connection, member)).await
    }

    async fn is_first_admin_link(&self, token_hash: &[u8; 32], now: Timestamp) -> StoreResult<bool> {
        let link = "SELECT EXISTS (SELECT 1 FROM first_admin_links WHERE token_hash = ? AND expires_at > ?)";
        self.reads.read(|connection| connection.one(link, params![token_hash, now], value)).await
    }
}

#[async_trait]
impl GrantTransaction for SqliteTransaction {
    async fn add_grant(&mut self, phone: &Phone, now: Timestamp) -> StoreResult<bool> {
        let add = "INSERT INTO admins (phone, granted_at) VALUES (?, ?) ON CONFLICT (phone) DO NOTHING";
        let is_new = self.connection.change(add, params![phone, now])? == 1;
        self.connection.change("DELETE FROM first_admin_links", [])?;
        Ok(is_new)
    }

    async fn remove_grant(&mut self, phone: &Phone) -> StoreResult<bool> {
        Ok(self.connection.change("DELETE FROM admins WHERE phone = ?", [phone])? == 1)
    }

    async fn grant_of(&mut self, member: MemberId) -> StoreResult<Option<Grant>> {
        grant_of(&self.connection, member)
    }

    async fn add_first_admin_link(
        &mut self,
        token_hash: &[u8; 32],
        now: Timestamp,
        expires_at: Timestamp,
    ) -> StoreResult<bool> {
        self.connection.change("DELETE FROM first_admin_links WHERE expires_at <= ?", [now])?;
        let add = "INSERT INTO first_admin_links SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM admins)";
        Ok(self.connection.change(add, params![token_hash, expires_at])? == 1)
    }

    async fn use_first_admin_link(&mut self, token_hash: &[u8; 32], now: Timestamp) -> StoreResult<bool> {
        let delete = "DELETE FROM first_admin_links WHERE token_hash = ? AND expires_at > ?";
        Ok(self.connection.change(delete, params![token_hash, now])? == 1)
    }

    async fn keep_second_factor(&mut self, grant: &Grant) -> StoreResult<()> {
        self.connection.change(
            "UPDATE admins SET secret = ?, enrolled_at = ?, last_step = ?, recovery_used = ? WHERE id = ?",
            params![&grant.secret, grant.enrolled_at, grant.last_step, grant.recovery_used, grant.id],
        )?;
        Ok(())
    }
}

fn grant_of(connection: &Connection, member: MemberId) -> StoreResult<Option<Grant>> {
    connection.first(GRANT_OF, [member], grant)
}

fn grant(row: &Row<'_>) -> rusqlite::Result<Grant> {
    Ok(Grant {
        id: row.get("id")?,
        phone: row.get("phone")?,
        member: row.get("member_id")?,
        granted_at: row.get("granted_at")?,
        secret: row.get("secret")?,
        enrolled_at: row.get("enrolled_at")?,
        last_step: row.get("last_step")?,
        recovery_used: row.get("recovery_used")?,
    })
}
