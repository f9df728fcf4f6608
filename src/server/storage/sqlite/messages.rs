//! Messages that were handed to gateways.

use super::store::SqliteStore;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{Delivery, DeliveryReport, NewMessage, SentMessage};
use crate::server::storage::{MessageStore, StoreResult};
use async_trait::async_trait;
use sqlx::Row;

#[async_trait]
impl MessageStore for SqliteStore {
    async fn add_message(&self, new: &NewMessage<'_>) -> StoreResult<()> {
        sqlx::query("INSERT INTO messages (code_id, gateway, message_id, state, sent_at) VALUES (?, ?, ?, ?, ?)")
            .bind(new.code)
            .bind(new.gateway)
            .bind(new.message_id)
            .bind(new.state)
            .bind(new.sent_at)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn report_message(&self, report: &DeliveryReport, now: Timestamp) -> StoreResult<bool> {
        let done = sqlx::query(
            "UPDATE messages SET report = CASE WHEN report = ?1 THEN report ELSE ?2 END, reported_at = ?3 \
             WHERE gateway = ?4 AND message_id = ?5",
        )
        .bind(Delivery::Delivered)
        .bind(report.delivery)
        .bind(now)
        .bind(&report.gateway)
        .bind(&report.message_id)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() > 0)
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
        rows.iter()
            .map(|row| {
                Ok(SentMessage {
                    gateway: row.try_get("gateway")?,
                    state: row.try_get("state")?,
                    sent_at: row.try_get("sent_at")?,
                    delivery: row.try_get("report")?,
                })
            })
            .collect()
    }
}
