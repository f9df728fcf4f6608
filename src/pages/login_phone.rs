//! `/login`: asks for the phone number.

use crate::api::login::{RequestCode, phone_view};
use crate::components::field::Field;
use crate::components::form::{SubmitButton, refusal, sentence};
use crate::model::profile::LoginPhoneView;
use crate::pages::{content, page_data};
use crate::{route, words};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub fn LoginPhone() -> impl IntoView {
    let view = page_data(|| (), |()| phone_view());
    let content = move || Suspend::new(content(view, move |view| view! { <PhoneForm view /> }));
    view! {
        <Title text=words::member().login_title />
        <Suspense>{content}</Suspense>
    }
}

#[component]
fn PhoneForm(view: LoginPhoneView) -> impl IntoView {
    let words = words::member();
    let request_code = ServerAction::<RequestCode>::new();
    let next = use_query_map().with_untracked(|query| query.get("next")).unwrap_or_default();
    // Visitors who were redirected from a page that needs a login see why.
    let notice = (!next.is_empty()).then_some(words.login_required);
    let unfinished = view.unfinished.map(|phone| {
        view! {
            <p class="aside">
                {words.code_on_its_way_to} <span class="phone">{phone}</span> ". "
                <a href=route::LOGIN_CODE>{words.enter_it}</a>
            </p>
        }
    });
    view! {
        <section class="card">
            <h1>{words.login_heading}</h1>
            {notice.map(|notice| view! { <p class="notice" role="status">{notice}</p> })}
            <p>{words.login_intro}</p>
            <ActionForm action=request_code>
                <input type="hidden" name="next" value=next />
                <Field
                    name="phone_number"
                    label=words.phone_number
                    hint=words.phone_hint.to_owned()
                    kind="tel"
                    inputmode="tel"
                    autocomplete="tel"
                    placeholder=words.phone_example
                    typed=view.flash.field(0)
                    error=sentence(refusal(request_code, view.flash.refused))
                    autofocus=true
                />
                <SubmitButton label=words.send_code busy_label=words.sending pending=request_code.pending() />
            </ActionForm>
            {unfinished}
        </section>
    }
}
