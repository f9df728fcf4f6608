//! `make bench-inside`: how long a request takes inside the process, from the router on, without sockets.
//!
//! The member has 20 invitees. Each request waits for the one before it.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use clap::Parser;
use serde_json::{Value, json};
use std::error::Error;
use std::sync::{Arc, LazyLock};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt;
use vouch::server::clock::{SystemClock, SystemEntropy};
use vouch::server::domain::{Keys, Ports};
use vouch::server::http::state::AppState;
use vouch::server::secrets::Secret;
use vouch::server::settings::Cli;
use vouch::server::sms::simulated::SimulatedSms;
use vouch::server::storage::sqlite::SqliteStore;
use vouch::server::web::router::build_router;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() {
    divan::main();
}

/// Answers in the process, from the router to the database.
#[divan::bench_group(min_time = 1)]
mod requests {
    use super::{APP, Asked};
    use axum::http::StatusCode;
    use divan::Bencher;

    #[divan::bench]
    fn health(bencher: Bencher<'_, '_>) {
        bench(bencher, &Asked::page("/healthz", ""), StatusCode::OK);
    }

    #[divan::bench]
    fn page_login(bencher: Bencher<'_, '_>) {
        bench(bencher, &Asked::page("/login", ""), StatusCode::OK);
    }

    #[divan::bench]
    fn page_profile(bencher: Bencher<'_, '_>) {
        bench(bencher, &Asked::page("/profile", &APP.cookie), StatusCode::OK);
    }

    /// Whoever is logged in is sent on from the login, once their session is read.
    #[divan::bench]
    fn session_lookup(bencher: Bencher<'_, '_>) {
        bench(bencher, &Asked::page("/login", &APP.cookie), StatusCode::SEE_OTHER);
    }

    #[divan::bench]
    fn json_profile(bencher: Bencher<'_, '_>) {
        bench(bencher, &Asked::call("GET", "/profile/", &APP.token), StatusCode::OK);
    }

    /// A call without a body is refused, once its token is checked.
    #[divan::bench]
    fn token_check(bencher: Bencher<'_, '_>) {
        bench(bencher, &Asked::call("POST", "/implement_invite/", &APP.token), StatusCode::BAD_REQUEST);
    }

    #[divan::bench]
    fn forged_token(bencher: Bencher<'_, '_>) {
        bench(bencher, &Asked::call("GET", "/profile/", "a.b.c"), StatusCode::UNAUTHORIZED);
    }

    fn bench(bencher: Bencher<'_, '_>, asked: &Asked, expected: StatusCode) {
        bencher.bench(|| match APP.answer(asked) {
            Ok(status) if status == expected => status,
            other => panic!("{asked:?} was answered with {other:?}"),
        });
    }
}

/// A request that can be sent many times.
#[derive(Debug)]
struct Asked {
    method: &'static str,
    path: &'static str,
    headers: Vec<(header::HeaderName, String)>,
    body: String,
}

impl Asked {
    fn page(path: &'static str, cookie: &str) -> Self {
        let headers = vec![(header::ACCEPT, "text/html".to_owned()), (header::COOKIE, cookie.to_owned())];
        Self { method: "GET", path, headers, body: String::new() }
    }

    /// A form of a page.
    fn form(path: &'static str, cookie: &str, body: String) -> Self {
        let mut asked = Self::page(path, cookie);
        asked.headers.push((header::HeaderName::from_static("sec-fetch-site"), "same-origin".to_owned()));
        asked.headers.push((header::CONTENT_TYPE, "application/x-www-form-urlencoded".to_owned()));
        Self { method: "POST", body, ..asked }
    }

    fn call(method: &'static str, path: &'static str, token: &str) -> Self {
        let headers = vec![
            (header::AUTHORIZATION, format!("Bearer {token}")),
            (header::CONTENT_TYPE, "application/json".to_owned()),
        ];
        Self { method, path, headers, body: "{}".to_owned() }
    }

    fn json(path: &'static str, token: &str, body: &Value) -> Self {
        Self { body: body.to_string(), ..Self::call("POST", path, token) }
    }

    fn request(&self) -> Outcome<Request<Body>> {
        let mut request = Request::builder().method(self.method).uri(self.path);
        for (name, value) in self.headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(name, value);
        }
        Ok(request.body(Body::from(self.body.clone()))?)
    }
}

