//! Login codes: sent, guessed at, used.

use super::*;

pub async fn a_guess_is_counted_until_the_limit(store: &dyn Store) {
    let flow = FlowId([1; 16]);
    let id = add_code(store, flow, &phone(1), NOW).await;
    for _ in 0..3 {
        assert_eq!(take_guess(store, flow, NOW).await, Some(id));
    }
    assert_eq!(take_guess(store, flow, NOW).await, None);
}

pub async fn a_guess_needs_a_live_code(store: &dyn Store) {
    let flow = FlowId([1; 16]);
    let id = add_code(store, flow, &phone(1), NOW).await;
    assert_eq!(take_guess(store, FlowId([2; 16]), NOW).await, None);
    assert_eq!(take_guess(store, flow, NOW.plus(Duration::from_mins(3))).await, None);
    assert_eq!(take_guess(store, flow, NOW.plus(Duration::from_secs(179))).await, Some(id));
}

pub async fn the_newest_code_of_a_flow_counts(store: &dyn Store) {
    let flow = FlowId([1; 16]);
    add_code(store, flow, &phone(1), NOW).await;
    let newest = add_code(store, flow, &phone(1), NOW).await;
    assert_eq!(take_guess(store, flow, NOW).await, Some(newest));
    assert_eq!(store.newest_login_code(flow).await.unwrap().map(|code| code.id), Some(newest));
    assert!(store.newest_login_code(FlowId([2; 16])).await.unwrap().is_none());
}

pub async fn a_code_is_used_once(store: &dyn Store) {
    let id = add_code(store, FlowId([1; 16]), &phone(1), NOW).await;
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    assert!(tx.use_code(id, NOW).await.unwrap());
    assert!(!tx.use_code(id, NOW).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(take_guess(store, FlowId([1; 16]), NOW).await, None);
}

pub async fn unused_messages_are_counted_from_the_newest_back(store: &dyn Store) {
    let later = NOW.plus(Duration::from_mins(1));
    add_code(store, FlowId([1; 16]), &phone(1), NOW).await;
    add_code(store, FlowId([2; 16]), &phone(1), later).await;
    add_code(store, FlowId([3; 16]), &phone(2), later).await;
    let before = NOW.minus(Duration::from_secs(1));
    assert_eq!(store.unused_messages(&phone(1), None, before).await.unwrap(), unused(2, Some(later)));
    assert_eq!(store.unused_messages(&phone(1), None, NOW).await.unwrap(), unused(1, Some(later)));
    assert_eq!(store.delete_codes_before(later).await.unwrap(), 1);
    assert_eq!(store.unused_messages(&phone(1), None, before).await.unwrap(), unused(1, Some(later)));
}

pub async fn an_ended_code_cannot_be_used_and_counts_as_unused(store: &dyn Store) {
    let id = add_code(store, FlowId([1; 16]), &phone(1), NOW).await;
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.end_codes(&phone(1), NOW).await.unwrap();
    assert!(!tx.use_code(id, NOW).await.unwrap());
    assert_eq!(tx.unused_messages(&phone(1), None, Timestamp(0)).await.unwrap(), unused(1, Some(NOW)));
    tx.commit().await.unwrap();
    assert_eq!(take_guess(store, FlowId([1; 16]), NOW).await, None);
}

pub async fn codes_for_a_known_device_are_counted_separately(store: &dyn Store) {
    let device = Some(DeviceId(7));
    add_code(store, FlowId([1; 16]), &phone(1), NOW).await;
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    let for_device = NewLoginCode { device, length: CodeLength::MAX, ..new_code(FlowId([2; 16]), &phone(1), NOW) };
    tx.add_login_code(&for_device).await.unwrap();
    tx.commit().await.unwrap();
    for who in [None, device] {
        assert_eq!(store.unused_messages(&phone(1), who, Timestamp(0)).await.unwrap(), unused(1, Some(NOW)));
    }
    let of_other = store.unused_messages(&phone(1), Some(DeviceId(8)), Timestamp(0)).await.unwrap();
    assert_eq!(of_other, UnusedMessages::default());
    let sent = store.newest_login_code(FlowId([2; 16])).await.unwrap().unwrap();
    assert_eq!((sent.device, sent.length), (device, CodeLength::MAX));
    assert_eq!(store.newest_code_at().await.unwrap(), Some(NOW));
}

pub async fn the_oldest_login_flows_of_a_phone_expire(store: &dyn Store) {
    let flows = [1, 2, 3, 4].map(|number| FlowId([number; 16]));
    for flow in flows {
        add_code(store, flow, &phone(1), NOW).await;
    }
    add_code(store, FlowId([5; 16]), &phone(2), NOW).await;
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.expire_oldest_flows(&phone(1), Some(DeviceId(7)), flows[0], 0, NOW).await.unwrap();
    tx.expire_oldest_flows(&phone(1), None, flows[0], 2, NOW).await.unwrap();
    tx.commit().await.unwrap();
    let mut live = Vec::new();
    for flow in flows {
        live.push(take_guess(store, flow, NOW).await.is_some());
    }
    assert_eq!(live, [true, false, true, true]);
    assert!(take_guess(store, FlowId([5; 16]), NOW).await.is_some());
    // They still count as unused codes.
    assert_eq!(store.unused_messages(&phone(1), None, Timestamp(0)).await.unwrap().count, 4);
}

pub async fn a_message_with_the_same_code_is_counted_and_can_be_taken_back(store: &dyn Store) {
    let flow = FlowId([1; 16]);
    let id = add_code(store, flow, &phone(1), NOW).await;
    let later = NOW.plus(Duration::from_mins(1));
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.count_message(id, later).await.unwrap();
    assert_eq!(tx.unused_messages(&phone(1), None, Timestamp(0)).await.unwrap(), unused(2, Some(later)));
    assert_eq!(tx.newest_login_code(flow).await.unwrap().unwrap().resent_at, Some(later));
    tx.commit().await.unwrap();
    let sent = async || {
        let counts = store.daily_counts(NOW.0 / 86_400_000).await.unwrap();
        counts.iter().find(|count| count.what == Counted::MessagesSent).map(|count| count.count)
    };
    assert_eq!(sent().await, Some(2));
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.take_back_message(id, None).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.unused_messages(&phone(1), None, Timestamp(0)).await.unwrap(), unused(1, Some(NOW)));
    assert_eq!(sent().await, Some(1));
    assert_eq!(store.logins_of(&phone(1), 9).await.unwrap().len(), 1);
}

