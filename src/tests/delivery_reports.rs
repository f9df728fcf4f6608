//! Reports of providers over HTTP: each check, what is believed, and what an admin sees of it.

use super::*;
use crate::server::data::{Delivery, MessageState};
use crate::server::sms::{Chain, Definition, HttpGateway, IncomingReport, Outcome, Receipt, Reported, Sms, SmsGateway};
use async_trait::async_trait;
use axum::http::Method;
use data_encoding::BASE64;
use serde_json::json;

const PHONE: &str = "+79123456789";
const FORM: &str = "application/x-www-form-urlencoded";

/// Accepts every message as number 17, and reads reports like the gateway that is described.
struct Reporting {
    name: String,
    gateway: Chain,
}

#[async_trait]
impl SmsGateway for Reporting {
    async fn send(&self, _: &Sms) -> Outcome {
        Outcome::Accepted(Receipt { gateway: self.name.clone(), message_id: Some("17".to_owned()) })
    }

    fn read_report(&self, incoming: &IncomingReport) -> Reported {
        self.gateway.read_report(incoming)
    }
}

/// A server with this preset, or this definition, which has sent one message. Each variable has its name as its value.
async fn server(definition: &str) -> Api {
    let variable = |name: &str| Some(name.to_owned());
    let url = Some("https://vouch.example");
    let definition = if definition.contains('=') {
        Definition::parse("own", definition, url, &variable).unwrap()
    } else {
        Definition::read(definition, url, &variable).unwrap()
    };
    let name = definition.name.clone();
    let gateway = Chain(vec![HttpGateway::new(definition).unwrap()]);
    let api = Api::with_sms(Arc::new(Reporting { name, gateway })).await;
    login::request_code(&api.app, &stranger(), PHONE).await.unwrap();
    api
}

fn own(report: &str) -> String {
    format!("name = \"own\"\nurl = \"https://sms.example\"\naccepted = {{ status = \"200\" }}\nreport = {{ {report} }}")
}

async fn delivery(api: &Api) -> Option<Delivery> {
    let phone = crate::model::phone::Phone::from_e164(PHONE).unwrap();
    let message = api.app.store.messages_to(&phone, 1).await.unwrap().remove(0);
    assert_eq!(message.state, MessageState::Sent);
    message.delivery
}

#[tokio::test]
async fn twilio_signs_the_address_and_the_fields() {
    let api = server("twilio").await;
    let fields = "MessageStatus=delivered&MessageSid=17&AccountSid=AC1&To=%2B79123456789";
    let signed =
        "https://vouch.example/sms/report/twilio/AccountSidAC1MessageSid17MessageStatusdeliveredTo+79123456789";
    let signature = BASE64.encode(&hmac_sha1("TWILIO_AUTH_TOKEN", signed));
    let report = async |fields: &str, signature: &str| {
        let headers = [("content-type", FORM), ("x-twilio-signature", signature)];
        api.send(Method::POST, "/sms/report/twilio/", &headers, fields.as_bytes().to_vec()).await
    };
    report(fields, "").await.problem(403);
    report(&fields.replace("=17", "=18"), &signature).await.problem(403);
    assert_eq!(delivery(&api).await, None);
    assert_eq!(report(fields, &signature).await.status, 200);
    assert_eq!(delivery(&api).await, Some(Delivery::Delivered));
}

fn hmac_sha1(key: &str, text: &str) -> Vec<u8> {
    use hmac::{Hmac, KeyInit, Mac};
    let mac = <Hmac<sha1::Sha1> as KeyInit>::new_from_slice(key.as_bytes()).unwrap();
    mac.chain_update(text).finalize().into_bytes().to_vec()
}

fn md5(text: &str) -> String {
    use md5::Digest;
    data_encoding::HEXLOWER.encode(&md5::Md5::digest(text))
}

#[tokio::test]
async fn vonage_signs_the_sorted_fields_by_md5_or_by_hmac() {
    let fields = "&err-code=0&messageId=17&status=delivered&to=A_B_C";
    let sent = "to=A%26B%3DC&status=delivered&messageId=17&err-code=0";
    let by_md5 = md5(&format!("{fields}VONAGE_SIGNATURE_SECRET"));
    // openssl dgst -sha256 -hmac VONAGE_SIGNATURE_SECRET
    let by_hmac = "1bb573bea6421b0ab2987614360cb25261520fb84f29ae902375d927f3f46b3d";
    for signature in [by_md5.as_str(), by_hmac] {
        let api = server("vonage").await;
        let path = format!("/sms/report/vonage/?{sent}&sig=");
        api.get(&format!("{path}{}", "0".repeat(signature.len()))).await.problem(403);
        api.get(&path).await.problem(403);
        assert_eq!(api.get(&format!("{path}{}", signature.to_uppercase())).await.status, 200);
        assert_eq!(delivery(&api).await, Some(Delivery::Delivered));
    }
    let api = server("vonage").await;
    let body = json!({"messageId": "17", "status": "expired", "sig": md5("&messageId=17&status=expiredVONAGE_SIGNATURE_SECRET")});
    assert_eq!(api.post("/sms/report/vonage", body).await.status, 200);
    assert_eq!(delivery(&api).await, Some(Delivery::Undelivered));
}

