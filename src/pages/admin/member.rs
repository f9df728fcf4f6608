//! `/admin/members/17`: everything about one member, and links to the acts.

use super::audit::audit_line;
use super::data::{content, page_data};
use super::parts::{address, id_in_address, time};
use crate::api::admin::members;
use crate::model::admin::{
    AttemptView, BegunLoginView, DeviceView, LoginView, MemberView, RedemptionView, SetAsideView, TreeRow,
};
use crate::model::moment::Moment;
use crate::{route, words};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn Member() -> impl IntoView {
    let id = id_in_address(use_params_map());
    let query = use_query_map();
    let unfolded = Memo::new(move |_| query.read().get("unfold").unwrap_or_default());
    let data = page_data(move || (id.get(), unfolded.get()), |(id, unfolded)| members::view(id, unfolded));
    let content = move || Suspend::new(content(data, |view| view! { <Sections view /> }));
    view! {
        <Title text=words::admin().member_title />
        <Transition>{content}</Transition>
    }
}

#[component]
fn Sections(view: MemberView) -> impl IntoView {
    let words = words::admin();
    let (id, invitees, is_erased) = (view.row.id, view.row.invitees, view.erased.is_some());
    // Without a number, an account can only be erased.
    let has_number = !is_erased && view.set_aside.is_none();
    let has_no_acts = view.acts.is_empty();
    let acts = view.acts.into_iter().map(audit_line).collect_view();
    let former = view.former_codes.into_iter().map(|(code, until)| {
        view! { <p class="hint">{words.had_code} <span class="code">{code}</span> {words.until_day} {time(until)}</p> }
    });
    view! {
        <h1>
            <span class="phone">{view.row.name}</span>
            " "
            {view.blocked.is_some().then(|| view! { <span class="badge bad">{words.blocked}</span> })}
            {is_erased.then(|| view! { <span class="badge">{words.erased}</span> })}
            {view.set_aside.is_some().then(|| view! { <span class="badge">{words.set_aside}</span> })}
            {view.is_admin.then(|| view! { <span class="badge">{words.admin}</span> })}
        </h1>
        <p class="hint">
            {words.member_number} {id} ", " {words.joined} {time(view.row.joined)}
            {view.blocked.map(|since| view! { {words.blocked_since} {time(since)} })}
            {view.erased.map(|at| view! { {words.erased_at} {time(at)} })}
        </p>
        {view.set_aside.map(|aside| set_aside(id, aside))}
        <div class="columns">
            <div class="stack">
                <section class="card" aria-labelledby="invited-by">
                    <h2 id="invited-by">{words.who_invited_them}</h2>
                    {invited_by(id, view.redemption, has_number)}
                    <h3>{words.their_attempts}</h3>
                    {attempts(id, view.attempts)}
                </section>
                <section class="card" aria-labelledby="logins">
                    <h2 id="logins">{words.devices_and_sessions}</h2>
                    {devices(view.devices)}
                    {logins(view.logins)}
                    {has_number.then(|| view! { <p class="acts"><a href=route::act(id, "log-out-everywhere")>{words.log_out_everywhere}</a></p> })}
                </section>
                <section class="card" aria-labelledby="limits">
                    <h2 id="limits">{words.logins_and_limits}</h2>
                    {view.limits.into_iter().map(|limit| view! { <p>{limit}</p> }).collect_view()}
                    {has_number.then(|| view! { <p class="acts"><a href=route::act(id, "allow-logins")>{words.allow_logins}</a></p> })}
                    <h3>{words.begun_logins}</h3>
                    {begun(view.begun)}
                    <h3>{words.messages}</h3>
                    {messages(view.messages)}
                </section>
                <section class="card" aria-labelledby="access">
                    <h2 id="access">{words.access_and_data}</h2>
                    {(!is_erased).then(|| view! { <Access id is_blocked=view.row.is_blocked has_number /> })}
                    <h3>{words.what_admins_did}</h3>
                    {has_no_acts.then(|| view! { <p class="hint">{words.nothing}</p> })}
                    <ul class="rows">{acts}</ul>
                </section>
            </div>
            <section class="card" aria-labelledby="code">
                <h2 id="code">{words.their_code}</h2>
                <p class="code large">{view.row.invite_code.clone()}</p>
                {former.collect_view()}
                {has_number.then(|| view! { <p class="acts"><a href=route::act(id, "replace-invite-code")>{words.give_new_code}</a></p> })}
                <h3>{words.their_invitees} <span class="count">{invitees}</span></h3>
                {tree(id, &view.row.invite_code, view.tree, invitees)}
            </section>
        </div>
    }
}

