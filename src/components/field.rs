//! A labelled input with its hint and its error.

use crate::components::error_text::ErrorText;
use leptos::html::Input;
use leptos::prelude::*;

/// What was typed stays in the browser's input, through hydration and refusals.
#[component]
pub fn Field(
    /// The name of the input, and the prefix of the ids around it.
    name: &'static str,
    label: &'static str,
    hint: String,
    /// The initial value.
    typed: String,
    error: Signal<Option<String>>,
    /// The `type` of the input.
    #[prop(default = "text")]
    kind: &'static str,
    /// Selects the keyboard on a phone.
    #[prop(default = "text")]
    inputmode: &'static str,
    /// Tells password managers and browsers what to fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Whether a phone capitalizes what is typed.
    #[prop(default = "off")]
    autocapitalize: &'static str,
    /// Whether it is focused when the page opens.
    #[prop(default = false)]
    autofocus: bool,
    /// Called with the value after every change.
    #[prop(optional, into)]
    on_typed: Option<Callback<String>>,
) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let (hint_id, error_id) = (format!("{name}-hint"), format!("{name}-error"));
    let described_by = format!("{hint_id} {error_id}");

    // After a refusal the text is selected, so that typing replaces it.
    Effect::new(move |_| {
        if let (Some(_), Some(input)) = (error.get(), input.get_untracked()) {
            let _ = input.focus();
            input.select();
        }
    });
    // The attribute `autofocus` works only for pages that the browser loads; pages opened by the router are focused
    // here.
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
