//! `GET /schema/`: the description of the API (OpenAPI 3.1), made from the code. Needs no token.

use super::request::Fields;
use super::{admin, authorize, doc, get_code, implement_invite, logout, profile, rate_limit, token_refresh};
use crate::server::http::accept;
use crate::server::http::problem::{InvalidRequest, Problem};
use crate::words;
use axum::extract::Query;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::sync::LazyLock;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{RefOr, Required};
use utoipa::{IntoParams, Modify, OpenApi};

/// The whole API.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Vouch",
        description = "A phone-verified referral system. Log in with a phone number and a code, show your invite code, \
            and redeem somebody else's.\n\nEvery error is `application/problem+json` (RFC 9457). A path also works \
            without the slash at its end, except `GET /profile`, which is the web app's page. Other methods than those \
            below get 405, bodies over 16 KiB (but for files of members) 413."
    ),
    servers((url = "/", description = "This server")),
    tags(
        (name = "Login", description = "From a phone number to tokens, and out again"),
        (name = "Members", description = "What a member sees and does"),
        (name = "Admin", description = "Running the programme"),
        (name = "Documentation", description = "This description"),
    ),
    paths(
        get_code::get_code,
        authorize::authorize,
        token_refresh::token_refresh,
        logout::logout,
        profile::profile,
        implement_invite::implement_invite,
        admin::token::token,
        admin::overview::overview,
        admin::members::list,
        admin::members::one,
        admin::repair::repair,
        admin::flags::list,
        admin::flags::review,
        admin::audit::list,
        admin::export::export,
        admin::imports::bring,
        admin::imports::one,
        admin::imports::apply,
        schema,
        doc::doc,
    ),
    modifiers(&Additions),
)]
struct Description;

/// What the attributes cannot say.
struct Additions;

impl Modify for Additions {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let mut scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        scheme.description = Some("The access token of a login".to_owned());
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme.clone()));
        scheme.description = Some("The token of `POST /admin/api/token/`".to_owned());
        components.add_security_scheme("admin", SecurityScheme::Http(scheme));

        // Who hosts Vouch decides on the terms.
        description.info.license = None;
        // An optional type would be described as one that may be null; this body may only be left out.
        if let Some(RefOr::T(body)) = post(description, "/logout/").and_then(|logout| logout.request_body.as_mut()) {
            body.required = Some(Required::False);
        }
        if let Some(get_code) = post(description, "/get_code/") {
            rate_limit::describe(get_code, &["200", "429"]);
        }
        if let Some(authorize) = post(description, "/authorize/") {
            rate_limit::describe(authorize, &["429"]);
        }
        if let Some(implement_invite) = post(description, "/implement_invite/") {
            rate_limit::describe(implement_invite, &["200", "404", "409", "422", "429"]);
        }
    }
}

fn post<'a>(description: &'a mut utoipa::openapi::OpenApi, path: &str) -> Option<&'a mut Operation> {
    description.paths.paths.get_mut(path)?.post.as_mut()
}

static JSON: LazyLock<String> = LazyLock::new(|| written(Description::openapi().to_pretty_json()));
static YAML: LazyLock<String> = LazyLock::new(|| written(Description::openapi().to_yaml()));

fn written<E: std::fmt::Display>(description: Result<String, E>) -> String {
    description.unwrap_or_else(|error| {
        tracing::error!(%error, "the description of the API could not be written");
        String::new()
    })
}

/// In which form to describe the API.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only described")]
pub struct Form {
    /// The form; without it the header `Accept` decides, and without that it is YAML.
    #[param(required = false, pattern = "^(json|yaml)$", example = "json")]
    format: String,
}

/// Describe the API
///
/// This document, as YAML or as JSON.
#[utoipa::path(
    get,
    path = "/schema/",
    tag = "Documentation",
    security(()),
    params(Form),
    responses(
        (status = 200, description = "The OpenAPI document", content(
            (Object = "application/yaml", example = json!({"openapi": "3.1.0"})),
            (Object = "application/json", example = json!({"openapi": "3.1.0"})),
        )),
        (
            status = 400, description = "There is no such form",
            body = InvalidRequest, content_type = "application/problem+json",
            example = json!(media_type("xml").err()),
        ),
    ),
)]
pub async fn schema(Query(query): Query<HashMap<String, String>>, headers: HeaderMap) -> Result<Response, Problem> {
    let media_type = match query.get("format") {
        Some(form) => media_type(form)?,
        None => accept::preferred(&headers, &[YAML_TYPE, JSON_TYPE]).unwrap_or(YAML_TYPE),
    };
    let text = if media_type == JSON_TYPE { JSON.as_str() } else { YAML.as_str() };
    Ok(([(header::CONTENT_TYPE, media_type), (header::VARY, "Accept")], text).into_response())
}

const YAML_TYPE: &str = "application/yaml";
const JSON_TYPE: &str = "application/json";

fn media_type(form: &str) -> Result<&'static str, Problem> {
    match form {
        "json" => Ok(JSON_TYPE),
        "yaml" => Ok(YAML_TYPE),
        _ => {
            let mut fields = Fields::default();
            fields.wrong("format", words::service().must_be_json_or_yaml);
            Err(fields.problem())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::*;
    use axum::http::Method;
    use serde_json::Value;

    /// After a change that is meant, run `INSTA_UPDATE=always cargo test --lib --features ssr` and look at the difference.
    #[test]
    fn the_description_is_the_one_that_was_looked_at() {
        insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!("description", YAML.as_str());
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
        let description: Value = serde_json::from_str(&JSON).unwrap();
        let paths = description["paths"].as_object().unwrap();
        assert_eq!(paths.len(), 20);
        for (path, calls) in paths {
            for (method, call) in calls.as_object().unwrap() {
                let method: Method = method.to_uppercase().parse().unwrap();
                let answer = api.send(method, path, &[], Vec::new()).await;
                let needs_token = call["security"] != serde_json::json!([{}]);
                assert_eq!(answer.status == 401, needs_token, "{path}");
                assert!(call["responses"].get(answer.status.as_str()).is_some(), "{path}: {}", answer.status);
            }
        }
    }
}
