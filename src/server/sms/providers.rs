//! Tests of the presets and of the rules of sending, against servers that play the providers as they describe themselves.

use super::tests::sms;
use super::*;
use crate::server::metrics;
use crate::tests::metrics::counted;
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::any;
use data_encoding::BASE64;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;

/// What a provider received.
#[derive(Clone, Debug)]
struct Received {
    path: String,
    headers: HeaderMap,
    body: String,
}

impl Received {
    fn form(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.body.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn authorization(&self) -> &str {
        self.headers[header::AUTHORIZATION].to_str().unwrap()
    }
}

/// A provider on this machine, which always answers the same.
struct Provider {
    url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Provider {
    async fn answering(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Self {
        let received = Arc::new(Mutex::new(Vec::new()));
        let (kept, headers, body) = (received.clone(), headers.to_vec(), body.to_owned());
        let answer = move |request: Request| async move {
            let (parts, content) = request.into_parts();
            let content = content.collect().await.unwrap().to_bytes();
            let body_text = String::from_utf8(content.to_vec()).unwrap();
            let path = parts.uri.to_string();
            kept.lock().unwrap().push(Received { path, headers: parts.headers, body: body_text });
            let mut answer = (StatusCode::from_u16(status).unwrap(), body).into_response();
            for (name, value) in headers {
                answer.headers_mut().insert(name, value.parse().unwrap());
            }
            answer
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(any(answer));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, received }
    }

    /// A provider that reads the request and then closes the connection, or says nothing more.
    async fn silent(closes: bool) -> Self {
        use tokio::io::AsyncReadExt;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let mut open = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut bytes = [0; 1024];
                let _ = stream.read(&mut bytes).await;
                if !closes {
                    open.push(stream);
                }
            }
        });
        Self { url, received: Arc::default() }
    }

    fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// The gateway of a preset, with its paths at this provider.
    fn gateway(&self, preset: &str) -> HttpGateway {
        let toml = definition::preset(preset).unwrap();
        let host = toml.lines().find_map(|line| line.strip_prefix("url = \"https://")).unwrap();
        let host = format!("https://{}", host.split('/').next().unwrap());
        gateway(&toml.replace(&host, &self.url))
    }

    /// A gateway of a host's own at this provider.
    fn own(&self, name: &str) -> HttpGateway {
        gateway(&format!(
            "name = \"{name}\"\nurl = \"{}/send\"\nform = {{ to = \"{{to}}\", token = \"${{TOKEN}}\" }}\n\
             timeout = \"400ms\"\naccepted = {{ status = \"200\" }}\nrefused = {{ status = \"400\" }}",
            self.url
        ))
    }
}

/// Each variable has its name in small letters as its value.
fn gateway(toml: &str) -> HttpGateway {
    HttpGateway::new(Definition::parse("test", toml, None, &|name| Some(name.to_lowercase())).unwrap()).unwrap()
}

fn accepted(gateway: &str, id: &str) -> Attempt {
    Attempt::Accepted(Receipt { gateway: gateway.to_owned(), message_id: Some(id.to_owned()) })
}

#[test]
fn every_preset_is_in_the_executable() {
    for name in crate::server::settings::PRESETS {
        let definition = Definition::read(name, None, &|name| Some(name.to_owned())).unwrap();
        assert_eq!(definition.name, name);
    }
}

