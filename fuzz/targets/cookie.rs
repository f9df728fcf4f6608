//! For any Cookie headers, a token is 64 hexadecimal digits that are in the headers.
#![no_main]

use axum::http::{HeaderMap, HeaderValue, header};
use libfuzzer_sys::fuzz_target;
use vouch::server::http::cookies;
use vouch::server::secrets::Token;

fuzz_target!(|lines: &[u8]| {
    let mut headers = HeaderMap::new();
    for line in lines.split(|byte| *byte == b'\n') {
        if let Ok(line) = HeaderValue::from_bytes(line) {
            headers.append(header::COOKIE, line);
        }
    }
    let Some(value) = cookies::value_in(&headers, "vouch") else { return };
    if let Some(token) = Token::presented(&value) {
        assert_eq!(token.as_str().len(), 64);
        assert!(String::from_utf8_lossy(lines).contains(token.as_str()));
    }
});
