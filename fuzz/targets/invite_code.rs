//! Any text that is parsed as an invite or login code gives a well-formed one, and an invite code is parsed as itself
//! again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vouch::model::invite_code::{ALPHABET, InviteCode, LENGTH};
use vouch::model::login_code::LoginCode;

fuzz_target!(|typed: &str| {
    if let Ok(code) = InviteCode::parse(typed) {
        assert_eq!(code.as_str().len(), LENGTH);
        assert!(code.as_str().bytes().all(|symbol| ALPHABET.contains(&symbol)));
        assert_eq!(InviteCode::parse(code.as_str()), Ok(code));
    }
    if let Ok(code) = LoginCode::parse_any(typed) {
        assert!((4..=8).contains(&code.as_str().len()));
        assert!(code.as_str().bytes().all(|digit| digit.is_ascii_digit()));
    }
});
