//! `/`: what this is, for somebody who comes for the first time.

use crate::server::sentences;
use crate::{route, words};
use leptos::prelude::*;

#[component]
pub fn Start() -> impl IntoView {
    let words = sentences::documents();
    view! {
        <section class="card start">
            <h1>{words.start_heading}</h1>
            <p>{words.start_text}</p>
            <ol>
                <li>{words.start_log_in}</li>
                <li>{words.start_share}</li>
                <li>{words.start_see}</li>
            </ol>
            <p><a class="button" href=route::LOGIN>{words::member().log_in}</a></p>
        </section>
    }
}
