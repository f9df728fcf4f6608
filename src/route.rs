//! The addresses of the pages, for links, redirects, the router and the guard.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

pub const HOME: &str = "/";
pub const LOGIN: &str = "/login";
/// The second step of the login.
pub const LOGIN_CODE: &str = "/login/code";
/// The question whether an account that nobody has used for long is the person's.
pub const OWNER: &str = "/login/owner";
/// What is behind the share link of a code.
pub const INVITATION: &str = "/i/{code}";
pub const PROFILE: &str = "/profile";
/// Tells an open profile that the invitees have changed.
pub const EVENTS: &str = "/profile/events";
/// Where a member is logged in.
pub const DEVICES: &str = "/profile/devices";
/// The picture of the host.
pub const LOGO: &str = "/logo";
pub const MANIFEST: &str = "/manifest.webmanifest";
/// What browsers keep to show when there is no connection, and the script that keeps it.
pub const OFFLINE: &str = "/offline";
pub const SERVICE_WORKER: &str = "/service-worker.js";
/// Takes the choice of a language.
pub const LANGUAGE: &str = "/language";
/// What a member has achieved as an inviter.
pub const PROGRESS: &str = "/profile/progress";
/// Takes whether a member wants to be on the board.
pub const BOARD: &str = "/profile/board";
/// What is kept about a member, and the end of that.
pub const ACCOUNT: &str = "/profile/account";
/// Where a member changes their number.
pub const NUMBER: &str = "/profile/number";
/// The offer of an account whose number somebody else has now.
pub const CLAIM: &str = "/profile/claim";
/// What is kept about a member, as a file.
pub const OWN_DATA: &str = "/profile/data.json";
/// The components of the pages, for whoever changes them.
pub const STYLEGUIDE: &str = "/styleguide";
pub const ADMIN: &str = "/admin";
pub const SECOND_FACTOR: &str = "/admin/second-factor";
/// Makes the first admin, with a `token` in its query.
pub const FIRST_ADMIN: &str = "/admin/first";
pub const MEMBERS: &str = "/admin/members";
pub const FLAGS: &str = "/admin/flags";
pub const AUDIT: &str = "/admin/audit";
pub const EXPORT: &str = "/admin/export";
pub const IMPORTS: &str = "/admin/imports";
pub const WEBHOOKS: &str = "/admin/webhooks";
/// Sends again what could not be delivered.
pub const FAILED_WEBHOOKS: &str = "/admin/webhooks/failed";

/// The pages of members, as axum writes paths.
pub const MEMBER_PAGES: [&str; 13] = [
    HOME, LOGIN, LOGIN_CODE, OWNER, INVITATION, PROFILE, PROGRESS, DEVICES, ACCOUNT, NUMBER, CLAIM, OFFLINE, STYLEGUIDE,
];

/// The admin pages, as axum writes paths. Leptos has no list of them: the routes of the members' pages must not know them.
pub const ADMIN_PAGES: [&str; 16] = [
    ADMIN,
    SECOND_FACTOR,
    FIRST_ADMIN,
    MEMBERS,
    "/admin/members/{id}",
    "/admin/members/{id}/{act}",
    FLAGS,
    "/admin/flags/{id}",
    AUDIT,
    EXPORT,
    IMPORTS,
    "/admin/imports/{id}",
    WEBHOOKS,
    FAILED_WEBHOOKS,
    "/admin/webhooks/{id}",
    "/admin/webhooks/endpoints/{number}",
];

/// Addresses that take a file, whose body is larger than that of any form. Their handlers read it once they know the sender.
pub const FILE_UPLOADS: [&str; 2] = [IMPORTS, "/admin/api/imports"];

/// The link that makes the first admin. The token is in the query, which no log contains.
pub fn first_admin(token: &str) -> String {
    format!("{FIRST_ADMIN}?token={token}")
}

/// The share link of a code.
pub fn invitation(code: &str) -> String {
    format!("/i/{code}")
}

/// The QR code of a share link, as SVG.
pub fn qr_code(code: &str) -> String {
    format!("/i/{code}/qr.svg")
}

