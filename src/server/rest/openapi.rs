//! `GET /schema/`: the description of the API (OpenAPI 3.1), made from the code and the settings of the host. Needs no
//! token.

use super::query::{self, Query, one_of};
use super::{
    admin, authorize, devices, doc, examples, get_code, implement_invite, logout, numbers, profile, token_refresh,
    translation,
};
use crate::model::language::Language;
use crate::server::http::accept;
use crate::server::http::problem::{self, InvalidRequest, MEDIA_TYPE, Problem};
use crate::server::http::state::AppState;
use crate::server::limits::Limits;
use crate::server::sentences;
use crate::words;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use strum::VariantArray;
use utoipa::openapi::path::{Operation, ParameterIn, PathItem};
use utoipa::openapi::schema::{AllOfBuilder, ArrayBuilder};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, ObjectBuilder, Ref, RefOr, Required, Schema, Type};
use utoipa::{IntoParams, OpenApi, ToSchema};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Vouch",
        description = "A referral system with verified phone numbers. Members log in with a phone number and a code, see \
            their invite code, and redeem the invite code of somebody else.\n\nEvery error is `application/problem+json` \
            (RFC 9457). A path also works without the slash at its end, except `GET /profile`, which is a page of the web \
            app. A method that is not described is answered 405, a body over {max_body} 413; only a file of members may \
            be larger.\n\nThe numbers here are the settings of this server."
    ),
    servers((url = "/", description = "This server")),
    tags(
        (name = "Login", description = "Logging in and out"),
        (name = "Members", description = "The profile of a member, and redeeming an invite code"),
        (name = "Admin", description = "Running the referral program"),
        (name = "Documentation", description = "The description of this API"),
    ),
    paths(
        get_code::get_code,
        authorize::authorize,
        token_refresh::token_refresh,
        logout::logout,
        profile::profile,
        implement_invite::implement_invite,
        devices::list,
        devices::log_out,
        admin::token::token,
        admin::overview::overview,
        admin::members::list,
        admin::members::one,
        admin::repair::repair,
        admin::flags::list,
        admin::flags::review,
        admin::audit::list,
        admin::webhooks::list,
        admin::webhooks::replay_failed,
        admin::webhooks::replay,
        admin::webhooks::endpoints,
        admin::webhooks::switch_on,
        admin::export::export,
        admin::imports::upload,
        admin::imports::one,
        admin::imports::apply,
        schema,
        doc::doc,
    ),
)]
struct Description;

/// The description of the API of a host with these limits. Its texts still have the names of settings.
fn describe(limits: &Limits) -> utoipa::openapi::OpenApi {
    let mut description = Description::openapi();
    // Who hosts Vouch decides on the terms.
    words::name().clone_into(&mut description.info.title);
    description.info.license = None;
    describe_tokens(&mut description);
    describe_wrong_fields(&mut description);
    for call in description.paths.paths.values_mut().flat_map(calls) {
        examples::set(call, "413", Problem::too_large(limits.http.max_body));
    }
    if let Some(call) = post(&mut description, "/get_code/") {
        get_code::describe_limits(call, limits);
    }
    if let Some(call) = post(&mut description, "/authorize/") {
        authorize::describe_limits(call, limits);
    }
    if let Some(call) = post(&mut description, "/implement_invite/") {
        implement_invite::describe_limits(call, limits);
    }
    if let Some(call) = post(&mut description, "/admin/api/token/") {
        admin::token::describe_limits(call, limits);
    }
    if let Some(call) = post(&mut description, "/admin/api/imports/") {
        admin::imports::describe_limits(call, limits);
    }
    // An optional type would be described as one that may be null; this body may only be left out.
    if let Some(RefOr::T(body)) = post(&mut description, "/logout/").and_then(|logout| logout.request_body.as_mut()) {
        body.required = Some(Required::False);
    }
    description
}

/// What the schemes are, which attributes cannot say.
fn describe_tokens(description: &mut utoipa::openapi::OpenApi) {
    let mut scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    scheme.description = Some("The access token of `POST /authorize/` or `POST /token/refresh/`".to_owned());
    let components = description.components.get_or_insert_default();
    components.add_security_scheme("bearer", SecurityScheme::Http(scheme.clone()));
    scheme.description = Some("The admin token of `POST /admin/api/token/`".to_owned());
    components.add_security_scheme("admin", SecurityScheme::Http(scheme));
}

