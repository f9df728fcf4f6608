//! What holds while two servers write at once. Each test runs many transactions over two stores on one database. On
//! PostgreSQL, where writers work side by side, they fail without the locks, except for those of a single statement: of
//! guesses, of the use of a code, and of jobs.

use super::*;
use futures::future::{BoxFuture, join_all};

/// Transactions that run at once in one round.
const AT_ONCE: u32 = 16;
/// A race does not show each time.
const ROUNDS: u32 = 8;

/// Runs a step so often at once, on the two stores in turn.
async fn at_once<'a, T>(stores: [&'a dyn Store; 2], step: impl Fn(&'a dyn Store, u32) -> BoxFuture<'a, T>) -> Vec<T> {
    join_all((0..AT_ONCE).map(|number| step(stores[number as usize % 2], number))).await
}

fn count<T: PartialEq>(all: &[T], what: &T) -> usize {
    all.iter().filter(|one| *one == what).count()
}

pub async fn the_last_use_of_a_budget_goes_to_one(stores: [&dyn Store; 2]) {
    for round in 0..ROUNDS {
        let taken = at_once(stores, |store, _| {
            Box::pin(async move {
                let mut tx = store.begin(Lock::Nothing).await.unwrap();
                let subject = round.to_string();
                let taken = tx.take_budget(&one_use(&subject, "", NOW), &[(3, Timestamp(0))]).await.unwrap();
                tx.commit().await.unwrap();
                taken.is_some()
            })
        });
        assert_eq!(count(&taken.await, &true), 3);
    }
}

pub async fn no_more_guesses_are_taken_than_allowed(stores: [&dyn Store; 2]) {
    for round in 0..ROUNDS {
        let flow = FlowId([u8::try_from(round).unwrap(); 16]);
        add_code(stores[0], flow, &phone(round), NOW).await;
        let taken = at_once(stores, |store, _| Box::pin(take_guess(store, flow, NOW)));
        assert_eq!(taken.await.iter().flatten().count(), 3);
    }
}

pub async fn a_code_logs_in_once(stores: [&dyn Store; 2]) {
    for round in 0..ROUNDS {
        let code = add_code(stores[0], FlowId([7; 16]), &phone(round), NOW).await;
        let used = at_once(stores, |store, _| {
            Box::pin(async move {
                let mut tx = store.begin(Lock::Nothing).await.unwrap();
                let is_used = tx.use_code(code, NOW).await.unwrap();
                tx.commit().await.unwrap();
                is_used
            })
        });
        assert_eq!(count(&used.await, &true), 1);
    }
}

pub async fn the_first_logins_of_a_phone_add_one_member(stores: [&dyn Store; 2]) {
    for round in 0..ROUNDS {
        let added = at_once(stores, |store, number| {
            Box::pin(async move {
                let phone = phone(round);
                let mut tx = store.begin(Lock::Phone(&phone)).await.unwrap();
                let is_new = tx.member_by_phone(&phone).await.unwrap().is_none();
                if is_new {
                    let code = code(&format!("AAAA{}{}", letter(round), letter(number % 8)));
                    assert!(matches!(tx.add_member(&phone, &code, NOW).await.unwrap(), AddMember::Added(_)));
                }
                tx.commit().await.unwrap();
                is_new
            })
        });
        assert_eq!(count(&added.await, &true), 1);
    }
}

/// Each member redeems the code of the next, and the last one that of the first. One of them has to be refused.
pub async fn redemptions_at_once_make_no_circle(stores: [&dyn Store; 2]) {
    for round in 0..ROUNDS {
        let mut ring = Vec::new();
        for number in 0..AT_ONCE {
            let letters = format!("{}{}", letter(number / 8), letter(number % 8));
            let invite_code = format!("BBB{}{letters}", letter(round));
            ring.push(add_member(stores[number as usize % 2], round * AT_ONCE + number, &invite_code).await.id);
        }
        let ring = &ring;
        let connected = join_all((0..AT_ONCE).map(|number| async move {
            let store = stores[number as usize % 2];
            let (invitee, inviter) = (ring[number as usize], ring[(number + 1) as usize % ring.len()]);
            let mut tx = store.begin(Lock::Member(invitee)).await.unwrap();
            if tx.descends_from(inviter, invitee).await.unwrap() {
                return false;
            }
            tx.add_redemption(invitee, inviter, &code("AAAAAA"), NOW).await.unwrap();
            tx.commit().await.unwrap();
            true
        }));
        assert_eq!(count(&connected.await, &false), 1);
    }
}

