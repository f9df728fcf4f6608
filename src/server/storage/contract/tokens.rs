//! Tokens of the API, and outcomes under an idempotency key.

use super::*;

pub const FAMILY: FamilyId = FamilyId([1; 16]);
const HASH: [u8; 32] = [9; 32];

pub async fn add_family(store: &dyn Store, member: MemberId, expires_at: Timestamp) {
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.add_token_family(FAMILY, member, Epoch(0), None, NOW).await.unwrap();
    tx.add_refresh_token(FAMILY, &HASH, NOW, expires_at).await.unwrap();
    tx.commit().await.unwrap();
}

pub async fn a_token_is_valid_while_its_family_and_epoch_are(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    let other = add_member(store, 2, "BBBBBB").await.id;
    add_family(store, member, Timestamp(NOW.0 + HOUR_MS)).await;
    let is_live = async |member, family| {
        let standing = store.token_standing(member, family).await.unwrap().unwrap();
        let with_profile = store.profile(member, Some(family), None, 1).await.unwrap().unwrap();
        assert_eq!(with_profile.standing, standing);
        standing.begun_at.is_some()
    };
    assert!(is_live(member, FAMILY).await);
    assert!(!is_live(member, FamilyId([2; 16])).await);
    assert!(!is_live(other, FAMILY).await);
    assert_eq!(store.token_standing(MemberId(404), FAMILY).await.unwrap(), None);
    next_epoch(store, member).await;
    assert!(!is_live(member, FAMILY).await);
}

pub async fn a_refresh_token_is_found_until_its_family_ends(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    let expires_at = Timestamp(NOW.0 + HOUR_MS);
    add_family(store, member, expires_at).await;
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    let found = RefreshToken { family: FAMILY, member, expires_at, used_at: None };
    assert_eq!(tx.refresh_token(&HASH).await.unwrap(), Some(found));
    assert_eq!(tx.refresh_token(&[8; 32]).await.unwrap(), None);
    tx.use_refresh_token(&HASH, NOW).await.unwrap();
    assert_eq!(tx.refresh_token(&HASH).await.unwrap(), Some(RefreshToken { used_at: Some(NOW), ..found }));
    // The first use counts.
    tx.use_refresh_token(&HASH, expires_at).await.unwrap();
    assert_eq!(tx.refresh_token(&HASH).await.unwrap().unwrap().used_at, Some(NOW));
    tx.end_token_family(FAMILY).await.unwrap();
    assert_eq!(tx.refresh_token(&HASH).await.unwrap(), None);
}

pub async fn expired_tokens_are_deleted_with_their_family(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    let (soon, later) = (Timestamp(NOW.0 + HOUR_MS), Timestamp(NOW.0 + 2 * HOUR_MS));
    add_family(store, member, soon).await;
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.add_refresh_token(FAMILY, &[8; 32], NOW, later).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.delete_expired_tokens(Timestamp(soon.0 - 1)).await.unwrap(), 0);
    assert_eq!(store.delete_expired_tokens(soon).await.unwrap(), 1);
    assert!(store.token_standing(member, FAMILY).await.unwrap().unwrap().begun_at.is_some());
    assert_eq!(store.delete_expired_tokens(later).await.unwrap(), 2);
    assert!(store.token_standing(member, FAMILY).await.unwrap().unwrap().begun_at.is_none());
}

pub async fn the_newest_tokens_and_families_are_kept(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await;
    let at = |minute: u8| NOW.plus(Duration::from_mins(minute.into()));
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    for number in 1..=4 {
        let family = FamilyId([number; 16]);
        tx.add_token_family(family, member.id, member.epoch, None, NOW).await.unwrap();
        for token in 1..=4 {
            tx.add_refresh_token(family, &[10 * number + token; 32], NOW, at(10 * number + token)).await.unwrap();
        }
    }
    tx.keep_newest_tokens(FamilyId([4; 16]), 3).await.unwrap();
    tx.keep_newest_families(member.id, 2).await.unwrap();
    let mut kept = Vec::new();
    for number in 1..=4 {
        for token in 1..=4 {
            if tx.refresh_token(&[10 * number + token; 32]).await.unwrap().is_some() {
                kept.push(10 * number + token);
            }
        }
    }
    assert_eq!(kept, [31, 32, 33, 34, 42, 43, 44]);
}

pub async fn an_outcome_is_kept_for_one_member_and_key(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    let other = add_member(store, 2, "BBBBBB").await.id;
    let later = Timestamp(NOW.0 + HOUR_MS);
    let kept = |text: &str| IdempotentOutcome { request: text.to_owned(), outcome: text.to_owned() };
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.keep_idempotent_outcome(member, &HASH, &kept("first"), NOW).await.unwrap();
    let before = NOW.minus(Duration::from_secs(1));
    assert_eq!(tx.idempotent_outcome(member, &HASH, before).await.unwrap().unwrap().request, "first");
    assert!(tx.idempotent_outcome(member, &HASH, NOW).await.unwrap().is_none());
    assert!(tx.idempotent_outcome(member, &[8; 32], before).await.unwrap().is_none());
    assert!(tx.idempotent_outcome(other, &HASH, before).await.unwrap().is_none());
    tx.keep_idempotent_outcome(member, &HASH, &kept("second"), later).await.unwrap();
    assert_eq!(tx.idempotent_outcome(member, &HASH, NOW).await.unwrap().unwrap().outcome, "second");
    tx.commit().await.unwrap();
    let requests = store.repeatable_requests(member, 2).await.unwrap();
    assert_eq!(requests, [RepeatableRequest { request: "second".to_owned(), at: later }]);
    assert_eq!(store.repeatable_requests(other, 2).await.unwrap(), []);
    assert_eq!(store.delete_idempotent_outcomes_before(later).await.unwrap(), 0);
    assert_eq!(store.delete_idempotent_outcomes_before(Timestamp(later.0 + 1)).await.unwrap(), 1);
}