/// Names the fields in the 400 of each call: the parameters of its query and the members of its body.
fn describe_wrong_fields(description: &mut utoipa::openapi::OpenApi) {
    let schemas = description.components.as_ref().map(|components| components.schemas.clone()).unwrap_or_default();
    for call in description.paths.paths.values_mut().flat_map(calls) {
        let mut fields = fields(call, &schemas);
        let Some(RefOr::T(answer)) = call.responses.responses.get_mut("400") else { continue };
        let Some(RefOr::T(content)) = answer.content.get_mut(MEDIA_TYPE) else { continue };
        let invalid_request = Ref::from_schema_name(InvalidRequest::name());
        if content.schema != Some(RefOr::Ref(invalid_request.clone())) {
            continue;
        }
        // These are members of every problem, with another meaning.
        fields.retain(|name| !problem::MEMBERS.contains(&name.as_str()));
        let reasons = ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::String)).build();
        let named = fields.into_iter().fold(ObjectBuilder::new(), |named, name| named.property(name, reasons.clone()));
        content.schema = Some(AllOfBuilder::new().item(invalid_request).item(named).into());
    }
}

fn fields(call: &Operation, schemas: &BTreeMap<String, RefOr<Schema>>) -> Vec<String> {
    let parameters = call.parameters.iter().flatten().filter_map(|parameter| match parameter {
        RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query => Some(parameter.name.clone()),
        _ => None,
    });
    let body = match &call.request_body {
        Some(RefOr::T(body)) => body.content.get("application/json"),
        _ => None,
    };
    let members = match body {
        Some(RefOr::T(Content { schema: Some(RefOr::Ref(schema)), .. })) => {
            let name = schema.ref_location.rsplit('/').next().unwrap_or_default();
            match schemas.get(name) {
                Some(RefOr::T(Schema::Object(body))) => body.properties.keys().cloned().collect(),
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    };
    parameters.chain(members).collect()
}

/// The calls of a path; no path of the API has another method.
fn calls(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    path.get.iter_mut().chain(path.post.iter_mut())
}

fn post<'a>(description: &'a mut utoipa::openapi::OpenApi, path: &str) -> Option<&'a mut Operation> {
    description.paths.paths.get_mut(path)?.post.as_mut()
}

/// The description in the language of the request. Its texts still have the names of settings.
pub(super) fn document(limits: &Limits) -> yaml_serde::Value {
    let mut document = yaml_serde::to_value(describe(limits)).unwrap_or_else(|error| {
        tracing::error!(%error, "the description of the API could not be written");
        yaml_serde::Value::Null
    });
    translation::translate(&mut document, sentences::description_of_api());
    document
}

/// The description as text in each language, written when it is asked for first.
#[derive(Clone, Default)]
pub struct Written(Arc<[OnceLock<Texts>; Language::VARIANTS.len()]>);

struct Texts {
    json: Bytes,
    yaml: Bytes,
}

impl Written {
    /// In the language of the request.
    fn texts(&self, limits: &Limits) -> &Texts {
        self.0[words::language() as usize].get_or_init(|| {
            let document = document(limits);
            let (json, yaml) = (serde_json::to_string_pretty(&document), yaml_serde::to_string(&document));
            Texts { json: text(json, limits), yaml: text(yaml, limits) }
        })
    }
}

fn text<E: std::fmt::Display>(written: Result<String, E>, limits: &Limits) -> Bytes {
    match written {
        Ok(text) => numbers::fill(&text, limits).into(),
        Err(error) => {
            tracing::error!(%error, "the description of the API could not be written");
            Bytes::new()
        }
    }
}

/// The format of the description.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Form {
    /// The format. Without it, the header `Accept` decides, and without that it is YAML.
    #[serde(deserialize_with = "one_of")]
    #[param(inline, example = "json")]
    format: Option<Format>,
}

#[derive(Clone, Copy, PartialEq, ToSchema, strum::EnumString, strum::VariantNames)]
#[schema(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Format {
    Json,
    Yaml,
}

