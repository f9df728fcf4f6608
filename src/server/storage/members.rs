//! Members: found, added, changed, erased.

use crate::model::invite_code::InviteCode;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{
    AddMember, CodeOwner, ListedMember, Member, MemberId, MemberRecord, MemberSearch, MemberSummary, Subject,
};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;
use std::collections::HashSet;

/// What is asked outside of a transaction.
#[async_trait]
pub trait MemberStore: Send + Sync {
    /// A member with what they redeemed and how many redeemed theirs.
    async fn member(&self, id: MemberId) -> StoreResult<Option<MemberSummary>>;
    /// Members as a search wants them.
    async fn find_members(&self, search: &MemberSearch) -> StoreResult<Vec<ListedMember>>;
    /// One member, erased or not.
    async fn member_record(&self, id: MemberId) -> StoreResult<Option<MemberRecord>>;
    /// At most `limit` members, erased or not, in the order of their numbers, beginning after `after`.
    async fn member_records(&self, after: MemberId, limit: u32) -> StoreResult<Vec<MemberRecord>>;
    /// The member with this phone.
    async fn member_with_phone(&self, phone: &Phone) -> StoreResult<Option<MemberId>>;
    /// The member who has, or had, an invite code.
    async fn owner_of_code(&self, code: &InviteCode) -> StoreResult<Option<MemberId>>;
    /// Those who have, or had, one of these invite codes, but for who was erased.
    async fn owners_of_codes(&self, codes: &HashSet<InviteCode>) -> StoreResult<Vec<CodeOwner>>;
}

/// What is asked and changed within a transaction.
#[async_trait]
pub trait MemberTransaction: Send {
    /// The member with this phone.
    async fn member_by_phone(&mut self, phone: &Phone) -> StoreResult<Option<Member>>;
    /// The member with this invite code.
    async fn member_by_invite_code(&mut self, code: &InviteCode) -> StoreResult<Option<Member>>;
    /// Adds a member.
    async fn add_member(&mut self, phone: &Phone, code: &InviteCode, now: Timestamp) -> StoreResult<AddMember>;
    /// A member, erased or not.
    async fn subject(&mut self, id: MemberId) -> StoreResult<Option<Subject>>;
    /// Locks a member out since then, or lets them in.
    async fn set_blocked(&mut self, member: MemberId, blocked_at: Option<Timestamp>) -> StoreResult<()>;
    /// Gives a member another code; false if somebody has or had it.
    async fn replace_invite_code(&mut self, member: MemberId, code: &InviteCode, now: Timestamp) -> StoreResult<bool>;
    /// Deletes a member's phone, and every row that holds it or says where and when they were.
    async fn erase_member(&mut self, member: MemberId, phone: &Phone, now: Timestamp) -> StoreResult<()>;
    /// See [`MemberStore::owner_of_code`].
    async fn owner_of_code(&mut self, code: &InviteCode) -> StoreResult<Option<MemberId>>;
    /// Begins a member's next epoch, which ends all of their sessions and tokens.
    async fn next_epoch(&mut self, member: MemberId) -> StoreResult<()>;
}
