//! The one error type of the JSON API: problem details (RFC 9457), with the members that clients of older services
//! look for. Which refusal gets which status is decided here and nowhere else.

use crate::error::AppError;
use crate::model::admin::Refusal;
use crate::server::limits::HttpLimits;
use crate::server::sentences;
use crate::words::Sentence;
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::{IntoResponses, ToSchema};

/// The media type of every error.
pub const MEDIA_TYPE: &str = "application/problem+json";
/// The members of every problem.
pub const MEMBERS: [&str; 4] = ["type", "title", "status", "detail"];
/// How long a client should wait after a failure of ours, in seconds.
const RETRY_AFTER_FAILURE: u32 = 60;

/// Why the request was refused.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the status says what kind of problem it is.
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "about:blank")]
    kind: Kind,
    /// The status in words.
    title: &'static str,
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// A sentence for people.
    detail: String,
    /// The same sentence, where clients of older services look for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    error: Option<String>,
    /// The reason, for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    code: Option<&'static str>,
    #[serde(flatten)]
    #[schema(ignore)]
    fields: BTreeMap<String, Vec<String>>,
    /// Seconds after which to try again, for the header.
    #[serde(skip)]
    #[schema(ignore)]
    retry_after: Option<u32>,
}

/// What kind of problem it is: always one that the status explains (RFC 9457 §4.2.1).
#[derive(Debug, Serialize)]
enum Kind {
    #[serde(rename = "about:blank")]
    AboutBlank,
}

// The description of each call adds the fields that this call has.
/// What is wrong with the request. Each wrong field has a member of its name, with the reasons.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only described")]
pub struct InvalidRequest {
    /// Always `about:blank`.
    r#type: String,
    /// The status in words.
    title: String,
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// All reasons in one text for people.
    detail: String,
}