impl Format {
    fn preferred(headers: &HeaderMap) -> Self {
        match accept::preferred(headers, &[YAML, JSON]) {
            Some(JSON) => Self::Json,
            _ => Self::Yaml,
        }
    }
}

const YAML: &str = "application/yaml";
const JSON: &str = "application/json";

/// Describe the API
///
/// Returns this document as YAML or as JSON, in English or in Russian.
#[utoipa::path(
    get,
    path = "/schema/",
    tag = "Documentation",
    security(()),
    params(
        Form,
        // It is read before, like that of every address (`http::language`).
        (
            "language" = Option<String>, Query, example = "ru",
            description = "The language of the texts, `en` or `ru`. Without it, the header `Accept-Language` decides, and \
                without that it is English.",
        ),
    ),
    responses(
        (status = 200, description = "The OpenAPI document", content(
            (Object = "application/yaml", example = json!({"openapi": "3.1.0"})),
            (Object = "application/json", example = json!({"openapi": "3.1.0"})),
        )),
        (
            status = 400, description = "Unknown format",
            body = InvalidRequest, content_type = "application/problem+json",
            example = json!(query::parse::<Form>("format=xml").err()),
        ),
    ),
)]
pub async fn schema(
    State(state): State<AppState>,
    Extension(written): Extension<Written>,
    Query(form): Query<Form>,
    headers: HeaderMap,
) -> Response {
    let texts = written.texts(&state.ports.rules.limits);
    let (media_type, text) = match form.format.unwrap_or_else(|| Format::preferred(&headers)) {
        Format::Json => (JSON, texts.json.clone()),
        Format::Yaml => (YAML, texts.yaml.clone()),
    };
    let language = words::language().tag();
    ([(header::CONTENT_TYPE, media_type), (header::CONTENT_LANGUAGE, language), (header::VARY, "Accept")], text)
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::*;
    use axum::http::Method;
    use serde_json::{Value, json};
    use std::time::Duration;

    fn description() -> Value {
        serde_json::from_slice(&Written::default().texts(&Limits::default()).json).unwrap()
    }

    /// After a change that is meant, run `INSTA_UPDATE=always cargo test --lib --features ssr` and look at the difference.
    #[test]
    fn the_description_is_the_one_that_was_looked_at() {
        insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
            let yaml = Written::default().texts(&Limits::default()).yaml.to_vec();
            insta::assert_snapshot!("description", String::from_utf8(yaml).unwrap());
        });
    }

    #[tokio::test]
    async fn it_comes_as_yaml_or_as_json() {
        let api = Api::new().await;
        for (path, accept, media_type) in [
            ("/schema/", "*/*", "application/yaml"),
            ("/schema/", "application/yaml", "application/yaml"),
            ("/schema/", "application/json", "application/json"),
            ("/schema/", "application/json, text/plain, */*", "application/json"),
            ("/schema/?format=json", "*/*", "application/json"),
            ("/schema/?format=yaml", "application/json", "application/yaml"),
            ("/schema", "*/*", "application/yaml"),
        ] {
            let answer = api.get_with(path, &[("accept", accept)]).await;
            assert_eq!(answer.headers["content-type"], media_type, "{path} {accept}");
            assert!(answer.body.contains("3.1.0"));
        }
        assert_eq!(api.get("/schema/?format=xml").await.wrong_fields(), ["format"]);
    }

    #[tokio::test]
    async fn every_call_that_is_described_is_answered_and_needs_the_credential_that_is_named() {
        let api = Api::new().await;
        let description = description();
        let paths = description["paths"].as_object().unwrap();
        assert_eq!(paths.len(), 27);
        for (path, calls) in paths {
            for (method, call) in calls.as_object().unwrap() {
                let method: Method = method.to_uppercase().parse().unwrap();
                let answer = api.send(method, path, &[], Vec::new()).await;
                let needs_token = call["security"] != json!([{}]);
                assert_eq!(answer.status == 401, needs_token, "{path}");
                assert!(call["responses"].get(answer.status.as_str()).is_some(), "{path}: {}", answer.status);
            }
        }
    }

    #[tokio::test]
    async fn its_numbers_are_the_settings_of_the_host() {
        let app = TestApp::with_limits(|limits| {
            limits.login.code_length = "7".parse().unwrap();
            limits.login.code_life = Duration::from_mins(7);
            limits.login.code_tries = 5;
            limits.login.unused_sends_in_all = "1/21m".parse().unwrap();
            limits.login.sends_per_phone = "4/61m".parse().unwrap();
            limits.login.resend_waits = "77s,3m".parse().unwrap();
            limits.login.wrong_per_phone = "12/14h".parse().unwrap();
            limits.login.wrong_per_phone_long = "11/13h".parse().unwrap();
            limits.api.access_token_ttl = 17 * 60;
            limits.api.refresh_token_life = Duration::from_hours(456);
            limits.api.refresh_grace = Duration::from_secs(23);
            limits.redemption.unknown_codes = "6/29m".parse().unwrap();
            limits.admin.idle = Duration::from_mins(31);
            limits.admin.life = Duration::from_hours(37);
            limits.admin.network_memory = Duration::from_hours(984);
            limits.admin.wrong_second_factors = "3/44m".parse().unwrap();
            limits.admin.import_lines = 4_700;
            limits.http.max_body = 53 * 1024;
            limits.http.body_timeout = Duration::from_secs(59);
        });
        let api = Api::of(app.await).await;
        let yaml = api.get("/schema/").await.body;
        let json = api.get("/schema/?format=json").await.json().to_string();
        for (before, now) in [
            ("4 to 8 digits", "7 to 8 digits"),
            ("^[0-9]{4,8}$", "^[0-9]{7,8}$"),
            ("0764'", "0764159'"),
            ("10 minutes", "7 minutes"),
            ("3 guesses", "5 guesses"),
            ("after 1 minute", "after 77 seconds"),
            ("in 24 hours", "in 21 min"),
            ("5 in 1 hour and 8 in 1 day", "4 in 61 minutes"),
            ("r=0;t=60", "r=0;t=77"),
            ("q=100;w=86400", "q=11;w=46800"),
            ("9 in 1 day and 30 in 30 days", "12 in 14 hours"),
            ("in 24 hours", "in 13 hours"),
            ("valid for 15 minutes", "valid for 17 minutes"),
            ("within 30 days", "within 19 days"),
            ("within 1 day and", "within 23 seconds and"),
            ("10 in 1 hour", "6 in 29 minutes"),
            ("q=10;w=3600", "q=6;w=1740"),
            ("15 minutes", "31 minutes"),
            ("expires_in: 900", "expires_in: 1860"),
            ("12 hours", "37 hours"),
            ("90 days", "41 days"),
            ("50000", "4700"),
            ("16 KiB", "53 KiB"),
            ("12504 KiB", "1179 KiB"),
            ("10 seconds", "59 seconds"),
        ] {
            assert!(yaml.contains(now), "{now}");
            assert!(!yaml.contains(before), "{before}");
            let (quoted, is_json_too) = (now.replace('\'', "\""), !now.contains(": "));
            assert!(!is_json_too || json.contains(&quoted), "{now}");
        }
    }

    #[test]
    fn no_setting_is_left_unnamed() {
        let description = description().to_string();
        let names = description.split('{').filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
        let is_name = |name: &&str| !name.is_empty() && name.bytes().all(|c| c.is_ascii_lowercase() || c == b'_');
        let mut names: Vec<_> = names.filter(is_name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names, ["act", "id", "list"]);
    }

    /// The names of the lists in an example, which are the fields that it refuses.
    fn refused(example: &Value) -> Vec<&String> {
        let members = example.as_object().into_iter().flatten();
        members.filter(|(_, value)| value.is_array()).map(|(name, _)| name).collect()
    }

    #[test]
    fn a_call_refuses_only_fields_that_it_has() {
        let description = description();
        let mut refusals = 0;
        for (path, calls) in description["paths"].as_object().unwrap() {
            for call in calls.as_object().unwrap().values() {
                let answer = &call["responses"]["400"]["content"][MEDIA_TYPE];
                let named = &answer["schema"]["allOf"][1]["properties"];
                let examples =
                    answer["examples"].as_object().into_iter().flatten().map(|(_, example)| &example["value"]);
                for name in examples.chain([&answer["example"]]).flat_map(refused) {
                    assert!(named.get(name).is_some(), "{path}: {name}");
                    refusals += 1;
                }
            }
        }
        assert!(refusals > 20);
    }
}
