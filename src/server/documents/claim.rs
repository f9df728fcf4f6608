//! `/profile/claim`: the offer of an account whose number somebody else has now.

use crate::api::account::ClaimAccount;
use crate::components::error_text::ErrorText;
use crate::components::form::{Form, Submission, SubmitButton};
use crate::components::plain::erased;
use crate::model::number::ClaimView;
use crate::server::sentences;
use crate::{route, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

#[component]
pub fn Claim(view: ClaimView) -> impl IntoView {
    let words = sentences::documents();
    let claim = Submission::new(view.refused);
    view! {
        <section class="card">
            <h1>{words.claim_heading}</h1>
            <p>{view.text}</p>
            <p class="hint">{words.claim_hint}</p>
            <Form action=ClaimAccount::PATH submission=claim fields=erased(view! {
                <SubmitButton label=words.claim_accept busy_label=words::member().one_moment pending=claim.is_pending() />
            }) />
            <ErrorText id="claim-error" error=claim.refused() />
        </section>
        <p class="aside"><a href=route::PROFILE>{words.claim_decline}</a></p>
    }
}