/// A server with one member who has 20 invitees.
struct App {
    runtime: Runtime,
    router: Router,
    /// Of the member's session in a browser.
    cookie: String,
    /// The member's access token.
    token: String,
    _folder: TempDir,
}

static APP: LazyLock<App> = LazyLock::new(|| match App::new() {
    Ok(app) => app,
    Err(error) => panic!("the server could not be prepared: {error}"),
});

impl App {
    fn new() -> Outcome<Self> {
        let (runtime, folder) = (Runtime::new()?, tempfile::tempdir()?);
        let settings = Cli::try_parse_from(["vouch"])?.settings;
        let (clock, entropy) = (Arc::new(SystemClock::starting_after(None)), Arc::new(SystemEntropy));
        let store = runtime.block_on(SqliteStore::open(&folder.path().join("bench.db")))?;
        let ports = Ports {
            sms: Arc::new(SimulatedSms::new("0".parse()?, entropy.clone())),
            keys: Keys::new(&Secret::generate(entropy.as_ref())?),
            rules: settings.rules()?,
            store: Arc::new(store),
            clock,
            entropy,
        };
        let router = build_router(AppState::new(Arc::new(ports), None, 0, false));
        let mut app = Self { runtime, router, cookie: String::new(), token: String::new(), _folder: folder };
        app.token = app.log_in("+79123456789")?;
        app.cookie = app.log_in_browser("%2B79123456789")?;
        let profile = app.send(&Asked::call("GET", "/profile/", &app.token))?.1;
        let invite_code = &serde_json::from_str::<Value>(&profile)?["invite_code"];
        for number in 0..20 {
            let token = app.log_in(&format!("+7912{number:03}0000"))?;
            app.send(&Asked::json("/implement_invite/", &token, &json!({"invite_code": invite_code})))?;
        }
        Ok(app)
    }

    /// Returns the access token.
    fn log_in(&self, phone: &str) -> Outcome<String> {
        let sent = self.send(&Asked::json("/get_code/", "", &json!({"phone_number": phone})))?.1;
        let code = &serde_json::from_str::<Value>(&sent)?["code"];
        let tokens = self.send(&Asked::json("/authorize/", "", &json!({"phone_number": phone, "code": code})))?.1;
        let tokens: Value = serde_json::from_str(&tokens)?;
        Ok(tokens["access"].as_str().ok_or("no token")?.to_owned())
    }

    /// Returns the cookie of the session.
    fn log_in_browser(&self, phone: &str) -> Outcome<String> {
        let asked = Asked::form("/api/login/request_code", "", format!("phone_number={phone}&next="));
        let cookie = cookie(&self.send(&asked)?.0).ok_or("no session")?;
        let page = self.send(&Asked::page("/login/code", &cookie))?.1;
        let code = page.split("simulated-sms\">").nth(1).ok_or("no message")?;
        let code: String = code.chars().skip_while(|each| !each.is_ascii_digit()).take(4).collect();
        let answer = self.send(&Asked::form("/api/login/verify", &cookie, format!("code={code}&next=")))?.0;
        self::cookie(&answer).ok_or_else(|| "no login".into())
    }

    /// Sends a request that must not be refused.
    fn send(&self, asked: &Asked) -> Outcome<(Response<()>, String)> {
        let (answer, body) = self.exchange(asked)?;
        if answer.status().is_client_error() || answer.status().is_server_error() {
            return Err(format!("{} was answered with {}: {body}", asked.path, answer.status()).into());
        }
        Ok((answer, body))
    }

    fn answer(&self, asked: &Asked) -> Outcome<StatusCode> {
        Ok(self.exchange(asked)?.0.status())
    }

    fn exchange(&self, asked: &Asked) -> Outcome<(Response<()>, String)> {
        let request = asked.request()?;
        self.runtime.block_on(async {
            let (head, body) = self.router.clone().oneshot(request).await?.into_parts();
            let body = to_bytes(body, usize::MAX).await?;
            Ok((Response::from_parts(head, ()), String::from_utf8(body.to_vec())?))
        })
    }
}

/// The session that an answer sets.
fn cookie<T>(answer: &Response<T>) -> Option<String> {
    let set = answer.headers().get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = set.filter_map(|value| value.split(';').next());
    cookies.find(|cookie| cookie.starts_with("vouch=")).map(str::to_owned)
}
