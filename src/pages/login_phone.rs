//! `/login`: asks for the phone number.

use crate::api::login::RequestCode;
use crate::components::form::{Form, Submission, SubmitButton};
use crate::components::phone_fields::phone_fields;
use crate::components::plain::erased;
use crate::model::profile::LoginPhoneView;
use crate::{route, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

#[component]
pub fn LoginPhone(view: LoginPhoneView) -> impl IntoView {
    let words = words::member();
    let typed = view.flash.field(0);
    let request_code = Submission::new(view.flash.refused);
    // Visitors who were redirected from a page that needs a login see why.
    let notice = (!view.next.is_empty()).then(|| view! { <p class="notice" role="status">{words.login_required}</p> });
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
            {notice}
            <p>{words.login_intro}</p>
            <Form action=RequestCode::PATH submission=request_code fields=erased(view! {
                <input type="hidden" name="next" value=view.next />
                {phone_fields(words.phone_number, typed, view.countries, request_code.refused())}
                <SubmitButton label=words.send_code busy_label=words.sending pending=request_code.is_pending() />
            }) />
            {unfinished}
        </section>
    }
}
