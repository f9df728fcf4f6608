//! Tests of the rules and of the doors, against a real database and the real router. Here: what they share.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod admin;
mod api;
mod bad_requests;
mod borders;
mod every_door;
mod login_limits;
mod login_rules;
mod pages;
mod referral_rules;

pub use crate::server::clock::Clock;
pub use api::{Api, Tokens, claims};
pub use futures::future::join_all;

use crate::error::AppResult;
use crate::model::login_code::{CodeLength, LoginCode};
use crate::model::phone::Phone;
use crate::server::clock::fixed::{FixedClock, SeededEntropy};
use crate::server::data::{AddMember, FlowId, Member, MemberId, Network, Visitor};
use crate::server::domain::{Keys, Ports, invite_code, login};
use crate::server::http::state::AppState;
use crate::server::limits::Limits;
use crate::server::secrets::Secret;
use crate::server::settings::Rules;
use crate::server::sms::SmsGateway;
use crate::server::sms::simulated::SimulatedSms;
use crate::server::storage::sqlite::SqliteStore;
use crate::server::web::router::build_router;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tower::ServiceExt;

/// A whole Vouch with a database of its own, a clock that stands still and seeded randomness.
pub struct TestApp {
    pub clock: Arc<FixedClock>,
    pub state: AppState,
    pub router: Router,
    folder: Arc<TempDir>,
}

impl TestApp {
    pub async fn new() -> Self {
        Self::with_rules(|_| {}).await
    }

    /// With other numbers than the documented ones.
    pub async fn with_limits(change: impl FnOnce(&mut Limits)) -> Self {
        Self::with_rules(|rules| change(&mut rules.limits)).await
    }

    pub async fn with_rules(change: impl FnOnce(&mut Rules)) -> Self {
        let clock = Arc::new(FixedClock::default());
        let entropy = Arc::new(SeededEntropy::default());
        let sms = Arc::new(SimulatedSms::new("0".parse().unwrap(), clock.clone(), entropy.clone()));
        Self::build(clock, entropy, sms, Arc::new(tempfile::tempdir().unwrap()), change).await
    }

    pub async fn with_sms(clock: Arc<FixedClock>, entropy: Arc<SeededEntropy>, sms: Arc<dyn SmsGateway>) -> Self {
        Self::build(clock, entropy, sms, Arc::new(tempfile::tempdir().unwrap()), |_| {}).await
    }

    /// Another server on the same database.
    pub async fn another_server(&self) -> Self {
        let (clock, entropy) = (Arc::new(FixedClock::default()), Arc::new(SeededEntropy::default()));
        let sms = Arc::new(SimulatedSms::new("0".parse().unwrap(), clock.clone(), entropy.clone()));
        Self::build(clock, entropy, sms, self.folder.clone(), |_| {}).await
    }

    async fn build(
        clock: Arc<FixedClock>,
        entropy: Arc<SeededEntropy>,
        sms: Arc<dyn SmsGateway>,
        folder: Arc<TempDir>,
        change: impl FnOnce(&mut Rules),
    ) -> Self {
        let store = SqliteStore::open(&folder.path().join("test.db")).await.unwrap();
        let keys = Keys::new(&Secret::generate(entropy.as_ref()).unwrap());
        let mut rules =
            Rules { region: "RU".parse().unwrap(), countries: "any".parse().unwrap(), limits: Limits::default() };
        change(&mut rules);
        let ports = Ports { store: Arc::new(store), clock: clock.clone(), entropy, sms, keys, rules };
        let state = AppState::new(Arc::new(ports), None, 1);
        Self { clock, router: build_router(state.clone()), state, folder }
    }

    /// One number out of the database, read beside the application.
    pub async fn count(&self, query: &'static str) -> i64 {
        let url = format!("sqlite:{}", self.folder.path().join("test.db").display());
        let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
        let count = sqlx::query_scalar(query).fetch_one(&pool).await.unwrap();
        pool.close().await;
        count
    }

    /// Changes the database beside the application.
    pub async fn run(&self, statement: &'static str) {
        let url = format!("sqlite:{}", self.folder.path().join("test.db").display());
        let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
        sqlx::query(statement).execute(&pool).await.unwrap();
        pool.close().await;
    }

