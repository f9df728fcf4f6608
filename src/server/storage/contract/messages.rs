//! Messages that were handed to gateways.

use super::*;

pub async fn messages_come_newest_first_and_go_with_their_codes(store: &dyn Store) {
    let id = add_code(store, FlowId([1; 16]), &phone(1), NOW).await;
    let other = add_code(store, FlowId([2; 16]), &phone(2), NOW).await;
    let later = NOW.plus(Duration::from_mins(1));
    let message = |code, gateway, state, sent_at| NewMessage { code, gateway, message_id: Some("17"), state, sent_at };
    for new in [
        message(id, "one", MessageState::Sent, NOW),
        message(id, "two", MessageState::Unknown, later),
        message(other, "one", MessageState::Sent, NOW),
    ] {
        store.add_message(&new).await.unwrap();
    }
    let sent =
        |gateway: &str, state, sent_at| SentMessage { gateway: gateway.to_owned(), state, sent_at, delivery: None };
    assert_eq!(
        store.messages_to(&phone(1), 9).await.unwrap(),
        [sent("two", MessageState::Unknown, later), sent("one", MessageState::Sent, NOW)]
    );
    assert_eq!(store.messages_to(&phone(1), 1).await.unwrap().len(), 1);
    store.delete_codes_before(later).await.unwrap();
    assert!(store.messages_to(&phone(1), 9).await.unwrap().is_empty());
}

pub async fn a_report_never_takes_back_that_a_message_was_delivered(store: &dyn Store) {
    let code = add_code(store, FlowId([1; 16]), &phone(1), NOW).await;
    for (gateway, message_id) in [("one", "17"), ("one", "18"), ("two", "17")] {
        let message_id = Some(message_id);
        let new = NewMessage { code, gateway, message_id, state: MessageState::Sent, sent_at: NOW };
        store.add_message(&new).await.unwrap();
    }
    let report = async |gateway: &str, message_id: &str, delivery| {
        let (gateway, message_id) = (gateway.to_owned(), message_id.to_owned());
        store.report_message(&DeliveryReport { gateway, message_id, delivery }, NOW).await.unwrap()
    };
    let reported = async || {
        let messages = store.messages_to(&phone(1), 9).await.unwrap();
        messages.iter().rev().map(|message| message.delivery).collect::<Vec<_>>()
    };
    assert!(report("one", "18", Delivery::Undelivered).await);
    assert_eq!(reported().await, [None, Some(Delivery::Undelivered), None]);
    for delivery in [Delivery::Undelivered, Delivery::Delivered, Delivery::Undelivered] {
        assert!(report("one", "17", delivery).await);
    }
    assert_eq!(reported().await, [Some(Delivery::Delivered), Some(Delivery::Undelivered), None]);
    assert!(!report("one", "19", Delivery::Delivered).await);
}
