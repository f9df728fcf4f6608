//! `/i/CODE`: who invites.

use crate::model::profile::InvitationView;
use leptos::prelude::*;

#[component]
pub fn Invitation(view: InvitationView) -> impl IntoView {
    view! {
        <section class="card">
            <h1>{view.heading}</h1>
            <p>{view.text}</p>
            <p><a class="button" href=view.href>{view.action}</a></p>
        </section>
    }
}
