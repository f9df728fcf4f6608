//! The page for unknown addresses.

use crate::{route, words};
use leptos::prelude::*;

#[component]
pub fn NotFound() -> impl IntoView {
    let words = words::member();
    view! {
        <section class="card">
            <h1>{words.not_found_heading}</h1>
            <p>{words.not_found_text}</p>
            <p>
                <a href=route::HOME>{words.to_the_start}</a>
            </p>
        </section>
    }
}
