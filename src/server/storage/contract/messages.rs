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
    let sent = |gateway: &str, state, sent_at| SentMessage { gateway: gateway.to_owned(), state, sent_at };
    assert_eq!(
        store.messages_to(&phone(1), 9).await.unwrap(),
        [sent("two", MessageState::Unknown, later), sent("one", MessageState::Sent, NOW)]
    );
    assert_eq!(store.messages_to(&phone(1), 1).await.unwrap().len(), 1);
    store.delete_codes_before(later).await.unwrap();
    assert!(store.messages_to(&phone(1), 9).await.unwrap().is_empty());
}
