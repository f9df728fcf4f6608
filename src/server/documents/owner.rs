//! `/login/owner`: whether an account that nobody has used for long is the person's.

use crate::api::login::AnswerOwner;
use crate::components::error_text::ErrorText;
use crate::components::form::{Form, Submission, SubmitButton};
use crate::components::plain::erased;
use crate::model::number::OwnerView;
use crate::server::sentences;
use crate::words;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

#[component]
pub fn Owner(view: OwnerView) -> impl IntoView {
    let words = sentences::documents();
    let answer = Submission::new(view.refused);
    let form = |is_mine: bool, text: &'static str, label: &'static str| {
        view! {
            <p class="hint">{text}</p>
            <Form action=AnswerOwner::PATH submission=answer fields=erased(view! {
                <input type="hidden" name="is_mine" value=is_mine.to_string() />
                <SubmitButton label=label busy_label=words::member().one_moment pending=answer.is_pending() />
            }) />
        }
    };
    view! {
        <section class="card">
            <h1>{words.owner_heading}</h1>
            <p>{view.question}</p>
            <ErrorText id="owner-error" error=answer.refused() />
            {form(true, words.owner_yes_text, words.owner_yes)}
            {form(false, words.owner_no_text, words.owner_no)}
        </section>
    }
}