/// The answers with which each provider accepts a message, refuses it, and leaves open what became of it.
#[tokio::test]
async fn each_preset_understands_its_provider() {
    let (ok, ru) = (200, |inner: Value| json!({"status": "OK", "status_code": 100, "sms": {"79123456789": inner}}));
    for (preset, status, answer, id) in [
        ("twilio", 201, json!({"sid": "SM17", "status": "queued", "error_code": null}), Some("SM17")),
        ("twilio", 400, json!({"code": 21211, "message": "Invalid 'To' Phone Number", "status": 400}), None),
        (
            "vonage",
            ok,
            json!({"message-count": "1", "messages": [{"status": "0", "message-id": "0C17"}]}),
            Some("0C17"),
        ),
        ("vonage", ok, json!({"messages": [{"status": "4", "error-text": "Bad Credentials"}]}), None),
        ("smsru", ok, ru(json!({"status": "OK", "status_code": 100, "sms_id": "0-17"})), Some("0-17")),
        ("smsru", ok, ru(json!({"status": "ERROR", "status_code": 207, "status_text": "no way"})), None),
        ("smsru", ok, json!({"status": "ERROR", "status_code": 200}), None),
        ("smsc", ok, json!({"id": 17, "cnt": 1}), Some("17")),
        ("smsc", ok, json!({"error": "invalid number", "error_code": 7, "id": 17}), None),
        ("smsaero", ok, json!({"success": true, "data": {"id": 17, "status": 8}}), Some("17")),
        ("smsaero", ok, json!({"success": false, "message": "Not enough money"}), None),
        ("exolve", ok, json!({"message_id": "439166174910243"}), Some("439166174910243")),
        ("exolve", 400, json!({"error": {"code": 3, "message": "invalid number"}}), None),
    ] {
        let provider = Provider::answering(status, &[], &answer.to_string()).await;
        let attempt = provider.gateway(preset).send(&sms()).await;
        match id {
            Some(id) => assert_eq!(attempt, accepted(preset, id)),
            None => assert!(matches!(attempt, Attempt::NotSent(_)), "{preset}: {attempt:?}"),
        }
        assert_eq!(provider.received().len(), 1);
    }
    for (preset, status, answer) in [
        ("twilio", 500, json!({"code": 20500, "message": "Internal Server Error"})),
        ("twilio", 200, json!("maintenance")),
        ("vonage", ok, json!({"messages": [{"status": "5", "error-text": "Internal Error"}]})),
        ("smsru", ok, json!({"status": "ERROR", "status_code": 220})),
        ("smsc", ok, json!({"error": "duplicate request, wait a minute", "error_code": 9})),
        ("smsaero", 502, json!({"success": false})),
        ("exolve", 503, json!({"error": {"code": 14}})),
    ] {
        let provider = Provider::answering(status, &[], &answer.to_string()).await;
        let attempt = provider.gateway(preset).send(&sms()).await;
        assert!(matches!(attempt, Attempt::Unknown(_)), "{preset}: {attempt:?}");
    }
}

#[tokio::test]
async fn each_preset_asks_its_provider_for_the_right_message() {
    let request = async |preset| {
        let provider = Provider::answering(200, &[], "{}").await;
        provider.gateway(preset).send(&sms()).await;
        provider.received().remove(0)
    };
    let (text, digits) = (Some("Code 0764 & more".to_owned()), Some("79123456789".to_owned()));
    let basic = |user: &str| format!("Basic {}", BASE64.encode(user.as_bytes()));

    let twilio = request("twilio").await;
    assert_eq!(twilio.path, "/2010-04-01/Accounts/twilio_account_sid/Messages.json");
    assert_eq!(twilio.authorization(), basic("twilio_account_sid:twilio_auth_token"));
    assert_eq!((twilio.form("To").as_deref(), twilio.form("Body")), (Some("+79123456789"), text.clone()));
    assert_eq!(twilio.form("ValidityPeriod").as_deref(), Some("599"));

    let vonage = request("vonage").await;
    assert_eq!((vonage.form("to"), vonage.form("text")), (digits.clone(), text.clone()));
    assert_eq!(
        (vonage.form("ttl").as_deref(), vonage.form("api_key").as_deref()),
        (Some("599000"), Some("vonage_api_key"))
    );

    let smsru = request("smsru").await;
    assert_eq!((smsru.form("to"), smsru.form("msg")), (digits.clone(), text.clone()));
    assert_eq!((smsru.form("ttl").as_deref(), smsru.form("ip").as_deref()), (Some("9"), Some("192.0.2.1")));

    let smsc = request("smsc").await;
    assert_eq!((smsc.form("phones"), smsc.form("mes")), (digits, text));
    assert_eq!((smsc.form("valid").as_deref(), smsc.form("psw").as_deref()), (Some("00:09"), Some("smsc_password")));

    let smsaero = request("smsaero").await;
    assert_eq!(smsaero.authorization(), basic("smsaero_email:smsaero_api_key"));
    assert_eq!(smsaero.json()["text"], "Code 0764 & more");

    let exolve = request("exolve").await;
    assert_eq!((exolve.path.as_str(), exolve.authorization()), ("/messaging/v1/SendSMS", "Bearer exolve_api_key"));
    assert_eq!(exolve.json()["destination"], "79123456789");
}

#[tokio::test]
async fn the_next_gateway_sends_only_what_was_surely_not_sent() {
    let good = || Provider::answering(200, &[], "");
    let unreachable = Provider { url: "http://127.0.0.1:1".to_owned(), received: Arc::default() };
    let nowhere = Provider { url: "http://nowhere.invalid".to_owned(), received: Arc::default() };
    let no_tls = Provider { url: good().await.url.replace("http:", "https:"), received: Arc::default() };
    let refusing = Provider::answering(400, &[], "").await;
    let busy = Provider::answering(429, &[("retry-after", "60")], "").await;
    let overloaded = Provider::answering(429, &[], "").await;
    for first in [unreachable, nowhere, no_tls, refusing, busy, overloaded] {
        let second = good().await;
        let outcome = Chain(vec![first.own("first"), second.own("second")]).send(&sms()).await;
        let receipt = Receipt { gateway: "second".to_owned(), message_id: None };
        assert_eq!((outcome, second.received().len()), (Outcome::Accepted(receipt), 1), "{}", first.url);
        assert!(first.received().len() <= 1);
    }

    let failing = Provider::answering(503, &[], "").await;
    let redirecting = Provider::answering(302, &[("location", "/elsewhere")], "").await;
    for first in [failing, redirecting, Provider::silent(true).await, Provider::silent(false).await] {
        let second = good().await;
        let outcome = Chain(vec![first.own("first"), second.own("second")]).send(&sms()).await;
        let unknown = Outcome::Unknown { gateway: "first".to_owned() };
        assert_eq!((outcome, second.received().len()), (unknown, 0), "{}", first.url);
        assert!(first.received().len() <= 1);
    }

    let refusing = Provider::answering(400, &[], "").await;
    assert_eq!(Chain(vec![refusing.own("only")]).send(&sms()).await, Outcome::Refused);
}

