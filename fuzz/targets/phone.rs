//! Any text that is parsed as a phone gives a number that is parsed as itself again, in E.164 and in international
//! form.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vouch::server::domain::phone;

fuzz_target!(|typed: &str| {
    let region = "RU".parse().unwrap();
    let Ok(read) = phone::parse(typed, region) else { return };
    assert_eq!(phone::parse(read.as_str(), region).as_ref(), Ok(&read), "{typed:?}");
    assert_eq!(phone::parse(&phone::international(&read), region).as_ref(), Ok(&read), "{typed:?}");
});
