//! Who does something: an admin, the host, or a member on their own account.

use crate::server::data::MemberId;

/// Proof that a request comes from an admin who has used the second factor. Only `authenticate` makes one.
#[derive(Clone, Debug)]
pub struct Admin {
    pub(super) member: MemberId,
    /// The network of the request, for the audit log.
    pub(super) address: String,
}

impl Admin {
    pub fn member(&self) -> MemberId {
        self.member
    }
}

#[derive(Clone, Copy, Debug)]
pub enum Actor<'a> {
    Admin(&'a Admin),
    /// The operator at the command line of the server.
    Host,
    /// A member, on their own account.
    Member(MemberId),
}