#[tokio::test]
async fn smsc_signs_a_text_by_md5() {
    let api = server("smsc").await;
    let report = async |status: &str, signed: &str| {
        let body = format!("id=17&phone=79123456789&status={status}&md5={}", md5(signed));
        api.post_bytes("/sms/report/smsc/", Some(FORM), body).await.status.as_u16()
    };
    let signed = |status: &str| format!("17:79123456789:{status}:SMSC_REPORT_SECRET");
    assert_eq!(report("1", "17:79123456789:1:").await, 403);
    // 0 is on its way to the network.
    for (status, expected) in [
        ("0", None),
        ("20", Some(Delivery::Undelivered)),
        ("1", Some(Delivery::Delivered)),
        ("20", Some(Delivery::Delivered)),
    ] {
        assert_eq!(report(status, &signed(status)).await, 200);
        assert_eq!(delivery(&api).await, expected, "after {status}");
    }
}

#[tokio::test]
async fn a_secret_path_is_the_proof_of_a_provider_that_signs_nothing() {
    let report = "check = \"secret-path\", secret = \"${SECRET}\", path = \"mine\", id = \"id\", status = \"state\", \
                  delivered = [\"7\"], undelivered = []";
    let api = server(&own(report)).await;
    let body = || json!({"id": 17, "state": 7, "nested": {}});
    for wrong in ["/sms/report/mine/", "/sms/report/mine/secret", "/sms/report/mine/SECRE"] {
        api.post(wrong, body()).await.problem(403);
    }
    for unknown in ["/sms/report/own/SECRET", "/sms/report/mine/SECRET/x", "/sms/report/", "/sms/report"] {
        api.post(unknown, body()).await.problem(404);
    }
    assert_eq!(api.post("/sms/report/mine/SECRET", body()).await.status, 200);
    assert_eq!(delivery(&api).await, Some(Delivery::Delivered));
}

#[tokio::test]
async fn a_report_without_meaning_is_taken_and_changes_nothing() {
    let api = server(&own("check = \"secret-path\", secret = \"s\", id = \"id\", status = \"state\", delivered = [\"7\"], undelivered = []")).await;
    for body in [
        json!({}),
        json!({"id": "17"}),
        json!({"id": "17", "state": "8"}),
        json!({"id": "18", "state": "7"}),
        json!([7]),
    ] {
        assert_eq!(api.post("/sms/report/own/s", body).await.status, 200);
    }
    api.post_bytes("/sms/report/own/s", Some("application/json"), "{").await;
    assert_eq!(delivery(&api).await, None);
    // The simulated gateway reports nothing.
    Api::new().await.post("/sms/report/own/s", json!({})).await.problem(404);
}

#[test]
fn a_provider_is_told_the_address_of_the_reports_if_there_is_one() {
    let variable = |name: &str| (name != "VONAGE_SIGNATURE_SECRET").then(|| name.to_owned());
    let form = |preset: &str, url| format!("{:?}", Definition::read(preset, url, &variable).unwrap().body);
    let url = Some("https://vouch.example");
    assert!(form("twilio", url).contains("https://vouch.example/sms/report/twilio/"));
    assert!(!form("twilio", None).contains("StatusCallback"));
    // Without the secret, reports are off.
    assert!(!form("vonage", url).contains("callback"));
    let report = "check = \"secret-path\", secret = \"${SECRET}\", id = \"id\", status = \"s\", delivered = [], undelivered = []";
    let toml = own(report) + "\njson = { callback = \"{report_url}\", list = [\"x\"] }";
    let told = |url| format!("{:?}", Definition::parse("own", &toml, url, &variable).unwrap().body);
    assert!(told(url).contains("https://vouch.example/sms/report/own/") && told(url).contains("Secret(\"SECRET\")"));
    assert!(!told(None).contains("callback"));
}

#[test]
fn reports_that_cannot_be_checked_are_refused_with_a_sentence() {
    let parse = |report: &str| {
        let variable = |name: &str| (name == "EMPTY").then(String::new);
        let toml = own(&format!("{report}, id = \"id\", status = \"s\", delivered = [], undelivered = []"));
        Definition::parse("own", &toml, None, &variable).map(|_| ()).unwrap_err().to_string()
    };
    for (report, said) in [
        ("check = \"none\", secret = \"s\"", "unknown variant `none`"),
        ("check = \"twilio\"", "missing field `secret`"),
        ("check = \"twilio\", secret = \"${TOKEN}\"", "TOKEN is not set"),
        ("check = \"twilio\", secret = \"${EMPTY}\"", "must not be empty"),
        ("check = \"md5\", secret = \"s\"", "needs `sign` and `signature`"),
        ("check = \"md5\", secret = \"s\", sign = \"{id\", signature = \"md5\"", "unknown placeholder {id"),
        ("check = \"vonage\", secret = \"s\", sign = \"{id}\"", "needs `sign` and `signature`"),
    ] {
        let error = parse(report);
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn the_log_does_not_show_a_secret_path() {
    use crate::server::reports::loggable;
    for (path, shown) in [
        ("/sms/report/own/SECRET", "/sms/report/own"),
        ("/sms/report/own/", "/sms/report/own"),
        ("/sms/report/own", "/sms/report/own"),
        ("/sms/report", "/sms/report"),
        ("/sms/reports/own/x", "/sms/reports/own/x"),
        ("/profile", "/profile"),
    ] {
        assert_eq!(loggable(path), shown);
    }
}
