//! The pages: what is where, and which server function a form calls. No logic.

pub mod login_code;
pub mod login_phone;
pub mod not_found;
pub mod profile;

use crate::error::{AppError, AppResult};
use leptos::either::EitherOf3;
use leptos::prelude::*;

/// A page's content once it has been read: what `show` makes of it, nothing while the visitor is being led elsewhere, or
/// why it cannot be shown.
async fn content<T, V>(read: Resource<AppResult<Option<T>>>, show: impl FnOnce(T) -> V) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView,
{
    match read.await {
        Ok(Some(view)) => EitherOf3::A(show(view)),
        Ok(None) => EitherOf3::B(()),
        Err(error) => EitherOf3::C(failure(&error)),
    }
}

/// In place of a page that could not be read.
fn failure(error: &AppError) -> impl IntoView + use<> {
    let text = error.to_string();
    view! {
        <section class="card">
            <h1>"This page cannot be shown"</h1>
            <p class="error" role="alert">{text}</p>
        </section>
    }
}
