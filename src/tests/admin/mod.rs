//! Tests of the admin rules and pages. Here: what they share.

mod files;
mod first;
mod flags;
mod members;
mod overview;
mod pages;
mod repair;
mod rights;
mod webhooks;

use super::*;
use crate::model::admin::{AuditQuery, TypedAct};
use crate::server::data::{Act, AttemptOutcome};
use crate::server::domain::admin::repair::repair;
use crate::server::domain::admin::{Admin, AdminResult, Refusal, audit, authenticate, grants, second_factor};
use crate::server::domain::{self, redeem};
use totp_rs::{Builder, Secret as AppSecret, Totp};

const ADMIN: &str = "+79120000001";
const MEMBER: &str = "+79123456789";
const FRIEND: &str = "+79123456780";

/// The authenticator app on an admin's phone.
pub fn authenticator(secret: &str) -> Totp {
    let secret = AppSecret::try_from_base32(secret.replace(' ', "")).unwrap();
    Builder::new().with_secret(secret).build_noncompliant()
}

/// What the authenticator app shows now.
pub fn shown(app: &TestApp, totp: &Totp) -> String {
    totp.generate((app.clock.now().0 / 1000).try_into().unwrap()).to_string()
}

/// A member with the right of an admin, whose second factor waits for its first code.
async fn set_up(app: &TestApp, phone: &str) -> (MemberId, Totp, Vec<String>) {
    grants::grant(app, phone).await.unwrap();
    let member = app.log_in(phone).await.id;
    second_factor::set_up(app, member).await.unwrap();
    let setup = second_factor::setup(app, member).await.unwrap().unwrap();
    (member, authenticator(&setup.secret), setup.recovery_codes)
}

async fn prove(app: &TestApp, member: MemberId, code: &str) -> AdminResult<()> {
    second_factor::prove(app, &stranger(), (member, true), code).await.map(|_| ())
}

pub(super) async fn admin(app: &TestApp) -> Admin {
    let (member, totp, _) = set_up(app, ADMIN).await;
    let grant = second_factor::prove(app, &stranger(), (member, true), &shown(app, &totp)).await.unwrap();
    authenticate(app, &stranger(), member, Some(grant)).await.unwrap()
}

pub(super) async fn act(app: &TestApp, by: &Admin, on: MemberId, act: &str, reason: &str) -> AdminResult<()> {
    repair(app, by, on, act, &TypedAct { reason: reason.to_owned(), ..TypedAct::default() }).await
}

pub(super) async fn attach(app: &TestApp, by: &Admin, on: MemberId, code: &str) -> AdminResult<()> {
    repair(app, by, on, "attach", &TypedAct { invite_code: code.to_owned(), reason: "a test".to_owned() }).await
}

async fn redeem(app: &TestApp, who: MemberId, code: &str) -> AppResult<()> {
    redeem::redeem(app, &stranger(), who, code).await.map(|_| ())
}

/// How the attempts of a member ended, newest first, and how often each was made.
async fn attempts(app: &TestApp, by: &Admin, who: MemberId) -> Vec<(AttemptOutcome, u32)> {
    let details = domain::admin::members::read(app, by, who).await.unwrap();
    details.attempts.iter().map(|attempt| (attempt.outcome, attempt.times)).collect()
}

async fn log(app: &TestApp, by: &Admin) -> Vec<crate::server::data::AuditLine> {
    audit::search(app, by, &AuditQuery::default(), 100).await.unwrap()
}
