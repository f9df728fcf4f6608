//! Ways to pass on a share link: a message that can be changed, and a QR code.

use crate::components::copy_button::CopyButton;
use crate::{route, words};
use leptos::prelude::*;
use leptos::reactive::spawn_local;
use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::ShareData;
use leptos::web_sys::js_sys::Reflect;

/// Folded until somebody wants it; the QR code is not loaded before.
#[component]
pub fn Share(
    code: String,
    /// What is proposed as the message, with the link.
    message: String,
) -> impl IntoView {
    let words = words::member();
    let text = RwSignal::new(message.clone());
    let qr_code = route::qr_code(&code);
    view! {
        <details class="share">
            <summary>{words.more_ways}</summary>
            <div class="field">
                <label for="message">{words.share_text}</label>
                <textarea id="message" rows="4" dir="auto" on:input=move |event| text.set(event_target_value(&event))>
                    {message}
                </textarea>
            </div>
            <p class="inline"><ShareButton text /> <CopyButton text label=words.copy_message /></p>
            <img src=qr_code.clone() alt=words.qr_code loading="lazy" width="240" height="240" />
            <p><a href=qr_code download=code + ".svg">{words.download_qr_code}</a></p>
        </details>
    }
}

/// Opens what the system offers for sharing (Web Share, W3C), where there is such a thing.
#[component]
fn ShareButton(text: RwSignal<String>) -> impl IntoView {
    let (works, set_works) = signal(false);
    Effect::new(move |_| {
        let navigator = window().navigator();
        set_works.set(Reflect::has(&navigator, &JsValue::from_str("share")).unwrap_or_default());
    });
    let share = move |_| {
        let data = ShareData::new();
        data.set_text(&text.get_untracked());
        let shared = window().navigator().share_with_data(&data);
        // Whoever closes the dialog has decided against it.
        spawn_local(async move { drop(wasm_bindgen_futures::JsFuture::from(shared).await) });
    };
    view! { <button type="button" class="quiet" hidden=move || !works.get() on:click=share>{words::member().share}</button> }
}
