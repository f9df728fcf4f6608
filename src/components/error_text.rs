//! The sentence that says what went wrong.

use leptos::prelude::*;

/// A sentence that screen readers read when it appears. Without one its place stays, empty.
#[component]
pub fn ErrorText(
    /// What a field's `aria-describedby` names.
    id: String,
    /// What went wrong, if anything.
    error: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <p class="error" id=id role="alert" hidden=move || error.get().is_none()>
            {move || error.get().unwrap_or_default()}
        </p>
    }
}
