//! On whose behalf something is done.

use crate::server::data::MemberId;

/// Somebody who may run the referral program, and has proven it for this request.
#[derive(Clone, Debug)]
pub struct Admin {
    pub(super) member: MemberId,
    /// The network that the request comes from.
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
    /// Whoever has the command line of the server.
    Host,
}