fn letter(number: u32) -> char {
    char::from(b'A' + u8::try_from(number).unwrap())
}

pub async fn a_member_redeems_once_however_often_they_ask_at_once(stores: [&dyn Store; 2]) {
    for round in 0..ROUNDS {
        let inviter = add_member(stores[0], 2 * round, &format!("CCCCA{}", letter(round))).await.id;
        let invitee = add_member(stores[0], 2 * round + 1, &format!("CCCCB{}", letter(round))).await.id;
        let redeemed = at_once(stores, |store, _| {
            Box::pin(async move {
                let mut tx = store.begin(Lock::Member(invitee)).await.unwrap();
                if tx.activated_code(invitee).await.unwrap().is_some() {
                    return false;
                }
                tx.add_redemption(invitee, inviter, &code("AAAAAA"), NOW).await.unwrap();
                tx.commit().await.unwrap();
                true
            })
        });
        assert_eq!(count(&redeemed.await, &true), 1);
        assert_eq!(stores[1].member(inviter).await.unwrap().unwrap().invitees, 1);
    }
}

/// Two requests with one refresh token: only one finds it unused, so a family never has two live tokens.
pub async fn a_refresh_token_is_exchanged_once(stores: [&dyn Store; 2]) {
    let member = add_member(stores[0], 1, "AAAAAA").await;
    for round in 0..ROUNDS {
        let byte = u8::try_from(round).unwrap();
        let (family, hash) = (FamilyId([byte; 16]), [byte; 32]);
        let mut tx = stores[0].begin(Lock::Nothing).await.unwrap();
        tx.add_token_family(family, member.id, member.epoch, None, NOW).await.unwrap();
        tx.add_refresh_token(family, &hash, NOW, NOW.plus(Duration::from_hours(1))).await.unwrap();
        tx.commit().await.unwrap();
        let exchanged = at_once(stores, |store, _| {
            Box::pin(async move {
                let mut tx = store.begin(Lock::Nothing).await.unwrap();
                let is_unused = tx.refresh_token(&hash).await.unwrap().unwrap().used_at.is_none();
                if is_unused {
                    tx.use_refresh_token(&hash, NOW).await.unwrap();
                    tx.add_refresh_token(family, &[byte + 100; 32], NOW, NOW).await.unwrap();
                }
                tx.commit().await.unwrap();
                is_unused
            })
        });
        assert_eq!(count(&exchanged.await, &true), 1);
    }
}

/// Two people with two links: the first of them ends the other's.
pub async fn there_is_one_first_admin(stores: [&dyn Store; 2]) {
    let later = NOW.plus(Duration::from_mins(30));
    for round in 0..ROUNDS {
        let links: Vec<_> = (0..AT_ONCE).map(|number| [u8::try_from(number).unwrap(); 32]).collect();
        for link in &links {
            let mut tx = stores[0].begin(Lock::Admins).await.unwrap();
            assert!(tx.add_first_admin_link(link, NOW, later).await.unwrap());
            tx.commit().await.unwrap();
        }
        let granted = at_once(stores, |store, number| {
            let link = links[number as usize];
            Box::pin(async move {
                let mut tx = store.begin(Lock::Admins).await.unwrap();
                let is_first = tx.use_first_admin_link(&link, NOW).await.unwrap();
                if is_first {
                    tx.add_grant(&phone(round * AT_ONCE + number), NOW).await.unwrap();
                }
                tx.commit().await.unwrap();
                is_first
            })
        });
        assert_eq!(count(&granted.await, &true), 1);
        for grant in stores[0].grants().await.unwrap() {
            let mut tx = stores[0].begin(Lock::Admins).await.unwrap();
            assert!(tx.remove_grant(&grant.phone).await.unwrap());
            tx.commit().await.unwrap();
        }
    }
}

pub async fn a_job_that_is_due_is_claimed_once(stores: [&dyn Store; 2]) {
    for round in 0..i64::from(ROUNDS) {
        let (now, next) = (Timestamp(100 * round), Timestamp(100 * (round + 1)));
        let claimed =
            at_once(stores, |store, _| Box::pin(async move { store.claim_job("test", now, next).await.unwrap() }));
        assert_eq!(count(&claimed.await, &true), 1);
    }
    assert!(!stores[1].claim_job("test", Timestamp(100 * i64::from(ROUNDS) - 1), NOW).await.unwrap(), "not due yet");
}

