//! What all forms share: the submit button, and the result of the last submission.

use crate::model::profile::Submission;
use crate::words::Sentence;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Why the last submission was refused: by this action, or before the page was loaded.
pub fn refusal<S, R>(action: ServerAction<S>, before: Option<R>) -> Signal<Option<R>>
where
    S: ServerFn<Output = Submission<R>, Error = R> + Send + Sync + Clone + 'static,
    R: Clone + Send + Sync + 'static,
{
    let (pending, value) = (action.pending(), action.value());
    Signal::derive(move || match value.get() {
        _ if pending.get() => None,
        None => before.clone(),
        Some(Ok(Submission::Accepted)) => None,
        Some(Ok(Submission::Refused(refused)) | Err(refused)) => Some(refused),
    })
}

/// The sentence of a refusal.
pub fn sentence<R: Sentence + Clone + Send + Sync + 'static>(refused: Signal<Option<R>>) -> Signal<Option<String>> {
    Signal::derive(move || refused.get().map(|refused| refused.sentence()))
}

/// The number of accepted submissions. A resource that depends on it is read again after each.
pub fn accepted<S, R>(action: ServerAction<S>) -> Memo<u32>
where
    S: ServerFn<Output = Submission<R>, Error = R> + Send + Sync + Clone + 'static,
    R: Clone + Send + Sync + 'static,
{
    let value = action.value();
    Memo::new(move |before: Option<&u32>| {
        let is_accepted = matches!(value.get(), Some(Ok(Submission::Accepted)));
        before.copied().unwrap_or_default() + u32::from(is_accepted)
    })
}

/// The submit button. It is disabled, and shows `busy_label`, while the submission is in progress.
#[component]
pub fn SubmitButton(
    label: &'static str,
    /// The label while the submission is in progress.
    busy_label: &'static str,
    pending: Memo<bool>,
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
