//! How the admin pages get what they show, and the outcome of their forms.

use crate::model::profile::Submission;
use crate::pages::failed::Failed;
use crate::words::Sentence;
use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos::server::codee::{Decoder, Encoder};
use leptos::server_fn::ServerFn;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a page shows. Read on the server for the first load, and by the browser afterwards.
pub type PageData<T, R> = Resource<Result<Option<T>, R>, Json>;

/// Reads what a page shows, and again whenever `source` changes.
pub fn page_data<S, T, R, Fut>(
    source: impl Fn() -> S + Send + Sync + 'static,
    read: impl Fn(S) -> Fut + Send + Sync + 'static,
) -> PageData<T, R>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    R: Serialize + DeserializeOwned + Send + Sync + 'static,
    Fut: Future<Output = Result<Option<T>, R>> + Send + 'static,
{
    Resource::new_with_options(source, read, true)
}

/// JSON that is parsed from bytes, like the answers of server functions. Parsing it from a `str` would compile the
/// whole parser into the wasm a second time.
pub struct Json;

impl<T: Serialize> Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, Self::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Self::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}

/// The content of a page once it has been read: the result of `show`, nothing while the visitor is redirected, or the
/// reason why it cannot be shown.
pub async fn content<T, R, V>(read: PageData<T, R>, show: impl FnOnce(T) -> V) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    R: Sentence + Clone + Send + Sync + 'static,
    V: IntoView,
{
    match read.await {
        Ok(Some(view)) => EitherOf3::A(show(view)),
        Ok(None) => EitherOf3::B(()),
        Err(refused) => EitherOf3::C(view! { <Failed sentence=refused.sentence() /> }),
    }
}

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