fn set_aside(id: i64, aside: SetAsideView) -> impl IntoView {
    let words = words::admin();
    let successor = aside.successor.map(|successor| {
        view! {
            " " <a href=route::member(successor)>{words.who_has_the_number}</a>
            <p class="acts"><a href=route::act(id, "give-number-back")>{words.give_number_back}</a></p>
        }
    });
    view! { <div>{words.set_aside_text} " " {time(aside.at)} "." {successor}</div> }
}

#[component]
fn Access(id: i64, is_blocked: bool, has_number: bool) -> impl IntoView {
    let words = words::admin();
    let (act, text) = if is_blocked { ("unblock", words.unblock) } else { ("block", words.block) };
    view! {
        <p class="acts">
            {has_number.then(|| view! { <a href=route::act(id, act)>{text}</a> })}
            <a class="grave" href=route::act(id, "erase")>{words.erase}</a>
        </p>
    }
}

fn invited_by(id: i64, redemption: Option<RedemptionView>, has_number: bool) -> impl IntoView {
    let words = words::admin();
    match redemption {
        Some(redemption) => Either::Left(view! {
            <p>
                <a href=route::member(redemption.inviter)>
                    <span class="phone">{redemption.inviter_name}</span>
                </a>
                {words.with_code} <span class="code">{redemption.code}</span> ", " {time(redemption.at)}
                {redemption.is_attached.then_some(words.attached_by_admin)}
            </p>
            {has_number.then(|| view! { <p class="acts"><a href=route::act(id, "detach")>{words.detach}</a></p> })}
        }),
        None => Either::Right(view! {
            <p>{words.no_inviter}</p>
            {has_number.then(|| view! { <p class="acts"><a href=route::act(id, "attach")>{words.attach_to_inviter}</a></p> })}
        }),
    }
}

fn attempts(id: i64, attempts: Vec<AttemptView>) -> impl IntoView {
    let words = words::admin();
    let is_empty = attempts.is_empty();
    let rows = attempts.into_iter().map(move |attempt| {
        let owner = attempt.inviter.map(|inviter| view! { " " <a href=route::member(inviter)>{words.whose_code}</a> });
        let attach = attempt.attachable.map(|code| {
            let to = address(&route::act(id, "attach"), &[("code", &code)]);
            view! { " " <a href=to data-testid="attach-this">{words.attach_anyway}</a> }
        });
        let meant = attempt.meant.into_iter().map(|meant| {
            let attach = meant.is_attachable.then(|| {
                let to = address(&route::act(id, "attach"), &[("code", &meant.code)]);
                view! { " " <a href=to data-testid="attach-meant">{words.attach_this}</a> }
            });
            view! {
                <span data-testid="meant">
                    {words.close_to} <span class="code">{meant.code}</span> {words.of}
                    <a class="phone" href=route::member(meant.owner)>{meant.owner_name}</a> "." {attach}
                </span>
            }
        });
        let times = (attempt.times > 1).then(|| words.times(attempt.times));
        let from = (!attempt.network.is_empty()).then(|| view! { {words.from_network} {attempt.network} });
        view! {
            <li data-testid="attempt" class:counted=attempt.has_counted>
                <span class="code">{attempt.typed}</span>
                <span class="explanation">{attempt.explanation} {owner} {attach}</span>
                {meant.collect_view()}
                <span class="hint">{time(attempt.at)} {times} {from}</span>
            </li>
        }
    });
    view! {
        {is_empty.then(|| view! { <p class="hint">{words.none}</p> })}
        <ul class="rows">{rows.collect_view()}</ul>
    }
}

