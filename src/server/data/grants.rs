//! Grants: who may run the referral program.

use super::MemberId;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;

/// Ids are never reused: revoking and granting again gives another grant, and with it another second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrantId(pub i64);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub id: GrantId,
    /// The member with this phone is an admin.
    pub phone: Phone,
    /// The member with this phone, if there is one yet.
    pub member: Option<MemberId>,
    pub granted_at: Timestamp,
    /// The second factor's secret, sealed; `None` until it is set up.
    pub secret: Option<Vec<u8>>,
    /// When the second factor was first used; until then it is not set up.
    pub enrolled_at: Option<Timestamp>,
    /// The TOTP step of the last accepted code (RFC 6238 §5.2: each code is accepted once).
    pub last_step: i64,
    /// Bit n is set when recovery code n was used.
    pub recovery_used: i64,
}
