//! The part of the contract for what admins do.

use super::*;
use crate::server::data::{
    Act, AttemptCount, AttemptOutcome, AuditSearch, Counted, FlagKind, ImportState, Line, MemberSearch, NewAttempt,
    NewAuditLine, NewImport, Place, Sort, Status, Verdict,
};

async fn found(store: &dyn Store, search: MemberSearch) -> Vec<i64> {
    let found = store.find_members(&MemberSearch { limit: 10, ..search }).await.unwrap();
    found.into_iter().map(|member| member.id.0).collect()
}

pub async fn a_grant_belongs_to_one_phone_and_a_new_one_has_a_new_id(store: &dyn Store) {
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    assert!(tx.add_grant(&phone(1), NOW).await.unwrap());
    assert!(!tx.add_grant(&phone(1), NOW).await.unwrap());
    tx.commit().await.unwrap();
    let member = add_member(store, 1, "AAAAAA").await.id;
    let first = store.grant_of(member).await.unwrap().expect("the owner of the phone has the grant");
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.keep_second_factor(&crate::server::data::Grant { last_step: 7, enrolled_at: Some(NOW), ..first.clone() })
        .await
        .unwrap();
    assert_eq!(tx.grant_of(member).await.unwrap().unwrap().last_step, 7);
    assert!(tx.remove_grant(&phone(1)).await.unwrap());
    assert!(!tx.remove_grant(&phone(1)).await.unwrap());
    assert!(tx.add_grant(&phone(1), NOW).await.unwrap());
    tx.commit().await.unwrap();
    let second = store.grant_of(member).await.unwrap().unwrap();
    assert!(second.id != first.id && second.enrolled_at.is_none());
    assert_eq!(store.grants().await.unwrap(), [second]);
}

pub async fn a_link_for_the_first_admin_works_once_while_there_is_none(store: &dyn Store) {
    let until = Timestamp(NOW.0 + 10);
    let is_valid = async |hash, now| store.is_first_admin_link(&hash, now).await.unwrap();
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    for hash in [[1; 32], [2; 32], [3; 32]] {
        assert!(tx.add_first_admin_link(&hash, NOW, until).await.unwrap());
    }
    assert!(!tx.use_first_admin_link(&[1; 32], until).await.unwrap(), "expired");
    assert!(!tx.use_first_admin_link(&[9; 32], NOW).await.unwrap(), "unknown");
    assert!(tx.use_first_admin_link(&[1; 32], NOW).await.unwrap());
    assert!(!tx.use_first_admin_link(&[1; 32], NOW).await.unwrap(), "used");
    tx.commit().await.unwrap();
    assert_eq!([is_valid([1; 32], NOW).await, is_valid([2; 32], NOW).await], [false, true]);
    assert!(!is_valid([2; 32], until).await);

    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    assert!(tx.add_first_admin_link(&[4; 32], until, Timestamp(until.0 + 1)).await.unwrap());
    assert!(!tx.use_first_admin_link(&[2; 32], NOW).await.unwrap(), "expired links are deleted");
    assert!(tx.add_grant(&phone(1), NOW).await.unwrap());
    assert!(!tx.use_first_admin_link(&[4; 32], NOW).await.unwrap(), "a grant ends the links");
    assert!(!tx.add_first_admin_link(&[5; 32], NOW, until).await.unwrap(), "there is an admin");
}

