//! The sentence that says what went wrong.

use crate::error::AppError;
use leptos::prelude::*;

/// A sentence that is read aloud when it appears. With nothing to say its place stays, empty.
#[component]
pub fn ErrorText(
    /// What a field's `aria-describedby` names.
    id: String,
    /// What went wrong, if anything.
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    view! {
        <p class="error" id=id role="alert" hidden=move || error.get().is_none()>
            {move || error.get().map(|error| error.to_string()).unwrap_or_default()}
        </p>
    }
}
