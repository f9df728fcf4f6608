//! The pages: their content, and the server functions that their forms call. No rules and no sentences here.

pub mod admin;
pub mod devices;
pub mod login_code;
pub mod login_phone;
pub mod not_found;
pub mod profile;

use crate::words::{self, Sentence};
use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos::server::codee::{Decoder, Encoder};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a page shows. Read on the server for the first load, and by the browser afterwards.
type PageData<T, R> = Resource<Result<Option<T>, R>, Json>;

/// Reads what a page shows, and again whenever `source` changes.
fn page_data<S, T, R, Fut>(
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
struct Json;

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
async fn content<T, R, V>(read: PageData<T, R>, show: impl FnOnce(T) -> V) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    R: Sentence + Clone + Send + Sync + 'static,
    V: IntoView,
{
    match read.await {
        Ok(Some(view)) => EitherOf3::A(show(view)),
        Ok(None) => EitherOf3::B(()),
        Err(refused) => EitherOf3::C(failure(refused.sentence())),
    }
}

fn failure(text: String) -> impl IntoView {
    view! {
        <section class="card">
            <h1>{words::member().page_failed}</h1>
            <p class="error" role="alert">{text}</p>
        </section>
    }
}
