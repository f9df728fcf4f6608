//! The server's secret: read from `VOUCH_SECRET`, or made on the first start in a file beside the database.
//! Every use gets a key of its own, derived from it.
//!
//! To change it, put the new one before the old one: the first makes new MACs and tokens, the second still verifies
//! old ones. It can go when they have expired.

use crate::server::clock::Entropy;
use crate::server::sentences;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use rand::{CryptoRng, Rng};
use sha2::{Digest, Sha256};
use std::fs::OpenOptions;
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::{fmt, fs};

/// Bytes of the secret; as many as the SHA-256 that uses it gives out.
const LENGTH: usize = 32;
/// Bytes of an HMAC-SHA256 key that needs neither padding nor hashing (RFC 2104).
const BLOCK: usize = 64;

/// The server's secret, and the one before it while that may still be needed.
#[derive(Clone)]
pub struct Secret {
    current: [u8; LENGTH],
    previous: Option<[u8; LENGTH]>,
}

/// 256 random bits that one browser keeps and sends back, as 64 hexadecimal digits. Here, only their hash is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    pub fn random(rng: &mut dyn CryptoRng) -> Self {
        let mut bytes = [0; LENGTH];
        rng.fill_bytes(&mut bytes);
        Self(HEXLOWER.encode(&bytes))
    }

    /// The token that a client sent; `None` unless it is 64 hexadecimal digits.
    pub fn presented(text: &str) -> Option<Self> {
        let is_hex = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        (is_hex && text.len() == 2 * LENGTH).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is stored in the database. It cannot be used as a token.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(&self.0).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Why there is no secret to start with.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// `VOUCH_SECRET`, or the file, does not hold 64 hexadecimal digits, once or twice.
    #[error("{}", sentences::terminal().secret_malformed)]
    Malformed,
    /// The file can be neither read nor made.
    #[error("{}", sentences::terminal().secret_file_failed(path, &source.to_string()))]
    File { path: String, source: io::Error },
    /// The operating system has no randomness.
    #[error("{}", sentences::terminal().no_randomness(&.0.to_string()))]
    Entropy(#[from] rand::rngs::SysError),
}

impl Secret {
    /// Reads 64 hexadecimal digits, or two secrets parted by a comma or blanks: the present one and the one before.
    ///
    /// # Errors
    /// `Malformed` for anything else, and for one digit repeated, which only an example would be.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let mut secrets = text.split(|c: char| c == ',' || c.is_whitespace()).filter(|part| !part.is_empty());
        let current = secrets.next().and_then(bytes).ok_or(SecretError::Malformed)?;
        let previous = secrets.next().map(|text| bytes(text).ok_or(SecretError::Malformed)).transpose()?;
        match secrets.next() {
            None => Ok(Self { current, previous }),
            Some(_) => Err(SecretError::Malformed),
        }
    }

    /// Makes a new one.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, SecretError> {
        let mut current = [0; LENGTH];
        entropy.rng()?.fill_bytes(&mut current);
        Ok(Self { current, previous: None })
    }

    /// Reads a file that holds a secret.
    ///
    /// # Errors
    /// When the file cannot be read, or holds something else.
    pub fn from_file(path: &Path) -> Result<Self, SecretError> {
        let text = fs::read_to_string(path);
        Self::parse(&text.map_err(|source| SecretError::File { path: path.display().to_string(), source })?)
    }

    /// Reads the secret's file, or makes it (readable by its owner only) when there is none, or an empty one.
    ///
    /// # Errors
    /// When the file can be neither read nor made, or holds something else.
    pub fn from_own_file(path: &Path, entropy: &dyn Entropy) -> Result<Self, SecretError> {
        let failed = |source| SecretError::File { path: path.display().to_string(), source };
        match fs::read_to_string(path) {
            Ok(text) if !text.is_empty() => return Self::parse(&text),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        let mut options = OpenOptions::new();
        let mut file = options.read(true).append(true).create(true).mode(0o600).open(path).map_err(failed)?;
        // Of two servers that start at once, one makes the secret and the other reads it.
        file.lock().map_err(failed)?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(failed)?;
        if !text.is_empty() {
            return Self::parse(&text);
        }
        let secret = Self::generate(entropy)?;
        writeln!(file, "{}", HEXLOWER.encode(&secret.current)).and_then(|()| file.sync_all()).map_err(failed)?;
        Ok(secret)
    }

    /// A key for one purpose (HKDF-SHA256, RFC 5869), so that no two uses share one.
    pub fn key(&self, purpose: &str) -> MacKey {
        let derive = |secret| derive(secret, purpose);
        MacKey { current: derive(&self.current), previous: self.previous.as_ref().map(derive) }
    }

    /// A key that hides what is stored for one purpose.
    pub fn seal_key(&self, purpose: &str) -> SealKey {
        let derive = |secret| derive(secret, purpose);
        SealKey { current: derive(&self.current), previous: self.previous.as_ref().map(derive) }
    }
}

