//! `/admin/second-factor`: sets up the authenticator app, or asks for its code.

use super::data::{accepted, content, page_data, refusal, sentence};
use crate::api::admin::second_factor::{LogInAgain, Prove, SetUp, view};
use crate::components::error_text::ErrorText;
use crate::components::field::Field;
use crate::components::form::{Form, Submission, SubmitButton};
use crate::components::plain::erased;
use crate::model::admin::{Refusal, SecondFactorStep, SecondFactorView};
use crate::words;
use leptos::either::EitherOf4;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub fn SecondFactor() -> impl IntoView {
    let set_up = ServerAction::<SetUp>::new();
    let data = page_data(move || accepted(set_up).get(), |_| view());
    let content = move || Suspend::new(content(data, move |view| view! { <Step view set_up /> }));
    view! {
        <Title text=words::admin().second_factor_title />
        <Transition>{content}</Transition>
    }
}

#[component]
fn Step(view: SecondFactorView, set_up: ServerAction<SetUp>) -> impl IntoView {
    let words = words::admin();
    let refused = view.flash.refused;
    match view.step {
        SecondFactorStep::LogInAgain => EitherOf4::A(view! { <LogInAgainForm /> }),
        SecondFactorStep::SetUp => EitherOf4::B(view! { <SetUpForm set_up refused /> }),
        SecondFactorStep::Confirm { qr, url, secret, recovery_codes } => EitherOf4::C(view! {
            <section class="card narrow">
                <h1>{words.set_up_heading}</h1>
                <ol class="steps">
                    <li>
                        <p>
                            {words.set_up_scan}
                            <a href=url rel="external">{words.set_up_open}</a> ":"
                        </p>
                        <div class="qr" role="img" aria-label=words.set_up_qr inner_html=qr></div>
                        <p class="hint">
                            {words.set_up_secret} <span class="code" data-testid="secret">{secret}</span>
                        </p>
                    </li>
                    <li>
                        <p>
                            {words.set_up_recovery}
                        </p>
                        <ul class="recovery-codes">
                            {recovery_codes.into_iter().map(|code| view! { <li class="code">{code}</li> }).collect_view()}
                        </ul>
                    </li>
                    <li>
                        <p>{words.set_up_first_code}</p>
                        <ProveForm refused is_first=true />
                    </li>
                </ol>
            </section>
        }),
        SecondFactorStep::Enter => EitherOf4::D(view! {
            <section class="card narrow">
                <h1>{words.prove_heading}</h1>
                <p>{words.prove_text}</p>
                <ProveForm refused is_first=false />
            </section>
        }),
    }
}

#[component]
fn ProveForm(refused: Option<Refusal>, is_first: bool) -> impl IntoView {
    let words = words::admin();
    let prove = ServerAction::<Prove>::new();
    let next = use_query_map().read_untracked().get("next").unwrap_or_default();
    view! {
        <ActionForm action=prove>
            <input type="hidden" name="next" value=next />
            <Field
                name="code"
                label=words::member().code
                hint=String::new()
                autocomplete="one-time-code"
                typed=String::new()
                error=sentence(refusal(prove, refused))
                // Recovery codes contain letters, and cannot be used before the first code of the app.
                inputmode=if is_first { "numeric" } else { "text" }
                // During setup there is text to read above the field.
                autofocus=!is_first
            />
            <SubmitButton label=words.continue_ busy_label=words::member().checking pending=prove.pending() />
        </ActionForm>
    }
}

#[component]
fn SetUpForm(set_up: ServerAction<SetUp>, refused: Option<Refusal>) -> impl IntoView {
    let words = words::admin();
    view! {
        <section class="card narrow">
            <h1>{words.one_more_step}</h1>
            <p>
                {words.why_second_factor}
            </p>
            <ActionForm action=set_up>
                <ErrorText id="set-up-error".to_owned() error=sentence(refusal(set_up, refused)) />
                <SubmitButton label=words.set_it_up busy_label=words.setting_up pending=set_up.pending() />
            </ActionForm>
        </section>
    }
}

#[component]
fn LogInAgainForm() -> impl IntoView {
    let words = words::admin();
    let log_in_again = Submission::new(None);
    view! {
        <section class="card narrow">
            <h1>{words.log_in_again}</h1>
            <p>{words.log_in_again_text}</p>
            <Form action=LogInAgain::PATH submission=log_in_again fields=erased(view! {
                <SubmitButton
                    label=words.log_in_again
                    busy_label=words::member().one_moment
                    pending=log_in_again.is_pending()
                />
            }) />
        </section>
    }
}
