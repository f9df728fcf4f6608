//! The header of the member pages, and the button that logs out.

use crate::api::login::LogOut;
use crate::components::form::{Form, Submission, SubmitButton};
use crate::components::plain::erased;
use crate::{route, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The name, and on the pages of a member the button that logs out.
#[component]
pub fn Header(#[prop(into)] is_member: Signal<bool>) -> impl IntoView {
    view! {
        <header>
            <a class="brand" href=route::HOME>
                {words::name()}
            </a>
            {move || is_member.get().then(|| view! { <LogOutButton /> })}
        </header>
    }
}

#[component]
pub fn LogOutButton() -> impl IntoView {
    let words = words::member();
    let log_out = Submission::new(None);
    view! {
        <Form action=LogOut::PATH submission=log_out fields=erased(view! {
            <SubmitButton label=words.log_out busy_label=words.logging_out pending=log_out.is_pending() class="quiet" />
        }) />
    }
}