    /// Like [`Self::run`], for what the database may refuse.
    pub async fn try_to_run(&self, statement: &'static str) -> sqlx::Result<()> {
        let url = format!("sqlite:{}", self.folder.path().join("test.db").display());
        let pool = sqlx::SqlitePool::connect(&url).await?;
        let done = sqlx::query(statement).execute(&pool).await.map(|_| ());
        pool.close().await;
        done
    }

    /// Moves all that was written out of the log of the database into its file.
    pub async fn settle(&self) {
        self.run("PRAGMA wal_checkpoint(TRUNCATE)").await;
    }

    /// A member, without the detour of a login.
    pub async fn add(&self, phone: &Phone) -> Member {
        let mut tx = self.store.begin().await.unwrap();
        let code = invite_code::generate(&mut *self.rng().unwrap());
        let AddMember::Added(member) = tx.add_member(phone, &code, self.state.ports.clock.now()).await.unwrap() else {
            panic!("{code} is taken");
        };
        tx.commit().await.unwrap();
        member
    }

    /// The number of the member with this phone.
    pub async fn member_id(&self, phone: &str) -> MemberId {
        let phone = Phone::from_e164(phone).unwrap();
        self.store.member_with_phone(&phone).await.unwrap().expect("such a member")
    }

    /// Everything that the database's files hold.
    pub fn stored_bytes(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    }

    /// The digits of the message that a login was sent.
    pub fn sent_code(&self, flow: FlowId) -> String {
        self.state.ports.sms.shown(flow).expect("a message was sent").code.as_str().to_owned()
    }

    /// Logs a phone in by the rules alone.
    pub async fn log_in(&self, phone: &str) -> Member {
        let flow = login::request_code(self, &stranger(), phone).await.unwrap();
        login::verify(self, &stranger(), flow, &self.sent_code(flow)).await.unwrap().member
    }

    pub fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: Mutex::default(), scripting: false }
    }

    pub fn browser_with_scripting(&self) -> Browser {
        Browser { scripting: true, ..self.browser() }
    }
}

impl Deref for TestApp {
    type Target = Ports;

    fn deref(&self) -> &Ports {
        &self.state.ports
    }
}

/// Somebody on a device that never logged in.
pub fn stranger() -> Visitor {
    stranger_at("192.0.2.1")
}

/// The same at another address.
pub fn stranger_at(address: &str) -> Visitor {
    Visitor { network: Network::of(Some(address.parse().unwrap())), device: None, agent: String::new() }
}

/// The header by which a test comes from a network of its own; the server of the tests trusts one proxy.
pub fn network_of(phone: &str) -> (&'static str, String) {
    let digits: String = phone.chars().rev().filter(char::is_ascii_digit).take(7).collect();
    let number: u32 = digits.parse().unwrap_or_default();
    ("x-forwarded-for", std::net::Ipv4Addr::from(0x0a00_0000 + number).to_string())
}

/// The first run of digits that is a code.
pub fn digits(text: &str) -> String {
    let code = text.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 4).expect("a code in the message");
    LoginCode::parse(code, CodeLength::MIN).unwrap().as_str().to_owned()
}

/// A wrong code for this right one.
pub fn wrong(right: &str) -> &'static str {
    let (zeros, ones) = ("00000000".split_at(right.len()).0, "11111111".split_at(right.len()).0);
    if right == zeros { ones } else { zeros }
}

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
    pub body: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

impl Browser {
    /// The same browser, with its cookies, once the app has arrived.
    pub fn with_scripting(self) -> Self {
        Self { scripting: true, ..self }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).header(header::ACCEPT, "text/html")).await
    }

    /// Submits a form from the page it stands on.
    pub async fn submit(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let accept = if self.scripting { "application/json" } else { "text/html" };
        let body: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", percent_encoded(value))).collect();
        let body = body.join("&");
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

    pub async fn send_with(&self, mut request: axum::http::request::Builder, body: Body) -> Answer {
        let cookies: Vec<_> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            let mut cookies = self.cookies.lock().unwrap();
            if value.is_empty() {
                cookies.remove(name)
            } else {
                cookies.insert(name.into(), value.into())
            };
        }
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
    }
}

fn percent_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The refusal, as the person who tested the rule would put it.
pub fn refusal<T>(outcome: AppResult<T>) -> crate::error::AppError {
    outcome.err().expect("this must be refused")
}
