//! For any body, parsing gives a request, or a problem with status 400.
#![no_main]

use axum::response::IntoResponse;
use libfuzzer_sys::fuzz_target;
use vouch::server::rest::request::parse;
use vouch::server::rest::{authorize, get_code, implement_invite, logout, token_refresh};

fn check<T>(read: Result<T, vouch::server::http::problem::Problem>) {
    if let Err(problem) = read {
        assert_eq!(problem.into_response().status(), 400);
    }
}

fuzz_target!(|body: &[u8]| {
    check(parse::<get_code::GetCode>(body));
    check(parse::<authorize::Authorize>(body));
    check(parse::<token_refresh::Refresh>(body));
    check(parse::<logout::Logout>(body));
    check(parse::<implement_invite::ImplementInvite>(body));
});
