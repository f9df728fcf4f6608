//! The forms that no server function answers, because the browser sends them by itself, with JavaScript and without: the
//! choice of a language, of being on the board, and those of the admin pages that download a list or upload a file.

use crate::error::AppError;
use crate::route;
use crate::server::domain::admin::{AdminResult, Refusal};
use crate::server::domain::{profile, progress};
use crate::server::http::problem::Problem;
use crate::server::http::state::AppState;
use crate::server::http::visit::Visit;
use crate::server::http::{files, language};
use crate::server::jobs::imports;
use crate::server::settings::Switch;
use axum::Router;
use axum::body::Body;
use axum::extract::rejection::FormRejection;
use axum::extract::{DefaultBodyLimit, Form, FromRequest, Multipart, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use serde::Deserialize;

pub fn routes() -> Router<AppState> {
    let import = post(import).layer(DefaultBodyLimit::disable());
    Router::new()
        .route(route::LANGUAGE, post(choose_language))
        .route(route::BOARD, post(choose_board))
        .route(route::EXPORT, post(export))
        .route(route::IMPORTS, import)
}

#[derive(Deserialize)]
struct LanguageForm {
    language: String,
}

/// Chooses the language of all pages in this browser, and of a member's messages. An unknown one changes nothing.
async fn choose_language(
    State(state): State<AppState>,
    visit: Visit,
    form: Result<Form<LanguageForm>, FormRejection>,
) -> Response {
    let mut back = Redirect::to(&language::without(visit.referring_page())).into_response();
    let Some(language) = form.ok().and_then(|Form(form)| form.language.parse().ok()) else { return back };
    language::remember(&state, back.headers_mut(), language);
    let kept = match visit.member().await {
        Ok(member) => profile::choose_language(&visit.ports, member, language).await,
        Err(AppError::LoginRequired) => Ok(()),
        Err(error) => Err(error),
    };
    kept.map_or_else(|error| Problem::from(error).into_response(), |()| back)
}

#[derive(Deserialize)]
struct BoardForm {
    board: Switch,
}

/// Puts the member on the board, or takes them off. What is neither changes nothing.
async fn choose_board(visit: Visit, form: Result<Form<BoardForm>, FormRejection>) -> Response {
    let chosen = async {
        let member = visit.member().await?;
        match form {
            Ok(Form(BoardForm { board })) => progress::set_on_board(&visit.ports, member, board == Switch::On).await,
            Err(_) => Ok(()),
        }
    };
    match chosen.await {
        Ok(()) => Redirect::to(route::PROGRESS).into_response(),
        Err(AppError::LoginRequired) => Redirect::to(&route::login_and_back(route::PROGRESS)).into_response(),
        Err(error) => Problem::from(error).into_response(),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ExportForm {
    list: String,
    format: String,
    reason: String,
}

impl ExportForm {
    fn fields(&self) -> [String; 3] {
        [self.list.clone(), self.format.clone(), self.reason.clone()]
    }
}

async fn export(visit: Visit, form: Result<Form<ExportForm>, FormRejection>) -> Response {
    let form = form.map(|Form(form)| form);
    let typed = form.as_ref().map(ExportForm::fields).unwrap_or_default();
    let outcome = async {
        let admin = visit.admin().await?;
        let form = form.map_err(|_| AppError::Malformed)?;
        files::download(&visit.ports, &admin, &form.list, &form.format, &form.reason).await
    };
    match outcome.await {
        Ok(file) => file,
        Err(refused) => visit.refuse_admin(route::EXPORT, &typed.each_ref().map(String::as_str), refused).await,
    }
}

async fn import(visit: Visit, request: Request) -> Response {
    match begin_import(&visit, request).await {
        Ok(id) => Redirect::to(&route::import(id)).into_response(),
        Err(refused) => visit.refuse_admin(route::IMPORTS, &[], refused).await,
    }
}

async fn begin_import(visit: &Visit, request: Request) -> AdminResult<i64> {
    let (parts, body) = request.into_parts();
    let (admin, file) = files::upload(&visit.ports, visit.admin().await, body).await?;
    let form = Multipart::from_request(Request::from_parts(parts, Body::from(file)), &()).await;
    let mut form = form.map_err(|_| AppError::Malformed)?;
    while let Some(field) = form.next_field().await.map_err(|_| AppError::Malformed)? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let file = field.bytes().await.map_err(|_| AppError::Malformed)?;
        return imports::check(visit.jobs(), &visit.ports, &admin, &name, file.into()).await;
    }
    Err(Refusal::ImportEmpty)
}
