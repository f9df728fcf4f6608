//! Downloads of exports, and uploads of imports.

use super::body;
use crate::error::AppError;
use crate::server::data::List;
use crate::server::domain::Ports;
use crate::server::domain::admin::export::{Export, columns};
use crate::server::domain::admin::{Admin, AdminResult, Refusal};
use crate::server::limits::AdminLimits;
use crate::server::present;
use crate::server::spreadsheet::Format;
use crate::server::storage::StoreError;
use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, StreamExt};
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// How long a file may take to arrive.
const FILE_TIMEOUT: Duration = Duration::from_mins(5);
/// Bytes of a line; no member's line is longer.
const LINE: usize = 256;
/// Bytes of the first line, and of the form around the file.
const ENVELOPE: usize = 4096;

/// A list as a download. It is sent while it is read, so that it is never in memory as a whole.
///
/// # Errors
/// `NoSuchList`, `FormatUnknown`, `ReasonMissing`, `ReasonTooLong`.
pub async fn download(ports: &Arc<Ports>, by: &Admin, list: &str, format: &str, reason: &str) -> AdminResult<Response> {
    let list: List = list.parse().map_err(|_| Refusal::NoSuchList)?;
    let format: Format = format.parse().map_err(|_| Refusal::FormatUnknown)?;
    let export = Export::begin(ports, by, list, reason).await?;
    let columns = columns(list);
    let rows = stream::try_unfold(export, move |mut export| async move {
        // A failure after the beginning cuts the download off, so that a part is not mistaken for the whole.
        let rows = export.rows().await.map_err(interrupted)?;
        let is_end = rows.is_empty();
        Ok::<_, io::Error>((!is_end).then(|| (format.rows(columns, &rows), export)))
    });
    let head = stream::once(std::future::ready(Ok(format.head(columns))));
    let (today, _) = present::day(ports.clock.now());
    let name = format!("attachment; filename=\"vouch-{}-{today}.{}\"", list.into_str(), format.into_str());
    let headers = [(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(head.chain(rows))).into_response())
}

/// Bytes of the largest file that an admin may send.
pub fn largest_upload(limits: &AdminLimits) -> usize {
    limits.import_lines as usize * LINE + ENVELOPE
}

/// The client does not see this error: the connection ends.
fn interrupted(error: StoreError) -> io::Error {
    tracing::error!(%error, "a download was cut off");
    io::Error::other(error)
}

/// The file that an admin sends. A file from anybody else is read and discarded: a sender who is refused while still
/// sending does not see the answer.
///
/// # Errors
/// Why the sender is not an admin; `ImportTooLarge`, `ImportTooSlow`.
pub async fn upload(ports: &Ports, sender: AdminResult<Admin>, mut body: Body) -> AdminResult<(Admin, Vec<u8>)> {
    let limits = &ports.rules.limits;
    let admin = match sender {
        Ok(admin) => admin,
        Err(refused) => {
            // The sender is refused in any case.
            let _ = body::take(&mut body, 0, limits.http.body_timeout).await;
            return Err(refused);
        }
    };
    let most = largest_upload(&limits.admin);
    match body::take(&mut body, most, FILE_TIMEOUT).await {
        Ok(file) => Ok((admin, file)),
        Err(StatusCode::PAYLOAD_TOO_LARGE) => Err(Refusal::ImportTooLarge { most }),
        Err(StatusCode::REQUEST_TIMEOUT) => Err(Refusal::ImportTooSlow),
        Err(_) => Err(AppError::Malformed.into()),
    }
}
