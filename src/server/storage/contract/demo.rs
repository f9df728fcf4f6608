//! Invented members.

use super::*;

pub async fn invented_members_are_as_if_they_had_joined(store: &dyn Store) {
    let later = NOW.plus(Duration::from_secs(30));
    let joined = |number: u32, invite_code: &str| {
        let flow = |kind: u8| FlowId([kind + u8::try_from(number).unwrap(); 16]);
        let unfinished = (new_code(flow(10), &phone(number), NOW), None);
        let finished = (new_code(flow(20), &phone(number), NOW), Some(later));
        Joined {
            id: MemberId(number.into()),
            phone: phone(number),
            invite_code: code(invite_code),
            joined_at: NOW,
            visited_at: later,
            blocked_at: None,
            codes: vec![unfinished, finished],
            visitor: stranger(),
            device_hash: Some([u8::try_from(number).unwrap(); 32]),
            attempts: Vec::new(),
        }
    };
    let attempt = |outcome, inviter, typed: &str| NewAttempt {
        member: MemberId(2),
        typed: typed.to_owned(),
        inviter,
        outcome,
        at: later,
        network: Some("192.0.2.7".to_owned()),
        browser: None,
    };
    let mut second = joined(2, "BBBBBB");
    second.blocked_at = Some(later);
    second.attempts = vec![
        attempt(AttemptOutcome::Unknown, None, "CCCCCC"),
        attempt(AttemptOutcome::Redeemed, Some(MemberId(1)), "AAAAAA"),
    ];
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.add_joined(&[joined(1, "AAAAAA"), second], NOW).await.unwrap();
    tx.commit().await.unwrap();

    let counts = store.total_counts().await.unwrap();
    let counted = [Counted::Members, Counted::Redemptions, Counted::LoginsBegun, Counted::LoginsFinished];
    assert_eq!(counted.map(|what| counts.of(what)), [2, 1, 4, 2]);
    assert_eq!(counts.of(Counted::MessagesSent), 4);
    let inviter = store.member_record(MemberId(1)).await.unwrap().unwrap();
    assert_eq!((inviter.listed.phone, inviter.listed.invitees), (Some(phone(1)), 1));
    let invitee = store.member_record(MemberId(2)).await.unwrap().unwrap();
    assert_eq!((invitee.listed.created_at, invitee.blocked_at, invitee.visited_at), (NOW, Some(later), Some(later)));
    let redemption = invitee.redemption.unwrap();
    assert_eq!((redemption.inviter, redemption.code, redemption.redeemed_at), (MemberId(1), code("AAAAAA"), later));
    let outcomes: Vec<_> = store.attempts_of(MemberId(2), 9).await.unwrap().iter().map(|each| each.outcome).collect();
    assert_eq!(outcomes, [AttemptOutcome::Redeemed, AttemptOutcome::Unknown]);
    let before = Timestamp(NOW.0 - 1);
    assert!(store.known_device(&[2; 32], &phone(2), before).await.unwrap().is_some());
    assert!(store.browser(&[2; 32]).await.unwrap().is_some());
    assert!(store.newest_login_code(FlowId([22; 16])).await.unwrap().unwrap().is_used);
    assert!(!store.newest_login_code(FlowId([12; 16])).await.unwrap().unwrap().is_used);
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.add_joined(&[Joined { device_hash: None, ..joined(3, "CCCCCC") }], later).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store.newest_login_code(FlowId([23; 16])).await.unwrap().is_none(), "it is forgotten");
    assert_eq!(store.total_counts().await.unwrap().of(Counted::LoginsFinished), 3, "but counted");
    assert!(store.devices_of(MemberId(3), 9).await.unwrap().is_empty());
    let found = MemberSearch { phone_part: Some("0000002".to_owned()), limit: 9, ..MemberSearch::default() };
    assert_eq!(store.find_members(&found).await.unwrap().len(), 1);
}
