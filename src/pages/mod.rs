//! The pages: what is where, and which server function a form calls. No logic.

pub mod login_code;
pub mod login_phone;
pub mod not_found;
pub mod profile;

use crate::error::AppError;
use leptos::prelude::*;

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
