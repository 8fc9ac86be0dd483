//! Keys of maintainers: `lodestar_`, 43 characters that nobody can guess, 6 that show a slip of
//! the pen. A scanner for leaked secrets finds them by
//! `lodestar_[0-9A-Za-z]{49}`.

use sha2::{Digest, Sha256};

/// What every key starts with.
const PREFIX: &str = "lodestar_";
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 62^43 is just more than 2^256.
const RANDOM: usize = 43;
const CHECK: usize = 6;

/// A key. It is never stored, logged or shown again: it has no `Debug` and no `Display`.
pub struct Key(String);

impl Key {
    /// A new key.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn new() -> Result<Self, getrandom::Error> {
        let mut key = PREFIX.to_owned();
        let mut bytes = [0; 64];
        while key.len() < PREFIX.len() + RANDOM {
            getrandom::fill(&mut bytes)?;
            // Bytes past the alphabet are thrown away, so that every character is as likely.
            let characters = bytes.iter().map(|byte| usize::from(byte & 63));
            let characters = characters.filter_map(|place| ALPHABET.get(place));
            let missing = PREFIX.len() + RANDOM - key.len();
            key.extend(characters.take(missing).map(|byte| char::from(*byte)));
        }
        let check = check(&key);
        Ok(Self(key + &check))
    }

    /// Reads a key; whatever is mistyped or cut off is none.
    pub fn parse(text: &str) -> Option<Self> {
        let length = PREFIX.len() + RANDOM + CHECK;
        if text.len() != length || !text.starts_with(PREFIX) || !text.is_ascii() {
            return None;
        }
        let (key, given) = text.split_at(length - CHECK);
        (given == check(key)).then(|| Self(text.to_owned()))
    }

    /// SHA-256 of the key, which is stored. 256 random bits need no slow hash.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(&self.0).into()
    }

    /// The key itself, to be shown once.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

fn check(key: &str) -> String {
    let digest = Sha256::digest(key);
    let characters = digest.iter().take(CHECK);
    characters
        .map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_shown_and_not_otherwise() {
        let Ok(key) = Key::new() else {
            panic!("no randomness")
        };
        let text = key.reveal().to_owned();
        assert_eq!(text.len(), 58);
        assert!(Key::parse(&text).is_some_and(|read| read.digest() == key.digest()));
        for place in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[place] = if other[place] == b'x' { b'y' } else { b'x' };
            assert!(
                Key::parse(&String::from_utf8_lossy(&other)).is_none(),
                "{place}"
            );
        }
        for wrong in [
            "",
            "lodestar_",
            &text[..57],
            &format!("{text}x"),
            &text.to_uppercase(),
            "lodestar_é",
        ] {
            assert!(Key::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn no_two_keys_are_alike() {
        let keys: std::collections::HashSet<[u8; 32]> = (0..1000)
            .filter_map(|_| Key::new().ok())
            .map(|key| key.digest())
            .collect();
        assert_eq!(keys.len(), 1000);
    }
}
