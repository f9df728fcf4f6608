//! `/profile`: the member's own page.

use crate::api::profile::Redeem;
use crate::components::copy_button::CopyButton;
use crate::components::field::Field;
use crate::components::form::{Form, Submission, SubmitButton};
use crate::components::plain::erased;
use crate::model::profile::{Flash, InviteeView, ProfileView};
use crate::{route, words};
use leptos::either::Either;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

#[component]
pub fn Profile(view: ProfileView) -> impl IntoView {
    let words = words::member();
    let activated = match view.activated {
        Some(code) => Either::Left(view! { <Activated code /> }),
        None => Either::Right(view! { <RedeemForm flash=view.flash /> }),
    };
    view! {
        <h1 class="visually-hidden">{words.profile_title}</h1>
        <p class="who">
            {words.logged_in_as} <span class="phone">{view.phone}</span> " · " <a href=route::DEVICES>{words.devices_title}</a>
        </p>
        <section class="card own" aria-labelledby="own-code">
            <h2 id="own-code">{words.own_code}</h2>
            <p class="invite-code" data-testid="invite-code">{view.invite_code.clone()}</p>
            <CopyButton text=view.invite_code />
            <p class="hint">{words.own_code_hint}</p>
        </section>
        <section class="card" aria-labelledby="activated">
            <h2 id="activated">{words.who_invited_you}</h2>
            {activated}
        </section>
        <section class="card" aria-labelledby="invitees">
            <h2 id="invitees">{words.invitees} <span class="count">{view.total}</span></h2>
            <Invitees invitees=view.invitees older=view.older is_first_page=view.is_first_page />
        </section>
    }
}

#[component]
fn Activated(code: String) -> impl IntoView {
    view! {
        <p role="status">
            {words::member().activated_code} <strong class="code" data-testid="activated-code">{code}</strong> "."
        </p>
    }
}

#[component]
fn RedeemForm(flash: Flash) -> impl IntoView {
    let words = words::member();
    let typed = flash.field(0);
    let redeem = Submission::new(flash.refused);
    view! {
        <Form action=Redeem::PATH submission=redeem fields=erased(view! {
            <Field
                name="invite_code"
                label=words.their_code
                hint=words.their_code_hint.to_owned()
                autocapitalize="characters"
                typed
                error=redeem.refused()
            />
            <SubmitButton label=words.activate busy_label=words.activating pending=redeem.is_pending() />
        }) />
    }
}

#[component]
fn Invitees(invitees: Vec<InviteeView>, older: Option<String>, is_first_page: bool) -> impl IntoView {
    let words = words::member();
    let is_empty = invitees.is_empty();
    let rows = invitees
        .into_iter()
        .map(|invitee| {
            view! {
                <li>{invitee.phone} <time datetime=invitee.date>{invitee.date_text}</time></li>
            }
        })
        .collect_view();
    let newest = (!is_first_page).then(|| view! { <a href=route::PROFILE>{words.newest}</a> });
    let older = older.map(|after| view! { <a href=format!("{}?after={after}", route::PROFILE)>{words.older}</a> });
    let has_pages = newest.is_some() || older.is_some();
    view! {
        {(is_empty && is_first_page).then(|| view! { <p class="hint">{words.no_invitees}</p> })}
        <ul class="invitees" data-testid="invitees">{rows}</ul>
        {has_pages.then(|| view! { <nav class="pages" aria-label=words.invitee_pages>{newest} {older}</nav> })}
    }
}