/// Whether others than its owner can use a file.
///
/// # Errors
/// When its permissions cannot be read.
pub fn is_open_to_others(file: &Path) -> io::Result<bool> {
    Ok(fs::metadata(file)?.permissions().mode() & 0o077 != 0)
}

fn derive<const BYTES: usize>(secret: &[u8; LENGTH], purpose: &str) -> [u8; BYTES] {
    let mut key = [0; BYTES];
    // HKDF refuses only outputs of more than 255 hashes; this is one or two.
    if Hkdf::<Sha256>::new(None, secret).expand(purpose.as_bytes(), &mut key).is_err() {
        unreachable!("two hashes are a valid length");
    }
    key
}

/// Reads 64 hexadecimal digits that are not all the same.
fn bytes(text: &str) -> Option<[u8; LENGTH]> {
    let bytes: [u8; LENGTH] = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?.try_into().ok()?;
    let is_repeated = text.bytes().all(|digit| text.starts_with(char::from(digit)));
    (!is_repeated).then_some(bytes)
}

/// Random bytes, as many as the type says.
pub fn random_bytes<const LENGTH: usize>(rng: &mut dyn CryptoRng) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    rng.fill_bytes(&mut bytes);
    bytes
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A key for HMAC-SHA256, and the one before it.
#[derive(Clone)]
pub struct MacKey {
    current: [u8; BLOCK],
    previous: Option<[u8; BLOCK]>,
}

impl MacKey {
    /// The MAC over the parts, each preceded by its length so that none can run into the next.
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        feed(&self.current, parts).finalize().into_bytes().into()
    }

    /// The MAC over the parts under this key and the one before.
    pub fn macs(&self, parts: &[&[u8]]) -> impl Iterator<Item = [u8; 32]> {
        self.all().map(move |key| feed(key, parts).finalize().into_bytes().into())
    }

    /// Whether `mac` belongs to the parts, under this key or the one before; takes the same time whatever the answer.
    pub fn verify(&self, parts: &[&[u8]], mac: &[u8]) -> bool {
        // Not `any`, which would stop at the first that fits.
        self.all().fold(false, |fits, key| feed(key, parts).verify_slice(mac).is_ok() | fits)
    }

    /// The bytes of this key, for a library that makes MACs by itself.
    pub fn current(&self) -> &[u8] {
        &self.current
    }

    /// The bytes of this key and of the one before.
    pub fn all(&self) -> impl Iterator<Item = &[u8; BLOCK]> {
        std::iter::once(&self.current).chain(self.previous.as_ref())
    }
}

fn feed(key: &[u8; BLOCK], parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut hmac = <Hmac<Sha256> as KeyInit>::new(key.into());
    for part in parts {
        hmac.update(&(part.len() as u64).to_be_bytes());
        hmac.update(part);
    }
    hmac
}

/// A key for AES-256-GCM (NIST SP 800-38D), and the one before it.
#[derive(Clone)]
pub struct SealKey {
    current: [u8; LENGTH],
    previous: Option<[u8; LENGTH]>,
}