pub async fn members_are_found_by_every_filter(store: &dyn Store) {
    let [first, second, third] = [
        add_member(store, 1_111_111, "AAAAAA").await.id,
        add_member(store, 2_222_111, "BBBBBB").await.id,
        add_member(store, 2_222_222, "CCCCCC").await.id,
    ];
    add_redemption(store, third, first).await.unwrap();
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    assert!(tx.replace_invite_code(first, &code("DDDDDD"), NOW).await.unwrap());
    assert!(!tx.replace_invite_code(second, &code("AAAAAA"), NOW).await.unwrap(), "a former code is never reused");
    tx.set_blocked(second, Some(NOW)).await.unwrap();
    tx.commit().await.unwrap();

    let part = |part: &str| MemberSearch { phone_part: Some(part.to_owned()), ..MemberSearch::default() };
    assert_eq!(found(store, part("2221")).await, [second.0]);
    assert_eq!(found(store, part("22")).await, [third.0, second.0]);
    let by_code = |text| MemberSearch { invite_code: Some(code(text)), ..MemberSearch::default() };
    assert_eq!(found(store, by_code("AAAAAA")).await, [first.0], "also by a former code");
    assert_eq!(found(store, by_code("DDDDDD")).await, [first.0]);
    assert_eq!(store.owner_of_code(&code("AAAAAA")).await.unwrap(), Some(first));
    let asked = ["AAAAAA", "BBBBBB", "ZZZZZZ"].map(code).into_iter().collect();
    let owners = store.owners_of_codes(&asked).await.unwrap().into_iter();
    let owners: Vec<_> = owners.map(|owner| (owner.code, owner.member)).collect();
    assert_eq!(owners, [(code("BBBBBB"), second), (code("AAAAAA"), first)]);
    assert_eq!(found(store, MemberSearch { inviter: Some(first), ..MemberSearch::default() }).await, [third.0]);
    for (status, ids) in [
        (Status::Any, vec![third.0, second.0, first.0]),
        (Status::Active, vec![third.0, first.0]),
        (Status::Blocked, vec![second.0]),
        (Status::Erased, vec![]),
        (Status::Redeemed, vec![third.0]),
        (Status::NotRedeemed, vec![second.0, first.0]),
    ] {
        assert_eq!(found(store, MemberSearch { status, ..MemberSearch::default() }).await, ids, "{status:?}");
    }
    let by_invitees = MemberSearch { sort: Sort::MostInvitees, ..MemberSearch::default() };
    assert_eq!(found(store, by_invitees.clone()).await, [first.0, third.0, second.0]);
    let after = Some(Place { key: 1, id: first.0 });
    assert_eq!(found(store, MemberSearch { after, ..by_invitees }).await, [third.0, second.0]);
}

/// AAAAAA, BBBBBB and so on.
fn six(number: u8) -> String {
    char::from(b'A' + number).to_string().repeat(6)
}

pub async fn members_are_listed_in_every_order_from_any_place(store: &dyn Store) {
    let mut members = Vec::new();
    for number in 0..6 {
        members.push(add_member(store, number.into(), &six(number)).await.id);
    }
    // Who invited whom, at which time: two at the same.
    for (invitee, inviter, seconds) in [(5, 0, 3), (1, 0, 2), (4, 1, 2), (2, 0, 1)] {
        let mut tx = store.begin(Lock::Nothing).await.unwrap();
        let at = NOW.plus(Duration::from_secs(seconds));
        tx.add_redemption(members[invitee], members[inviter], &code("AAAAAA"), at).await.unwrap();
        tx.commit().await.unwrap();
    }
    for (sort, order) in [
        (Sort::Newest, &[5, 4, 3, 2, 1, 0][..]),
        (Sort::Oldest, &[0, 1, 2, 3, 4, 5]),
        (Sort::MostInvitees, &[0, 1, 5, 4, 3, 2]),
        (Sort::FewestInvitees, &[2, 3, 4, 5, 1, 0]),
        (Sort::LastActivated, &[5, 4, 1, 2]),
        (Sort::FirstActivated, &[2, 1, 4, 5]),
    ] {
        let (mut listed, mut after) = (Vec::new(), None);
        loop {
            let search = MemberSearch { sort, after, limit: 1, ..MemberSearch::default() };
            let page = store.find_members(&search).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(Place::of(last, sort));
            listed.extend(page);
        }
        let expected: Vec<_> = order.iter().map(|number| members[*number]).collect();
        assert_eq!(listed.iter().map(|member| member.id).collect::<Vec<_>>(), expected, "{sort:?}");
        let activated = listed.iter().filter(|member| member.redeemed_at.is_some()).count();
        assert_eq!(activated, 4, "{sort:?}");
    }
    let with_part =
        MemberSearch { phone_part: Some("000000".into()), sort: Sort::LastActivated, ..MemberSearch::default() };
    assert_eq!(found(store, with_part).await, [5, 4, 1, 2].map(|number: usize| members[number].0));
}

