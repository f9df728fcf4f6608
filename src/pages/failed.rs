//! The page in the place of one that cannot be shown.

use crate::words;
use leptos::prelude::*;

#[component]
pub fn Failed(sentence: String) -> impl IntoView {
    view! {
        <section class="card">
            <h1>{words::member().page_failed}</h1>
            <p class="error" role="alert">{sentence}</p>
        </section>
    }
}
