//! The pages: their content. No rules and no sentences here. What a page for members shows is there before it is rendered;
//! the admin pages are an app of their own.

pub mod account;
pub mod admin;
pub mod devices;
pub mod failed;
pub mod invitation;
pub mod login_code;
pub mod login_phone;
pub mod not_found;
pub mod profile;
pub mod start;

use crate::components::plain::erased;
use crate::model::page::PageView;
use crate::words;
use account::Account;
use devices::Devices;
use failed::Failed;
use invitation::Invitation;
use leptos::prelude::*;
use login_code::LoginCode;
use login_phone::LoginPhone;
use not_found::NotFound;
use profile::Profile;
use start::Start;

/// A page for members.
pub fn page(view: PageView) -> AnyView {
    match view {
        PageView::Start => erased(view! { <Start /> }),
        PageView::LoginPhone(view) => erased(view! { <LoginPhone view /> }),
        PageView::LoginCode(view) => erased(view! { <LoginCode view /> }),
        PageView::Invitation(view) => erased(view! { <Invitation view /> }),
        PageView::Profile(view) => erased(view! { <Profile view=*view /> }),
        PageView::Devices(view) => erased(view! { <Devices view /> }),
        PageView::Account(view) => erased(view! { <Account view /> }),
        PageView::NotFound => erased(view! { <NotFound /> }),
        PageView::Failed(sentence) => erased(view! { <Failed sentence /> }),
    }
}

/// The title of the document.
pub fn title(view: &PageView) -> String {
    let words = words::member();
    let page = match view {
        PageView::Start => words.start_title,
        PageView::LoginPhone(_) => words.login_title,
        PageView::LoginCode(_) => words.code_title,
        PageView::Invitation(_) => words.invitation_title,
        PageView::Profile(_) => words.profile_title,
        PageView::Devices(_) => words.devices_title,
        PageView::Account(_) => words.account_title,
        PageView::NotFound => words.not_found_title,
        PageView::Failed(_) => words.page_failed,
    };
    format!("{page} · {}", words::name())
}