#[tokio::test]
async fn every_gateway_that_was_asked_is_counted() {
    let recorder = metrics::recorder().unwrap();
    let _counting = ::metrics::set_default_local_recorder(&recorder);
    let (good, refusing) = (Provider::answering(200, &[], "").await, Provider::answering(400, &[], "").await);
    let failing = Provider::answering(503, &[], "").await;
    Chain(vec![refusing.own("first"), good.own("second")]).send(&sms()).await;
    Chain(vec![refusing.own("first"), failing.own("third")]).send(&sms()).await;
    for (gateway, outcome, count) in [("first", "refused", 2.0), ("second", "sent", 1.0), ("third", "unknown", 1.0)] {
        let series = format!("vouch_messages_total{{gateway=\"{gateway}\",outcome=\"{outcome}\"}}");
        assert_eq!(counted(&recorder, &series), Some(count), "{series}");
    }
}

#[tokio::test]
async fn a_gateway_that_asks_to_wait_a_moment_is_asked_once_more() {
    let busy = Provider::answering(429, &[("retry-after", "0")], "").await;
    assert_eq!(busy.own("busy").send(&sms()).await, Attempt::Later(Duration::ZERO));
    assert_eq!(busy.received().len(), 2);
}

#[tokio::test]
async fn what_is_shown_of_a_request_has_no_secret() {
    let provider = Provider::answering(200, &[], "your token is token").await;
    let (attempt, shown) = provider.own("own").send_once(&sms()).await;
    assert!(matches!(attempt, Attempt::Accepted(_)));
    assert!(shown.request.ends_with("to=%2B79123456789&***=***"), "{}", shown.request);
    assert_eq!(shown.answer, "200 OK\nyour *** is ***");
    let twilio = provider.gateway("twilio").send_once(&sms()).await.1.request;
    assert!(!twilio.contains("twilio_account_sid") && !twilio.contains("Basic "), "{twilio}");
}

#[tokio::test]
async fn the_reason_for_the_log_names_no_phone_and_no_code() {
    for (status, is_refused) in [(400, true), (500, false)] {
        let body = json!({"to": "+79123456789", "text": "Code 0764 & more", "error": "0764 is bad"}).to_string();
        let reason = match Provider::answering(status, &[], &body).await.own("own").send(&sms()).await {
            Attempt::NotSent(reason) if is_refused => reason,
            Attempt::Unknown(reason) if !is_refused => reason,
            other => panic!("{other:?}"),
        };
        assert!(reason.contains(&status.to_string()) && reason.contains("is bad"), "{reason}");
        assert!(!reason.contains("9123456789") && !reason.contains("0764"), "{reason}");
    }
}

#[test]
fn what_does_not_describe_a_gateway_is_refused_with_a_sentence() {
    let good = "name = \"own\"\nurl = \"https://sms.example\"\naccepted = { status = \"200\" }\n";
    let parse = |toml: &str| Definition::parse("own.toml", toml, None, &|name| (name == "TOKEN").then(String::new));
    assert!(parse(good).is_ok());
    for (added, said) in [
        ("colour = \"red\"", "unknown field `colour`"),
        ("query = { to = \"{phone}\" }", "unknown placeholder {phone}"),
        ("query = { key = \"${PASSWORD}\" }", "PASSWORD is not set"),
        ("form = {}\njson = {}", "exclude each other"),
        ("timeout = \"soon\"", "expected number"),
        ("refused = {}", "need a `status`"),
        ("refused = { status = \"bad\" }", "need a `status`"),
        ("method = \"SEND IT\"", "not a method"),
    ] {
        let error = parse(&format!("{good}{added}")).unwrap_err().to_string();
        assert!(error.contains("own.toml") && error.contains(said), "{error}");
    }
    assert!(Definition::read("./missing.toml", None, &|_| None).unwrap_err().to_string().contains("./missing.toml"));
}
