//! What the tests of the endpoints for admins share.

use crate::server::domain::admin::{grants, second_factor};
use crate::tests::*;
use serde_json::json;
use totp_rs::Totp;

pub const ADMIN: &str = "+79120000001";
pub const MEMBER: &str = "+79123456789";

/// A client with an admin's access token, and the app on the admin's phone.
pub async fn candidate(api: &Api) -> (Api, Totp) {
    grants::grant(&api.app, ADMIN).await.unwrap();
    let client = api.with_token(&api.log_in(ADMIN).await.access);
    let id = api.app.member_id(ADMIN).await;
    second_factor::set_up(&api.app, id).await.unwrap();
    let setup = second_factor::setup(&api.app, id).await.unwrap().unwrap();
    (client, authenticator(&setup.secret))
}

/// A client with an admin's token.
pub async fn admin(api: &Api) -> Api {
    let (client, totp) = candidate(api).await;
    let answer = client.post("/admin/api/token/", json!({"code": shown(&api.app, &totp)})).await.json();
    api.with_token(answer["access"].as_str().unwrap())
}
