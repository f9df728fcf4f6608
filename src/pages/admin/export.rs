//! `/admin/export`: downloading lists.

use super::data::{content, page_data, sentence};
use super::parts::choice;
use crate::api::admin::files::export;
use crate::components::field::Field;
use crate::model::admin::{ExportView, Refusal};
use crate::{route, words};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn Export() -> impl IntoView {
    let data = page_data(|| (), |()| export());
    let content = move || Suspend::new(content(data, |view| view! { <ExportForm view /> }));
    view! {
        <Title text=words::admin().export />
        <Transition>{content}</Transition>
    }
}

#[component]
fn ExportForm(view: ExportView) -> impl IntoView {
    let words = words::admin();
    let ExportView { flash, lists, formats } = view;
    let [list, format, reason] = [0, 1, 2].map(|number| flash.field(number));
    // After a download the browser stays on this page, which would still show an earlier refusal.
    let (refused, set_refused) = signal(flash.refused);
    view! {
        <section class="card narrow">
            <h1>{words.export}</h1>
            <p>{words.export_intro}</p>
            <form method="post" action=route::EXPORT data-download="" on:submit=move |_| set_refused.set(None)>
                {choice("list", words.list, lists, &list)}
                {choice("format", words.format, formats, &format)}
                <Field
                    name="reason"
                    label=words.reason
                    hint=words.reason_hint.to_owned()
                    typed=reason
                    error=sentence(Signal::<Option<Refusal>>::from(refused))
                />
                <button type="submit" class="primary">{words.download}</button>
            </form>
        </section>
    }
}
