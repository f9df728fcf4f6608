//! The header of the member pages, and the button that logs out.

use crate::api::login::LogOut;
use crate::components::form::SubmitButton;
use crate::{route, words};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The name, and on the pages of a member the button that logs out.
#[component]
pub fn Header() -> impl IntoView {
    let path = use_location().pathname;
    view! {
        <header>
            <a class="brand" href=route::HOME>
                "Vouch"
            </a>
            <Show when=move || path.get().starts_with(route::PROFILE)>
                <LogOutButton />
            </Show>
        </header>
    }
}

#[component]
pub fn LogOutButton() -> impl IntoView {
    let words = words::member();
    let log_out = ServerAction::<LogOut>::new();
    view! {
        <ActionForm action=log_out>
            <SubmitButton label=words.log_out busy_label=words.logging_out pending=log_out.pending() class="quiet" />
        </ActionForm>
    }
}
