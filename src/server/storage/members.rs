//! Members: finding, adding, changing and erasing them.

use crate::model::invite_code::InviteCode;
use crate::model::language::Language;
use crate::model::phone::Phone;
use crate::model::profile::Cursor;
use crate::server::clock::Timestamp;
use crate::server::data::{
    AddMember, CodeOwner, FamilyId, ListedMember, Member, MemberId, MemberProfile, MemberRecord, MemberSearch,
    MemberSummary, Revision, Subject,
};
use crate::server::storage::error::StoreResult;
use async_trait::async_trait;
use std::collections::HashSet;

/// Reads and single statements, outside a transaction.
#[async_trait]
pub trait MemberStore: Send + Sync {
    /// `None` also for an erased member.
    async fn member(&self, id: MemberId) -> StoreResult<Option<MemberSummary>>;
    /// With at most `limit` invitees, newest first, after `after`, and with the standing of a family of tokens.
    /// `None` also for an erased member.
    async fn profile(
        &self,
        id: MemberId,
        family: Option<FamilyId>,
        after: Option<Cursor>,
        limit: u32,
    ) -> StoreResult<Option<MemberProfile>>;
    /// Of these members, those whose revision is another one, with it.
    async fn changed_revisions(&self, seen: &[(MemberId, Revision)]) -> StoreResult<Vec<(MemberId, Revision)>>;
    async fn find_members(&self, search: &MemberSearch) -> StoreResult<Vec<ListedMember>>;
    /// A member, erased or not, for admins.
    async fn member_record(&self, id: MemberId) -> StoreResult<Option<MemberRecord>>;
    /// At most `limit` members, erased or not, in the order of their ids, after `after`.
    async fn member_records(&self, after: MemberId, limit: u32) -> StoreResult<Vec<MemberRecord>>;
    async fn member_with_phone(&self, phone: &Phone) -> StoreResult<Option<MemberId>>;
    /// The language that a member with this phone has chosen.
    async fn language_of(&self, phone: &Phone) -> StoreResult<Option<Language>>;
    /// See [`MemberTransaction::member_by_invite_code`].
    async fn member_by_invite_code(&self, code: &InviteCode) -> StoreResult<Option<Member>>;
    /// The present or former owner of a code.
    async fn owner_of_code(&self, code: &InviteCode) -> StoreResult<Option<MemberId>>;
    /// The present or former owners of these codes, without erased members.
    async fn owners_of_codes(&self, codes: &HashSet<InviteCode>) -> StoreResult<Vec<CodeOwner>>;
}

/// Reads and changes inside a write transaction.
#[async_trait]
pub trait MemberTransaction: Send {
    async fn member_by_phone(&mut self, phone: &Phone) -> StoreResult<Option<Member>>;
    /// The present owner of a code.
    async fn member_by_invite_code(&mut self, code: &InviteCode) -> StoreResult<Option<Member>>;
    async fn add_member(&mut self, phone: &Phone, code: &InviteCode, now: Timestamp) -> StoreResult<AddMember>;
    /// Notes that a member is here, once a day.
    async fn note_visit(&mut self, member: MemberId, now: Timestamp) -> StoreResult<()>;
    /// When a member was here last; that they were is noted once a day.
    async fn last_visit(&mut self, member: MemberId) -> StoreResult<Timestamp>;
    /// Keeps the language in which a member reads messages.
    async fn set_language(&mut self, member: MemberId, language: Language) -> StoreResult<()>;
    /// A member, erased or not.
    async fn subject(&mut self, id: MemberId) -> StoreResult<Option<Subject>>;
    /// Blocks a member since `blocked_at`, or unblocks them.
    async fn set_blocked(&mut self, member: MemberId, blocked_at: Option<Timestamp>) -> StoreResult<()>;
    /// Gives a member another code; false if the code is or was taken.
    async fn replace_invite_code(&mut self, member: MemberId, code: &InviteCode, now: Timestamp) -> StoreResult<bool>;
    /// Gives a member another phone than `before`; false if that is the phone of a member by now. No login of either phone
    /// goes on meanwhile. An account that was set aside for this member has no successor any more.
    async fn change_phone(&mut self, member: MemberId, before: &Phone, phone: &Phone) -> StoreResult<bool>;
    /// Deletes a member's phone, and all rows that hold it or say where and when the member was online. The row of the
    /// member stays. An account that was set aside has no phone.
    async fn erase_member(&mut self, member: MemberId, phone: Option<&Phone>, now: Timestamp) -> StoreResult<()>;
    /// See [`MemberStore::owner_of_code`].
    async fn owner_of_code(&mut self, code: &InviteCode) -> StoreResult<Option<MemberId>>;
    /// Increments a member's epoch, which ends all of their sessions and tokens.
    async fn next_epoch(&mut self, member: MemberId) -> StoreResult<()>;
}
