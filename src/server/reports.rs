//! `/sms/report/NAME/…`: where providers report what became of messages. Whether a report is genuine is checked in `sms`.

use crate::server::domain::messages;
use crate::server::http::problem::Problem;
use crate::server::http::state::AppState;
use crate::server::sms::{IncomingReport, REPORTS, Reported};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::get;
use serde_json::Value;
use std::collections::BTreeMap;

pub fn routes() -> Router<AppState> {
    let report = get(report).post(report);
    Router::new()
        .route(&format!("{REPORTS}/{{name}}"), report.clone())
        .route(&format!("{REPORTS}/{{name}}/"), report.clone())
        .route(&format!("{REPORTS}/{{name}}/{{rest}}"), report)
}

/// The path of a request, without what may be a secret.
pub fn loggable(path: &str) -> &str {
    let Some(rest) = path.strip_prefix(REPORTS).and_then(|rest| rest.strip_prefix('/')) else { return path };
    let name = rest.split('/').next().unwrap_or_default();
    &path[..=REPORTS.len() + name.len()]
}

async fn report(
    State(state): State<AppState>,
    Path(path): Path<BTreeMap<String, String>>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_json = text(header::CONTENT_TYPE.as_str()).starts_with("application/json");
    let mut fields = if is_json { members(&body) } else { form(&body) };
    fields.extend(query);
    let part = |name| path.get(name).cloned().unwrap_or_default();
    let twilio_signature = text("x-twilio-signature").to_owned();
    let incoming = IncomingReport { path: part("name"), rest: part("rest"), fields, twilio_signature };
    match state.ports.sms.read_report(&incoming) {
        Reported::NoSuchGateway => return Err(Problem::of_status(StatusCode::NOT_FOUND)),
        Reported::Refused => return Err(Problem::of_status(StatusCode::FORBIDDEN)),
        Reported::Nothing => {}
        Reported::Report(report) => messages::record(&state.ports, &report).await?,
    }
    Ok(StatusCode::OK)
}

fn form(body: &[u8]) -> BTreeMap<String, String> {
    form_urlencoded::parse(body).into_owned().collect()
}

/// The texts and numbers of a JSON object.
fn members(body: &[u8]) -> BTreeMap<String, String> {
    let object: BTreeMap<String, Value> = serde_json::from_slice(body).unwrap_or_default();
    let text = |(name, value)| match value {
        Value::String(text) => Some((name, text)),
        Value::Number(number) => Some((name, number.to_string())),
        _ => None,
    };
    object.into_iter().filter_map(text).collect()
}