impl SealKey {
    /// Hides `plain`, bound to what it is about: sealed for one subject, it opens for no other. `None` when the library
    /// fails, which is not expected.
    pub fn seal(&self, plain: &[u8], about: &[u8], rng: &mut dyn CryptoRng) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        rng.fill_bytes(&mut nonce);
        let mut sealed = plain.to_vec();
        let cipher = cipher(&self.current)?;
        cipher.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(about), &mut sealed).ok()?;
        Some([&nonce[..], &sealed].concat())
    }

    /// What was sealed under this key or the one before; `None` if it was altered, or sealed for another subject.
    pub fn open(&self, sealed: &[u8], about: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
        let open = |key| {
            let (nonce, mut sealed) = (Nonce::try_assume_unique_for_key(nonce).ok()?, sealed.to_vec());
            cipher(key)?.open_in_place(nonce, Aad::from(about), &mut sealed).ok().map(|plain| plain.to_vec())
        };
        std::iter::once(&self.current).chain(self.previous.as_ref()).find_map(open)
    }
}

fn cipher(key: &[u8; LENGTH]) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, key).ok().map(LessSafeKey::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::clock::fixed::SeededEntropy;

    #[test]
    fn the_file_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vouch.db.key");
        let entropy = SeededEntropy::default();
        let made = Secret::from_own_file(&path, &entropy).unwrap();
        for read in [Secret::from_own_file(&path, &entropy), Secret::from_file(&path)] {
            assert_eq!((made.current, made.previous), read.map(|read| (read.current, read.previous)).unwrap());
        }
        assert!(!is_open_to_others(&path).unwrap());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(is_open_to_others(&path).unwrap());
        // A start that was interrupted can leave an empty file.
        fs::write(&path, "").unwrap();
        assert!(Secret::from_file(&path).is_err());
        assert!(Secret::from_own_file(&path, &entropy).is_ok());
        assert!(Secret::from_file(&path).is_ok());
    }

    #[test]
    fn servers_that_start_at_once_make_one_secret() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vouch.db.key");
        let entropy = SeededEntropy::default();
        let make = || Secret::from_own_file(&path, &entropy).unwrap().current;
        let made: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(make)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(made.iter().all(|secret| *secret == made[0]));
    }

    #[test]
    fn short_and_sample_secrets_are_refused() {
        for bad in ["", "abcd", &"0".repeat(64), &"x1".repeat(32), &"a1".repeat(33)] {
            assert!(Secret::parse(bad).is_err(), "{bad:?} was taken");
        }
        assert!(Secret::parse(&"a1".repeat(32)).is_ok());
    }

    #[test]
    fn after_a_change_the_secret_before_still_verifies_and_no_longer_makes() {
        let (old, new) = ("a1".repeat(32), "b2".repeat(32));
        let before = Secret::parse(&old).unwrap().key("x");
        for both in [format!("{new},{old}"), format!("{new}\n{old}\n")] {
            let during = Secret::parse(&both).unwrap().key("x");
            assert!(during.verify(&[b"m"], &before.mac(&[b"m"])));
            assert!(during.verify(&[b"m"], &during.mac(&[b"m"])));
            assert!(!before.verify(&[b"m"], &during.mac(&[b"m"])));
        }
        let after = Secret::parse(&new).unwrap().key("x");
        assert!(!after.verify(&[b"m"], &before.mac(&[b"m"])));
        for bad in [format!("{new},short"), format!("{new},{old},{old}"), ",".to_owned()] {
            assert!(Secret::parse(&bad).is_err(), "{bad} was taken");
        }
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

    #[test]
    fn what_is_sealed_opens_for_its_subject_and_during_a_change_of_the_secret() {
        let (old, new) = ("a1".repeat(32), "b2".repeat(32));
        let key = |secret: &str| Secret::parse(secret).unwrap().seal_key("test");
        let sealed = key(&old).seal(b"plain", b"17", &mut *SeededEntropy::default().rng().unwrap()).unwrap();
        assert!(!sealed.windows(5).any(|window| window == b"plain"));
        assert_eq!(key(&old).open(&sealed, b"17").as_deref(), Some(&b"plain"[..]));
        assert_eq!(key(&format!("{new},{old}")).open(&sealed, b"17").as_deref(), Some(&b"plain"[..]));
        assert_eq!(key(&old).open(&sealed, b"18"), None);
        assert_eq!(key(&new).open(&sealed, b"17"), None);
        for bad in [&sealed[..5], &sealed[..sealed.len() - 1], &[&sealed[..], b"x"].concat()] {
            assert_eq!(key(&old).open(bad, b"17"), None);
        }
    }
}
