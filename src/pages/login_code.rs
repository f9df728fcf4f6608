//! `/login/code`: asks for the code from the message. It has its own address, so that it works without JavaScript.

use crate::api::login::{SendAgain, Verify, code_view};
use crate::components::countdown::seconds_left;
use crate::components::error_text::ErrorText;
use crate::components::field::Field;
use crate::components::form::{SubmitButton, accepted, refusal, sentence};
use crate::error::AppError;
use crate::model::login_code::LoginCode as Code;
use crate::model::profile::{LoginCodeView, Submission};
use crate::pages::{content, page_data};
use crate::{route, words};
use leptos::form::ActionForm;
use leptos::html::Form;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn LoginCode() -> impl IntoView {
    let send_again = ServerAction::<SendAgain>::new();
    let verify = ServerAction::<Verify>::new();
    let is_longer = move || {
        verify
            .value()
            .with(|value| matches!(value, Some(Ok(Submission::Refused(AppError::LoginCodeLengthened { .. })))))
    };
    let view = page_data(move || (accepted(send_again).get(), is_longer()), |_| code_view());
    let content = move || Suspend::new(content(view, move |view| view! { <CodeForm view verify send_again /> }));
    view! {
        <Title text=words::member().code_title />
        <Transition>{content}</Transition>
    }
}

#[component]
fn CodeForm(view: LoginCodeView, verify: ServerAction<Verify>, send_again: ServerAction<SendAgain>) -> impl IntoView {
    let words = words::member();
    let form = NodeRef::<Form>::new();
    let length = view.code_length;
    let submit_when_complete = move |typed: String| {
        let is_complete = Code::parse(&typed, length).is_ok() && !verify.pending().get_untracked();
        if let Some(form) = form.get_untracked().filter(|_| is_complete) {
            let _ = form.request_submit();
        }
    };
    // Only with JavaScript, and said before it happens (WCAG 2.2, failure F36).
    let (sends_itself, set_sends_itself) = signal(false);
    Effect::new(move |_| set_sends_itself.set(true));
    let last_digit_sends = move || sends_itself.get().then_some(words.last_digit_sends);
    // Without JavaScript both forms of this page come back with one refusal; it is shown at the form that it is about.
    let typed = view.flash.field(0);
    let (resend_refused, code_refused) = match view.flash.refused {
        Some(error @ (AppError::ResendTooSoon { .. } | AppError::TooManyMessages { .. } | AppError::SmsNotSent)) => {
            (Some(error), None)
        }
        error => (None, error),
    };
    let message = view.simulated_sms.map(|text| view! { <SimulatedSms text /> });
    view! {
        {message}
        <section class="card">
            <h1>{words.code_heading}</h1>
            <p>{words.code_sent_to} <span class="phone">{view.phone}</span> "."{last_digit_sends}</p>
            <ActionForm action=verify node_ref=form>
                <Field
                    name="code"
                    label=words.code
                    hint=words.code_hint(length)
                    inputmode="numeric"
                    autocomplete="one-time-code"
                    typed=typed
                    error=sentence(refusal(verify, code_refused))
                    autofocus=true
                    on_typed=submit_when_complete
                />
                <SubmitButton label=words.log_in busy_label=words.checking pending=verify.pending() />
            </ActionForm>
            <SendAgainForm send_again resend_in=view.resend_in refused=resend_refused />
            <p class="aside">
                <a href=route::LOGIN>{words.use_another_number}</a>
            </p>
        </section>
    }
}

#[component]
fn SendAgainForm(send_again: ServerAction<SendAgain>, resend_in: u32, refused: Option<AppError>) -> impl IntoView {
    let words = words::member();
    let left = seconds_left(resend_in);
    // Without JavaScript the button must not be disabled, because nothing would enable it later.
    let (ticking, set_ticking) = signal(false);
    Effect::new(move |_| set_ticking.set(true));
    let wait = move || match left.get() {
        0 => String::new(),
        seconds => words.send_again_in(&words.duration(seconds)),
    };
    view! {
        <ActionForm action=send_again attr:class="inline">
            <SubmitButton
                label=words.send_again
                busy_label=words.sending
                pending=send_again.pending()
                disabled=Signal::derive(move || ticking.get() && left.get() > 0)
                class="quiet"
            />
            <span class="hint" role="timer">{wait}</span>
        </ActionForm>
        <ErrorText id="send-again-error".to_owned() error=sentence(refusal(send_again, refused)) />
    }
}

/// The message, shown like a phone notification, when SMS is simulated.
#[component]
fn SimulatedSms(text: String) -> impl IntoView {
    let words = words::member();
    view! {
        <div class="sms" role="status" aria-label=words.simulated_message>
            <p class="sms-head">{words.simulated_message_app} <span>{words.simulated_message_time}</span></p>
            <p data-testid="simulated-sms">{text}</p>
        </div>
    }
}
