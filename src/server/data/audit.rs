//! Lines of the audit log: who did what to whom, when, why and from where.

use super::{FlagKind, MemberId};
use crate::server::clock::Timestamp;
use serde::{Deserialize, Serialize};

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum Act {
    /// The host made somebody an admin.
    Grant,
    Revoke,
    SetUpSecondFactor,
    UseRecoveryCode,
    /// Somebody with the login of an admin entered a wrong second factor.
    SecondFactorRefused,
    Block,
    Unblock,
    /// A redemption was added by an admin.
    Attach,
    /// A redemption was removed by an admin.
    Detach,
    ReplaceInviteCode,
    LogOutEverywhere,
    /// Messages and wrong guesses that limited logins were forgotten.
    AllowLogins,
    Erase,
    /// A member has changed their own number.
    ChangeNumber,
    /// The number of an account went to somebody else, who said that the account is not theirs.
    SetAside,
    /// The owner of an account that was set aside has given it another number.
    Claim,
    /// An account that was set aside got its number back.
    GiveNumberBack,
    AcceptFlag,
    DismissFlag,
    Export,
    Import,
    /// Events were sent to other systems again.
    ReplayWebhooks,
    /// An endpoint was switched on again.
    SwitchOnWebhooks,
}

/// A list that can be exported.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum List {
    /// Members with their codes and what they redeemed; an import reads this list again.
    Members,
    Redemptions,
    Audit,
}

/// What an act changed. Stored as codes, shown as sentences.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Details {
    #[default]
    None,
    /// The masked phone of a grant.
    Phone(String),
    /// Another account: the one that got the number, or gave it up.
    Member(i64),
    RecoveryCodesLeft(u32),
    Redemption {
        code: String,
        inviter: i64,
    },
    InviteCode {
        before: String,
        after: String,
    },
    Flag {
        kind: FlagKind,
        count: u32,
    },
    List(List),
    Imported {
        members: u64,
        redemptions: u64,
    },
    /// The id of the delivery that was sent again.
    Webhook(i64),
    /// How many deliveries were sent again.
    Webhooks(u64),
    /// The URL of an endpoint, without its path.
    Endpoint(String),
    /// A sentence that an earlier version stored; the log cannot be changed.
    Text(String),
}

impl Details {
    /// The stored form: nothing, a JSON object, or the sentence of an earlier version.
    pub fn to_stored(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Text(text) => text.clone(),
            codes => serde_json::to_string(codes).unwrap_or_default(),
        }
    }

    pub fn from_stored(text: String) -> Self {
        if text.is_empty() {
            return Self::None;
        }
        serde_json::from_str(&text).unwrap_or(Self::Text(text))
    }
}

/// The address of a line that the host wrote at the command line.
pub const HOST: &str = "host";
/// The address of what a member did with their own account: the log, which is never deleted, does not keep the network of
/// somebody who leaves.
pub const SELF: &str = "self";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    pub id: i64,
    pub at: Timestamp,
    /// The admin; `None` for the host at the command line.
    pub actor: Option<MemberId>,
    pub act: Act,
    pub subject: Option<MemberId>,
    pub reason: String,
    pub details: Details,
    /// The network of the admin, [`HOST`] or [`SELF`].
    pub address: String,
}

/// A line about to be added.
pub struct NewAuditLine<'a> {
    pub at: Timestamp,
    /// The admin; `None` for the host at the command line.
    pub actor: Option<MemberId>,
    pub act: Act,
    pub subject: Option<MemberId>,
    pub reason: &'a str,
    pub details: &'a Details,
    /// The network of the admin, [`HOST`] or [`SELF`].
    pub address: &'a str,
}

/// Which lines to list, newest first. A line must meet all conditions that are given.
#[derive(Clone, Debug, Default)]
pub struct AuditSearch {
    pub actor: Option<MemberId>,
    pub subject: Option<MemberId>,
    pub act: Option<Act>,
    /// A part of the reason or of the stored details, case-insensitive.
    pub text: Option<String>,
    /// At this time or later.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub until: Option<Timestamp>,
    /// Only lines with a smaller id.
    pub before: Option<i64>,
    pub limit: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_stored_as_codes_and_sentences_of_earlier_versions_stay() {
        let posted = Details::Flag { kind: FlagKind::Posted, count: 20 };
        assert_eq!(posted.to_stored(), r#"{"flag":{"kind":"posted","count":20}}"#);
        for details in [Details::None, posted, Details::List(List::Audit), Details::Text("KM7Q2P of member 17".into())]
        {
            assert_eq!(Details::from_stored(details.to_stored()), details);
        }
    }
}
