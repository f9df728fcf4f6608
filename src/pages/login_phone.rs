//! `/login`: the phone number.

use crate::api::login::{RequestCode, phone_view};
use crate::app::route;
use crate::components::field::Field;
use crate::components::form::{SubmitButton, refusal};
use crate::error::AppError;
use crate::model::profile::LoginPhoneView;
use crate::pages::{content, page_data};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The first step of logging in.
#[component]
pub fn LoginPhone() -> impl IntoView {
    let view = page_data(|| (), |()| phone_view());
    let content = move || Suspend::new(content(view, move |view| view! { <PhoneForm view /> }));
    view! {
        <Title text="Log in" />
        <Suspense>{content}</Suspense>
    }
}

#[component]
fn PhoneForm(view: LoginPhoneView) -> impl IntoView {
    let request_code = ServerAction::<RequestCode>::new();
    let next = use_query_map().with_untracked(|query| query.get("next")).unwrap_or_default();
    // Who was sent here from a page that needs a login is told so.
    let notice = (!next.is_empty()).then(|| AppError::LoginRequired.to_string());
    let unfinished = view.unfinished.map(|phone| {
        view! {
            <p class="aside">
                "A code is on its way to " <span class="phone">{phone}</span> ". "
                <a href=route::LOGIN_CODE>"Enter it"</a>
            </p>
        }
    });
    view! {
        <section class="card">
            <h1>"Log in with your phone"</h1>
            {notice.map(|notice| view! { <p class="notice" role="status">{notice}</p> })}
            <p>"We send you a code. No password, and nothing to remember."</p>
            <ActionForm action=request_code>
                <input type="hidden" name="next" value=next />
                <Field
                    name="phone_number"
                    label="Phone number"
                    hint="Any usual way to write it will do.".to_owned()
                    kind="tel"
                    inputmode="tel"
                    autocomplete="tel"
                    placeholder="+7 912 345-67-89"
                    typed=view.flash.typed
                    error=refusal(request_code, view.flash.refused)
                    autofocus=true
                />
                <SubmitButton label="Send the code" busy_label="Sending…" pending=request_code.pending() />
            </ActionForm>
            {unfinished}
        </section>
    }
}
