//! `/styleguide`: the tokens and components of the pages in all their states, for whoever changes them. It is there only where
//! strangers cannot reach the server, and in English only; its samples show nobody.

use super::progress::Progress;
use crate::components::error_text::ErrorText;
use crate::components::field::Field;
use crate::components::form::SubmitButton;
use crate::components::simulated_sms::SimulatedSms;
use crate::model::progress::{BarView, BoardRowView, BoardView, MilestoneView, ProgressView};
use leptos::prelude::*;

/// The custom properties of `style/main.css` that are colours.
const COLORS: [&str; 10] =
    ["ground", "surface", "line", "field-line", "text", "muted", "accent", "on-accent", "accent-soft", "error"];
/// The longest words that must not widen a page.
const LONG: &str = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";

#[component]
pub fn Styleguide() -> impl IntoView {
    view! {
        <h1>"Style guide"</h1>
        <Type />
        <Colors />
        <Buttons />
        <Fields />
        <Notices />
        <Lists />
        <Progress view=sample() />
    }
}

#[component]
fn Type() -> impl IntoView {
    view! {
        <section class="card">
            <h1>"Heading of a page"</h1>
            <h2>"Heading of a section"</h2>
            <p>"Text, in the typeface of the system, with a " <a href="#type">"link"</a> "."</p>
            <p class="hint">"A hint below a field, or what matters less."</p>
            <p class="invite-code">"8KCT2Q"</p>
            <p>"A code in a sentence: " <strong class="code">"8KCT2Q"</strong> " " <span class="badge">"badge"</span></p>
            <p>{LONG}</p>
        </section>
    }
}

#[component]
fn Colors() -> impl IntoView {
    let swatches = COLORS.map(|name| {
        view! {
            <li>
                <svg viewBox="0 0 3 2" width="48" height="32" aria-hidden="true">
                    <rect class="swatch" width="3" height="2" fill=format!("var(--{name})") />
                </svg>
                {name}
            </li>
        }
    });
    view! {
        <section class="card">
            <h2>"Colours"</h2>
            <ul class="swatches">{swatches}</ul>
        </section>
    }
}

#[component]
fn Buttons() -> impl IntoView {
    let button = |label, class, is_busy: bool, is_disabled: bool| {
        view! { <SubmitButton label busy_label="Sending…" pending=is_busy disabled=is_disabled class /> }
    };
    view! {
        <section class="card">
            <h2>"Buttons"</h2>
            <p>{button("Primary", "primary", false, false)}</p>
            <p>{button("Busy", "primary", true, false)}</p>
            <p>{button("Disabled", "primary", false, true)}</p>
            <p>{button("Danger", "danger", false, false)}</p>
            <p class="inline">{button("Quiet", "quiet", false, false)} {button("Quiet, disabled", "quiet", false, true)}</p>
            <p><a class="button" href="#button">"A link as a button"</a></p>
        </section>
    }
}

#[component]
fn Fields() -> impl IntoView {
    let field = |name, label, typed: &str, refused: Option<&str>| {
        let error = Signal::stored(refused.map(str::to_owned));
        view! { <Field name label hint="What is expected.".to_owned() typed=typed.to_owned() error /> }
    };
    view! {
        <section class="card">
            <h2>"Fields"</h2>
            {field("empty", "Empty", "", None)}
            {field("filled", "Filled in", "+7 912 345-67-89", None)}
            {field("refused", "Refused", "+7 912", Some("This is not a phone number. Check each digit."))}
            <div class="field">
                <label for="choice">"A choice"</label>
                <select id="choice"><option>"Kazakhstan +7"</option></select>
            </div>
            <div class="field">
                <label for="text">"A text"</label>
                <textarea id="text" rows="3">"I vouch for you."</textarea>
            </div>
        </section>
    }
}

#[component]
fn Notices() -> impl IntoView {
    view! {
        <section class="card">
            <h2>"Notices"</h2>
            <p class="notice" role="status">"Log in to go on."</p>
            <ErrorText id="refusal" error=Signal::stored(Some("Something was refused, and this is why.".to_owned())) />
            <SimulatedSms text="Your Vouch code is 1234. It expires in 10 min. Do not share it.".to_owned() />
        </section>
    }
}

#[component]
fn Lists() -> impl IntoView {
    view! {
        <section class="card">
            <h2>"An empty list " <span class="count">"0"</span></h2>
            <p class="hint">"Nobody yet."</p>
        </section>
        <section class="card">
            <h2>"A list " <span class="count">"12 345"</span></h2>
            <ul class="invitees">
                <li><bdi>"+7 912 345-67-89"</bdi> <time>"1 January 2026"</time></li>
                <li><bdi>"+1 (268) 464-12-34"</bdi> <time>"30 September 2026"</time></li>
            </ul>
            <nav class="pages" aria-label="Pages"><a href="#newest">"Newest"</a> <a href="#older">"Older"</a></nav>
        </section>
    }
}

fn sample() -> ProgressView {
    let bar =
        |label: &str, joined: &str, length| BarView { label: label.to_owned(), joined: joined.to_owned(), length };
    let milestone = |people: &str, is_reached| MilestoneView {
        people: people.to_owned(),
        sentence: "You get a badge".to_owned(),
        is_reached,
    };
    let row = |place: &str, is_own| BoardRowView {
        place: place.to_owned(),
        phone: "+7 9•• •••-••-89".to_owned(),
        invitees: "1 234".to_owned(),
        is_own,
    };
    ProgressView {
        total: "16 people joined with your code.".to_owned(),
        period: "Month",
        bars: vec![bar("Jan 2026", "12", 100), bar("Feb 2026", "0", 0), bar("Mar 2026", "4", 33)],
        milestones: vec![milestone("3 people", true), milestone("50 people", false)],
        board: Some(BoardView {
            rows: vec![row("1", false), row("2", true)],
            is_on_it: true,
            own_place: String::new(),
        }),
    }
}
