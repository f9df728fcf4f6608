//! `/profile/devices`: where the member is logged in, with an end for each login.

use crate::api::devices::{LogOut, LogOutEverywhere, view};
use crate::components::error_text::ErrorText;
use crate::components::form::{SubmitButton, accepted, refusal, sentence};
use crate::components::header::LogOutButton;
use crate::error::AppError;
use crate::model::devices::{DeviceView, DevicesView};
use crate::model::moment::Moment;
use crate::pages::{content, page_data};
use crate::{route, words};
use leptos::either::Either;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn Devices() -> impl IntoView {
    let log_out = ServerAction::<LogOut>::new();
    let ended = accepted(log_out);
    let data = page_data(move || ended.get(), |_| view());
    let content = move || Suspend::new(content(data, move |view| view! { <Logins view log_out /> }));
    view! {
        <Title text=words::member().devices_title />
        <Transition>{content}</Transition>
    }
}

#[component]
fn Logins(view: DevicesView, log_out: ServerAction<LogOut>) -> impl IntoView {
    let words = words::member();
    let rows = view.logins.into_iter().map(|login| row(login, log_out)).collect_view();
    view! {
        <section class="card">
            <h1>{words.devices_heading}</h1>
            <p role="status">{view.count}</p>
            <p class="hint">{words.devices_hint}</p>
            <ErrorText id="log-out-error".to_owned() error=sentence(refusal(log_out, None::<AppError>)) />
            <ul class="devices">{rows}</ul>
            <LogOutEverywhereForm />
            <p class="aside">
                <a href=route::PROFILE>{words.back_to_profile}</a>
            </p>
        </section>
    }
}

fn row(login: DeviceView, log_out: ServerAction<LogOut>) -> impl IntoView {
    let words = words::member();
    let (this_device, last_used, end) = if login.is_current {
        (
            Some(view! { <strong class="badge">{words.this_device}</strong> }),
            None,
            Either::Left(view! { <LogOutButton /> }),
        )
    } else {
        let last_used = view! { <span class="hint">{words.last_used} {time(login.last_used)}</span> };
        (None, Some(last_used), Either::Right(view! { <LogOutForm id=login.id name=login.name.clone() log_out /> }))
    };
    view! {
        <li data-testid="device">
            <div>
                {login.name} " " {this_device}
                <span class="hint">{words.logged_in_on} {time(login.logged_in)}</span>
                {last_used}
            </div>
            {end}
        </li>
    }
}

#[component]
fn LogOutForm(id: String, name: String, log_out: ServerAction<LogOut>) -> impl IntoView {
    let words = words::member();
    view! {
        <ActionForm action=log_out attr:aria-label=name>
            <input type="hidden" name="id" value=id />
            <SubmitButton label=words.log_out busy_label=words.logging_out pending=log_out.pending() class="quiet" />
        </ActionForm>
    }
}

#[component]
fn LogOutEverywhereForm() -> impl IntoView {
    let words = words::member();
    let everywhere = ServerAction::<LogOutEverywhere>::new();
    view! {
        <ActionForm action=everywhere>
            <p class="hint">{words.log_out_everywhere_hint}</p>
            <SubmitButton
                label=words.log_out_everywhere
                busy_label=words.logging_out
                pending=everywhere.pending()
            />
        </ActionForm>
        <ErrorText id="everywhere-error".to_owned() error=sentence(refusal(everywhere, None::<AppError>)) />
    }
}

fn time(moment: Moment) -> impl IntoView {
    view! { <time datetime=moment.iso>{moment.text}</time> }
}
