//! The forms of the admin pages that give a file or bring one. No server function can answer these: the browser sends them
//! by itself, with JavaScript and without.

use crate::app::route;
use crate::error::AppError;
use crate::model::admin::join;
use crate::server::domain::Ports;
use crate::server::domain::admin::export::{Export, List};
use crate::server::domain::admin::{Admin, AdminResult, Refusal, import};
use crate::server::spreadsheet::Format;
use crate::server::state::AppState;
use crate::server::visit::Visit;
use crate::server::{body, present};
use axum::Router;
use axum::body::Body;
use axum::extract::rejection::FormRejection;
use axum::extract::{DefaultBodyLimit, Form, FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use futures::stream::{self, StreamExt};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tracing::Instrument;

/// How long a file may take to arrive.
const FILE_TIMEOUT: Duration = Duration::from_secs(5 * 60);
/// More than any line of a member needs.
const LINE: usize = 256;
/// And than the first line, and a form around the file.
const ENVELOPE: usize = 4096;

/// Where these forms go.
pub fn routes() -> Router<AppState> {
    let import = post(import_file).layer(DefaultBodyLimit::disable());
    Router::new().route(route::EXPORT, post(export)).route(route::IMPORTS, import)
}

/// Whether what is sent to this path may be a file, which is larger than any form.
pub fn are_brought_to(path: &str) -> bool {
    [route::IMPORTS, "/admin/api/imports"].contains(&path.trim_end_matches('/'))
}

/// What to take away, and why.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ExportForm {
    list: String,
    format: String,
    reason: String,
}

async fn export(visit: Visit, form: Result<Form<ExportForm>, FormRejection>) -> Response {
    let form = form.map(|Form(form)| form);
    let typed = form.as_ref().map(|form| join([&form.list, &form.format, &form.reason])).unwrap_or_default();
    let outcome = async {
        let admin = visit.admin().await?;
        let form = form.map_err(|_| AppError::Malformed)?;
        download(&visit.ports, &admin, &form.list, &form.format, &form.reason).await
    };
    match outcome.await {
        Ok(file) => file,
        Err(refused) => visit.refuse_admin(route::EXPORT, typed, refused).await,
    }
}

/// A list as a file. It is sent as it is read, so it takes no memory and nobody waits for its end.
///
/// # Errors
/// `NoSuchList`, `FormatUnknown`, `ReasonMissing`, `ReasonTooLong`.
pub async fn download(ports: &Arc<Ports>, by: &Admin, list: &str, format: &str, reason: &str) -> AdminResult<Response> {
    let list = List::parse(list).ok_or(Refusal::NoSuchList)?;
    let format = Format::parse(format).ok_or(Refusal::FormatUnknown)?;
    let export = Export::begin(ports, by, list, reason).await?;
    let columns = list.columns();
    let rows = stream::try_unfold(export, move |mut export| async move {
        // What fails after the beginning cuts the download off, so that nobody takes a part for the whole.
        let rows = export.rows().await.map_err(AppError::from)?;
        let is_end = rows.is_empty();
        Ok::<_, AppError>((!is_end).then(|| (format.rows(columns, &rows), export)))
    });
    let head = stream::once(std::future::ready(Ok(format.head(columns))));
    let (today, _) = present::day(ports.clock.now());
    let name = format!("attachment; filename=\"vouch-{}-{today}.{}\"", list.as_str(), format.as_str());
    let headers = [(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(head.chain(rows))).into_response())
}

async fn import_file(visit: Visit, request: Request) -> Response {
    match bring(&visit, request).await {
        Ok(id) => Redirect::to(&route::import(id)).into_response(),
        Err(refused) => visit.refuse_admin(route::IMPORTS, String::new(), refused).await,
    }
}

async fn bring(visit: &Visit, request: Request) -> AdminResult<i64> {
    let (parts, body) = request.into_parts();
    let (admin, file) = take_file(&visit.ports, visit.admin().await, body).await?;
    let form = Multipart::from_request(Request::from_parts(parts, Body::from(file)), &()).await;
    let mut form = form.map_err(|_| AppError::Malformed)?;
    while let Some(field) = form.next_field().await.map_err(|_| AppError::Malformed)? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let file = field.bytes().await.map_err(|_| AppError::Malformed)?;
        return look_through(&visit.ports, &admin, &name, file.into()).await;
    }
    Err(Refusal::ImportEmpty)
}

/// A file that an admin sends. From others it is not kept, but arrives: whoever is refused in the middle of sending does
/// not see the answer.
///
/// # Errors
/// Why it is no admin; `ImportTooLarge`, `ImportTooSlow`.
pub async fn take_file(ports: &Ports, sender: AdminResult<Admin>, mut body: Body) -> AdminResult<(Admin, Vec<u8>)> {
    let limits = &ports.rules.limits;
    let admin = match sender {
        Ok(admin) => admin,
        Err(refused) => {
            // However it ends, the sender is refused.
            let _ = body::take(&mut body, 0, limits.body_timeout).await;
            return Err(refused);
        }
    };
    let most = limits.import_lines as usize * LINE + ENVELOPE;
    match body::take(&mut body, most, FILE_TIMEOUT).await {
        Ok(file) => Ok((admin, file)),
        Err(StatusCode::PAYLOAD_TOO_LARGE) => Err(Refusal::ImportTooLarge { most }),
        Err(StatusCode::REQUEST_TIMEOUT) => Err(Refusal::ImportTooSlow),
        Err(_) => Err(AppError::Malformed.into()),
    }
}

/// Takes a file in and lets it be looked through.
///
/// # Errors
/// Those of [`import::begin`].
pub async fn look_through(ports: &Arc<Ports>, by: &Admin, name: &str, file: Vec<u8>) -> AdminResult<i64> {
    let check = import::begin(ports, by, name, file).await?;
    let id = check.id;
    tokio::spawn(check.run().in_current_span());
    Ok(id)
}

/// Lets a file become members.
///
/// # Errors
/// Those of [`import::apply`].
pub async fn take_over(ports: &Arc<Ports>, by: &Admin, id: i64, reason: &str) -> AdminResult<()> {
    let takeover = import::apply(ports, by, id, reason).await?;
    tokio::spawn(takeover.run().in_current_span());
    Ok(())
}