pub async fn the_median_time_from_joining_to_redeeming_is_that_of_the_newest(store: &dyn Store) {
    let inviter = add_member(store, 0, "AAAAAA").await.id;
    let at = |seconds| NOW.plus(Duration::from_secs(seconds));
    let median = async |from, until, newest| {
        store.median_time_to_redeem(at(from), at(until), newest).await.unwrap().map(|wait| wait.as_secs())
    };
    assert_eq!(median(0, 100, 9).await, None);
    for (number, seconds) in [(1, 10), (2, 90), (3, 20), (4, 40)] {
        let invitee = add_member(store, number.into(), &six(number)).await.id;
        let mut tx = store.begin(Lock::Nothing).await.unwrap();
        tx.add_redemption(invitee, inviter, &code("AAAAAA"), at(seconds)).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(median(0, 100, 9).await, Some(20), "of four the second");
    assert_eq!(median(0, 100, 3).await, Some(40), "of 20, 40 and 90");
    assert_eq!(median(10, 41, 9).await, Some(20));
    assert_eq!(median(11, 20, 9).await, None);
}

pub async fn the_record_of_an_erased_member_has_no_phone(store: &dyn Store) {
    let inviter = add_member(store, 1, "AAAAAA").await.id;
    let invitee = add_member(store, 2, "BBBBBB").await.id;
    add_redemption(store, invitee, inviter).await.unwrap();
    add_code(store, FlowId([1; 16]), &phone(1), NOW).await;
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.erase_member(inviter, Some(&phone(1)), NOW).await.unwrap();
    assert_eq!(tx.subject(inviter).await.unwrap().unwrap().phone, None);
    tx.commit().await.unwrap();
    assert!(store.member(inviter).await.unwrap().is_none());
    assert!(store.newest_login_code(FlowId([1; 16])).await.unwrap().is_none());
    let rest = store.member_record(inviter).await.unwrap().unwrap();
    assert_eq!((rest.erased_at, rest.listed.invitees), (Some(NOW), 1));
    assert_eq!(store.member_record(invitee).await.unwrap().unwrap().redemption.unwrap().inviter, inviter);
    assert_eq!(
        found(store, MemberSearch { phone_part: Some("0000001".into()), ..MemberSearch::default() }).await,
        [0_i64; 0]
    );
    assert_ne!(add_member(store, 1, "CCCCCC").await.id, inviter);
}

pub async fn an_erasure_leaves_longer_numbers_alone(store: &dyn Store) {
    let short = Phone::from_e164("+7912000000").unwrap();
    let member = add_member(store, 1, "AAAAAA").await.id;
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    let of_short = ["+7912000000", "+7912000000 10.0.0.1", "known devices of +7912000000"];
    let of_long = ["+79120000001", "+79120000001 10.0.0.1", "known devices of +79120000001"];
    for subject in of_short.iter().chain(&of_long) {
        let new = BudgetUse { budget: "b", subject, purpose: "", used_at: NOW, expires_at: NOW };
        tx.take_budget(&new, &[]).await.unwrap().unwrap();
    }
    tx.erase_member(member, Some(&short), NOW).await.unwrap();
    for (subjects, left) in [(of_short, 0), (of_long, 1)] {
        for subject in subjects {
            assert_eq!(tx.budget_uses("b", subject, Timestamp(0)).await.unwrap().count, left, "{subject}");
        }
    }
}

pub async fn totals_and_daily_counts_follow_redemptions(store: &dyn Store) {
    let inviter = add_member(store, 1, "AAAAAA").await.id;
    let invitee = add_member(store, 2, "BBBBBB").await.id;
    add_redemption(store, invitee, inviter).await.unwrap();
    let count = async || {
        let invitees = store.member(inviter).await.unwrap().unwrap().invitees;
        (invitees, store.total_counts().await.unwrap().of(Counted::Redemptions))
    };
    assert_eq!(count().await, (1, 1));
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    assert_eq!(tx.remove_redemption(invitee).await.unwrap(), Some((inviter, code("AAAAAA"))));
    assert_eq!(tx.remove_redemption(invitee).await.unwrap(), None);
    tx.commit().await.unwrap();
    assert_eq!(count().await, (0, 0));
    let day = NOW.0 / (24 * HOUR_MS);
    let days = store.daily_counts(day).await.unwrap();
    let members = days.iter().find(|count| count.what == Counted::Members).unwrap();
    assert_eq!((members.day, members.count), (day, 2));
    assert!(store.daily_counts(day + 1).await.unwrap().is_empty());
    let members_on = async |days| store.counts_of_days(days).await.unwrap().of(Counted::Members);
    assert_eq!([members_on(day..day + 1).await, members_on(day - 9..day).await], [2, 0]);
}

pub async fn a_repeated_attempt_is_counted_and_its_network_deleted(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    let attempt = NewAttempt {
        member,
        typed: "ZZZZZZ".to_owned(),
        inviter: None,
        outcome: AttemptOutcome::Unknown,
        at: NOW,
        network: Some("192.0.2.1".to_owned()),
        browser: None,
    };
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    assert!(!tx.repeat_attempt(&attempt, NOW.minus(Duration::from_secs(1))).await.unwrap());
    tx.add_attempt(&attempt).await.unwrap();
    let later = NewAttempt { at: NOW.plus(Duration::from_secs(9)), ..attempt.clone() };
    assert!(tx.repeat_attempt(&later, NOW.minus(Duration::from_secs(1))).await.unwrap());
    assert_eq!(tx.attempts_since(member, NOW).await.unwrap(), 1);
    let unknown = AttemptCount { member: Some(member), ..AttemptCount::of(AttemptOutcome::Unknown) };
    assert_eq!(tx.count_attempts(&unknown).await.unwrap(), 2);
    assert_eq!(tx.count_attempts(&AttemptCount { network: Some("192.0.2.2"), ..unknown }).await.unwrap(), 0);
    assert_eq!(tx.count_attempts(&AttemptCount { since: later.at, ..unknown }).await.unwrap(), 0);
    tx.commit().await.unwrap();
    let kept = &store.attempts_of(member, 9).await.unwrap()[0];
    assert_eq!((kept.times, kept.first_at, kept.last_at), (2, NOW, later.at));
    assert_eq!(store.forget_networks_before(later.at).await.unwrap(), 0);
    assert_eq!(store.forget_networks_before(later.at.plus(Duration::from_secs(1))).await.unwrap(), 1);
    assert_eq!(store.attempts_of(member, 9).await.unwrap()[0].network, None);
}

pub async fn a_flag_waits_once_and_is_reviewed_once(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    let raise = async |count, now| {
        let mut tx = store.begin(Lock::Nothing).await.unwrap();
        tx.raise_flag(FlagKind::Posted, member, "", count, now).await.unwrap();
        tx.commit().await.unwrap();
    };
    let later = NOW.plus(Duration::from_secs(9));
    raise(3, NOW).await;
    raise(4, later).await;
    let waiting = store.flags(true, 0, 9).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].count, waiting[0].first_at, waiting[0].last_at), (4, NOW, later));
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    assert_eq!(tx.flag_reviewed_at(FlagKind::Posted, member, "").await.unwrap(), None);
    assert!(tx.review_flag(waiting[0].id, Verdict::Dismissed, later).await.unwrap());
    assert!(!tx.review_flag(waiting[0].id, Verdict::Accepted, later).await.unwrap());
    assert_eq!(tx.flag_reviewed_at(FlagKind::Posted, member, "").await.unwrap(), Some(later));
    tx.commit().await.unwrap();
    raise(1, later).await;
    assert_eq!(store.flags(true, waiting[0].id, 9).await.unwrap().len(), 1);
    assert_eq!(store.flags(false, 0, 9).await.unwrap()[0].verdict, Some(Verdict::Dismissed));
    let other = add_member(store, 2, "BBBBBB").await.id;
    let verdicts: Vec<_> = store.flags_of(member, 9).await.unwrap().iter().map(|flag| flag.verdict).collect();
    assert_eq!(verdicts, [None, Some(Verdict::Dismissed)], "newest first");
    assert_eq!(store.flags_of(other, 9).await.unwrap(), []);
}

