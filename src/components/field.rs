//! One labelled input with its hint and its error.

use crate::components::error_text::ErrorText;
use leptos::html::Input;
use leptos::prelude::*;

/// A labelled input. The browser owns what is typed: it survives hydration and refusals.
#[component]
pub fn Field(
    /// The input's name, and the stem of the ids around it.
    name: &'static str,
    /// What the input is called.
    label: &'static str,
    /// What helps to fill it in.
    hint: String,
    /// What stands in it at first.
    typed: String,
    /// Why it was refused.
    error: Signal<Option<String>>,
    /// The input's type.
    #[prop(default = "text")]
    kind: &'static str,
    /// Which keyboard a phone shows.
    #[prop(default = "text")]
    inputmode: &'static str,
    /// What a password manager may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// How capitals are typed on a phone.
    #[prop(default = "off")]
    autocapitalize: &'static str,
    /// An example of what to type.
    #[prop(default = "")]
    placeholder: &'static str,
    /// Whether it has the focus when the page opens.
    #[prop(default = false)]
    autofocus: bool,
    /// Called after every change with what is typed.
    #[prop(optional, into)]
    on_typed: Option<Callback<String>>,
) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let (hint_id, error_id) = (format!("{name}-hint"), format!("{name}-error"));
    let described_by = format!("{hint_id} {error_id}");

    // After a refusal the next keystroke replaces what was typed; a click keeps it.
    Effect::new(move |_| {
        if let (Some(_), Some(input)) = (error.get(), input.get_untracked()) {
            let _ = input.focus();
            input.select();
        }
    });
    // "autofocus" works for the page that the browser loads; a page that the router opens is focused here.
    Effect::new(move |_| {
        if let Some(input) = input.get().filter(|_| autofocus) {
            request_animation_frame(move || drop(input.focus()));
        }
    });

    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                node_ref=input
                id=name
                name=name
                r#type=kind
                inputmode=inputmode
                autocomplete=autocomplete
                autocapitalize=autocapitalize
                spellcheck="false"
                placeholder=placeholder
                value=typed
                autofocus=autofocus
                aria-describedby=described_by
                aria-invalid=move || error.get().is_some().to_string()
                on:input=move |event| {
                    if let Some(on_typed) = on_typed {
                        on_typed.run(event_target_value(&event));
                    }
                }
            />
            <p class="hint" id=hint_id>{hint}</p>
            <ErrorText id=error_id error />
        </div>
    }
}
