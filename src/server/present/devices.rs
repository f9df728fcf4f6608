//! The logins of a member: where they are, and since when.

use super::{moment, told};
use crate::error::AppError;
use crate::model::devices::{DeviceView, DevicesView};
use crate::model::profile::Flash;
use crate::server::data::{LiveLogin, LoginId};
use crate::server::sentences;
use woothee::parser::Parser;

pub fn devices(logins: &[LiveLogin], current: Option<LoginId>, flash: Flash<AppError>) -> DevicesView {
    let view = |login: &LiveLogin| DeviceView {
        id: login.id.to_string(),
        name: name(login),
        is_current: Some(login.id) == current,
        logged_in: moment(login.logged_in_at),
        last_used: moment(login.seen_at),
    };
    let refused = told(flash).refused;
    DevicesView { refused, logins: logins.iter().map(view).collect(), count: sentences::service().places(logins.len()) }
}

/// What people call the device of a login, such as "Firefox on Windows".
pub fn name(login: &LiveLogin) -> String {
    let words = sentences::service();
    let name = browser(&login.agent).or_else(|| client(&login.agent));
    match (login.is_api, name) {
        (false, None) => words.unknown_browser.to_owned(),
        (true, None) => words.unknown_client.to_owned(),
        (false, Some(name)) => name,
        (true, Some(name)) => words.client_of_api(&name),
    }
}

/// The browser and the system that a `User-Agent` names.
fn browser(agent: &str) -> Option<String> {
    const UNKNOWN: &str = "UNKNOWN";
    let found = Parser::new().parse(agent).filter(|found| found.browser_type == "browser" && found.name != UNKNOWN)?;
    let system = match found.os {
        UNKNOWN => return Some(found.name.to_owned()),
        "Mac OSX" => "macOS",
        // Browsers say 10 for 11, too.
        windows if windows.starts_with("Windows ") => "Windows",
        other => other,
    };
    Some(sentences::service().browser_on(found.name, system))
}

/// The program that a `User-Agent` names first (RFC 9110 §10.1.5), such as "okhttp".
fn client(agent: &str) -> Option<String> {
    let product = agent.split([' ', '/']).next().unwrap_or_default();
    let is_name = !product.is_empty() && product.len() <= 40 && product.chars().all(|symbol| symbol.is_ascii_graphic());
    is_name.then(|| product.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::clock::Timestamp;

    fn named(is_api: bool, agent: &str) -> String {
        let (id, at) = (LoginId([0; 16]), Timestamp(0));
        name(&LiveLogin { id, is_api, agent: agent.to_owned(), logged_in_at: at, seen_at: at, expires_at: at })
    }

    #[test]
    fn a_browser_is_named_with_its_system() {
        for (agent, name) in [
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox on Windows"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 \
                 Safari/537.36 Edg/131.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/17.5 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 \
                 Safari/605.1.15",
                "Safari on macOS",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile \
                 Safari/537.36",
                "Chrome on Android",
            ),
        ] {
            assert_eq!(named(false, agent), name);
            assert_eq!(named(true, agent), format!("{name}, over the API"));
        }
    }

    #[test]
    fn a_client_of_the_api_is_named_by_its_first_word() {
        assert_eq!(named(true, "okhttp/4.12.0"), "okhttp, over the API");
        assert_eq!(named(true, "Dart/3.3 (dart:io)"), "Dart, over the API");
        assert_eq!(named(true, ""), "An app, over the API");
        assert_eq!(named(true, &"x".repeat(41)), "An app, over the API");
        assert_eq!(named(false, ""), "An unknown browser");
    }
}
