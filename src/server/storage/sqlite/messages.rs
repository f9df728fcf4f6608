//! Messages that were handed to gateways.

use super::connection::Statements;
use super::store::SqliteStore;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{Delivery, DeliveryReport, NewMessage, SentMessage};
use crate::server::storage::rows::sent_message;
use crate::server::storage::{MessageStore, StoreResult};
use async_trait::async_trait;
use rusqlite::{Connection, params};

#[async_trait]
impl MessageStore for SqliteStore {
    async fn add_message(&self, new: &NewMessage<'_>) -> StoreResult<()> {
        let add = "INSERT INTO messages (code_id, gateway, message_id, state, sent_at) VALUES (?, ?, ?, ?, ?)";
        let add = |connection: &Connection| {
            connection.change(add, params![new.code, new.gateway, new.message_id, new.state, new.sent_at])
        };
        self.writer.write(add).await?;
        Ok(())
    }

    async fn report_message(&self, report: &DeliveryReport, now: Timestamp) -> StoreResult<bool> {
        let note = "UPDATE messages SET report = CASE WHEN report = ?1 THEN report ELSE ?2 END, reported_at = ?3 \
                    WHERE gateway = ?4 AND message_id = ?5";
        let found = self.writer.write(|connection| {
            let DeliveryReport { gateway, message_id, delivery } = report;
            connection.change(note, params![Delivery::Delivered, delivery, now, gateway, message_id])
        });
        Ok(found.await? > 0)
    }

    async fn messages_to(&self, phone: &Phone, limit: u32) -> StoreResult<Vec<SentMessage>> {
        let rows = sqlx::query(
            "SELECT gateway, state, sent_at, report FROM messages JOIN login_codes ON login_codes.id = code_id \
             WHERE phone = ? ORDER BY sent_at DESC, messages.id DESC LIMIT ?",
        )
        .bind(phone)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(sent_message).collect()
    }
}
