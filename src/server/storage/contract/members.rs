//! Members and transactions.

use super::*;

pub async fn a_phone_belongs_to_one_member(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await;
    let mut tx = store.begin().await.unwrap();
    assert!(tx.add_member(&phone(1), &code("BBBBBB"), NOW).await.is_err());
    drop(tx);
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.member_by_phone(&phone(1)).await.unwrap(), Some(member));
    assert_eq!(tx.member_by_phone(&phone(2)).await.unwrap(), None);
}

pub async fn an_invite_code_belongs_to_one_member(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await;
    let mut tx = store.begin().await.unwrap();
    let second = tx.add_member(&phone(2), &code("AAAAAA"), NOW).await.unwrap();
    assert!(matches!(second, AddMember::InviteCodeTaken));
    // The transaction goes on, so another code can be drawn in it.
    let third = tx.add_member(&phone(2), &code("BBBBBB"), NOW).await.unwrap();
    assert!(matches!(third, AddMember::Added(_)));
    assert_eq!(tx.member_by_invite_code(&code("AAAAAA")).await.unwrap(), Some(member));
    assert_eq!(tx.member_by_invite_code(&code("CCCCCC")).await.unwrap(), None);
}

pub async fn a_dropped_transaction_is_rolled_back(store: &dyn Store) {
    let mut tx = store.begin().await.unwrap();
    tx.add_member(&phone(1), &code("AAAAAA"), NOW).await.unwrap();
    drop(tx);
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.member_by_phone(&phone(1)).await.unwrap(), None);
}
