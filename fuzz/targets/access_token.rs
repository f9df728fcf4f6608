//! Only tokens that the server has signed are accepted, and an access token is never an admin token.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use std::time::Duration;
use vouch::server::clock::Timestamp;
use vouch::server::data::{FamilyId, MemberId};
use vouch::server::domain::Keys;
use vouch::server::domain::jwt::AccessToken;
use vouch::server::secrets::Secret;

const NOW: Timestamp = Timestamp(1_767_225_600_000);

static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys::new(&Secret::parse(&"a1".repeat(32)).unwrap()));
static SIGNED: LazyLock<String> = LazyLock::new(|| {
    let token = AccessToken { member: MemberId(1), family: FamilyId([7; 16]) };
    KEYS.access.sign(token, None, [9; 16], NOW, Duration::from_secs(900)).unwrap()
});

fuzz_target!(|presented: &str| {
    if KEYS.access.check(presented, NOW).is_some() {
        assert_eq!(presented, *SIGNED);
    }
    assert!(KEYS.access.check_admin(presented, NOW).is_none());
    // A valid token with one byte changed.
    let mut forged = SIGNED.clone().into_bytes();
    if let [place, symbol, ..] = presented.as_bytes() {
        let place = usize::from(*place) % forged.len();
        if forged[place] != *symbol {
            forged[place] = *symbol;
            assert!(KEYS.access.check(&String::from_utf8_lossy(&forged), NOW).is_none());
        }
    }
});
