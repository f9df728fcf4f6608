//! Redemptions.

use super::*;

pub async fn a_member_redeems_one_code(store: &dyn Store) {
    let first = add_member(store, 1, "AAAAAA").await;
    let second = add_member(store, 2, "BBBBBB").await;
    let third = add_member(store, 3, "CCCCCC").await;
    add_redemption(store, first.id, second.id).await.unwrap();
    assert!(add_redemption(store, first.id, third.id).await.is_err());
    assert!(add_redemption(store, first.id, second.id).await.is_err());
    let summary = store.member(first.id).await.unwrap().unwrap();
    assert_eq!((summary.activated, summary.invitees), (Some(code("AAAAAA")), 0));
    assert_eq!(store.member(second.id).await.unwrap().unwrap().invitees, 1);
    assert_eq!(store.member(third.id).await.unwrap().unwrap().invitees, 0);
    assert!(store.member(MemberId(404)).await.unwrap().is_none());
}

pub async fn nobody_redeems_their_own_code(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await;
    assert!(add_redemption(store, member.id, member.id).await.is_err());
}

pub async fn a_redemption_needs_two_members(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await;
    assert!(add_redemption(store, member.id, MemberId(404)).await.is_err());
    assert!(add_redemption(store, MemberId(404), member.id).await.is_err());
}

pub async fn the_whole_chain_of_inviters_is_followed(store: &dyn Store) {
    let first = add_member(store, 1, "AAAAAA").await;
    let second = add_member(store, 2, "BBBBBB").await;
    let third = add_member(store, 3, "CCCCCC").await;
    add_redemption(store, second.id, first.id).await.unwrap();
    add_redemption(store, third.id, second.id).await.unwrap();
    for (member, ancestor, descends) in
        [(&second, &first, true), (&third, &first, true), (&first, &third, false), (&first, &first, false)]
    {
        assert_eq!(store.descends_from(member.id, ancestor.id).await.unwrap(), descends);
        let mut tx = store.begin(Lock::Nothing).await.unwrap();
        assert_eq!(tx.descends_from(member.id, ancestor.id).await.unwrap(), descends);
    }
}

pub async fn a_revision_counts_the_changes_of_the_invitees(store: &dyn Store) {
    let inviter = add_member(store, 1, "AAAAAA").await;
    let other = add_member(store, 2, "BBBBBB").await;
    let invitee = add_member(store, 3, "CCCCCC").await;
    let mut tx = store.begin(Lock::Member(invitee.id)).await.unwrap();
    tx.add_redemption(invitee.id, inviter.id, &inviter.invite_code, NOW).await.unwrap();
    tx.commit().await.unwrap();
    let seen = [(inviter.id, Revision(0)), (other.id, Revision(0)), (MemberId(99), Revision(0))];
    assert_eq!(store.changed_revisions(&seen).await.unwrap(), [(inviter.id, Revision(1))]);
    let mut tx = store.begin(Lock::Member(invitee.id)).await.unwrap();
    tx.remove_redemption(invitee.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.changed_revisions(&[(inviter.id, Revision(1))]).await.unwrap(), [(inviter.id, Revision(2))]);
    assert_eq!(store.changed_revisions(&[(inviter.id, Revision(2))]).await.unwrap(), []);
    assert_eq!(store.changed_revisions(&[]).await.unwrap(), []);
}
