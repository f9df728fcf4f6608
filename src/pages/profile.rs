//! `/profile`: the member's own page.

use crate::api::page::Page;
use crate::api::profile::Redeem;
use crate::components::copy_button::CopyButton;
use crate::components::error_text::ErrorText;
use crate::components::fetch;
use crate::components::field::Field;
use crate::components::form::{Form, Submission, SubmitButton};
use crate::components::live::on_change_of_invitees;
use crate::components::offline::keep_for_offline;
use crate::components::plain::erased;
use crate::components::share::Share;
use crate::model::page::{PageAnswer, PageView};
use crate::model::profile::{Flash, InviteesView, OfferView, ProfileView};
use crate::model::thousands;
use crate::{route, words};
use leptos::either::Either;
use leptos::prelude::*;
use leptos::reactive::spawn_local;
use leptos::server_fn::ServerFn;

/// Between links; at the end of a line rather than at the beginning of the next.
const SEPARATOR: &str = "\u{a0}· ";

#[component]
pub fn Profile(view: ProfileView) -> impl IntoView {
    let words = words::member();
    let activated = match view.activated {
        Some(code) => Either::Left(view! { <Activated code /> }),
        None => Either::Right(view! { <Redeeming flash=view.flash offer=view.offer /> }),
    };
    keep_for_offline();
    view! {
        <h1 class="visually-hidden">{words.profile_title}</h1>
        <p class="who">
            {words.logged_in_as} <span class="phone">{view.phone}</span> {SEPARATOR} <a href=route::PROGRESS rel="external">{words.progress_title}</a> {SEPARATOR}
            <a href=route::DEVICES rel="external">{words.devices_title}</a> {SEPARATOR}
            <a href=route::ACCOUNT rel="external">{words.account_title}</a>
        </p>
        <section class="card own" aria-labelledby="own-code">
            <h2 id="own-code">{words.own_code}</h2>
            <p class="invite-code" data-testid="invite-code">{view.invite_code.clone()}</p>
            <p class="inline">
                <CopyButton text=view.invite_code.clone() label=words.copy_code />
                <CopyButton text=view.link label=words.copy_link />
            </p>
            <p class="hint">{words.own_code_hint}</p>
            <Share code=view.invite_code message=view.message />
            {(!view.link_counts.is_empty()).then(|| view! { <p class="hint">{view.link_counts}</p> })}
        </section>
        <section class="card" aria-labelledby="activated">
            <h2 id="activated">{words.who_invited_you}</h2>
            {activated}
        </section>
        <section class="card" aria-labelledby="invitees">
            <Invitees first=view.invitees is_first_page=view.is_first_page />
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

/// An offer, if there is one, before the form for any code.
#[component]
fn Redeeming(flash: Flash, offer: Option<OfferView>) -> impl IntoView {
    let words = words::member();
    let accept = Submission::new(None);
    let offer = offer.map(|OfferView { sentence, code }| {
        view! {
            <p data-testid="offer">{sentence.clone()}</p>
            <Form action=Redeem::PATH submission=accept label=sentence fields=erased(view! {
                <input type="hidden" name="invite_code" value=code />
                <SubmitButton label=words.accept busy_label=words.activating pending=accept.is_pending() />
            }) />
            <ErrorText id="offer-error" error=accept.refused() />
        }
    });
    let refused = flash.refused.is_some();
    let form = view! { <RedeemForm flash label=words.their_code /> };
    match offer {
        Some(offer) => Either::Left(view! {
            {offer}
            <details class="other" open=refused>
                <summary>{words.another_code}</summary>
                {form}
            </details>
        }),
        None => Either::Right(form),
    }
}

#[component]
fn RedeemForm(flash: Flash, label: &'static str) -> impl IntoView {
    let words = words::member();
    let typed = flash.field(0);
    let redeem = Submission::new(flash.refused);
    view! {
        <Form action=Redeem::PATH submission=redeem fields=erased(view! {
            <Field
                name="invite_code"
                label
                hint=words.their_code_hint.to_owned()
                autocapitalize="characters"
                typed
                error=redeem.refused()
            />
            <SubmitButton label=words.activate busy_label=words.activating pending=redeem.is_pending() />
        }) />
    }
}

/// The invitees, which change by themselves while the first page is open.
#[component]
fn Invitees(first: InviteesView, is_first_page: bool) -> impl IntoView {
    let words = words::member();
    let (shown, news) = (RwSignal::new(first), RwSignal::new(String::new()));
    if is_first_page {
        let revision = Signal::derive(move || shown.with(|shown| shown.revision));
        on_change_of_invitees(revision, move || {
            spawn_local(async move {
                let PageAnswer::Shown(PageView::Profile(now)) = fetch::page(Page::PATH, route::PROFILE).await else {
                    return;
                };
                let joined = now.invitees.total.saturating_sub(shown.with_untracked(|before| before.total));
                news.set(if joined > 0 { words.joined(joined) } else { String::new() });
                shown.set(now.invitees);
            });
        });
    }
    view! {
        <h2 id="invitees">{words.invitees} " " <span class="count">{move || shown.with(|shown| thousands(shown.total))}</span></h2>
        <p class="news" role="status">{news}</p>
        {move || {
            let milestone = shown.with(|shown| shown.milestone.clone());
            (!milestone.is_empty()).then(|| view! { <p class="hint" dir="auto">{milestone}</p> })
        }}
        {move || erased(view! { <InviteeList view=shown.get() is_first_page /> })}
    }
}

#[component]
fn InviteeList(view: InviteesView, is_first_page: bool) -> impl IntoView {
    let words = words::member();
    let is_empty = view.page.is_empty();
    let rows = view
        .page
        .into_iter()
        .map(|invitee| {
            view! {
                <li data-testid="invitee"><bdi>{invitee.phone}</bdi> <time datetime=invitee.date>{invitee.date_text}</time></li>
            }
        })
        .collect_view();
    let newest = (!is_first_page).then(|| view! { <a href=route::PROFILE>{words.newest}</a> });
    let older = view.older.map(|after| view! { <a href=format!("{}?after={after}", route::PROFILE)>{words.older}</a> });
    let has_pages = newest.is_some() || older.is_some();
    view! {
        {(is_empty && is_first_page).then(|| view! { <p class="hint">{words.no_invitees}</p> })}
        <ul class="invitees" data-testid="invitees">{rows}</ul>
        {has_pages.then(|| view! { <nav class="pages" aria-label=words.invitee_pages>{newest} {older}</nav> })}
    }
}
