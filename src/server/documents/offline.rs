//! `/offline`: what a browser keeps to show when there is no connection. For a member, the code and its QR code.

use crate::model::page::OfflineView;
use crate::server::sentences;
use crate::{route, words};
use leptos::prelude::*;

#[component]
pub fn Offline(view: Option<OfflineView>) -> impl IntoView {
    let words = sentences::documents();
    let own = view.map(|OfflineView { invite_code, link, qr_code }| {
        view! {
            <section class="card own">
                <h2>{words::member().own_code}</h2>
                <p class="invite-code" data-testid="invite-code">{invite_code}</p>
                <div class="qr-code" role="img" aria-label=words::member().qr_code inner_html=qr_code></div>
                <p class="hint"><bdi>{link}</bdi></p>
            </section>
        }
    });
    view! {
        <section class="card">
            <h1>{words.offline_heading}</h1>
            <p>{words.offline_text}</p>
            <p><a class="button" href=route::PROFILE>{words.try_again}</a></p>
        </section>
        {own}
    }
}
