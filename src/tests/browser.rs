//! A client of the pages.

use crate::model::login_code::{CodeLength, LoginCode};
use crate::model::page::FormAnswer;
use crate::tests::TestApp;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::response::Parts;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::Response;
use std::collections::HashMap;
use std::sync::Mutex;
use tower::ServiceExt;

/// A browser: keeps cookies, and posts forms as one with or without JavaScript does. It follows no redirect.
pub struct Browser {
    router: Router,
    cookies: Mutex<HashMap<String, String>>,
    scripting: bool,
}

/// What the server answered.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    /// The same as text.
    pub body: String,
}

impl Answer {
    /// The sentence by which a form was refused, as the app in the browser reads it.
    pub fn refusal(&self) -> String {
        match postcard::from_bytes(&self.bytes) {
            Ok(FormAnswer::Refused(sentence)) => sentence,
            other => panic!("not refused: {other:?}"),
        }
    }

    pub fn new(parts: Parts, bytes: Vec<u8>) -> Self {
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Self { status: parts.status, headers: parts.headers, bytes, body }
    }

    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

impl Browser {
    pub fn of(router: Router) -> Self {
        Self { router, cookies: Mutex::default(), scripting: false }
    }

    /// The same browser, with its cookies, once the WebAssembly app has loaded.
    pub fn with_scripting(self) -> Self {
        Self { scripting: true, ..self }
    }

    /// The same browser at another server.
    pub fn at(self, app: &TestApp) -> Self {
        Self { router: app.browser().router, ..self }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).header(header::ACCEPT, "text/html")).await
    }

    /// Submits a form from the page it stands on.
    pub async fn submit(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let accept = if self.scripting { "application/json" } else { "text/html" };
        let body = serde_urlencoded::to_string(fields).unwrap();
        let request = Request::post(action)
            .header(header::CONTENT_LENGTH, body.len())
            .header(header::ACCEPT, accept)
            .header(header::REFERER, format!("http://vouch.test{page}"))
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send_with(request, Body::from(body)).await
    }

    pub async fn request_code(&self, phone: &str) -> Answer {
        self.submit("/login", "/api/login/request_code", &[("phone_number", phone), ("next", "")]).await
    }

    pub async fn verify(&self, code: &str) -> Answer {
        self.submit("/login/code", "/api/login/verify", &[("code", code)]).await
    }

    pub async fn redeem(&self, code: &str) -> Answer {
        self.submit("/profile", "/api/profile/redeem", &[("invite_code", code)]).await
    }

    /// The code that the page shows.
    pub async fn shown_code(&self) -> String {
        let page = self.get("/login/code").await.body;
        let (_, message) = page.split_once("simulated-sms").expect("the message is shown");
        digits(message)
    }

    /// Logs a phone in through the pages.
    pub async fn log_in(&self, phone: &str) {
        assert_eq!(self.request_code(phone).await.location(), "/login/code");
        let code = self.shown_code().await;
        assert_eq!(self.verify(&code).await.location(), "/profile");
    }

    pub fn session_cookie(&self) -> Option<String> {
        self.cookie("vouch")
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    pub fn set_session_cookie(&self, value: &str) {
        self.cookies.lock().unwrap().insert("vouch".into(), value.into());
    }

    pub async fn send(&self, request: axum::http::request::Builder) -> Answer {
        self.send_with(request, Body::empty()).await
    }

    pub async fn send_with(&self, request: axum::http::request::Builder, body: Body) -> Answer {
        let (parts, body) = self.begin(request, body).await.into_parts();
        Answer::new(parts, to_bytes(body, usize::MAX).await.unwrap().into())
    }

    /// Sends a request and returns the answer before its body has arrived.
    pub async fn begin(&self, mut request: axum::http::request::Builder, body: Body) -> Response {
        let cookies: Vec<_> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            let mut cookies = self.cookies.lock().unwrap();
            if value.is_empty() {
                cookies.remove(name)
            } else {
                cookies.insert(name.into(), value.into())
            };
        }
        response
    }
}

/// The first run of digits that is a code.
fn digits(text: &str) -> String {
    let code = text.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 4).expect("a code in the message");
    LoginCode::parse(code, CodeLength::MIN).unwrap().as_str().to_owned()
}
