//! Counts of share links.

use super::*;
use crate::server::data::{LinkCounts, LinkStep};

pub async fn steps_of_a_link_are_counted_by_the_day_of_the_opening(store: &dyn Store) {
    let first = add_member(store, 1, "AAAAAA").await.id;
    let second = add_member(store, 2, "BBBBBB").await.id;
    for (owner, day, step) in [
        (first, 10, LinkStep::Opened),
        (first, 10, LinkStep::Opened),
        (first, 11, LinkStep::Opened),
        (first, 10, LinkStep::LoggedIn),
        (first, 10, LinkStep::Redeemed),
        (second, 12, LinkStep::Opened),
    ] {
        store.count_link_step(owner, day, step).await.unwrap();
    }
    let counts = |opened, logged_in, redeemed| LinkCounts { opened, logged_in, redeemed };
    assert_eq!(store.link_counts(first).await.unwrap(), counts(3, 1, 1));
    assert_eq!(store.link_counts(second).await.unwrap(), counts(1, 0, 0));
    assert_eq!(store.all_link_counts(0..13).await.unwrap(), counts(4, 1, 1));
    assert_eq!(store.all_link_counts(0..12).await.unwrap(), counts(3, 1, 1));
    assert_eq!(store.all_link_counts(11..13).await.unwrap(), counts(2, 0, 0));
    assert_eq!(store.all_link_counts(13..99).await.unwrap(), counts(0, 0, 0));
}
