//! What became of messages after a gateway had accepted them.

use super::Ports;
use crate::error::AppResult;
use crate::server::data::DeliveryReport;

/// Records the report of a provider, for admins who help a member that waits for a code. A report never takes back that
/// a message was delivered.
///
/// # Errors
/// `Unavailable`.
pub async fn record(ports: &Ports, report: &DeliveryReport) -> AppResult<()> {
    let is_known = ports.store.report_message(report, ports.clock.now()).await?;
    let DeliveryReport { gateway, message_id, delivery } = report;
    // Other programs may send messages with the same account.
    tracing::info!(gateway, message_id, ?delivery, is_known, "a delivery report");
    Ok(())
}
