//! `/admin/export`: taking lists away.

use super::choice;
use crate::api::admin::files::export;
use crate::app::route;
use crate::components::field::Field;
use crate::model::admin::{ExportView, split};
use crate::pages::{content, page_data};
use leptos::prelude::*;
use leptos_meta::Title;

/// Which list, in which format, and why.
#[component]
pub fn Export() -> impl IntoView {
    let data = page_data(|| (), |()| export());
    let content = move || Suspend::new(content(data, |view| view! { <ExportForm view /> }));
    view! {
        <Title text="Export" />
        <Transition>{content}</Transition>
    }
}

#[component]
fn ExportForm(view: ExportView) -> impl IntoView {
    let ExportView { flash, lists, formats } = view;
    let [list, format, reason] = split(&flash.typed);
    // A download leaves the page as it is, with what was refused before.
    let (refused, set_refused) = signal(flash.refused);
    view! {
        <section class="card narrow">
            <h1>"Export"</h1>
            <p>"The whole list as a file. That it was taken away, and why, stands in the audit log."</p>
            <form method="post" action=route::EXPORT data-download="" on:submit=move |_| set_refused.set(None)>
                {choice("list", "List", lists, &list)}
                {choice("format", "Format", formats, &format)}
                <Field
                    name="reason"
                    label="Reason"
                    hint="It stands in the audit log for good.".to_owned()
                    typed=reason
                    error=refused.into()
                />
                <button type="submit" class="primary">"Download"</button>
            </form>
        </section>
    }
}