pub async fn lines_of_the_audit_log_are_found(store: &dyn Store) {
    let member = add_member(store, 1, "AAAAAA").await.id;
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    for (act, subject, reason) in [(Act::Export, None, "For the Books"), (Act::Block, Some(member), "50% off_spam")] {
        let line = NewAuditLine {
            at: NOW,
            actor: Some(member),
            act,
            subject,
            reason,
            details: &Details::None,
            address: "192.0.2.1",
        };
        tx.add_audit_line(&line).await.unwrap();
    }
    tx.commit().await.unwrap();
    let acts = async |search: AuditSearch| {
        let lines = store.audit_lines(&AuditSearch { limit: 9, ..search }).await.unwrap();
        lines.into_iter().map(|line| line.act).collect::<Vec<_>>()
    };
    let text = |text: &str| AuditSearch { text: Some(text.to_owned()), ..AuditSearch::default() };
    assert_eq!(acts(AuditSearch::default()).await, [Act::Block, Act::Export]);
    assert_eq!(acts(text("for the books")).await, [Act::Export]);
    assert_eq!(acts(text("% OFF_")).await, [Act::Block]);
    assert_eq!(acts(AuditSearch { subject: Some(member), ..AuditSearch::default() }).await, [Act::Block]);
    assert_eq!(acts(AuditSearch { act: Some(Act::Export), ..AuditSearch::default() }).await, [Act::Export]);
    assert_eq!(acts(AuditSearch { until: Some(NOW), ..AuditSearch::default() }).await, []);
}

