//! Messages that were handed to gateways.

use super::store::PostgresStore;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{Delivery, DeliveryReport, NewMessage, SentMessage};
use crate::server::storage::rows::sent_message;
use crate::server::storage::{MessageStore, StoreResult};
use async_trait::async_trait;

#[async_trait]
impl MessageStore for PostgresStore {
    async fn add_message(&self, new: &NewMessage<'_>) -> StoreResult<()> {
        let add = sqlx::query(
            "INSERT INTO messages (code_id, gateway, message_id, state, sent_at) VALUES ($1, $2, $3, $4, $5)",
        );
        let add = add.bind(new.code).bind(new.gateway).bind(new.message_id).bind(new.state).bind(new.sent_at);
        add.execute(&self.pool).await?;
        Ok(())
    }

    async fn report_message(&self, report: &DeliveryReport, now: Timestamp) -> StoreResult<bool> {
        let note = sqlx::query(
            "UPDATE messages SET report = CASE WHEN report = $1 THEN report ELSE $2 END, reported_at = $3 \
             WHERE gateway = $4 AND message_id = $5",
        );
        let DeliveryReport { gateway, message_id, delivery } = report;
        let note = note.bind(Delivery::Delivered).bind(delivery).bind(now).bind(gateway).bind(message_id);
        Ok(note.execute(&self.pool).await?.rows_affected() > 0)
    }

    async fn messages_to(&self, phone: &Phone, limit: u32) -> StoreResult<Vec<SentMessage>> {
        let rows = sqlx::query(
            "SELECT gateway, state, sent_at, report FROM messages JOIN login_codes ON login_codes.id = code_id \
             WHERE phone = $1 ORDER BY sent_at DESC, messages.id DESC LIMIT $2",
        );
        let rows = rows.bind(phone).bind(i64::from(limit)).fetch_all(&self.pool).await?;
        rows.iter().map(sent_message).collect()
    }
}
