//! How the app for members asks the server. Only in the browser.
//!
//! Answers are Postcard, which needs less code in the wasm than JSON.

use crate::model::page::{FormAnswer, PageAnswer, PageView};
use crate::words;
use leptos::prelude::window;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::Uint8Array;
use leptos::web_sys::{FormData, Headers, HtmlFormElement, RequestInit, Response, UrlSearchParams};
use serde::de::DeserializeOwned;
use wasm_bindgen_futures::JsFuture;

/// Nothing that a browser asks for when it navigates, by which the server knows that JavaScript runs.
const POSTCARD: &str = "application/x-postcard";

/// Sends a form.
pub async fn submit(action: &str, form: &HtmlFormElement) -> FormAnswer {
    let fields = FormData::new_with_form(form).and_then(|data| UrlSearchParams::new_with_str_sequence_sequence(&data));
    let answer = match fields {
        Ok(fields) => post(action, &fields).await,
        Err(_) => Err(words::member().unavailable),
    };
    answer.unwrap_or_else(|sentence| FormAnswer::Refused(sentence.to_owned()))
}

/// Reads what there is at an address, from the server function at `path`.
pub async fn page(path: &str, address: &str) -> PageAnswer {
    let answer = match UrlSearchParams::new() {
        Ok(fields) => {
            fields.append("address", address);
            post(path, &fields).await
        }
        Err(_) => Err(words::member().unavailable),
    };
    answer.unwrap_or_else(|sentence| PageAnswer::Shown(PageView::Failed(sentence.to_owned())))
}

/// The answer, or a sentence that says why there is none.
async fn post<T: DeserializeOwned>(path: &str, fields: &UrlSearchParams) -> Result<T, &'static str> {
    let response = send(path, fields).await.map_err(|_| words::member().offline)?;
    let bytes = if response.ok() { read(&response).await.ok() } else { None };
    let answer = bytes.and_then(|bytes| postcard::from_bytes(&bytes).ok());
    answer.ok_or(words::member().unavailable)
}

async fn send(path: &str, fields: &UrlSearchParams) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    headers.set("accept", POSTCARD)?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(fields);
    JsFuture::from(window().fetch_with_str_and_init(path, &request)).await?.dyn_into()
}

async fn read(response: &Response) -> Result<Vec<u8>, JsValue> {
    Ok(Uint8Array::new(&JsFuture::from(response.array_buffer()?).await?).to_vec())
}
