//! `/admin/members/17`: all about one member, and what can be done.

use super::audit::audit_line;
use super::{address, id_in_address, time};
use crate::api::admin::members;
use crate::app::route;
use crate::model::admin::{DeviceView, LoginView, MemberView, RedemptionView, TreeRow, TryView};
use crate::pages::{content, page_data};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// Who they are, who brought them in and whom they did, what they tried, and the acts.
#[component]
pub fn Member() -> impl IntoView {
    let id = id_in_address(use_params_map());
    let query = use_query_map();
    let unfolded = Memo::new(move |_| query.read().get("unfold").unwrap_or_default());
    let data = page_data(move || (id.get(), unfolded.get()), |(id, unfolded)| members::view(id, unfolded));
    let content = move || Suspend::new(content(data, |view| view! { <Sections view /> }));
    view! {
        <Title text="Member" />
        <Transition>{content}</Transition>
    }
}

#[component]
fn Sections(view: MemberView) -> impl IntoView {
    let (id, invitees, is_erased) = (view.row.id, view.row.invitees, view.erased.is_some());
    let has_no_acts = view.acts.is_empty();
    let acts = view.acts.into_iter().map(audit_line).collect_view();
    let former = view.former_codes.into_iter().map(|(code, until)| {
        view! { <p class="hint">"Had " <span class="code">{code}</span> " until " {time(until)}</p> }
    });
    view! {
        <h1>
            <span class="phone">{view.row.name}</span>
            " "
            {view.blocked.is_some().then(|| view! { <span class="badge bad">"blocked"</span> })}
            {is_erased.then(|| view! { <span class="badge">"erased"</span> })}
            {view.is_admin.then(|| view! { <span class="badge">"admin"</span> })}
        </h1>
        <p class="hint">
            "Member " {id} ", joined " {time(view.row.joined)}
            {view.blocked.map(|since| view! { ", blocked since " {time(since)} })}
            {view.erased.map(|at| view! { ", erased " {time(at)} })}
        </p>
        <div class="columns">
            <section class="card" aria-labelledby="invited-by">
                <h2 id="invited-by">"Who invited them?"</h2>
                {invited_by(id, view.redemption, is_erased)}
                <h3>"Every code they tried"</h3>
                {tries(id, view.tries)}
            </section>
            <section class="card" aria-labelledby="code">
                <h2 id="code">"Their invite code"</h2>
                <p class="code large">{view.row.invite_code.clone()}</p>
                {former.collect_view()}
                {(!is_erased).then(|| view! { <p class="acts"><a href=route::act(id, "replace-invite-code")>"Give a new code"</a></p> })}
                <h3>"Whom they brought in " <span class="count">{invitees}</span></h3>
                {tree(id, view.row.invite_code, view.tree, invitees)}
            </section>
            <section class="card" aria-labelledby="logins">
                <h2 id="logins">"Devices and sessions"</h2>
                {devices(view.devices)}
                {logins(view.logins)}
                {(!is_erased).then(|| view! { <p class="acts"><a href=route::act(id, "log-out-everywhere")>"Log out everywhere"</a></p> })}
            </section>
            <section class="card" aria-labelledby="access">
                <h2 id="access">"Access and data"</h2>
                {(!is_erased).then(|| view! { <Access id is_blocked=view.row.is_blocked /> })}
                <h3>"What admins did"</h3>
                {has_no_acts.then(|| view! { <p class="hint">"Nothing."</p> })}
                <ul class="rows">{acts}</ul>
            </section>
        </div>
    }
}

#[component]
fn Access(id: i64, is_blocked: bool) -> impl IntoView {
    let (act, text) = if is_blocked { ("unblock", "Unblock") } else { ("block", "Block") };
    view! {
        <p class="acts">
            <a href=route::act(id, act)>{text}</a>
            <a class="grave" href=route::act(id, "erase")>"Erase"</a>
        </p>
    }
}

fn invited_by(id: i64, redemption: Option<RedemptionView>, is_erased: bool) -> impl IntoView {
    match redemption {
        Some(redemption) => Either::Left(view! {
            <p>
                <a href=route::member(redemption.inviter)>
                    <span class="phone">{redemption.inviter_name}</span>
                </a>
                ", with the code " <span class="code">{redemption.code}</span> ", " {time(redemption.at)}
                {redemption.by_hand.then_some(", attached by an admin")}
            </p>
            {(!is_erased).then(|| view! { <p class="acts"><a href=route::act(id, "detach")>"Detach"</a></p> })}
        }),
        None => Either::Right(view! {
            <p>"Nobody: no code is activated."</p>
            {(!is_erased).then(|| view! { <p class="acts"><a href=route::act(id, "attach")>"Attach to an inviter"</a></p> })}
        }),
    }
}

