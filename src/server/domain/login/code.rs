//! The digits of a login code. They are derived with a key from what is stored of the code, and are not stored: so the
//! same code can be sent again, and a copy of the database contains none. The code of a test phone is a setting.

use crate::model::login_code::LoginCode;
use crate::server::data::SentLoginCode;
use crate::server::domain::Ports;
use crate::server::secrets::MacKey;
use subtle::ConstantTimeEq;

/// Whether the typed code is the one that was sent. The time does not depend on the digits.
pub fn is_right(ports: &Ports, sent: &SentLoginCode, typed: &LoginCode) -> bool {
    match ports.test_phone(&sent.phone) {
        Some(test) => test.code.as_str().as_bytes().ct_eq(typed.as_str().as_bytes()).into(),
        None => is(&ports.keys.code, sent, typed),
    }
}

/// The code as it is sent.
pub fn of(key: &MacKey, sent: &SentLoginCode) -> LoginCode {
    from_mac(&key.mac(&[&parts(sent)]), sent)
}

/// Whether the typed code is this one, also if the secret was changed after it was sent.
fn is(key: &MacKey, sent: &SentLoginCode, typed: &LoginCode) -> bool {
    let mut is_right = false;
    for mac in key.macs(&[&parts(sent)]) {
        is_right |= bool::from(from_mac(&mac, sent).as_str().as_bytes().ct_eq(typed.as_str().as_bytes()));
    }
    is_right
}

/// The flow and the row: no two codes share both.
fn parts(sent: &SentLoginCode) -> Vec<u8> {
    [&sent.flow.0[..], &sent.id.to_be_bytes(), sent.phone.as_str().as_bytes()].concat()
}

/// The remainder of 64 bits favours no code by more than 10⁸ / 2⁶⁴.
fn from_mac(mac: &[u8; 32], sent: &SentLoginCode) -> LoginCode {
    let mut first = [0; 8];
    first.copy_from_slice(&mac[..8]);
    LoginCode::from_number(u64::from_be_bytes(first) % u64::from(sent.length.codes()), sent.length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::login_code::CodeLength;
    use crate::model::phone::Phone;
    use crate::server::clock::Timestamp;
    use crate::server::data::FlowId;
    use crate::server::secrets::Secret;

    fn sent(id: i64, length: CodeLength) -> SentLoginCode {
        SentLoginCode {
            id,
            flow: FlowId([7; 16]),
            phone: Phone::from_e164("+79123456789").unwrap(),
            device: None,
            length,
            tries: 0,
            expires_at: Timestamp(0),
            resent_at: None,
            is_used: false,
            is_ended: false,
        }
    }

    fn key(secret: &str) -> MacKey {
        Secret::parse(secret).unwrap().key("login code")
    }

    #[test]
    fn a_row_has_one_code_and_another_row_another() {
        let key = key(&"a1".repeat(32));
        let codes: std::collections::HashSet<_> =
            (0..1000).map(|id| of(&key, &sent(id, CodeLength::MAX)).as_str().to_owned()).collect();
        assert_eq!(codes.len(), 1000);
        assert_eq!(of(&key, &sent(1, CodeLength::MAX)), of(&key, &sent(1, CodeLength::MAX)));
        assert!(is(&key, &sent(1, CodeLength::MIN), &of(&key, &sent(1, CodeLength::MIN))));
        assert!(!is(&key, &sent(1, CodeLength::MIN), &of(&key, &sent(1, CodeLength::MAX))));
    }

    #[test]
    fn every_digit_comes_up_equally_often() {
        let key = key(&"a1".repeat(32));
        let mut counts = [0; 10];
        for id in 0..5000 {
            for digit in of(&key, &sent(id, CodeLength::MIN)).as_str().bytes() {
                counts[usize::from(digit - b'0')] += 1;
            }
        }
        assert!(counts.iter().all(|count| (1850..2150).contains(count)), "{counts:?}");
    }

    #[test]
    fn a_code_that_was_sent_before_the_secret_changed_is_still_right() {
        let (old, new) = ("a1".repeat(32), "b2".repeat(32));
        let before = of(&key(&old), &sent(1, CodeLength::MAX));
        assert!(is(&key(&format!("{new},{old}")), &sent(1, CodeLength::MAX), &before));
        assert!(!is(&key(&new), &sent(1, CodeLength::MAX), &before));
    }
}
