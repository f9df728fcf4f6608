//! Databases that earlier commits have made are opened by this one, and nobody notices.
//!
//! `fixtures/<commit>.db.gz` is what `vouch backup` of that commit made: the member +79120000001 has logged in over the API,
//! +79120000002 too, and has redeemed the code of the first; +79120000003 has logged in with a browser. At each release one
//! is added.

use super::*;
use flate2::read::GzDecoder;
use serde_json::json;
use std::io::copy;

struct Fixture {
    database: &'static [u8],
    /// When it was made, in milliseconds since 1970.
    made_at: i64,
    /// The session of the browser.
    cookie: &'static str,
    refresh_token: &'static str,
    invite_code: &'static str,
}

const FIXTURES: [Fixture; 1] = [Fixture {
    database: include_bytes!("fixtures/2f15430.db.gz"),
    made_at: 1_795_854_623_870,
    cookie: "2bc8df46d2d2d7d1922c3ca23728790e044878320db26d0d3de33ee685f36a09",
    refresh_token: "043b2d7e2aa1cb1d19c8b1ca0be1a50cc3f60b19b4096122d44edd42d4f8580e",
    invite_code: "8KCT2Q",
}];

#[tokio::test]
async fn a_database_of_an_earlier_commit_keeps_logins_tokens_and_redemptions() {
    for fixture in FIXTURES {
        let database = TestDatabase::in_file();
        copy(&mut GzDecoder::new(fixture.database), &mut std::fs::File::create(database.file()).unwrap()).unwrap();
        let app = TestApp::on(database).await;
        app.clock.advance(Duration::from_millis((fixture.made_at - app.clock.now().0).unsigned_abs()));

        let browser = app.browser();
        browser.set_session_cookie(fixture.cookie);
        let profile = browser.get("/profile").await;
        assert_eq!(profile.status, StatusCode::OK);
        assert!(profile.body.contains("+7 912 000-00-03"));
        let api = Api::of(app).await;
        let tokens = api.post("/token/refresh/", json!({"refresh": fixture.refresh_token})).await.json();
        let member = api.with_token(tokens["access"].as_str().unwrap());
        let profile = member.get("/profile/").await.json();
        assert_eq!(profile["activated_foreign_invite_code"], fixture.invite_code);
        let newcomer = api.with_token(&api.log_in("+79120000004").await.access);
        newcomer.post("/implement_invite/", json!({"invite_code": fixture.invite_code})).await.json();
        let inviter = api.app.member_id("+79120000001").await;
        assert_eq!(api.app.store.member(inviter).await.unwrap().unwrap().invitees, 2);
    }
}

/// PostgreSQL refuses a prepared statement whose result has another column than before. While servers are replaced, those of
/// the release before go on with their statements beside new tables.
#[test]
fn no_statement_of_postgresql_reads_whole_rows() {
    let whole_row = regex::Regex::new(r#"(SELECT|RETURNING) ([a-z_]+\.)?\*[ ,"]"#).unwrap();
    for file in std::fs::read_dir("src/server/storage/postgres").unwrap() {
        let path = file.unwrap().path();
        let found = whole_row.find(&std::fs::read_to_string(&path).unwrap()).map(|found| found.as_str().to_owned());
        assert_eq!(found, None, "{}", path.display());
    }
}
