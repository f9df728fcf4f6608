//! What the app for members exchanges with the server, and what the HTML document around every page needs.

use super::account::AccountView;
use super::devices::DevicesView;
use super::number::{ClaimView, NumberView, OwnerView};
use super::profile::{InvitationView, LoginCodeView, LoginPhoneView, ProfileView};
use super::progress::ProgressView;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What the app for members shows at an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PageView {
    LoginPhone(LoginPhoneView),
    LoginCode(LoginCodeView),
    Profile(Box<ProfileView>),
    /// It cannot be shown just now, for the reason in this sentence.
    Failed(String),
}

/// A page that needs no app.
pub enum DocumentView {
    /// The first page.
    Start,
    Invitation(InvitationView),
    Progress(ProgressView),
    Devices(DevicesView),
    Account(AccountView),
    /// With the code of a member, if somebody is logged in.
    Offline(Option<OfflineView>),
    Number(NumberView),
    Owner(OwnerView),
    Claim(ClaimView),
    Styleguide,
    NotFound,
}

pub struct OfflineView {
    pub invite_code: String,
    /// The whole address of the share link, as text and as SVG.
    pub link: String,
    pub qr_code: String,
}

/// What there is at an address, for the server.
pub enum Page {
    OfApp(PageView),
    Document(DocumentView),
    /// One of the admin pages, which have an app of their own.
    OfAdmins,
    /// The visitor belongs at this address.
    Elsewhere(String),
}

/// What there is at an address, for the app for members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PageAnswer {
    Shown(PageView),
    /// The visitor belongs at this address.
    Elsewhere(String),
    /// A page that is not of this app: the browser is to load it.
    OfBrowser,
}

impl From<Page> for PageAnswer {
    fn from(page: Page) -> Self {
        match page {
            Page::OfApp(view) => Self::Shown(view),
            Page::Document(_) | Page::OfAdmins => Self::OfBrowser,
            Page::Elsewhere(address) => Self::Elsewhere(address),
        }
    }
}

/// The outcome of a form that reached the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FormAnswer {
    /// Done. What follows is at this address.
    Done(String),
    /// Not done, for the reason in this sentence; nothing was changed.
    Refused(String),
}

/// The paths of the built files that every page loads.
#[derive(Clone, Debug)]
pub struct PageAssets {
    pub member: AppAssets,
    pub admin: AppAssets,
    pub css: Arc<str>,
    /// What admin pages need beside it.
    pub admin_css: Arc<str>,
    pub brand: BrandAssets,
    /// Where browsers find this server, without a slash at the end, if the host has said it.
    pub origin: Option<Arc<str>>,
    /// Whether messages are simulated on a public address, which every page says.
    pub is_for_trying_out: bool,
}

/// What the host has chosen for every page.
#[derive(Clone, Debug, Default)]
pub struct BrandAssets {
    /// CSS that overrides that of our stylesheet.
    pub style: Option<Arc<str>>,
    /// The host's logo in the place of our icon.
    pub icon: Option<&'static str>,
    /// Where the terms and the privacy policy are.
    pub terms: Option<Arc<str>>,
    pub privacy: Option<Arc<str>>,
}

/// The paths of the code of one app.
#[derive(Clone, Debug)]
pub struct AppAssets {
    /// The JavaScript that wasm-bindgen generates.
    pub js: Arc<str>,
    pub wasm: Arc<str>,
}
