//! The field for a phone number, and the choice of a country for one without its code.

use crate::components::field::Field;
use crate::components::plain::erased;
use crate::model::profile::CountriesView;
use crate::words;
use leptos::prelude::*;

/// `error`: why the number was refused.
pub fn phone_fields(
    label: &'static str,
    typed: String,
    countries: Option<CountriesView>,
    error: Signal<Option<String>>,
) -> AnyView {
    let words = words::member();
    let countries = countries.map(|CountriesView { chosen, all }| {
        view! {
            <div class="field country">
                <label for="country">{words.country}</label>
                <select id="country" name="country" autocomplete="country" inner_html=chosen + &all></select>
            </div>
        }
    });
    erased(view! {
        <Field
            name="phone_number"
            label
            hint=words.phone_hint.to_owned()
            kind="tel"
            inputmode="tel"
            autocomplete="tel"
            typed
            error
            autofocus=true
        />
        {countries}
    })
}
