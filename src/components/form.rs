//! What every form does the same way: its button, and what it says of its last submission.

use crate::error::AppError;
use crate::model::profile::Submission;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Why the last submission was refused: by this page's action, or before the page was loaded.
pub fn refusal<S>(action: ServerAction<S>, before: Option<AppError>) -> Signal<Option<AppError>>
where
    S: ServerFn<Output = Submission, Error = AppError> + Send + Sync + Clone + 'static,
{
    let (pending, value) = (action.pending(), action.value());
    Signal::derive(move || match value.get() {
        _ if pending.get() => None,
        None => before.clone(),
        Some(Ok(Submission::Accepted)) => None,
        Some(Ok(Submission::Refused(error)) | Err(error)) => Some(error),
    })
}

/// How many submissions were accepted: what a resource depends on that has to be read again afterwards.
pub fn accepted<S>(action: ServerAction<S>) -> Memo<u32>
where
    S: ServerFn<Output = Submission, Error = AppError> + Send + Sync + Clone + 'static,
{
    let value = action.value();
    Memo::new(move |before: Option<&u32>| {
        let is_accepted = matches!(value.get(), Some(Ok(Submission::Accepted)));
        before.copied().unwrap_or_default() + u32::from(is_accepted)
    })
}

/// A form's one button: while the submission is under way it says so and cannot be pressed again.
#[component]
pub fn SubmitButton(
    /// What it says.
    label: &'static str,
    /// What it says while the submission is under way.
    busy_label: &'static str,
    /// Whether one is.
    pending: Memo<bool>,
    /// Further reasons not to be pressed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Its look: `primary` or `quiet`.
    #[prop(default = "primary")]
    class: &'static str,
) -> impl IntoView {
    view! {
        <button type="submit" class=class data-busy=busy_label disabled=move || pending.get() || disabled.get()>
            {move || if pending.get() { busy_label } else { label }}
        </button>
    }
}
