//! The server function that says what there is at an address of the app for members.

use crate::error::AppError;
use crate::model::page::PageAnswer;
use leptos::prelude::*;
use leptos::server_fn::codec::{PostUrl, Postcard};

#[server(prefix = "/api", endpoint = "page", input = PostUrl, output = Postcard)]
pub async fn page(address: String) -> Result<PageAnswer, AppError> {
    use crate::server::{http::visit::Visit, pages};
    Ok(pages::read(&Visit::current()?, &address).await.into())
}
