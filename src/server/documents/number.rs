//! `/profile/number`: the member's number, and another one in its place.

use crate::api::number::{Another, Begin, Finish, Prove, SendAgain, SendCode};
use crate::components::error_text::ErrorText;
use crate::components::field::Field;
use crate::components::form::{Form, Submission, SubmitButton};
use crate::components::phone_fields::phone_fields;
use crate::components::plain::erased;
use crate::components::simulated_sms::SimulatedSms;
use crate::model::number::{NumberStep, NumberView, SentTo};
use crate::model::profile::{CountriesView, Flash};
use crate::server::sentences;
use crate::{route, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

#[component]
pub fn Number(view: NumberView) -> impl IntoView {
    let words = sentences::documents();
    let NumberView { flash, resend_refused, step } = view;
    let message = match &step {
        NumberStep::PresentCode(sent) | NumberStep::NewCode(sent) => sent.simulated_sms.clone(),
        NumberStep::Begin | NumberStep::NewNumber(_) => None,
    };
    let step = match step {
        NumberStep::Begin => view! { <FirstStep refused=flash.refused /> }.into_any(),
        NumberStep::PresentCode(sent) => {
            view! { <Code sent flash resend_refused action=Prove::PATH label=words.number_go_on /> }.into_any()
        }
        NumberStep::NewNumber(countries) => view! { <NewNumber flash countries /> }.into_any(),
        NumberStep::NewCode(sent) => view! {
            <Code sent flash resend_refused action=Finish::PATH label=words.number_change />
            <AnotherNumber />
        }
        .into_any(),
    };
    view! {
        {message.map(|text| view! { <SimulatedSms text /> })}
        <section class="card">
            <h1>{words.number_heading}</h1>
            {step}
        </section>
        <p class="aside"><a href=route::ACCOUNT>{words.number_cancel}</a></p>
    }
}

#[component]
fn FirstStep(refused: Option<String>) -> impl IntoView {
    let words = sentences::documents();
    let begin = Submission::new(refused);
    view! {
        <p>{words.number_text}</p>
        <Form action=Begin::PATH submission=begin fields=erased(view! {
            <SubmitButton label=words.number_begin busy_label=words::member().sending pending=begin.is_pending() />
        }) />
        <ErrorText id="begin-error" error=begin.refused() />
    }
}

/// Asks for the code of a message.
#[component]
fn Code(
    sent: SentTo,
    flash: Flash,
    resend_refused: Option<String>,
    action: &'static str,
    label: &'static str,
) -> impl IntoView {
    let words = words::member();
    let typed = flash.field(0);
    let (code, again) = (Submission::new(flash.refused), Submission::new(resend_refused));
    view! {
        <p role="status">{words.code_sent_to} <span class="phone">{sent.phone}</span> "."</p>
        <Form action=action submission=code fields=erased(view! {
            <Field
                name="code"
                label=words.code
                hint=words.code_hint(sent.length)
                inputmode="numeric"
                autocomplete="one-time-code"
                typed
                error=code.refused()
                autofocus=true
            />
            <SubmitButton label=label busy_label=words.checking pending=code.is_pending() />
        }) />
        <Form action=SendAgain::PATH submission=again class="inline" fields=erased(view! {
            <SubmitButton label=words.send_again busy_label=words.sending pending=again.is_pending() class="quiet" />
        }) />
        <ErrorText id="send-again-error" error=again.refused() />
    }
}

#[component]
fn NewNumber(flash: Flash, countries: Option<CountriesView>) -> impl IntoView {
    let (words, documents) = (words::member(), sentences::documents());
    let typed = flash.field(0);
    let send = Submission::new(flash.refused);
    view! {
        <p role="status">{documents.number_proven}</p>
        <Form action=SendCode::PATH submission=send fields=erased(view! {
            {phone_fields(documents.number_new, typed, countries, send.refused())}
            <p class="hint">{documents.number_of_silent_account}</p>
            <SubmitButton label=words.send_code busy_label=words.sending pending=send.is_pending() />
        }) />
    }
}

#[component]
fn AnotherNumber() -> impl IntoView {
    let words = sentences::documents();
    let another = Submission::new(None);
    view! {
        <Form action=Another::PATH submission=another class="inline" fields=erased(view! {
            <SubmitButton label=words.number_another busy_label=words::member().one_moment pending=another.is_pending() class="quiet" />
        }) />
    }
}
