//! The message, when SMS is simulated.

use crate::words;
use leptos::prelude::*;

/// Like a phone notification.
#[component]
pub fn SimulatedSms(text: String) -> impl IntoView {
    let words = words::member();
    view! {
        <div class="sms" role="status" aria-label=words.simulated_message>
            <p class="sms-head">{words.simulated_message_app} <span>{words.simulated_message_time}</span></p>
            <p data-testid="simulated-sms">{text}</p>
        </div>
    }
}
