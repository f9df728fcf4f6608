//! What a browser keeps to show when there is no connection.

use crate::route;
use leptos::prelude::*;
use leptos::reactive::spawn_local;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::ServiceWorkerContainer;
use leptos::web_sys::js_sys::Reflect;
use wasm_bindgen_futures::JsFuture;

/// Lets the browser of a member keep it, where it can: on HTTPS and localhost, and not in every private window.
pub fn keep_for_offline() {
    Effect::new(move |_| {
        let container = Reflect::get(&window().navigator(), &JsValue::from_str("serviceWorker"));
        let Some(container) = container.ok().filter(JsValue::is_object) else { return };
        let kept = container.unchecked_into::<ServiceWorkerContainer>().register(route::SERVICE_WORKER);
        // A page works without it.
        spawn_local(async move { drop(JsFuture::from(kept).await) });
    });
}
