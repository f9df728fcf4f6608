//! What the host does with a whole database.

use super::MemberId;
use crate::server::clock::Timestamp;

/// A member who was erased in one database, to be found in a copy of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErasedMember {
    pub id: MemberId,
    /// An id alone does not tell members apart: in a database that was restored before, it may be another's.
    pub joined_at: Timestamp,
    pub erased_at: Timestamp,
}

/// How much was ended when every login of a database was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndedLogins {
    pub sessions: u64,
    /// Logins over the API, with all of their tokens.
    pub token_families: u64,
    /// Login codes that could still be used.
    pub codes: u64,
}
