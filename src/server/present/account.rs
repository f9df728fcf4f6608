//! A member's own data as JSON, for the member.

use super::invitee_number;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{Attempt, AuditLine, Device, Invitee, LiveLogin, LoginAttempt, SentMessage};
use crate::server::domain::account::AccountData;
use crate::server::settings::InviteePhones;
use serde_json::{Value, json};

/// Times are in RFC 3339, UTC. Phones of others are as the profile shows them.
pub fn account_data(data: &AccountData, phones: InviteePhones) -> Value {
    let record = &data.record;
    let all = |each: Vec<Value>| Value::Array(each);
    json!({
        "phone_number": record.listed.phone.as_ref().map(Phone::as_str),
        "invite_code": record.listed.invite_code.as_str(),
        "former_invite_codes": record.former_codes.iter()
            .map(|(code, at)| json!({"invite_code": code.as_str(), "replaced_at": at.rfc3339()})).collect::<Vec<_>>(),
        "joined_at": record.listed.created_at.rfc3339(),
        "activated": record.redemption.as_ref()
            .map(|own| json!({"invite_code": own.code.as_str(), "activated_at": own.redeemed_at.rfc3339()})),
        "invitees": all(data.invitees.iter().map(|invitee| invited(invitee, phones)).collect()),
        "share_link": {
            "opened": data.links.opened, "logged_in": data.links.logged_in, "activated": data.links.redeemed,
        },
        "logins": all(data.logins.iter().map(login).collect()),
        "devices": all(data.devices.iter().map(device).collect()),
        "codes_sent": all(data.codes.iter().map(code).collect()),
        "messages": all(data.messages.iter().map(message).collect()),
        "attempts_to_activate": all(data.attempts.iter().map(attempt).collect()),
        "acts_of_admins": all(data.acts.iter().map(act).collect()),
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

fn act(line: &AuditLine) -> Value {
    let act: &str = line.act.into();
    json!({"at": line.at.rfc3339(), "act": act, "reason": line.reason})
}