pub async fn a_delivery_is_claimed_once(stores: [&dyn Store; 2]) {
    let member = add_member(stores[0], 1, "AAAAAA").await.id;
    for round in 0..ROUNDS {
        let now = NOW.plus(LEASE / 2 * round);
        add_events(stores[0], member, AT_ONCE, now).await;
        let claimed = at_once(stores, |store, _| Box::pin(webhooks::claim(store, now, 3))).await;
        let mut claimed: Vec<_> = claimed.into_iter().flatten().map(|due| due.id).collect();
        claimed.extend(webhooks::claim(stores[1], now, 1000).await.iter().map(|due| due.id));
        claimed.sort_unstable();
        assert!(claimed.is_sorted_by(|one, next| one < next), "{claimed:?}");
        assert!(claimed.len() >= AT_ONCE as usize);
    }
}

/// Logins from a few networks at many phones: they take the same accounts, and never wait for each other in a circle.
pub async fn logins_at_once_do_not_stop_each_other(stores: [&dyn Store; 2]) {
    for round in 0..ROUNDS {
        let sent = at_once(stores, |store, number| {
            Box::pin(async move {
                let phone = phone(number / 2);
                let flow = FlowId([u8::try_from(round * AT_ONCE + number).unwrap(); 16]);
                let mut tx = store.begin(Lock::Phone(&phone)).await.unwrap();
                let sent = tx.add_login_code(&new_code(flow, &phone, NOW)).await.unwrap();
                for subject in [phone.as_str(), &(number % 3).to_string(), "all"] {
                    let taken = tx.take_budget(&one_use(subject, "x", NOW), &[(1000, Timestamp(0))]).await.unwrap();
                    assert!(taken.is_some());
                }
                tx.commit().await.unwrap();

                let mut tx = store.begin(Lock::Phone(&phone)).await.unwrap();
                tx.use_code(sent.id, NOW).await.unwrap();
                for subject in ["all", &(number % 3).to_string()] {
                    tx.give_back_for("b", subject, "x").await.unwrap();
                }
                tx.end_codes(&phone, NOW).await.unwrap();
                tx.commit().await.unwrap();
            })
        });
        sent.await;
    }
    let sent = stores[0].total_counts().await.unwrap().of(Counted::MessagesSent);
    assert_eq!(sent, u64::from(ROUNDS * AT_ONCE), "every message is counted");
}

pub async fn a_phone_that_two_change_to_goes_to_one(stores: [&dyn Store; 2]) {
    for round in 0..ROUNDS {
        let wanted = phone(1000 + round);
        let mut members = Vec::new();
        for number in 0..AT_ONCE {
            let code = format!("AAA{}{}{}", letter(round), letter(number / 8), letter(number % 8));
            members.push(add_member(stores[0], round * 100 + number, &code).await);
        }
        let changed = at_once(stores, |store, number| {
            let (wanted, member) = (wanted.clone(), members[number as usize].clone());
            Box::pin(async move {
                let mut tx = store.begin(Lock::Member(member.id)).await.unwrap();
                let is_changed = tx.change_phone(member.id, &member.phone, &wanted).await.unwrap();
                tx.commit().await.unwrap();
                is_changed
            })
        });
        assert_eq!(count(&changed.await, &true), 1);
    }
}

/// Neither gets the other's phone, and neither waits for ever.
pub async fn members_who_swap_phones_do_not_stop_each_other(stores: [&dyn Store; 2]) {
    let one = add_member(stores[0], 1, "AAAAAA").await;
    let other = add_member(stores[0], 2, "BBBBBB").await;
    let changed = at_once(stores, |store, number| {
        let (mine, theirs) = if number % 2 == 0 { (&one, &other) } else { (&other, &one) };
        let (mine, theirs) = (mine.clone(), theirs.phone.clone());
        Box::pin(async move {
            let mut tx = store.begin(Lock::Member(mine.id)).await.unwrap();
            let is_changed = tx.change_phone(mine.id, &mine.phone, &theirs).await.unwrap();
            tx.commit().await.unwrap();
            is_changed
        })
    });
    assert_eq!(count(&changed.await, &true), 0);
}
