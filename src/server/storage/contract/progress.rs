//! The progress of members as inviters, and the board.

use super::*;
use crate::server::data::{BoardRow, DayOfInvitees, InviterRecord};

const DAY_MS: i64 = 24 * HOUR_MS;

async fn invite(store: &dyn Store, inviter: &Member, number: u32, invite_code: &str, at: Timestamp) {
    let invitee = add_member(store, number, invite_code).await;
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.add_redemption(invitee.id, inviter.id, &inviter.invite_code, at).await.unwrap();
    tx.commit().await.unwrap();
}

pub async fn invitees_are_counted_by_the_day(store: &dyn Store) {
    let inviter = add_member(store, 1, "AAAAAA").await;
    let nobody = store.inviter(inviter.id).await.unwrap().unwrap();
    assert_eq!(nobody, InviterRecord { invitees: 0, first_at: None, is_on_board: false, ahead: 0 });
    let next_day = Timestamp(NOW.0 + DAY_MS);
    invite(store, &inviter, 2, "BBBBBB", NOW).await;
    invite(store, &inviter, 3, "CCCCCC", next_day).await;
    invite(store, &inviter, 4, "DDDDDD", Timestamp(next_day.0 + 1)).await;
    let first = NOW.0 / DAY_MS;
    let (one, two) = (DayOfInvitees { day: first, joined: 1 }, DayOfInvitees { day: first + 1, joined: 2 });
    assert_eq!(store.days_of_invitees(inviter.id, NOW).await.unwrap(), [one, two]);
    assert_eq!(store.days_of_invitees(inviter.id, next_day).await.unwrap(), [two]);
    let record = store.inviter(inviter.id).await.unwrap().unwrap();
    assert_eq!((record.invitees, record.first_at), (3, Some(NOW)));
}

pub async fn the_board_has_those_who_want_to_be_on_it_and_have_invitees(store: &dyn Store) {
    let (first, second) = (add_member(store, 1, "AAAAAA").await, add_member(store, 2, "BBBBBB").await);
    let (third, alone) = (add_member(store, 3, "CCCCCC").await, add_member(store, 4, "DDDDDD").await);
    invite(store, &first, 10, "EEEEEE", NOW).await;
    for (number, code) in [(11, "FFFFFF"), (12, "GGGGGG")] {
        invite(store, &second, number, code, NOW).await;
    }
    invite(store, &third, 13, "HHHHHH", NOW).await;
    for member in [&first, &second, &alone] {
        store.set_on_board(member.id, true).await.unwrap();
    }
    let row = |member: &Member, invitees| BoardRow { member: member.id, phone: member.phone.clone(), invitees };
    assert_eq!(store.board(10).await.unwrap(), [row(&second, 2), row(&first, 1)]);
    assert_eq!(store.board(1).await.unwrap(), [row(&second, 2)]);
    let record = store.inviter(first.id).await.unwrap().unwrap();
    assert_eq!((record.is_on_board, record.ahead), (true, 1));
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.set_blocked(second.id, Some(NOW)).await.unwrap();
    tx.erase_member(first.id, Some(&first.phone), NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.board(10).await.unwrap(), []);
    assert_eq!(store.inviter(first.id).await.unwrap(), None);
    store.set_on_board(third.id, true).await.unwrap();
    store.set_on_board(third.id, false).await.unwrap();
    assert_eq!(store.board(10).await.unwrap(), []);
}