pub async fn guesses_of_an_api_login_are_counted_by_themselves(store: &dyn Store) {
    let flow = FlowId([1; 16]);
    let id = add_code(store, flow, &phone(1), NOW).await;
    let (one, other) = (ApiLoginId([1; 16]), ApiLoginId([2; 16]));
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    for login in [one, other] {
        tx.add_api_login(login, id).await.unwrap();
    }
    let mut guess = async |target| tx.take_guess(target, 3, NOW).await.unwrap().map(|sent| (sent.id, sent.tries));
    for tries in 1..=3 {
        assert_eq!(guess(GuessTarget::ApiLogin(one)).await, Some((id, tries)));
    }
    assert_eq!(guess(GuessTarget::ApiLogin(one)).await, None);
    assert_eq!(guess(GuessTarget::ApiLogin(other)).await, Some((id, 1)));
    assert_eq!(guess(GuessTarget::Flow(flow)).await, Some((id, 1)));
    assert_eq!(guess(GuessTarget::ApiLogin(ApiLoginId([3; 16]))).await, None);

    let longer = tx.add_login_code(&new_code(flow, &phone(1), NOW)).await.unwrap().id;
    tx.move_api_logins(id, longer).await.unwrap();
    let guessed = tx.take_guess(GuessTarget::ApiLogin(one), 3, NOW).await.unwrap();
    assert_eq!(guessed.map(|sent| (sent.id, sent.tries)), Some((longer, 1)));
    tx.end_codes(&phone(1), NOW).await.unwrap();
    assert!(tx.take_guess(GuessTarget::ApiLogin(one), 3, NOW).await.unwrap().is_none());
    tx.commit().await.unwrap();
    let guesses: Vec<_> = store.logins_of(&phone(1), 9).await.unwrap().iter().map(|login| login.guesses).collect();
    assert_eq!(guesses, [1, 1]);
}

pub async fn unused_codes_can_be_deleted(store: &dyn Store) {
    let used = add_code(store, FlowId([1; 16]), &phone(1), NOW).await;
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.use_code(used, NOW).await.unwrap();
    tx.commit().await.unwrap();
    for number in [1, 2] {
        add_code(store, FlowId([2; 16]), &phone(number), NOW).await;
    }
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    tx.delete_unused_codes(&phone(1)).await.unwrap();
    assert_eq!(tx.unused_messages(&phone(1), None, Timestamp(0)).await.unwrap(), UnusedMessages::default());
    assert_eq!(tx.unused_messages(&phone(2), None, Timestamp(0)).await.unwrap().count, 1);
    tx.commit().await.unwrap();
    assert_eq!(store.logins_of(&phone(1), 9).await.unwrap()[0].used_at, Some(NOW));
}

pub async fn used_and_unused_codes_to_a_prefix_are_counted(store: &dyn Store) {
    let used = add_code(store, FlowId([1; 16]), &phone(1), NOW).await;
    add_code(store, FlowId([2; 16]), &phone(2), NOW).await;
    add_code(store, FlowId([3; 16]), &phone(9_000_003), NOW).await;
    let mut tx = store.begin(Lock::Nothing).await.unwrap();
    assert!(tx.use_code(used, NOW).await.unwrap());
    let sent = |count, used, oldest| SentToPrefix { count, used, oldest };
    let before = Timestamp(NOW.0 - 1);
    let prefix = "+7912000";
    assert_eq!(tx.sent_to_prefix(prefix, before, NOW).await.unwrap(), sent(1, 1, Some(NOW)), "one is still live");
    let later = NOW.plus(Duration::from_mins(3));
    assert_eq!(tx.sent_to_prefix(prefix, before, later).await.unwrap(), sent(2, 1, Some(NOW)));
    assert_eq!(tx.sent_to_prefix(prefix, NOW, later).await.unwrap(), sent(0, 0, None));
    assert_eq!(tx.sent_to_prefix("+7912900", before, later).await.unwrap(), sent(1, 0, Some(NOW)));
}
