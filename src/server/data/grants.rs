//! The right to run the referral program.

use super::MemberId;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;

/// One granting of the right. Never given twice: revoking and granting again makes another grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrantId(pub i64);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub id: GrantId,
    /// Whoever logs in with this phone has the right.
    pub phone: Phone,
    /// The member with this phone, if there is one yet.
    pub member: Option<MemberId>,
    pub granted_at: Timestamp,
    /// The second factor's secret, sealed; `None` until it is set up.
    pub secret: Option<Vec<u8>>,
    /// The first use of the second factor.
    pub enrolled_at: Option<Timestamp>,
    /// The TOTP step of the last accepted code (RFC 6238 §5.2: each code is accepted once).
    pub last_step: i64,
    /// One bit for each recovery code that was used.
    pub recovery_used: i64,
}
