//! What the tests of the endpoints for admins share.

use crate::server::domain::admin::{grants, second_factor};
use crate::tests::*;
use serde_json::json;
use totp_rs::{Builder, Secret, Totp};

pub const ADMIN: &str = "+79120000001";
pub const MEMBER: &str = "+79123456789";

/// A client with an admin's access token, and the app on the admin's phone.
pub async fn candidate(api: &Api) -> (Api, Totp) {
    grants::grant(&api.app, ADMIN).await.unwrap();
    let client = api.with_token(&api.log_in(ADMIN).await.access);
    let id = api.app.member_id(ADMIN).await;
    second_factor::set_up(&api.app, id).await.unwrap();
    let setup = second_factor::setup(&api.app, id).await.unwrap().unwrap();
    let secret = Secret::try_from_base32(setup.secret.replace(' ', "")).unwrap();
    (client, Builder::new().with_secret(secret).build_noncompliant())
}

/// The code that the app shows now.
pub fn shown(api: &Api, totp: &Totp) -> String {
    totp.generate((api.app.clock.now().0 / 1000) as u64).to_string()
}

/// A client with an admin's token.
pub async fn admin(api: &Api) -> Api {
    let (client, totp) = candidate(api).await;
    let answer = client.post("/admin/api/token/", json!({"code": shown(api, &totp)})).await.json();
    api.with_token(answer["access"].as_str().unwrap())
}
