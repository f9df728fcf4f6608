//! Any address that is none.

use crate::app::route;
use leptos::prelude::*;
use leptos_meta::Title;

/// Says so, and leads back.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <Title text="Not found" />
        <section class="card">
            <h1>"There is no such page"</h1>
            <p>"The address may be mistyped, or the page has gone."</p>
            <p>
                <a href=route::HOME>"Go to the start"</a>
            </p>
        </section>
    }
}