fn line(number: u64, invite_code: &str) -> Line {
    Line {
        number,
        phone: Some(phone(number.try_into().unwrap())),
        invite_code: Some(code(invite_code)),
        former_codes: Vec::new(),
        joined_at: NOW,
        blocked_at: None,
        erased_at: None,
        redeemed_code: None,
        inviter_line: None,
        redeemed_at: NOW,
        problems: Vec::new(),
    }
}

async fn add_import(store: &dyn Store, lines: &[Line]) -> i64 {
    let actor = add_member(store, 9, "AAAAAA").await.id;
    let unread = ["name".to_owned()];
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    let new = NewImport {
        actor,
        file_name: "members.csv",
        begun_at: NOW,
        lines: lines.len().try_into().unwrap(),
        unread: &unread,
    };
    let id = tx.add_import(&new).await.unwrap();
    tx.add_lines(id, lines).await.unwrap();
    tx.commit().await.unwrap();
    id
}

pub async fn lines_that_conflict_with_members_get_problems(store: &dyn Store) {
    let own = Line { problems: vec![LineProblem::PhoneInvalid], ..line(9, "AAAAAA") };
    let former = Line { former_codes: vec![code("AAAAAA")], ..line(2, "BBBBBB") };
    let unknown = Line { redeemed_code: Some(code("ZZZZZZ")), ..line(3, "CCCCCC") };
    let known = Line { redeemed_code: Some(code("AAAAAA")), ..line(4, "DDDDDD") };
    let within = Line { redeemed_code: Some(code("BBBBBB")), inviter_line: Some(2), ..line(5, "EEEEEE") };
    let id = add_import(store, &[former, unknown, known, within, own]).await;
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    assert_eq!(tx.mark_conflicts(id).await.unwrap(), 3);
    tx.finish_check(id, NOW).await.unwrap();
    tx.commit().await.unwrap();
    let told: Vec<_> =
        store.bad_lines(id, 0, 9).await.unwrap().into_iter().map(|bad| (bad.line, bad.problems)).collect();
    let expected = [
        (2, vec![LineProblem::CodeTaken]),
        (3, vec![LineProblem::RedeemedUnknown]),
        (9, vec![LineProblem::PhoneInvalid, LineProblem::PhoneTaken, LineProblem::CodeTaken]),
    ];
    assert_eq!(told, expected);
    assert_eq!(store.bad_lines(id, 2, 1).await.unwrap()[0].line, 3);
    let import = store.import(id).await.unwrap().unwrap();
    assert_eq!(
        (import.state, import.bad, import.checked, import.unread),
        (ImportState::Checked, 3, 5, vec!["name".to_owned()])
    );
}