fn tree(id: i64, code: &str, rows: Vec<TreeRow>, invitees: u64) -> impl IntoView + use<> {
    let words = words::admin();
    let shown = rows.iter().filter(|row| row.depth == 1).count() as u64;
    let rows = rows.into_iter().map(move |line| {
        let row = line.row;
        let toggle = line.toggled.map(|unfolded| {
            let (sign, described) = if line.is_unfolded {
                ("▾ ", words.fold(row.invitees, &row.name))
            } else {
                ("▸ ", words.unfold(row.invitees, &row.name))
            };
            let label = format!("{sign}{}", row.invitees);
            let to = address(&route::member(id), &[("unfold", &unfolded)]);
            // With JavaScript the page does not scroll; without it, the browser scrolls to the line.
            let to = format!("{to}#member-{}", row.id);
            view! { <a class="toggle" href=to data-noscroll="" aria-label=described>{label}</a> }
        });
        let more = (line.more > 0).then(|| view! { <span class="hint">{words.more_below(line.more)}</span> });
        view! {
            <li class=format!("depth-{}", line.depth.min(6)) id=format!("member-{}", row.id)>
                <a href=route::member(row.id)>
                    <span class="phone">{row.name}</span>
                </a>
                {row.is_blocked.then(|| view! { <span class="badge bad">{words.blocked}</span> })}
                {toggle}
                {more}
            </li>
        }
    });
    let rest = invitees.saturating_sub(shown);
    let others = (rest > 0).then(|| {
        let to = address(route::MEMBERS, &[("inviter", code)]);
        view! { <p class="hint">{words.newest_invitees} {shown} ". " <a href=to>{words.all_invitees} {invitees}</a></p> }
    });
    view! {
        <ul class="tree" aria-label=words.invitees_below>{rows.collect_view()}</ul>
        {others}
    }
}

fn devices(devices: Vec<DeviceView>) -> impl IntoView {
    let words = words::admin();
    let is_empty = devices.is_empty();
    let rows = devices.into_iter().map(move |device| {
        let from = (!device.network.is_empty()).then(|| view! { {words.from_network} {device.network} });
        view! {
            <li>
                <span class="agent">{device.agent}</span>
                <span class="hint">
                    {words.last_login} {time(device.last)} {from} {words.first_login} {time(device.first)}
                </span>
            </li>
        }
    });
    view! {
        <h3>{words.devices}</h3>
        {is_empty.then(|| view! { <p class="hint">{words.no_devices}</p> })}
        <ul class="rows">{rows.collect_view()}</ul>
    }
}

fn messages(messages: Vec<(Moment, String)>) -> impl IntoView {
    let is_empty = messages.is_empty();
    let rows = messages.into_iter().map(|(at, text)| {
        view! {
            <li data-testid="message">
                <span>{text}</span>
                <span class="hint">{time(at)}</span>
            </li>
        }
    });
    view! {
        {is_empty.then(|| view! { <p class="hint">{words::admin().none}</p> })}
        <ul class="rows">{rows.collect_view()}</ul>
    }
}

fn begun(logins: Vec<BegunLoginView>) -> impl IntoView {
    let is_empty = logins.is_empty();
    let rows = logins.into_iter().map(|login| {
        view! {
            <li data-testid="begun-login">
                <span>{login.outcome}</span>
                <span class="hint">{time(login.at)} ", " {login.details}</span>
            </li>
        }
    });
    view! {
        {is_empty.then(|| view! { <p class="hint">{words::admin().none}</p> })}
        <ul class="rows">{rows.collect_view()}</ul>
    }
}

fn logins(logins: Vec<LoginView>) -> impl IntoView {
    let words = words::admin();
    let is_empty = logins.is_empty();
    let rows = logins.into_iter().map(move |login| {
        let kind = if login.is_api { words.api_tokens } else { words.browser_session };
        view! {
            <li>
                <span>{kind}</span>
                <span class="hint">{words.since} {time(login.began)} "," {words.until_day} {time(login.ends)}</span>
            </li>
        }
    });
    view! {
        <h3>{words.logged_in}</h3>
        {is_empty.then(|| view! { <p class="hint">{words.nowhere}</p> })}
        <ul class="rows">{rows.collect_view()}</ul>
    }
}
