//! A member's own data: the page, and the file as JSON.

use super::{invitee_number, told};
use crate::error::AppError;
use crate::model::account::{AccountView, SentCodeView};
use crate::model::language::Language;
use crate::model::phone::Phone;
use crate::model::profile::Flash;
use crate::server::clock::Timestamp;
use crate::server::data::{
    Attempt, AuditLine, Device, Flag, Invitee, LiveLogin, LoginAttempt, RepeatableRequest, SentMessage,
};
use crate::server::domain::account::{AccountData, SentCode};
use crate::server::settings::InviteePhones;
use serde_json::{Value, json};

pub fn account(sent: Option<SentCode>, flash: Flash<AppError>) -> AccountView {
    let sent = sent.map(|sent| SentCodeView { length: sent.length, simulated_sms: sent.message });
    AccountView { flash: told(flash), sent }
}

/// Times are in RFC 3339, UTC. Phones of others are as the profile shows them.
pub fn account_data(data: &AccountData, phones: InviteePhones) -> Value {
    let record = &data.record;
    json!({
        "phone_number": record.listed.phone.as_ref().map(Phone::as_str),
        "invite_code": record.listed.invite_code.as_str(),
        "former_invite_codes": record.former_codes.iter()
            .map(|(code, at)| json!({"invite_code": code.as_str(), "replaced_at": at.rfc3339()})).collect::<Vec<_>>(),
        "language": record.language.map(Language::tag),
        "joined_at": record.listed.created_at.rfc3339(),
        "last_visit_at": record.visited_at.map(Timestamp::rfc3339),
        "activated": record.redemption.as_ref()
            .map(|own| json!({"invite_code": own.code.as_str(), "activated_at": own.redeemed_at.rfc3339()})),
        "invitees": data.invitees.iter().map(|invitee| invited(invitee, phones)).collect::<Vec<_>>(),
        "on_the_board": data.is_on_board,
        "share_link": {
            "opened": data.links.opened, "logged_in": data.links.logged_in, "activated": data.links.redeemed,
        },
        "logins": data.logins.iter().map(login).collect::<Vec<_>>(),
        "devices": data.devices.iter().map(device).collect::<Vec<_>>(),
        "codes_sent": data.codes.iter().map(code).collect::<Vec<_>>(),
        "messages": data.messages.iter().map(message).collect::<Vec<_>>(),
        "attempts_to_activate": data.attempts.iter().map(attempt).collect::<Vec<_>>(),
        "flags": data.flags.iter().map(flag).collect::<Vec<_>>(),
        "left_of_limits": {
            "messages": data.limits.messages.uses, "wrong_codes": data.limits.wrong_codes.uses,
        },
        "repeatable_requests": data.requests.iter().map(request).collect::<Vec<_>>(),
        "acts_of_admins": data.acts.iter().map(act).collect::<Vec<_>>(),
    })
}

fn invited(invitee: &Invitee, phones: InviteePhones) -> Value {
    let phone = invitee.phone.as_ref().map(|phone| invitee_number(phone, phones));
    json!({"phone_number": phone, "activated_at": invitee.redeemed_at.rfc3339()})
}

fn login(login: &LiveLogin) -> Value {
    json!({
        "over_the_api": login.is_api, "agent": login.agent, "logged_in_at": login.logged_in_at.rfc3339(),
        "last_used_at": login.seen_at.rfc3339(), "expires_at": login.expires_at.rfc3339(),
    })
}

fn device(device: &Device) -> Value {
    json!({
        "agent": device.agent, "network": device.network, "first_login_at": device.created_at.rfc3339(),
        "last_login_at": device.seen_at.rfc3339(),
    })
}

fn code(code: &LoginAttempt) -> Value {
    json!({
        "requested_at": code.begun_at.rfc3339(), "known_device": code.is_known_device, "messages": code.messages,
        "guesses": code.guesses, "used_at": code.used_at.map(Timestamp::rfc3339),
    })
}

fn message(message: &SentMessage) -> Value {
    let state: &str = message.state.into();
    let delivery: Option<&str> = message.delivery.map(Into::into);
    json!({"sent_at": message.sent_at.rfc3339(), "gateway": message.gateway, "state": state, "delivery": delivery})
}

fn attempt(attempt: &Attempt) -> Value {
    let outcome: &str = attempt.outcome.into();
    json!({
        "typed": attempt.typed, "outcome": outcome, "first_at": attempt.first_at.rfc3339(),
        "last_at": attempt.last_at.rfc3339(), "times": attempt.times, "network": attempt.network,
    })
}

/// Without the network or browser, which may be another person's.
fn flag(flag: &Flag) -> Value {
    let (kind, verdict): (&str, Option<&str>) = (flag.kind.into(), flag.verdict.map(Into::into));
    json!({
        "kind": kind, "times": flag.count, "first_at": flag.first_at.rfc3339(),
        "last_at": flag.last_at.rfc3339(), "verdict": verdict,
    })
}

fn request(request: &RepeatableRequest) -> Value {
    json!({"request": request.request, "at": request.at.rfc3339()})
}

fn act(line: &AuditLine) -> Value {
    let act: &str = line.act.into();
    json!({"at": line.at.rfc3339(), "act": act, "reason": line.reason})
}