impl Problem {
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            kind: Kind::AboutBlank,
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            error: None,
            code: None,
            fields: BTreeMap::new(),
            retry_after: None,
        }
    }

    /// A problem that the status alone explains, for answers of axum and its layers.
    pub fn of_status(status: StatusCode) -> Self {
        let words = sentences::service();
        let detail = match status {
            StatusCode::FORBIDDEN => words.foreign_page,
            StatusCode::NOT_FOUND => words.nothing_here,
            StatusCode::METHOD_NOT_ALLOWED => words.method_not_allowed,
            StatusCode::REQUEST_TIMEOUT => words.body_too_slow,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => words.media_type_json,
            _ if status.is_server_error() => return Self::from(AppError::Unavailable),
            _ => words.not_understood,
        };
        Self::new(status, detail)
    }

    /// Like [`Self::of_status`]; a body that is too large is told the limit of this host.
    pub fn of_layer(status: StatusCode, limits: &HttpLimits) -> Self {
        match status {
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large(limits.max_body),
            status => Self::of_status(status),
        }
    }

    /// A body of more than `most` bytes.
    pub fn too_large(most: usize) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, sentences::service().body_too_large(most / 1024))
    }

    /// 400, with the reasons by the name of the field. A field whose name every problem has is named in the sentence.
    pub fn fields(mut fields: BTreeMap<String, Vec<String>>) -> Self {
        let sentence = |(name, reasons): (&String, &Vec<String>)| {
            let reasons = reasons.join(" ");
            if MEMBERS.contains(&name.as_str()) { format!("{name}: {reasons}") } else { reasons }
        };
        let detail = fields.iter().map(sentence).collect::<Vec<_>>().join(" ");
        fields.retain(|name, _| !MEMBERS.contains(&name.as_str()));
        Self { fields, ..Self::new(StatusCode::BAD_REQUEST, detail) }
    }

    fn field(name: &str, reason: &AppError) -> Self {
        Self::fields(BTreeMap::from([(name.to_owned(), vec![reason.sentence()])]))
    }

    /// A refusal of what was asked for, as opposed to how.
    fn refusal(status: StatusCode, reason: &AppError) -> Self {
        Self::new(status, reason.sentence()).with_error()
    }

    /// The sentence also where clients of older services look for it.
    pub fn with_error(self) -> Self {
        Self { error: Some(self.detail.clone()), ..self }
    }

    fn with_code(self, code: &'static str) -> Self {
        Self { code: Some(code), ..self }
    }

    fn with_retry_after(self, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    fn too_many(reason: &AppError, seconds: u32) -> Self {
        Self::refusal(StatusCode::TOO_MANY_REQUESTS, reason).with_code("throttled").with_retry_after(seconds)
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        let unauthorized = |code| Self::new(StatusCode::UNAUTHORIZED, error.sentence()).with_code(code);
        let conflict = |code| Self::refusal(StatusCode::CONFLICT, &error).with_code(code);
        match &error {
            AppError::PhoneMissing
            | AppError::PhoneInvalid
            | AppError::PhoneCountry
            | AppError::PhoneNotMobile
            | AppError::PhoneUnchanged
            | AppError::PhoneTaken
            | AppError::TestPhone => Self::field("phone_number", &error),
            AppError::LoginCodeMissing => Self::field("code", &error),
            AppError::InviteCodeMissing | AppError::InviteCodeTooLong => Self::field("invite_code", &error),

            // A code of the wrong length is a wrong code: one answer for all of them.
            AppError::LoginCodeRefused | AppError::LoginCodeMalformed { .. } | AppError::LoginCodeLengthened { .. } => {
                Self::refusal(StatusCode::UNAUTHORIZED, &AppError::LoginCodeRefused)
            }
            AppError::LoginRequired => Self::new(StatusCode::UNAUTHORIZED, sentences::service().access_token_missing),
            AppError::TokenRefused | AppError::RefreshTokenRefused => unauthorized("token_not_valid"),
            AppError::MemberBlocked => unauthorized("user_inactive"),
            AppError::MemberGone => unauthorized("user_not_found"),
            AppError::AdminAccount => conflict("admin_account"),
            AppError::OwnerUnclear { .. } => conflict("owner_unclear"),
            AppError::NumberOfAdmin => conflict("number_of_admin"),
            AppError::NothingToClaim => conflict("nothing_to_claim"),

            AppError::InviteCodeUnknown => {
                Self::refusal(StatusCode::NOT_FOUND, &error).with_code("invite_code_unknown")
            }
            AppError::InviteCodeOwn => conflict("invite_code_own"),
            AppError::InviteCodeOfInvitee => conflict("invite_code_of_invitee"),
            AppError::InviteCodeBlocked => conflict("invite_code_blocked"),
            AppError::AlreadyRedeemed { .. } => conflict("already_redeemed"),
            AppError::IdempotencyKeyReused => {
                Self::refusal(StatusCode::UNPROCESSABLE_ENTITY, &error).with_code("idempotency_key_reused")
            }

            AppError::ResendTooSoon { seconds }
            | AppError::TooManyMessages { seconds }
            | AppError::TooManyWrongCodes { seconds }
            | AppError::NetworkBusy { seconds }
            | AppError::TooManyUnknownCodes { seconds } => Self::too_many(&error, *seconds),
            AppError::LoginsPaused { seconds } => {
                Self::refusal(StatusCode::SERVICE_UNAVAILABLE, &error).with_code("paused").with_retry_after(*seconds)
            }

            AppError::NotFound => Self::of_status(StatusCode::NOT_FOUND),
            AppError::Malformed
            | AppError::LoginFlowMissing
            | AppError::NumberChangeExpired
            | AppError::SecondFactorRequired => Self::new(StatusCode::BAD_REQUEST, error.sentence()),
            AppError::SmsNotSent | AppError::Unavailable | AppError::Offline => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, error.sentence()).with_retry_after(RETRY_AFTER_FAILURE)
            }
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let sentence = refusal.sentence();
        let field = |name: &str| Self::fields(BTreeMap::from([(name.to_owned(), vec![sentence.clone()])]));
        let refused = |status, code| Self::new(status, sentence.clone()).with_error().with_code(code);
        let forbidden = |code| refused(StatusCode::FORBIDDEN, code);
        let conflict = |code| refused(StatusCode::CONFLICT, code);
        match refusal {
            Refusal::App(error) => Self::from(error),
            Refusal::NotAnAdmin => Self::of_status(StatusCode::NOT_FOUND),
            Refusal::NoSuchMember
            | Refusal::NoSuchAct
            | Refusal::NoSuchFlag
            | Refusal::NoSuchList
            | Refusal::NoSuchImport
            | Refusal::NoSuchWebhook
            | Refusal::NoSuchEndpoint => Self::new(StatusCode::NOT_FOUND, sentence).with_error(),

            Refusal::SecondFactorRequired => forbidden("second_factor_required"),
            Refusal::LoginTooOld => forbidden("login_too_old"),
            Refusal::NotSetUp => forbidden("second_factor_not_set_up"),
            Refusal::SecondFactorRefused => forbidden("second_factor_refused"),
            Refusal::AlreadySetUp => conflict("second_factor_set_up"),
            Refusal::TooManySecondFactors { seconds } => {
                refused(StatusCode::TOO_MANY_REQUESTS, "throttled").with_retry_after(seconds)
            }

            Refusal::SecondFactorMissing => field("code"),
            Refusal::ReasonMissing | Refusal::ReasonTooLong => field("reason"),
            Refusal::VerdictMissing => field("verdict"),
            Refusal::FormatUnknown => field("format"),
            Refusal::SearchUnclear => field("q"),
            Refusal::InviterUnknown => field("inviter"),
            Refusal::ActorUnknown => field("actor"),
            Refusal::SubjectUnknown => field("subject"),

            Refusal::DayMalformed
            | Refusal::FilterUnknown
            | Refusal::ImportEmpty
            | Refusal::ImportNotText
            | Refusal::ImportWithoutPhones
            | Refusal::ImportTooLong { .. } => Self::new(StatusCode::BAD_REQUEST, sentence),
            Refusal::ImportTooLarge { .. } => Self::new(StatusCode::PAYLOAD_TOO_LARGE, sentence),
            Refusal::ImportTooSlow => Self::new(StatusCode::REQUEST_TIMEOUT, sentence),
            Refusal::ImportInterrupted => conflict("interrupted"),
            Refusal::ImportHasBadLines => conflict("bad_lines"),
            Refusal::ImportUnderWay => conflict("under_way"),
            Refusal::ImportDone => conflict("already_imported"),

            Refusal::AlreadyReviewed => conflict("already_reviewed"),
            Refusal::EndpointIsOn => conflict("endpoint_is_on"),
            Refusal::Erased => conflict("erased"),
            Refusal::OwnAccount => conflict("own_account"),
            Refusal::IsAdmin => conflict("is_admin"),
            Refusal::NotSetAside => conflict("not_set_aside"),
            Refusal::NumberMovedOn => conflict("number_moved_on"),
            Refusal::SuccessorInUse => conflict("successor_in_use"),
            Refusal::AlreadyBlocked => conflict("already_blocked"),
            Refusal::NotBlocked => conflict("not_blocked"),
            Refusal::NoRedemption => conflict("no_redemption"),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // A 401 has to say how one authenticates (RFC 9110 §15.5.2).
        let challenge = (status == StatusCode::UNAUTHORIZED).then_some((header::WWW_AUTHENTICATE, "Bearer"));
        let retry_after = self.retry_after.map(|seconds| (header::RETRY_AFTER, seconds.to_string()));
        let content_type = [(header::CONTENT_TYPE, MEDIA_TYPE)];
        (status, AppendHeaders(challenge), AppendHeaders(retry_after), content_type, Json(self)).into_response()
    }
}

