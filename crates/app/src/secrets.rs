//! The secret of an installation, and the tokens that are made from it.
//!
//! A token made here is not drawn but computed from what it stands for: it can be written into a letter or shown again
//! later, while the database holds only its hash. Who has the database has no link; who has the secret too has them all.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// The secret. It is never printed.
#[derive(Clone)]
pub(crate) struct Secret([u8; 32]);

impl Secret {
    /// From what the settings hold.
    pub(crate) fn of(text: &str) -> Secret {
        Secret(blake3::derive_key("essor 2026 links of surveys", text.as_bytes()))
    }

    /// The token of a thing: 256 bits that nobody computes without the secret.
    pub(crate) fn token(&self, id: Uuid) -> String {
        URL_SAFE_NO_PAD.encode(blake3::keyed_hash(&self.0, id.as_bytes()).as_bytes())
    }
}

impl Default for Secret {
    /// One that ends with the process. Two UUIDs of version 4 have 244 random bits.
    fn default() -> Self {
        Secret::of(&format!("{}{}", Uuid::new_v4(), Uuid::new_v4()))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// What is stored of a token.
pub(crate) fn hash(token: &str) -> [u8; 32] {
    *blake3::hash(token.as_bytes()).as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_the_same_for_the_same_secret_alone() {
        let (id, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let secret = Secret::of("one");
        assert_eq!(secret.token(id), Secret::of("one").token(id));
        assert_eq!(secret.token(id).len(), 43);
        assert_ne!(secret.token(id), secret.token(other));
        assert_ne!(secret.token(id), Secret::of("two").token(id));
        assert_ne!(Secret::default().token(id), Secret::default().token(id));
        assert_eq!(format!("{secret:?}"), "Secret");
    }
}
