//! For any X-Forwarded-For, the client address is the entry of our outermost proxy, or the peer.
#![no_main]

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;
use std::net::{IpAddr, SocketAddr};
use vouch::server::http::client;
use vouch::server::data::Network;

const PEER: [u8; 4] = [192, 0, 2, 1];

fuzz_target!(|input: (u8, &[u8])| {
    let (hops, forged) = input;
    let mut extensions = Extensions::new();
    extensions.insert(ConnectInfo(SocketAddr::from((PEER, 4000))));
    let mut headers = HeaderMap::new();
    for line in forged.split(|byte| *byte == b'\n') {
        if let Ok(line) = HeaderValue::from_bytes(line) {
            headers.append("x-forwarded-for", line);
        }
    }
    let seen = client::address(&headers, &extensions, hops);
    assert!(seen.is_some());
    assert!(!Network::of(seen).as_str().is_empty());

    // Behind one proxy, only the entry that it appends counts.
    headers.append("x-forwarded-for", HeaderValue::from_static("203.0.113.9"));
    assert_eq!(client::address(&headers, &extensions, 1), Some(IpAddr::from([203, 0, 113, 9])));
    assert_eq!(client::address(&headers, &extensions, 0), Some(IpAddr::from(PEER)));
});
