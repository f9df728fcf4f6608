//! A form for members, and the submit button of every form.
//!
//! One form for all server functions: it is sent as without JavaScript, and the answer says in a sentence what was refused.
//! A type for each function would be compiled into the wasm for each.

use crate::components::fetch;
use crate::model::page::FormAnswer;
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::reactive::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlFormElement;

/// How an app goes to an address of this site after a form. Without it the browser loads the page.
#[derive(Clone, Copy)]
pub struct Navigation(pub Callback<String>);

/// A form's last submission.
#[derive(Clone, Copy)]
pub struct Submission {
    is_pending: RwSignal<bool>,
    refused: RwSignal<Option<String>>,
}

impl Submission {
    /// `refused`: why it was refused before the page was loaded.
    pub fn new(refused: Option<String>) -> Self {
        Self { is_pending: RwSignal::new(false), refused: RwSignal::new(refused) }
    }

    pub fn is_pending(self) -> Signal<bool> {
        self.is_pending.into()
    }

    /// Why it was refused.
    pub fn refused(self) -> Signal<Option<String>> {
        self.refused.into()
    }

    async fn send(self, action: &str, form: &HtmlFormElement, navigation: Option<Navigation>) {
        self.is_pending.set(true);
        self.refused.set(None);
        let answer = fetch::submit(action, form).await;
        self.is_pending.set(false);
        match (answer, navigation) {
            (FormAnswer::Done(address), Some(Navigation(go))) => go.run(address),
            (FormAnswer::Done(address), None) => drop(window().location().set_href(&address)),
            (FormAnswer::Refused(sentence), _) => self.refused.set(Some(sentence)),
        }
    }
}

#[component]
pub fn Form(
    /// The path of a server function that answers with a [`FormAnswer`].
    action: &'static str,
    submission: Submission,
    #[prop(optional)] node_ref: NodeRef<html::Form>,
    #[prop(optional)] class: &'static str,
    /// A name for screen readers, where several forms look alike.
    #[prop(optional, into)]
    label: Option<String>,
    /// What is in it.
    fields: AnyView,
) -> impl IntoView {
    let navigation = use_context::<Navigation>();
    let submit = move |event: SubmitEvent| {
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let Some(form) = form.filter(|_| !event.default_prevented()) else { return };
        event.prevent_default();
        spawn_local(async move { submission.send(action, &form, navigation).await });
    };
    view! {
        <form method="post" action=action class=class aria-label=label node_ref=node_ref on:submit=submit>
            {fields}
        </form>
    }
}

/// The submit button. It is disabled, and shows `busy_label`, while the submission is in progress.
#[component]
pub fn SubmitButton(
    label: &'static str,
    /// The label while the submission is in progress.
    busy_label: &'static str,
    #[prop(into)] pending: Signal<bool>,
    /// Other reasons to disable it.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// `primary` or `quiet`.
    #[prop(default = "primary")]
    class: &'static str,
) -> impl IntoView {
    view! {
        <button type="submit" class=class data-busy=busy_label disabled=move || pending.get() || disabled.get()>
            {move || if pending.get() { busy_label } else { label }}
        </button>
    }
}
