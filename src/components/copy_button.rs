//! A button that copies a text to the clipboard.

use crate::words;
use leptos::prelude::*;
use leptos::reactive::spawn_local;
use std::time::Duration;

/// Says so for 3 s after copying. Hidden without JavaScript, and where the browser does not let a page use the
/// clipboard (outside HTTPS and localhost).
#[component]
pub fn CopyButton(#[prop(into)] text: Signal<String>, label: &'static str) -> impl IntoView {
    let words = words::member();
    let (copied, set_copied) = signal(false);
    let (works, set_works) = signal(true);
    Effect::new(move |_| set_works.set(window().is_secure_context()));
    let copy = move |_| {
        let written = window().navigator().clipboard().write_text(&text.get_untracked());
        spawn_local(async move {
            let done = wasm_bindgen_futures::JsFuture::from(written).await.is_ok();
            set_copied.set(done);
            set_timeout(move || set_copied.set(false), Duration::from_secs(3));
        });
    };
    view! {
        <button type="button" class="quiet needs-scripting" hidden=move || !works.get() on:click=copy>
            <span aria-live="polite">{move || if copied.get() { words.copied } else { label }}</span>
        </button>
    }
}
