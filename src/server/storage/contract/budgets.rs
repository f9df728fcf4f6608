//! Uses of budgets.

use super::*;

/// One use of the budget "b".
pub fn one_use<'a>(subject: &'a str, purpose: &'a str, used_at: Timestamp) -> BudgetUse<'a> {
    BudgetUse { budget: "b", subject, purpose, used_at, expires_at: used_at.plus(Duration::from_hours(1)) }
}

pub async fn a_budget_counts_what_was_used_since(store: &dyn Store) {
    let (before, later) = (Timestamp(NOW.0 - 1), Timestamp(NOW.0 + 1));
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    for (subject, at) in [("1", NOW), ("1", later), ("2", NOW)] {
        assert!(tx.take_budget(&one_use(subject, "", at), &[]).await.unwrap().is_some());
    }
    tx.take_budget(&BudgetUse { budget: "c", ..one_use("1", "", NOW) }, &[]).await.unwrap();
    tx.commit().await.unwrap();
    let uses = |count, oldest| BudgetUses { count, oldest };
    assert_eq!(store.budget_uses("b", "1", before).await.unwrap(), uses(2, Some(NOW)));
    assert_eq!(store.budget_uses("b", "1", NOW).await.unwrap(), uses(1, Some(later)));
    assert_eq!(store.budget_uses("b", "1", later).await.unwrap(), uses(0, None));
    assert_eq!(store.delete_expired_budget_uses(NOW.plus(Duration::from_hours(1))).await.unwrap(), 3);
    assert_eq!(store.budget_uses("b", "1", before).await.unwrap(), uses(1, Some(later)));
}

pub async fn a_budget_is_taken_only_while_no_limit_is_reached(store: &dyn Store) {
    let later = Timestamp(NOW.0 + 10);
    let limits = [(2, Timestamp(NOW.0 + 5)), (3, Timestamp(0))];
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    let mut take = async |at| tx.take_budget(&one_use("1", "", at), &limits).await.unwrap().is_some();
    assert_eq!([take(NOW).await, take(NOW).await, take(later).await, take(later).await], [true, true, true, false]);
    // Another subject has uses left, and so has the first one with wider limits.
    assert!(tx.take_budget(&one_use("2", "", NOW), &limits).await.unwrap().is_some());
    assert!(tx.take_budget(&one_use("1", "", later), &[(4, Timestamp(0))]).await.unwrap().is_some());
    assert!(tx.take_budget(&one_use("1", "", later), &[(3, Timestamp(NOW.0 + 5))]).await.unwrap().is_some());
    assert!(tx.take_budget(&one_use("1", "", later), &[(3, Timestamp(NOW.0 + 5))]).await.unwrap().is_none());
}

pub async fn uses_can_be_given_back(store: &dyn Store) {
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    let first = tx.take_budget(&one_use("1", "login", NOW), &[]).await.unwrap().unwrap();
    tx.take_budget(&one_use("1", "login", NOW), &[]).await.unwrap();
    tx.take_budget(&one_use("1", "other", NOW), &[]).await.unwrap();
    let count = async |tx: &mut dyn Transaction| tx.budget_uses("b", "1", Timestamp(0)).await.unwrap().count;
    tx.give_back(&[UseId(first)]).await.unwrap();
    assert_eq!(count(tx.as_mut()).await, 2);
    tx.give_back_for("b", "2", "login").await.unwrap();
    tx.give_back_for("b", "1", "login").await.unwrap();
    assert_eq!(count(tx.as_mut()).await, 1);
}

pub async fn the_newest_uses_and_what_is_left_are_told(store: &dyn Store) {
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    for second in 0..3 {
        let used_at = Timestamp(NOW.0 + second);
        let new = BudgetUse { budget: "b", subject: "s", purpose: "", used_at, expires_at: used_at };
        tx.take_budget(&new, &[]).await.unwrap().unwrap();
    }
    assert_eq!(tx.nth_newest_use("b", "s", 1).await.unwrap(), Some(Timestamp(NOW.0 + 2)));
    assert_eq!(tx.nth_newest_use("b", "s", 3).await.unwrap(), Some(NOW));
    assert_eq!(tx.nth_newest_use("b", "s", 4).await.unwrap(), None);
    assert_eq!(tx.nth_newest_use("b", "t", 1).await.unwrap(), None);
    let before = Timestamp(NOW.0 - 1);
    assert!(tx.is_budget_left("b", "s", &[(4, before), (2, Timestamp(NOW.0 + 1))]).await.unwrap());
    assert!(!tx.is_budget_left("b", "s", &[(4, before), (1, Timestamp(NOW.0 + 1))]).await.unwrap());
    assert!(tx.is_budget_left("b", "s", &[]).await.unwrap());
}

pub async fn all_uses_of_a_subject_can_be_given_back(store: &dyn Store) {
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    for subject in ["+7912", "+7912 10.0.0.1", "+79123", "+791", "of +7912"] {
        let new = BudgetUse { budget: "b", subject, purpose: "", used_at: NOW, expires_at: NOW };
        tx.take_budget(&new, &[]).await.unwrap().unwrap();
    }
    tx.give_back_all("b", "+7912").await.unwrap();
    let mut left = Vec::new();
    for subject in ["+7912", "+7912 10.0.0.1", "+79123", "+791", "of +7912"] {
        left.push(tx.budget_uses("b", subject, Timestamp(0)).await.unwrap().count);
    }
    assert_eq!(left, [0, 0, 1, 1, 1]);
}