/// The picture that messengers show beside a share link.
pub fn card(link: &str) -> String {
    format!("{link}/card.png")
}

/// The code in the path of a share link.
pub fn invited_by(path: &str) -> Option<&str> {
    path.strip_prefix("/i/").filter(|code| !code.is_empty() && !code.contains('/'))
}

pub fn member(id: i64) -> String {
    format!("{MEMBERS}/{id}")
}

pub fn flag(id: i64) -> String {
    format!("{FLAGS}/{id}")
}

pub fn import(id: i64) -> String {
    format!("{IMPORTS}/{id}")
}

/// One delivery of a webhook.
pub fn webhook(id: i64) -> String {
    format!("{WEBHOOKS}/{id}")
}

/// The form that switches an endpoint on, by its place in the settings of the host.
pub fn endpoint(number: usize) -> String {
    format!("{WEBHOOKS}/endpoints/{number}")
}

/// The form of one act on one member.
pub fn act(id: i64, act: &str) -> String {
    format!("{MEMBERS}/{id}/{act}")
}

/// What has a meaning of its own in a parameter, or in the fragment behind it (RFC 3986).
const PARAMETER: AsciiSet = CONTROLS.add(b'%').add(b'&').add(b'#').add(b'+');

/// Whether there is a page at a path.
pub fn is_page(path: &str) -> bool {
    MEMBER_PAGES.iter().chain(&ADMIN_PAGES).any(|page| matches(page, path))
}

fn matches(page: &str, path: &str) -> bool {
    let is_match = |(name, given): (&str, &str)| name == given || name.starts_with('{');
    page.split('/').count() == path.split('/').count() && page.split('/').zip(path.split('/')).all(is_match)
}

/// Whether a path is that of an admin page.
pub fn is_admin(path: &str) -> bool {
    path.strip_prefix(ADMIN).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether what is at a path is for admins and programmers, in fewer languages than the pages for members.
pub fn is_for_hosts(path: &str) -> bool {
    is_admin(path) || path.starts_with("/doc") || path.starts_with("/schema")
}

/// The login page, with the page to continue at.
pub fn login_and_back(next: &str) -> String {
    with_next(LOGIN, after_login(next))
}

/// The page of the second factor, with the page to continue at.
pub fn second_factor_and_back(next: &str) -> String {
    with_next(SECOND_FACTOR, after_second_factor(next))
}

fn with_next(page: &str, next: &str) -> String {
    format!("{page}?next={}", utf8_percent_encode(next, &PARAMETER))
}

/// The page to continue at after the second factor: an admin page, and the overview in place of anything else.
pub fn after_second_factor(next: &str) -> &str {
    let next = after_login(next);
    let is_page = is_admin(next.split('?').next().unwrap_or_default()) && !next.starts_with(SECOND_FACTOR);
    if is_page { next } else { ADMIN }
}

/// The page to continue at after the login: a path of this site, and the profile in place of anything else.
pub fn after_login(next: &str) -> &str {
    let is_local = next.starts_with('/') && !next.starts_with("//");
    let is_plain = next.len() <= 200 && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_local && is_plain { next } else { PROFILE }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_gone_to_after_the_login() {
        assert_eq!(after_login("/profile?after=17-3"), "/profile?after=17-3");
        for elsewhere in
            ["", "profile", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nSet-Cookie: x", "/ü"]
        {
            assert_eq!(after_login(elsewhere), PROFILE, "{elsewhere:?}");
        }
    }

    #[test]
    fn a_page_is_known_by_its_path() {
        for page in ["/", "/login/code", "/admin", "/admin/members/17", "/admin/members/17/block"] {
            assert!(is_page(page), "{page}");
        }
        for other in ["", "/nothing", "/login/", "/admin/nothing", "/admin/members/17/block/x"] {
            assert!(!is_page(other), "{other}");
        }
    }

    #[test]
    fn the_way_back_survives_as_one_parameter() {
        assert_eq!(login_and_back("/profile?after=1-2&x=%20"), "/login?next=/profile?after=1-2%26x=%2520");
    }
}
