//! Members and transactions.

use super::*;
use crate::model::profile::Cursor;
use crate::tests::join_all;

pub async fn a_phone_belongs_to_one_member(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await;
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    assert!(tx.add_member(&phone(1), &code("BBBBBB"), NOW).await.is_err());
    drop(tx);
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    assert_eq!(tx.member_by_phone(&phone(1)).await.unwrap(), Some(member));
    assert_eq!(tx.member_by_phone(&phone(2)).await.unwrap(), None);
}

pub async fn an_invite_code_belongs_to_one_member(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await;
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    let second = tx.add_member(&phone(2), &code("AAAAAA"), NOW).await.unwrap();
    assert!(matches!(second, AddMember::InviteCodeTaken));
    // The transaction goes on, so another code can be drawn in it.
    let third = tx.add_member(&phone(2), &code("BBBBBB"), NOW).await.unwrap();
    assert!(matches!(third, AddMember::Added(_)));
    assert_eq!(tx.member_by_invite_code(&code("AAAAAA")).await.unwrap(), Some(member));
    assert_eq!(tx.member_by_invite_code(&code("CCCCCC")).await.unwrap(), None);
}

pub async fn a_phone_is_changed_to_one_that_nobody_has(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await;
    add_member(store, 2, "BBBBBB").await;
    let change = async |before, after| {
        let mut tx = store.begin(Lock::Member(member.id)).await.unwrap();
        let is_changed = tx.change_phone(member.id, &phone(before), &phone(after)).await.unwrap();
        tx.commit().await.unwrap();
        is_changed
    };
    assert!(!change(1, 2).await, "it is another member's");
    assert!(!change(1, 1).await, "it is the member's own");
    assert!(change(1, 3).await);
    assert_eq!(store.member_with_phone(&phone(3)).await.unwrap(), Some(member.id));
    assert_eq!(store.member_with_phone(&phone(1)).await.unwrap(), None);
    let search = |number: u32| MemberSearch {
        phone_part: Some(phone(number).as_str()[1..].to_owned()),
        limit: 10,
        ..MemberSearch::default()
    };
    assert_eq!(store.find_members(&search(1)).await.unwrap(), []);
    assert_eq!(store.find_members(&search(3)).await.unwrap().len(), 1);
}

pub async fn a_dropped_transaction_is_rolled_back(store: &dyn Store) {
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.add_member(&phone(1), &code("AAAAAA"), NOW).await.unwrap();
    drop(tx);
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    assert_eq!(tx.member_by_phone(&phone(1)).await.unwrap(), None);
}

pub async fn transactions_side_by_side_see_only_their_own_outcome(store: &dyn Store) {
    let joins = (0..40).map(|number| async move {
        let symbol = |value: usize| char::from(b"ABCDEFGH"[value % 8]);
        let invite_code: String = [symbol(number / 8), symbol(number)].iter().cycle().take(6).collect();
        let mut tx = store.begin(Lock::Nothing).await.unwrap();
        let phone = phone(u32::try_from(number).unwrap());
        let added = tx.add_member(&phone, &code(&invite_code), NOW).await.unwrap();
        let AddMember::Added(member) = added else { panic!("{invite_code} is taken") };
        match number % 4 {
            0 => drop(tx),
            1 => {
                // A statement that fails, and a caller who gives up.
                assert!(tx.add_redemption(member.id, member.id, &member.invite_code, NOW).await.is_err());
                drop(tx);
            }
            _ => {
                tx.commit().await.unwrap();
                assert_eq!(store.member_with_phone(&phone).await.unwrap(), Some(member.id));
            }
        }
        phone
    });
    for (number, phone) in join_all(joins).await.iter().enumerate() {
        let is_kept = store.member_with_phone(phone).await.unwrap().is_some();
        assert_eq!(is_kept, number % 4 > 1, "{number}");
    }
}

pub async fn a_profile_is_read_in_pages(store: &dyn Store) {
    let inviter = add_member(store, 1, "AAAAAA").await;
    let page = async |after: Option<Cursor>| {
        let MemberProfile { summary, invitees, .. } = store.profile(inviter.id, None, after, 2).await.unwrap().unwrap();
        assert_eq!(summary.member, inviter);
        (summary.invitees, invitees)
    };
    assert_eq!(page(None).await, (0, Vec::new()));
    let mut added = Vec::new();
    for (number, invite_code) in [(2, "BBBBBB"), (3, "CCCCCC"), (4, "DDDDDD")] {
        let member = add_member(store, number, invite_code).await;
        add_redemption(store, member.id, inviter.id).await.unwrap();
        added.push(Invitee { id: member.id, phone: Some(member.phone), redeemed_at: NOW });
    }
    let after = |invitee: &Invitee| Some(Cursor { redeemed_at: NOW.0, invitee: invitee.id.0 });
    // Equal times are in the order of the ids.
    assert_eq!(page(None).await, (3, vec![added[2].clone(), added[1].clone()]));
    assert_eq!(page(after(&added[1])).await, (3, vec![added[0].clone()]));
    assert_eq!(page(after(&added[0])).await, (3, Vec::new()));
    let invitee = store.profile(added[0].id, None, None, 2).await.unwrap().unwrap();
    assert_eq!((invitee.summary.activated, invitee.invitees.len()), (Some(inviter.invite_code.clone()), 0));
    assert!(store.profile(MemberId(404), None, None, 2).await.unwrap().is_none());
}
