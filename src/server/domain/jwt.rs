//! Access tokens: JSON Web Tokens (RFC 7519) with HMAC-SHA256. Tokens of any other algorithm, including "none", are
//! refused.

use crate::server::clock::Timestamp;
use crate::server::data::{FamilyId, GrantId, MemberId};
use crate::server::secrets::MacKey;
use data_encoding::HEXLOWER;
use jsonwebtoken::errors::Error;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use std::time::Duration;

pub struct AccessTokens {
    signing: EncodingKey,
    /// The current key, and the previous one while the secret is being changed.
    checking: Vec<DecodingKey>,
    validation: Validation,
}

/// The content of an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessToken {
    pub member: MemberId,
    pub family: FamilyId,
}

/// The claims, with the names that common JWT libraries use. Times are whole seconds since 1970 (RFC 7519 §2,
/// `NumericDate`).
#[derive(Serialize, Deserialize)]
struct Claims {
    token_type: String,
    user_id: i64,
    exp: i64,
    iat: i64,
    /// Unique in every token.
    jti: String,
    /// The family, as hexadecimal digits.
    sid: String,
    /// The grant whose second factor was proven; only in admin tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    grant: Option<i64>,
}

const ACCESS: &str = "access";
const ADMIN: &str = "admin";

impl AccessTokens {
    pub fn new(key: &MacKey) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // Expiry is checked below, against our own clock.
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        Self {
            signing: EncodingKey::from_secret(key.current()),
            checking: key.all().map(|key| DecodingKey::from_secret(key)).collect(),
            validation,
        }
    }

    /// A token that is valid from `now` for `life`. With a grant it is an admin token.
    ///
    /// # Errors
    /// When the library fails to sign.
    pub fn sign(
        &self,
        token: AccessToken,
        grant: Option<GrantId>,
        id: [u8; 16],
        now: Timestamp,
        life: Duration,
    ) -> Result<String, Error> {
        let claims = Claims {
            token_type: if grant.is_some() { ADMIN } else { ACCESS }.to_owned(),
            user_id: token.member.0,
            exp: seconds(now.plus(life)),
            iat: seconds(now),
            jti: HEXLOWER.encode(&id),
            sid: HEXLOWER.encode(&token.family.0),
            grant: grant.map(|grant| grant.0),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing)
    }

    /// The content of an access token; `None` unless this server signed it and it has not expired.
    pub fn check(&self, token: &str, now: Timestamp) -> Option<AccessToken> {
        self.claims(token, ACCESS, now)?.token()
    }

    /// Like [`Self::check`], for admin tokens.
    pub fn check_admin(&self, token: &str, now: Timestamp) -> Option<(AccessToken, GrantId)> {
        let claims = self.claims(token, ADMIN, now)?;
        Some((claims.token()?, GrantId(claims.grant?)))
    }

    fn claims(&self, token: &str, kind: &str, now: Timestamp) -> Option<Claims> {
        let decode = |key| jsonwebtoken::decode::<Claims>(token, key, &self.validation).ok();
        let claims = self.checking.iter().find_map(decode)?.claims;
        (claims.token_type == kind && claims.exp > seconds(now)).then_some(claims)
    }
}

impl Claims {
    fn token(&self) -> Option<AccessToken> {
        let family = u128::from_str_radix(&self.sid, 16).ok()?;
        Some(AccessToken { member: MemberId(self.user_id), family: FamilyId(family.to_be_bytes()) })
    }
}

fn seconds(at: Timestamp) -> i64 {
    at.0.div_euclid(1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::secrets::Secret;

    const NOW: Timestamp = Timestamp(1_767_225_600_000);
    const LIFE: Duration = Duration::from_mins(15);
    const TOKEN: AccessToken = AccessToken { member: MemberId(7), family: FamilyId([1; 16]) };

    fn tokens(secret: &str) -> AccessTokens {
        AccessTokens::new(&Secret::parse(secret).unwrap().key("access token"))
    }

    #[test]
    fn a_token_is_valid_until_it_expires() {
        let tokens = tokens(&"a1".repeat(32));
        let signed = tokens.sign(TOKEN, None, [2; 16], NOW, LIFE).unwrap();
        assert_eq!(tokens.check(&signed, NOW), Some(TOKEN));
        assert_eq!(tokens.check(&signed, NOW.plus(Duration::from_millis(899_999))), Some(TOKEN));
        assert_eq!(tokens.check(&signed, NOW.plus(LIFE)), None);
    }

    #[test]
    fn while_the_secret_is_changed_both_keys_verify_and_the_new_one_signs() {
        let (old, new) = ("a1".repeat(32), "b2".repeat(32));
        let (before, during, after) = (tokens(&old), tokens(&format!("{new},{old}")), tokens(&new));
        let signed_before = before.sign(TOKEN, None, [2; 16], NOW, LIFE).unwrap();
        let signed_during = during.sign(TOKEN, None, [3; 16], NOW, LIFE).unwrap();
        assert!(during.check(&signed_before, NOW).is_some() && during.check(&signed_during, NOW).is_some());
        assert!(after.check(&signed_before, NOW).is_none() && after.check(&signed_during, NOW).is_some());
    }

    #[test]
    fn a_token_of_another_type_is_refused() {
        let tokens = tokens(&"a1".repeat(32));
        let encode = |claims: serde_json::Value| {
            jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &tokens.signing).unwrap()
        };
        let mut claims = serde_json::json!({
            "token_type": "access", "user_id": 7, "exp": i64::MAX, "iat": 0, "jti": "x", "sid": "01".repeat(16),
        });
        assert_eq!(tokens.check(&encode(claims.clone()), NOW), Some(TOKEN));
        for (name, bad) in [
            ("token_type", "refresh".into()),
            ("token_type", serde_json::Value::Null),
            ("user_id", "7".into()),
            ("exp", "later".into()),
            ("exp", 0.into()),
            ("sid", "ключ".into()),
        ] {
            let good = std::mem::replace(&mut claims[name], bad);
            assert_eq!(tokens.check(&encode(claims.clone()), NOW), None, "{claims}");
            claims[name] = good;
        }
    }

    #[test]
    fn admin_tokens_and_access_tokens_are_not_interchangeable() {
        let tokens = tokens(&"a1".repeat(32));
        let admins = tokens.sign(TOKEN, Some(GrantId(3)), [2; 16], NOW, LIFE).unwrap();
        assert_eq!(tokens.check_admin(&admins, NOW), Some((TOKEN, GrantId(3))));
        assert_eq!(tokens.check(&admins, NOW), None);
        let members = tokens.sign(TOKEN, None, [2; 16], NOW, LIFE).unwrap();
        assert_eq!(tokens.check_admin(&members, NOW), None);
        assert_eq!(tokens.check_admin(&admins, NOW.plus(LIFE)), None);
    }
}