/// What every call that takes a body may answer.
#[derive(IntoResponses)]
pub enum BodyProblems {
    /// The body did not arrive within {body_timeout} (`VOUCH_BODY_TIMEOUT`)
    #[response(status = 408, content_type = "application/problem+json",
        example = json!(Problem::of_status(StatusCode::REQUEST_TIMEOUT)))]
    TooSlow(Problem),
    /// The body is larger than {max_body} (`VOUCH_MAX_BODY`)
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body is not declared as `application/json`
    #[response(status = 415, content_type = "application/problem+json",
        example = json!(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)))]
    OtherMediaType(Problem),
}

/// What every call that takes an access token may answer.
#[derive(IntoResponses)]
pub enum TokenProblems {
    /// The access token is missing or not valid, or the member is blocked or deleted; `code` says which
    #[response(status = 401, content_type = "application/problem+json",
        headers(("WWW-Authenticate" = String, description = "`Bearer`")),
        examples(
            ("no token" = (summary = "The token is missing", value = json!(Problem::from(AppError::LoginRequired)))),
            ("not valid" = (
                summary = "Expired, altered, logged out, or not an access token",
                value = json!(Problem::from(AppError::TokenRefused))
            )),
            ("blocked" = (summary = "The member is blocked", value = json!(Problem::from(AppError::MemberBlocked)))),
            ("deleted" = (summary = "The member was deleted", value = json!(Problem::from(AppError::MemberGone))))
        ))]
    Unauthorized(Problem),
}

/// What a step of a login may answer when the server cannot take it.
#[derive(IntoResponses)]
pub enum LoginProblems {
    /// The server is not available, or logins from new devices are paused because somebody is abusing them (`code` is
    /// `paused`); nothing was changed
    #[response(status = 503, content_type = "application/problem+json",
        headers(("Retry-After" = u32, description = "Seconds to wait")),
        examples(
            ("unavailable" = (summary = "A failure", value = json!(Problem::from(AppError::Unavailable))))
        ))]
    Unavailable(Problem),
}

/// What every call that needs the database may answer.
#[derive(IntoResponses)]
pub enum ServerProblems {
    /// The server is not available; nothing was changed
    #[response(status = 503, content_type = "application/problem+json",
        headers(("Retry-After" = u32, description = "Seconds to wait")),
        example = json!(Problem::from(AppError::Unavailable)))]
    Unavailable(Problem),
}
