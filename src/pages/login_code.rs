//! `/login/code`: asks for the code from the message. It has its own address, so that it works without JavaScript.

use crate::api::login::{SendAgain, Verify};
use crate::components::countdown::seconds_left;
use crate::components::error_text::ErrorText;
use crate::components::field::Field;
use crate::components::form::{Form, Submission, SubmitButton};
use crate::components::plain::erased;
use crate::components::simulated_sms::SimulatedSms;
use crate::model::login_code::LoginCode as Code;
use crate::model::profile::LoginCodeView;
use crate::{route, words};
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

#[component]
pub fn LoginCode(view: LoginCodeView) -> impl IntoView {
    let words = words::member();
    let (form, length) = (NodeRef::<html::Form>::new(), view.code_length);
    let typed = view.flash.field(0);
    let verify = Submission::new(view.flash.refused);
    let submit_when_complete = move |typed: String| {
        let is_complete = Code::parse(&typed, length).is_ok() && !verify.is_pending().get_untracked();
        if let Some(form) = form.get_untracked().filter(|_| is_complete) {
            let _ = form.request_submit();
        }
    };
    // Only with JavaScript, and said before it happens (WCAG 2.2, failure F36).
    let (sends_itself, set_sends_itself) = signal(false);
    Effect::new(move |_| set_sends_itself.set(true));
    let last_digit_sends = move || sends_itself.get().then_some(words.last_digit_sends);
    let message = view.simulated_sms.map(|text| view! { <SimulatedSms text /> });
    view! {
        {message}
        <section class="card">
            <h1>{words.code_heading}</h1>
            <p>
                {words.code_sent_to} <span class="phone">{view.phone}</span> "."{last_digit_sends} " "
                <a href=route::LOGIN>{words.change_number}</a>
            </p>
            <Form action=Verify::PATH submission=verify node_ref=form fields=erased(view! {
                <Field
                    name="code"
                    label=words.code
                    hint=words.code_hint(length)
                    inputmode="numeric"
                    autocomplete="one-time-code"
                    typed
                    error=verify.refused()
                    autofocus=true
                    on_typed=submit_when_complete
                />
                <SubmitButton label=words.log_in busy_label=words.checking pending=verify.is_pending() />
            }) />
            <SendAgainForm resend_in=view.resend_in refused=view.resend_refused />
        </section>
    }
}

#[component]
fn SendAgainForm(resend_in: u32, refused: Option<String>) -> impl IntoView {
    let words = words::member();
    let send_again = Submission::new(refused);
    let left = seconds_left(resend_in);
    // Without JavaScript the button must not be disabled, because nothing would enable it later.
    let (ticking, set_ticking) = signal(false);
    Effect::new(move |_| set_ticking.set(true));
    let wait = move || match left.get() {
        0 => String::new(),
        seconds => words.send_again_in(&words.duration(seconds)),
    };
    view! {
        <Form action=SendAgain::PATH submission=send_again class="inline" fields=erased(view! {
            <SubmitButton
                label=words.send_again
                busy_label=words.sending
                pending=send_again.is_pending()
                disabled=Signal::derive(move || ticking.get() && left.get() > 0)
                class="quiet"
            />
            <span class="hint" role="timer">{wait}</span>
        }) />
        <ErrorText id="send-again-error" error=send_again.refused() />
    }
}
