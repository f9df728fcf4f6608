//! The server's secret: read from `VOUCH_SECRET`, or made on the first start in a file beside the database.
//! Every use gets a key of its own, derived from it.

use crate::server::clock::Entropy;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use rand::Rng;
use sha2::Sha256;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::{fmt, fs, io};

/// Bytes of the secret; as many as the SHA-256 that uses it gives out.
const LENGTH: usize = 32;
/// Bytes of an HMAC-SHA256 key that needs neither padding nor hashing (RFC 2104).
const BLOCK: usize = 64;

/// The server's secret.
#[derive(Clone)]
pub struct Secret([u8; LENGTH]);

/// Why there is no secret to start with.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// `VOUCH_SECRET`, or the file, does not hold 64 hexadecimal digits.
    #[error("the secret must be 64 hexadecimal digits, not all the same (make one with `openssl rand -hex 32`)")]
    Malformed,
    /// The file can be neither read nor made.
    #[error("the secret's file {path} can be neither read nor made: {source}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// The operating system has no randomness.
    #[error("the operating system gave no randomness: {0}")]
    Entropy(#[from] rand::rngs::SysError),
}

impl Secret {
    /// Reads 64 hexadecimal digits.
    ///
    /// # Errors
    /// `Malformed` for anything else, and for one digit repeated, which only an example would be.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let digits = text.trim().as_bytes();
        if digits.len() != 2 * LENGTH || digits.iter().all(|digit| *digit == digits[0]) {
            return Err(SecretError::Malformed);
        }
        let mut bytes = [0; LENGTH];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| SecretError::Malformed)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| SecretError::Malformed)?;
        }
        Ok(Self(bytes))
    }

    /// Makes a new one.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, SecretError> {
        let mut bytes = [0; LENGTH];
        entropy.rng()?.fill_bytes(&mut bytes);
        Ok(Self(bytes))
    }

    /// Reads the secret's file, or makes it (readable by its owner only) when there is none.
    ///
    /// # Errors
    /// When the file can be neither read nor made, or holds something else.
    pub fn from_file(path: &Path, entropy: &dyn Entropy) -> Result<Self, SecretError> {
        let failed = |source| SecretError::File { path: path.display().to_string(), source };
        match fs::read_to_string(path) {
            Ok(text) => return Self::parse(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        let secret = Self::generate(entropy)?;
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
        let digits: String = secret.0.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(file, "{digits}").and_then(|()| file.sync_all()).map_err(failed)?;
        Ok(secret)
    }

    /// A key for one purpose (HKDF-SHA256, RFC 5869), so that no two uses share one.
    pub fn key(&self, purpose: &str) -> MacKey {
        let mut key = [0; BLOCK];
        // HKDF refuses only outputs of more than 255 hashes; this is two.
        if Hkdf::<Sha256>::new(None, &self.0).expand(purpose.as_bytes(), &mut key).is_err() {
            unreachable!("two hashes are a valid length");
        }
        MacKey(key)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A key for HMAC-SHA256.
#[derive(Clone)]
pub struct MacKey([u8; BLOCK]);

impl MacKey {
    /// The MAC over the parts, each preceded by its length so that none can run into the next.
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        self.feed(parts).finalize().into_bytes().into()
    }

    /// Whether `mac` belongs to the parts; takes the same time whatever the answer.
    pub fn verify(&self, parts: &[&[u8]], mac: &[u8]) -> bool {
        self.feed(parts).verify_slice(mac).is_ok()
    }

    fn feed(&self, parts: &[&[u8]]) -> Hmac<Sha256> {
        let mut hmac = <Hmac<Sha256> as KeyInit>::new(&self.0.into());
        for part in parts {
            hmac.update(&(part.len() as u64).to_be_bytes());
            hmac.update(part);
        }
        hmac
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::clock::fixed::SeededEntropy;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_file_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vouch.db.key");
        let entropy = SeededEntropy::default();
        let made = Secret::from_file(&path, &entropy).unwrap();
        let read = Secret::from_file(&path, &entropy).unwrap();
        assert_eq!(made.0, read.0);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn short_and_sample_secrets_are_refused() {
        for bad in ["", "abcd", &"0".repeat(64), &"x1".repeat(32), &"a1".repeat(33)] {
            assert!(Secret::parse(bad).is_err(), "{bad:?} was taken");
        }
        assert!(Secret::parse(&"a1".repeat(32)).is_ok());
    }

    #[test]
    fn keys_of_two_purposes_differ_and_parts_do_not_run_together() {
        let secret = Secret::generate(&SeededEntropy::default()).unwrap();
        let (one, two) = (secret.key("one"), secret.key("two"));
        assert_ne!(one.mac(&[b"x"]), two.mac(&[b"x"]));
        assert_ne!(one.mac(&[b"ab", b"c"]), one.mac(&[b"a", b"bc"]));
        assert!(one.verify(&[b"x"], &one.mac(&[b"x"])));
        assert!(!one.verify(&[b"x"], &two.mac(&[b"x"])));
    }
}
