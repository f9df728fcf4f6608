//! The pictures of share links: the QR code, and the card that messengers show.

use crate::error::AppError;
use crate::model::invite_code::InviteCode;
use crate::route;
use crate::server::data::Visitor;
use crate::server::domain::invitation;
use crate::server::http::problem::Problem;
use crate::server::http::state::AppState;
use crate::server::images::{self, ImageError};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::{Arc, Mutex, PoisonError};

/// Cards that are kept, about 20 kB each. One takes 20 ms to draw.
const CARDS_KEPT: usize = 100;

pub fn routes() -> Router<AppState> {
    let cards = Arc::new(Cards::default());
    Router::new()
        .route("/i/{code}/qr.svg", get(qr))
        .route("/i/{code}/card.png", get(move |state, visitor, code| card(state, visitor, code, cards)))
}

async fn qr(State(state): State<AppState>, Path(code): Path<String>, headers: HeaderMap) -> Response {
    let Some(code) = InviteCode::from_symbols(code) else { return nothing() };
    let link = format!("{}{}", state.origin(&headers), route::invitation(code.as_str()));
    images::qr_code(&link).map_or_else(failed, |svg| image("image/svg+xml", svg))
}

/// Only of codes that exist, so that nobody has the server draw without end.
async fn card(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(code): Path<String>,
    cards: Arc<Cards>,
) -> Response {
    match invitation::exists(&state.ports, &visitor, &code).await {
        Ok(true) => {}
        Ok(false) => return nothing(),
        Err(error) => return Problem::from(error).into_response(),
    }
    let drawn = tokio::task::spawn_blocking(move || cards.of(&code)).await;
    match drawn {
        Ok(Ok(png)) => image("image/png", png),
        Ok(Err(error)) => failed(error),
        Err(error) => failed(ImageError::Card(error.to_string())),
    }
}

/// The cards that were drawn last. One is drawn at a time.
#[derive(Default)]
struct Cards(Mutex<Vec<(String, Vec<u8>)>>);

impl Cards {
    fn of(&self, code: &str) -> Result<Vec<u8>, ImageError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, png)) = kept.iter().find(|(of, _)| of == code) {
            return Ok(png.clone());
        }
        let png = images::card(code)?;
        if kept.len() == CARDS_KEPT {
            kept.remove(0);
        }
        kept.push((code.to_owned(), png.clone()));
        Ok(png)
    }
}

/// It never changes.
fn image(media_type: &'static str, bytes: impl IntoResponse) -> Response {
    ([(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "public, max-age=86400")], bytes).into_response()
}

fn nothing() -> Response {
    Problem::of_status(StatusCode::NOT_FOUND).into_response()
}

#[expect(clippy::needless_pass_by_value, reason = "it is the end of a Result")]
fn failed(error: ImageError) -> Response {
    tracing::error!(%error, "a picture could not be drawn");
    Problem::from(AppError::Unavailable).into_response()
}
