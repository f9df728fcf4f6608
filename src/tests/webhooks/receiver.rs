//! A system that is told by webhooks: a server on a port of its own, which keeps what it gets.

use crate::server::jobs::webhooks::Courier;
use crate::server::settings::{WebhookKeys, WebhookUrl};
use crate::server::webhooks::Endpoint;
use crate::tests::TestApp;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Router, serve};
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::watch;

pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A request that came.
#[derive(Clone)]
pub struct Received {
    pub headers: HeaderMap,
    pub body: String,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }
}

#[derive(Clone, Default)]
struct Shared {
    received: Arc<Mutex<Vec<Received>>>,
    answers: Arc<Mutex<VecDeque<Response>>>,
    /// Whether requests wait for their answer.
    holds: watch::Sender<bool>,
}

pub struct Receiver {
    pub url: WebhookUrl,
    shared: Shared,
}

impl Receiver {
    pub async fn new() -> Self {
        let shared = Shared::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap()).parse().unwrap();
        let router = Router::new().fallback(receive).with_state(shared.clone());
        tokio::spawn(async move { serve(listener, router).await });
        Self { url, shared }
    }

    /// How the next requests are answered, in this order; any other with 204.
    pub fn answer(&self, answers: impl IntoIterator<Item = Response>) {
        self.shared.answers.lock().unwrap().extend(answers);
    }

    pub fn answer_status(&self, status: u16, times: usize) {
        self.answer((0..times).map(|_| StatusCode::from_u16(status).unwrap().into_response()));
    }

    /// Lets requests wait for their answers, or gives them.
    pub fn hold(&self, holds: bool) {
        self.shared.holds.send_replace(holds);
    }

    /// Waits until so many requests have come, and takes them.
    pub async fn take_when(&self, count: usize) -> Vec<Received> {
        let come = async {
            while self.shared.received.lock().unwrap().len() < count {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(30), come).await.expect("so many requests");
        self.take()
    }

    /// What has come since the last call.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut *self.shared.received.lock().unwrap())
    }

    /// An app that tells this one.
    pub async fn app(&self) -> TestApp {
        TestApp::with_rules(|rules| rules.webhooks = vec![self.url.clone()]).await
    }

    pub fn endpoint(&self) -> Endpoint {
        Endpoint::new(self.url.clone(), WebhookKeys::parse(SECRET).unwrap(), true).unwrap()
    }

    pub fn courier(&self, app: &TestApp) -> Courier {
        Courier::new(app.state.ports.clone(), self.endpoint())
    }

    /// Sends all that is due at the moment.
    pub async fn send_due(&self, app: &TestApp) -> Vec<Received> {
        let mut courier = self.courier(app);
        let mut all = Vec::new();
        loop {
            courier.begin().await.unwrap();
            courier.finish().await;
            let received = self.take();
            if received.is_empty() {
                return all;
            }
            all.extend(received);
        }
    }
}

async fn receive(State(shared): State<Shared>, headers: HeaderMap, body: String) -> Response {
    shared.received.lock().unwrap().push(Received { headers, body });
    shared.holds.subscribe().wait_for(|holds| !holds).await.unwrap();
    let answer = shared.answers.lock().unwrap().pop_front();
    answer.unwrap_or_else(|| StatusCode::NO_CONTENT.into_response())
}
