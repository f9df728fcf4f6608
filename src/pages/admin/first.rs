//! `/admin/first`: makes whoever came by the link of the terminal the first admin.

use super::data::{refusal, sentence};
use crate::api::admin::first::Accept;
use crate::components::error_text::ErrorText;
use crate::components::form::SubmitButton;
use crate::words;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub fn First() -> impl IntoView {
    let words = words::admin();
    let accept = ServerAction::<Accept>::new();
    let token = use_query_map().read_untracked().get("token").unwrap_or_default();
    view! {
        <Title text=words.first_admin_heading />
        <section class="card narrow">
            <h1>{words.first_admin_heading}</h1>
            <p>{words.first_admin_text}</p>
            <ActionForm action=accept>
                <input type="hidden" name="token" value=token />
                <ErrorText id="first-admin-error".to_owned() error=sentence(refusal(accept, None)) />
                <SubmitButton
                    label=words.become_first_admin
                    busy_label=words::member().one_moment
                    pending=accept.pending()
                />
            </ActionForm>
        </section>
    }
}
