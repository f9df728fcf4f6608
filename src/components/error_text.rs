//! The error of a field or form.

use leptos::prelude::*;

/// Screen readers read the sentence when it appears. Without an error the element stays, hidden.
#[component]
pub fn ErrorText(
    /// The id, for `aria-describedby`.
    #[prop(into)]
    id: String,
    error: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <p class="error" id=id role="alert" hidden=move || error.get().is_none()>
            {move || error.get().unwrap_or_default()}
        </p>
    }
}
