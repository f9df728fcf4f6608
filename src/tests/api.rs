//! A client of the JSON API. It uses a real socket, so that tests can send malformed HTTP.

use super::{Answer, TestApp, network_of};
use crate::server::sms::SmsGateway;
use crate::server::web::router::build_router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A client, anonymous or with a token.
#[derive(Clone)]
pub struct Api {
    pub app: Arc<TestApp>,
    pub address: SocketAddr,
    token: Option<String>,
}

#[derive(Deserialize)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
}

impl Api {
    pub async fn new() -> Self {
        Self::of(TestApp::new().await).await
    }

    /// With another gateway than the simulated one.
    pub async fn with_sms(sms: Arc<dyn SmsGateway>) -> Self {
        Self::of(TestApp::with_sms(sms).await).await
    }

    pub async fn of(app: TestApp) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = build_router(app.state.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { app: Arc::new(app), address, token: None }
    }

    pub fn with_token(&self, access: &str) -> Self {
        Self { token: Some(access.to_owned()), ..self.clone() }
    }

    pub fn anonymous(&self) -> Self {
        Self { token: None, ..self.clone() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[]).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&'static str, &str)]) -> Answer {
        self.send(Method::GET, path, headers, Vec::new()).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.post_with(path, body, &[]).await
    }

    pub async fn post_with(&self, path: &str, body: Value, headers: &[(&'static str, &str)]) -> Answer {
        let headers = [headers, &[("content-type", "application/json")]].concat();
        self.send(Method::POST, path, &headers, body.to_string().into_bytes()).await
    }

    pub async fn post_bytes(&self, path: &str, content_type: Option<&str>, body: impl Into<Vec<u8>>) -> Answer {
        let headers: Vec<_> = content_type.map(|value| ("content-type", value)).into_iter().collect();
        self.send(Method::POST, path, &headers, body.into()).await
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&'static str, &str)], body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "vouch.test");
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        let connection = tokio::spawn(connection);
        let answer = sender.send_request(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = to_bytes(Body::new(body), usize::MAX).await.unwrap();
        connection.abort();
        Answer::new(parts, body.into())
    }

    /// Sends these bytes and reads until the server closes the connection or has answered.
    pub async fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = vec![0; 64 * 1024];
        let length = stream.read(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer[..length]).into_owned()
    }

    /// Asks for a code, which simulated SMS shows.
    pub async fn get_code(&self, phone: &str) -> String {
        let (name, network) = network_of(phone);
        let answer = self.post_with("/get_code/", json!({"phone_number": phone}), &[(name, &network)]).await;
        answer.json()["code"].as_str().expect("a code").to_owned()
    }

    /// Logs a phone in.
    pub async fn log_in(&self, phone: &str) -> Tokens {
        let code = self.get_code(phone).await;
        let (name, network) = network_of(phone);
        let body = json!({"phone_number": phone, "code": code});
        let answer = self.post_with("/authorize/", body, &[(name, &network)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        assert_eq!(media_type(&self.headers), "application/json", "{}", self.body);
        serde_json::from_str(&self.body).unwrap()
    }

    /// The problem of this status, well-formed.
    pub fn problem(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        assert_eq!(media_type(&self.headers), "application/problem+json");
        let problem: Value = serde_json::from_str(&self.body).unwrap();
        assert_eq!(problem["type"], "about:blank");
        assert_eq!(problem["title"], self.status.canonical_reason().unwrap());
        assert_eq!(problem["status"], status);
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{problem}");
        assert_eq!(self.headers.contains_key(header::WWW_AUTHENTICATE), status == 401);
        problem
    }

    /// The names of the fields that are wrong, each with its reasons.
    pub fn wrong_fields(&self) -> Vec<String> {
        let problem = self.problem(400);
        let lists = problem.as_object().unwrap().iter().filter(|(_, value)| value.is_array());
        lists
            .map(|(name, reasons)| {
                assert!(reasons.as_array().unwrap().iter().all(Value::is_string), "{problem}");
                name.clone()
            })
            .collect()
    }

    pub fn redirect(&self) -> (String, u16) {
        (self.location().to_owned(), self.status.as_u16())
    }
}

fn media_type(headers: &HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

/// The claims of a token. Its signature is not checked.
pub fn claims(token: &str) -> Value {
    jsonwebtoken::dangerous::insecure_decode(token).unwrap().claims
}