pub async fn a_file_becomes_members_once(store: &dyn Store) {
    let inviter = Line {
        former_codes: vec![code("FFFFFF")],
        blocked_at: Some(NOW),
        joined_at: Timestamp(0),
        ..line(2, "BBBBBB")
    };
    let by_former = Line { redeemed_code: Some(code("FFFFFF")), inviter_line: Some(2), ..line(3, "CCCCCC") };
    let by_member =
        Line { redeemed_code: Some(code("AAAAAA")), phone: None, erased_at: Some(NOW), ..line(4, "DDDDDD") };
    let id = add_import(store, &[inviter, by_former, by_member]).await;
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    assert!(!tx.begin_import(id, NOW, NOW).await.unwrap(), "it was not checked yet");
    assert_eq!(tx.mark_conflicts(id).await.unwrap(), 0);
    tx.finish_check(id, NOW).await.unwrap();
    assert!(tx.begin_import(id, NOW, NOW).await.unwrap());
    assert!(!tx.begin_import(id, NOW, NOW).await.unwrap(), "it is in progress");
    assert!(tx.begin_import(id, NOW, NOW.plus(Duration::from_secs(1))).await.unwrap(), "it has stalled");
    let (members, attempts) = tx.write_import(id, NOW).await.unwrap();
    assert_eq!((members.len(), attempts.len()), (3, 2));
    assert!(!tx.begin_import(id, NOW, NOW.plus(Duration::from_secs(1))).await.unwrap(), "it is done");
    tx.commit().await.unwrap();

    let members = store.member_records(MemberId(0), 9).await.unwrap();
    let [actor, inviter, by_former, by_member] = &members[..] else { panic!("{members:?}") };
    assert_eq!((inviter.blocked_at, inviter.listed.invitees), (Some(NOW), 1));
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    assert_eq!(tx.last_visit(inviter.listed.id).await.unwrap(), NOW, "nobody is silent because of an import");
    drop(tx);
    assert_eq!(inviter.former_codes, [(code("FFFFFF"), NOW)]);
    assert_eq!(by_former.redemption.as_ref().unwrap().inviter, inviter.listed.id);
    assert_eq!(by_member.redemption.as_ref().unwrap().inviter, actor.listed.id);
    assert_eq!((&by_member.listed.phone, by_member.erased_at), (&None, Some(NOW)));
    let redemptions = store.redemptions(by_former.listed.id, 9).await.unwrap();
    assert_eq!((redemptions.len(), redemptions[0].invitee), (1, by_member.listed.id));
    assert_eq!(store.attempts_of(by_former.listed.id, 9).await.unwrap()[0].outcome, AttemptOutcome::Redeemed);

    assert_eq!(store.forget_imports_before(NOW).await.unwrap(), 0);
    assert_eq!(store.forget_imports_before(NOW.plus(Duration::from_secs(1))).await.unwrap(), 1);
    assert!(store.import(id).await.unwrap().is_none() && store.imports(9).await.unwrap().is_empty());
}
