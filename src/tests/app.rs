//! A whole server for one test.

use super::Browser;
use super::database::TestDatabase;
use crate::server::clock::fixed::{FixedClock, SeededEntropy};
use crate::server::data::{FlowId, Member, Network, Visitor};
use crate::server::domain::login::{self, LoggedIn};
use crate::server::domain::{Keys, Ports};
use crate::server::http::state::AppState;
use crate::server::limits::Limits;
use crate::server::secrets::Secret;
use crate::server::settings::{Brand, Cli, InviteePhones, Numbers, Rules, Settings, SmsText, Switch};
use crate::server::sms::simulated::SimulatedSms;
use crate::server::sms::{Outcome, Receipt, Sms, SmsGateway};
use crate::server::web::router::build_router;
use async_trait::async_trait;
use axum::Router;
use clap::Parser;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A server with a database of its own, a clock that stands still and seeded randomness.
pub struct TestApp {
    pub clock: Arc<FixedClock>,
    pub state: AppState,
    router: Router,
    pub(super) database: Arc<TestDatabase>,
}

impl TestApp {
    pub async fn new() -> Self {
        Self::with_rules(|_| {}).await
    }

    /// With other limits than the documented ones.
    pub async fn with_limits(change: impl FnOnce(&mut Limits)) -> Self {
        Self::with_rules(|rules| change(&mut rules.limits)).await
    }

    pub async fn with_rules(change: impl FnOnce(&mut Rules)) -> Self {
        Self::build(new_database().await, None, change).await
    }

    /// With a file of SQLite in any case, for tests of files.
    pub async fn in_file() -> Self {
        Self::on(TestDatabase::in_file()).await
    }

    pub async fn on(database: TestDatabase) -> Self {
        Self::build(Arc::new(database), None, |_| {}).await
    }

    /// With another gateway than the simulated one.
    pub async fn with_sms(sms: Arc<dyn SmsGateway>) -> Self {
        Self::with(sms, |_| {}).await
    }

    pub async fn with(sms: Arc<dyn SmsGateway>, change: impl FnOnce(&mut Rules)) -> Self {
        Self::build(new_database().await, Some(sms), change).await
    }

    /// Another server on the same database.
    pub async fn another_server(&self) -> Self {
        self.another_server_with(|_| {}).await
    }

    pub async fn another_server_with(&self, change: impl FnOnce(&mut Rules)) -> Self {
        Self::build(self.database.clone(), None, change).await
    }

    async fn build(
        database: Arc<TestDatabase>,
        sms: Option<Arc<dyn SmsGateway>>,
        change: impl FnOnce(&mut Rules),
    ) -> Self {
        let (clock, entropy) = (Arc::new(FixedClock::default()), Arc::new(SeededEntropy::default()));
        let simulated = || Arc::new(SimulatedSms::new("0".parse().unwrap(), entropy.clone()));
        let sms = sms.unwrap_or_else(|| simulated());
        let store = database.open().await;
        let keys = Keys::new(&Secret::generate(entropy.as_ref()).unwrap());
        let mut rules = Rules {
            milestones: Vec::new(),
            is_public: false,
            board: Switch::On,
            region: "RU".parse().unwrap(),
            countries: "any".parse().unwrap(),
            numbers: Numbers::Mobile,
            test_phones: Vec::new(),
            sms_text: SmsText::new(None, None).unwrap(),
            invitee_phones: InviteePhones::Full,
            brand: Brand::default(),
            is_simulated_in_public: false,
            webhooks: Vec::new(),
            limits: Limits::default(),
        };
        change(&mut rules);
        let ports = Ports { store, clock: clock.clone(), entropy, sms, keys, rules };
        let state = AppState::new(Arc::new(ports), None, 1, false);
        Self { clock, router: build_router(state.clone()), state, database }
    }

    /// The file of its database.
    pub fn database_file(&self) -> PathBuf {
        self.database.file()
    }

    /// The database, after the server has left it.
    pub async fn leave(self) -> Arc<TestDatabase> {
        self.store.close().await;
        self.database
    }

    /// The settings with which a command finds its database.
    pub fn settings(&self) -> Settings {
        Cli::parse_from(["vouch", "--database-url", &self.database.url()]).settings
    }

    /// The digits of the message that a login was sent.
    pub async fn sent_code(&self, flow: FlowId) -> String {
        login::shown(self, flow).await.unwrap().expect("a message was sent").code.as_str().to_owned()
    }

    /// Asks the rules for a login code, without a door; returns the login and the code.
    pub async fn request_code(&self, who: &Visitor, phone: &str) -> (FlowId, String) {
        let flow = login::request_code(self, who, phone).await.unwrap();
        (flow, self.sent_code(flow).await)
    }

    /// Logs a phone in through the rules, without a door.
    pub async fn log_in_from(&self, who: &Visitor, phone: &str) -> LoggedIn {
        let (flow, code) = self.request_code(who, phone).await;
        login::verify(self, who, flow, &code).await.unwrap()
    }

    pub async fn log_in(&self, phone: &str) -> Member {
        self.log_in_from(&stranger(), phone).await.member
    }

    pub fn browser(&self) -> Browser {
        Browser::of(self.router.clone())
    }

    /// A browser of a server whose host has said its public address.
    pub fn browser_at(&self, public_url: &str) -> Browser {
        let state = AppState::new(self.state.ports.clone(), public_url.parse().ok(), 0, false);
        Browser::of(build_router(state))
    }

    /// A browser whose requests come through another layer.
    pub fn browser_through(&self, layer: impl FnOnce(Router) -> Router) -> Browser {
        Browser::of(layer(self.router.clone()))
    }

    pub fn browser_with_scripting(&self) -> Browser {
        self.browser().with_scripting()
    }
}

async fn new_database() -> Arc<TestDatabase> {
    Arc::new(TestDatabase::new().await)
}

impl Deref for TestApp {
    type Target = Ports;

    fn deref(&self) -> &Ports {
        &self.state.ports
    }
}

/// A gateway that does not show its messages to the person, and fails until it is repaired.
pub struct SilentSms(AtomicBool);

impl SilentSms {
    pub fn broken() -> Self {
        Self(AtomicBool::new(false))
    }

    pub fn mend(&self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[async_trait]
impl SmsGateway for SilentSms {
    async fn send(&self, _: &Sms) -> Outcome {
        let receipt = Receipt { gateway: "silent".to_owned(), message_id: None };
        if self.0.load(Ordering::SeqCst) { Outcome::Accepted(receipt) } else { Outcome::Refused }
    }
}

/// Somebody on a device that never logged in.
pub fn stranger() -> Visitor {
    stranger_at("192.0.2.1")
}

/// The same at another address.
pub fn stranger_at(address: &str) -> Visitor {
    Visitor { network: Network::of(Some(address.parse().unwrap())), device: None, agent: String::new(), language: None }
}
