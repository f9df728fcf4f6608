//! The pages: their content. No rules and no sentences here. What a page for members shows is there before it is rendered;
//! the admin pages are an app of their own.

pub mod admin;
pub mod failed;
pub mod login_code;
pub mod login_phone;
pub mod not_found;
pub mod profile;

use crate::components::plain::erased;
use crate::model::page::PageView;
use crate::words;
use failed::Failed;
use leptos::prelude::*;
use login_code::LoginCode;
use login_phone::LoginPhone;
use profile::Profile;

/// A page for members.
pub fn page(view: PageView) -> AnyView {
    match view {
        PageView::LoginPhone(view) => erased(view! { <LoginPhone view /> }),
        PageView::LoginCode(view) => erased(view! { <LoginCode view /> }),
        PageView::Profile(view) => erased(view! { <Profile view=*view /> }),
        PageView::Failed(sentence) => erased(view! { <Failed sentence /> }),
    }
}

/// The title of the document.
pub fn title(view: &PageView) -> String {
    let words = words::member();
    let page = match view {
        PageView::LoginPhone(_) => words.login_title,
        PageView::LoginCode(_) => words.code_title,
        PageView::Profile(_) => words.profile_title,
        PageView::Failed(_) => words.page_failed,
    };
    format!("{page} · {}", words::name())
}
