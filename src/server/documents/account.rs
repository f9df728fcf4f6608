//! `/profile/account`: the member's own data, and the end of it.

use crate::api::account::{DeleteAccount, RequestDeletionCode};
use crate::components::error_text::ErrorText;
use crate::components::field::Field;
use crate::components::form::{Form, Submission, SubmitButton};
use crate::components::plain::erased;
use crate::components::simulated_sms::SimulatedSms;
use crate::model::account::{AccountView, SentCodeView};
use crate::model::profile::Flash;
use crate::server::sentences;
use crate::{route, words};
use leptos::either::Either;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

#[component]
pub fn Account(view: AccountView) -> impl IntoView {
    let words = sentences::documents();
    let deletion = match view.sent {
        Some(sent) => Either::Left(view! { <Deletion sent flash=view.flash /> }),
        None => Either::Right(view! { <FirstStep refused=view.flash.refused /> }),
    };
    view! {
        <section class="card">
            <h1>{words.account_heading}</h1>
            <p>{words.account_text}</p>
            <p><a href=route::OWN_DATA download="vouch.json">{words.download_data}</a></p>
        </section>
        <section class="card">
            <h2>{words.number_heading}</h2>
            <p>{words.number_why}</p>
            <p><a href=route::NUMBER>{words.number_change}</a></p>
        </section>
        <section class="card">
            <h2>{words.delete_heading}</h2>
            <p>{words.delete_text}</p>
            {deletion}
        </section>
        <p class="aside"><a href=route::PROFILE>{words.back_to_profile}</a></p>
    }
}

#[component]
fn FirstStep(refused: Option<String>) -> impl IntoView {
    let words = sentences::documents();
    let request = Submission::new(refused);
    view! {
        <Form action=RequestDeletionCode::PATH submission=request fields=erased(view! {
            <SubmitButton label=words.send_code_to_delete busy_label=words::member().sending pending=request.is_pending() class="quiet" />
        }) />
        <ErrorText id="request-error" error=request.refused() />
    }
}

#[component]
fn Deletion(sent: SentCodeView, flash: Flash) -> impl IntoView {
    let words = sentences::documents();
    let typed = flash.field(0);
    let delete = Submission::new(flash.refused);
    view! {
        {sent.simulated_sms.map(|text| view! { <SimulatedSms text /> })}
        <p role="status">{words.delete_code_text}</p>
        <Form action=DeleteAccount::PATH submission=delete fields=erased(view! {
            <Field
                name="code"
                label=words::member().code
                hint=words::member().code_hint(sent.length)
                inputmode="numeric"
                autocomplete="one-time-code"
                typed
                error=delete.refused()
                autofocus=true
            />
            <SubmitButton label=words.delete_account busy_label=words.deleting pending=delete.is_pending() class="danger" />
        }) />
    }
}
