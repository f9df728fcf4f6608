//! Events of the server, while the page is looked at.

use crate::route;
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::prelude::Closure;
use leptos::web_sys::{EventSource, VisibilityState};

/// Calls `changed` when the invitees are no longer those of the revision that is shown. Browsers open few connections to one
/// server, so a page that nobody looks at has none, and hears what it has missed when it is looked at again.
pub fn on_change_of_invitees(shown: Signal<i64>, changed: impl Fn() + Clone + 'static) {
    let source = StoredValue::new_local(None::<EventSource>);
    let close = move || {
        if let Some(source) = source.try_update_value(Option::take).flatten() {
            source.close();
        }
    };
    let open = move || {
        close();
        let address = format!("{}?since={}", route::EVENTS, shown.get_untracked());
        let Ok(opened) = EventSource::new(&address) else { return };
        let changed = changed.clone();
        let heard = Closure::<dyn Fn()>::new(changed).into_js_value();
        opened.set_onmessage(Some(heard.unchecked_ref()));
        source.set_value(Some(opened));
    };
    Effect::new(move |_| {
        open();
        let open = open.clone();
        let looked_at = window_event_listener(ev::visibilitychange, move |_| match document().visibility_state() {
            VisibilityState::Visible => open(),
            _ => close(),
        });
        on_cleanup(move || {
            looked_at.remove();
            close();
        });
    });
}
