//! `/profile/devices`: where the member is logged in, with an end for each login.

use crate::api::devices::{LogOut, LogOutEverywhere};
use crate::components::error_text::ErrorText;
use crate::components::form::{Form, Submission, SubmitButton};
use crate::components::header::LogOutButton;
use crate::components::plain::erased;
use crate::model::devices::{DeviceView, DevicesView};
use crate::model::moment::Moment;
use crate::server::sentences;
use crate::{route, words};
use leptos::either::Either;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

#[component]
pub fn Devices(view: DevicesView) -> impl IntoView {
    let (words, member) = (sentences::documents(), words::member());
    let log_out = Submission::new(view.refused);
    let rows = view.logins.into_iter().map(|login| row(login, log_out)).collect_view();
    view! {
        <section class="card">
            <h1>{words.devices_heading}</h1>
            <p role="status">{view.count}</p>
            <p class="hint">{words.devices_hint}</p>
            <ErrorText id="log-out-error" error=log_out.refused() />
            <ul class="devices">{rows}</ul>
            <Form action=LogOutEverywhere::PATH submission=log_out fields=erased(view! {
                <p class="hint">{words.log_out_everywhere_hint}</p>
                <SubmitButton
                    label=words.log_out_everywhere
                    busy_label=member.logging_out
                    pending=log_out.is_pending()
                />
            }) />
            <p class="aside">
                <a href=route::PROFILE>{words.back_to_profile}</a>
            </p>
        </section>
    }
}

fn row(login: DeviceView, log_out: Submission) -> impl IntoView {
    let (words, member) = (sentences::documents(), words::member());
    let (note, end) = if login.is_current {
        let this_device = view! { <strong class="badge">{words.this_device}</strong> };
        (Either::Left(this_device), Either::Left(view! { <LogOutButton /> }))
    } else {
        let last_used = view! { <span class="hint">{words.last_used} {time(login.last_used)}</span> };
        let form = view! {
            <Form action=LogOut::PATH submission=log_out label=login.name.clone() fields=erased(view! {
                <input type="hidden" name="id" value=login.id />
                <SubmitButton label=member.log_out busy_label=member.logging_out pending=log_out.is_pending() class="quiet" />
            }) />
        };
        (Either::Right(last_used), Either::Right(form))
    };
    view! {
        <li data-testid="device">
            <div>
                {login.name} " " <span class="hint">{words.logged_in_on} {time(login.logged_in)}</span> {note}
            </div>
            {end}
        </li>
    }
}

fn time(moment: Moment) -> impl IntoView {
    view! { <time datetime=moment.iso>{moment.text}</time> }
}
