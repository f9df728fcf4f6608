//! `/profile/progress`: what a member has achieved as an inviter.

use crate::model::progress::{BarView, BoardRowView, BoardView, MilestoneView, ProgressView};
use crate::server::sentences;
use crate::{route, words};
use leptos::prelude::*;

#[component]
pub fn Progress(view: ProgressView) -> impl IntoView {
    let words = sentences::documents();
    let ProgressView { total, period, bars, milestones, board } = view;
    view! {
        <section class="card">
            <h1>{words::member().progress_title}</h1>
            <p>{total}</p>
            {(!bars.is_empty()).then(|| view! { <Plot period bars /> })}
        </section>
        {(!milestones.is_empty()).then(|| view! { <Milestones milestones /> })}
        {board.map(|view| view! { <Board view /> })}
        <p class="aside"><a href=route::PROFILE>{words.back_to_profile}</a></p>
    }
}

/// A table whose rows have a bar, so that it is read and heard alike.
#[component]
fn Plot(period: &'static str, bars: Vec<BarView>) -> impl IntoView {
    let words = sentences::documents();
    let rows = bars.into_iter().map(|BarView { label, joined, length }| {
        view! {
            <tr>
                <th scope="row">{label}</th>
                <td class="number">{joined}</td>
                <td class="bar">
                    <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                        <rect width=length height="10" />
                    </svg>
                </td>
            </tr>
        }
    });
    view! {
        <table class="plot">
            <caption class="visually-hidden">{words.progress_by_time}</caption>
            <thead>
                <tr><th scope="col">{period}</th><th scope="col" class="number">{words.joined_then}</th><td></td></tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
}

#[component]
fn Milestones(milestones: Vec<MilestoneView>) -> impl IntoView {
    let words = sentences::documents();
    let items = milestones.into_iter().map(|MilestoneView { people, sentence, is_reached }| {
        view! {
            <li class:reached=is_reached data-testid="milestone">
                <strong>{people}</strong> " " <span dir="auto">{sentence}</span>
                {is_reached.then(|| view! { " " <span class="badge">{words.reached}</span> })}
            </li>
        }
    });
    view! {
        <section class="card">
            <h2>{words.milestones}</h2>
            <ol class="milestones">{items.collect_view()}</ol>
        </section>
    }
}

#[component]
fn Board(view: BoardView) -> impl IntoView {
    let words = sentences::documents();
    let BoardView { rows, is_on_it, own_place } = view;
    let is_empty = rows.is_empty();
    let rows = rows.into_iter().map(|BoardRowView { place, phone, invitees, is_own }| {
        let you = is_own.then(|| view! { " " <strong class="badge">{words.you}</strong> });
        view! {
            <tr data-testid="board-row">
                <td class="number">{place}</td>
                <th scope="row"><bdi>{phone}</bdi>{you}</th>
                <td class="number">{invitees}</td>
            </tr>
        }
    });
    let (text, change, value) = if is_on_it {
        (words.on_board, words.leave_board, "off")
    } else {
        (words.not_on_board, words.join_board, "on")
    };
    let list = view! {
        <table class="board">
            <thead>
                <tr>
                    <th scope="col" class="number">{words.place}</th>
                    <th scope="col">{words.who}</th>
                    <th scope="col" class="number">{words.joined_then}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    };
    view! {
        <section class="card">
            <h2>{words.board}</h2>
            {if is_empty { view! { <p class="hint">{words.empty_board}</p> }.into_any() } else { list.into_any() }}
            {(!own_place.is_empty()).then(|| view! { <p>{own_place}</p> })}
            <p>{text}</p>
            <form method="post" action=route::BOARD>
                <button class="quiet" name="board" value=value>{change}</button>
            </form>
        </section>
    }
}
