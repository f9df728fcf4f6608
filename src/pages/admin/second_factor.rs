//! `/admin/second-factor`: what makes an admin of a member for this login.

use crate::api::admin::second_factor::{LogInAgain, Prove, SetUp, view};
use crate::components::error_text::ErrorText;
use crate::components::field::Field;
use crate::components::form::{SubmitButton, accepted, refusal};
use crate::error::AppError;
use crate::model::admin::{SecondFactorStep, SecondFactorView};
use crate::pages::{content, page_data};
use leptos::either::EitherOf4;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// Sets the authenticator app up, or asks for its code.
#[component]
pub fn SecondFactor() -> impl IntoView {
    let set_up = ServerAction::<SetUp>::new();
    let data = page_data(move || accepted(set_up).get(), |_| view());
    let content = move || Suspend::new(content(data, move |view| view! { <Step view set_up /> }));
    view! {
        <Title text="Second factor" />
        <Transition>{content}</Transition>
    }
}

#[component]
fn Step(view: SecondFactorView, set_up: ServerAction<SetUp>) -> impl IntoView {
    let refused = view.flash.refused;
    match view.step {
        SecondFactorStep::LogInAgain => EitherOf4::A(view! { <LogInAgainForm /> }),
        SecondFactorStep::SetUp => EitherOf4::B(view! { <SetUpForm set_up refused /> }),
        SecondFactorStep::Confirm { qr, url, secret, recovery_codes } => EitherOf4::C(view! {
            <section class="card narrow">
                <h1>"Set up your authenticator app"</h1>
                <ol class="steps">
                    <li>
                        <p>
                            "Scan this with an authenticator app on your phone. If this is your phone, "
                            <a href=url rel="external">"open it in the app"</a> ":"
                        </p>
                        <div class="qr" role="img" aria-label="QR code that holds the secret below" inner_html=qr></div>
                        <p class="hint">
                            "Or type the secret: " <span class="code" data-testid="secret">{secret}</span>
                        </p>
                    </li>
                    <li>
                        <p>
                            "Keep these recovery codes where you find them without your phone. Each works once, and you \
                             will not see them again:"
                        </p>
                        <ul class="recovery-codes">
                            {recovery_codes.into_iter().map(|code| view! { <li class="code">{code}</li> }).collect_view()}
                        </ul>
                    </li>
                    <li>
                        <p>"Enter the six digits that the app shows now:"</p>
                        <ProveForm refused is_first=true />
                    </li>
                </ol>
            </section>
        }),
        SecondFactorStep::Enter => EitherOf4::D(view! {
            <section class="card narrow">
                <h1>"Confirm that it is you"</h1>
                <p>"Enter the six digits that your authenticator app shows, or one of your recovery codes."</p>
                <ProveForm refused is_first=false />
            </section>
        }),
    }
}

#[component]
fn ProveForm(refused: Option<AppError>, is_first: bool) -> impl IntoView {
    let prove = ServerAction::<Prove>::new();
    let next = use_query_map().read_untracked().get("next").unwrap_or_default();
    view! {
        <ActionForm action=prove>
            <input type="hidden" name="next" value=next />
            <Field
                name="code"
                label="Code"
                hint=String::new()
                autocomplete="one-time-code"
                typed=String::new()
                error=refusal(prove, refused)
                // Recovery codes hold letters, and are of no use before the first code of the app.
                inputmode=if is_first { "numeric" } else { "text" }
                // The first time there is much to read above it.
                autofocus=!is_first
            />
            <SubmitButton label="Go on" busy_label="Checking…" pending=prove.pending() />
        </ActionForm>
    }
}

#[component]
fn SetUpForm(set_up: ServerAction<SetUp>, refused: Option<AppError>) -> impl IntoView {
    view! {
        <section class="card narrow">
            <h1>"One more step, once"</h1>
            <p>
                "You may run this programme. Since a text message can be intercepted, the admin pages also ask for a code \
                 of an authenticator app on your phone, such as Aegis, Google Authenticator or a password manager."
            </p>
            <ActionForm action=set_up>
                <ErrorText id="set-up-error".to_owned() error=refusal(set_up, refused) />
                <SubmitButton label="Set it up" busy_label="Setting up…" pending=set_up.pending() />
            </ActionForm>
        </section>
    }
}

#[component]
fn LogInAgainForm() -> impl IntoView {
    let log_in_again = ServerAction::<LogInAgain>::new();
    view! {
        <section class="card narrow">
            <h1>"Log in again"</h1>
            <p>"Your login is too old for the admin pages. Log in anew to go on."</p>
            <ActionForm action=log_in_again>
                <SubmitButton label="Log in again" busy_label="One moment…" pending=log_in_again.pending() />
            </ActionForm>
        </section>
    }
}