fn tries(id: i64, tries: Vec<TryView>) -> impl IntoView {
    let is_empty = tries.is_empty();
    let rows = tries.into_iter().map(|tried| {
        let owner = tried.inviter.map(|inviter| view! { " " <a href=route::member(inviter)>"Whose code"</a> });
        let attach = tried.attachable.map(|code| {
            let to = address(&route::act(id, "attach"), &[("code", &code)]);
            view! { " " <a href=to data-testid="attach-this">"Attach it after all"</a> }
        });
        let meant = tried.meant.into_iter().map(|meant| {
            let attach = meant.is_attachable.then(|| {
                let to = address(&route::act(id, "attach"), &[("code", &meant.code)]);
                view! { " " <a href=to data-testid="attach-meant">"Attach this"</a> }
            });
            view! {
                <span data-testid="meant">
                    "Close to " <span class="code">{meant.code}</span> " of "
                    <a class="phone" href=route::member(meant.owner)>{meant.owner_name}</a> "." {attach}
                </span>
            }
        });
        let times = (tried.times > 1).then(|| view! { ", " {tried.times} " times" });
        let from = (!tried.network.is_empty()).then(|| view! { ", from " {tried.network} });
        view! {
            <li data-testid="try" class:counted=tried.has_counted>
                <span class="code">{tried.typed}</span>
                <span class="explanation">{tried.explanation} {owner} {attach}</span>
                {meant.collect_view()}
                <span class="hint">{time(tried.at)} {times} {from}</span>
            </li>
        }
    });
    view! {
        {is_empty.then(|| view! { <p class="hint">"None."</p> })}
        <ul class="rows">{rows.collect_view()}</ul>
    }
}

fn tree(id: i64, code: String, rows: Vec<TreeRow>, invitees: u64) -> impl IntoView {
    let shown = rows.iter().filter(|row| row.depth == 1).count() as u64;
    let rows = rows.into_iter().map(move |line| {
        let row = line.row;
        let toggle = line.toggled.map(|unfolded| {
            let (sign, text) = if line.is_unfolded { ("▾ ", "fold") } else { ("▸ ", "unfold") };
            let label = format!("{sign}{}", row.invitees);
            let described = format!("{text} the {} whom {} brought in", row.invitees, row.name);
            let to = address(&route::member(id), &[("unfold", &unfolded)]);
            // With JavaScript the page stays where it is; without, it goes to the line.
            let to = format!("{to}#member-{}", row.id);
            view! { <a class="toggle" href=to data-noscroll="" aria-label=described>{label}</a> }
        });
        let more = (line.more > 0).then(|| view! { <span class="hint">{line.more} " more on their page"</span> });
        view! {
            <li class=format!("depth-{}", line.depth.min(6)) id=format!("member-{}", row.id)>
                <a href=route::member(row.id)>
                    <span class="phone">{row.name}</span>
                </a>
                {row.is_blocked.then(|| view! { <span class="badge bad">"blocked"</span> })}
                {toggle}
                {more}
            </li>
        }
    });
    let rest = invitees.saturating_sub(shown);
    let others = (rest > 0).then(|| {
        let to = address(route::MEMBERS, &[("inviter", &code)]);
        view! { <p class="hint">"The newest " {shown} ". " <a href=to>"All " {invitees}</a></p> }
    });
    view! {
        <ul class="tree" aria-label="Whom they brought in">{rows.collect_view()}</ul>
        {others}
    }
}

fn devices(devices: Vec<DeviceView>) -> impl IntoView {
    let is_empty = devices.is_empty();
    let rows = devices.into_iter().map(|device| {
        view! {
            <li>
                <span class="agent">{device.agent}</span>
                <span class="hint">
                    "last login " {time(device.last)} " from " {device.network} ", first " {time(device.first)}
                </span>
            </li>
        }
    });
    view! {
        <h3>"Devices"</h3>
        {is_empty.then(|| view! { <p class="hint">"None is known."</p> })}
        <ul class="rows">{rows.collect_view()}</ul>
    }
}

fn logins(logins: Vec<LoginView>) -> impl IntoView {
    let is_empty = logins.is_empty();
    let rows = logins.into_iter().map(|login| {
        let kind = if login.is_api { "API tokens" } else { "Browser session" };
        view! {
            <li>
                <span>{kind}</span>
                <span class="hint">"since " {time(login.began)} ", until " {time(login.ends)}</span>
            </li>
        }
    });
    view! {
        <h3>"Logged in"</h3>
        {is_empty.then(|| view! { <p class="hint">"Nowhere."</p> })}
        <ul class="rows">{rows.collect_view()}</ul>
    }
}
