//! Types that the server and the browser share: validated values, and the data that pages show.
//!
//! A newtype here only holds well-formed values; its `parse` is the only place that defines them. No I/O, no clock and
//! no large library, because all of this is compiled into the wasm.

pub mod account;
pub mod admin;
pub mod devices;
pub mod invite_code;
pub mod language;
pub mod login_code;
pub mod moment;
pub mod number;
pub mod page;
pub mod phone;
pub mod profile;
pub mod progress;

/// Parses ASCII digits only; `str::parse` would also accept a sign.
pub fn digits<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// The ASCII digit for a digit that people type in Arabic, Persian or full-width script; any other symbol as it is.
pub fn ascii_digit(symbol: char) -> char {
    let zero = match symbol {
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        '\u{ff10}'..='\u{ff19}' => 0xff10,
        _ => return symbol,
    };
    char::from_digit(u32::from(symbol) - zero, 10).unwrap_or(symbol)
}

/// Digits with narrow spaces between thousands, as in 12 345.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join("\u{202f}")
}
