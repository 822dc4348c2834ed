//! Secrets: made from the system's randomness, shown once, stored as a hash.
//!
//! The hash is a fast one (BLAKE3) on purpose. Slow hashes protect secrets that can be guessed, which is why passwords
//! get argon2id; the secrets here have at least 192 random bits, and no number of guesses reaches them.

use crate::error::{Error, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use essor_store::identity::Hash;

/// An opaque secret of 256 bits, for sessions and links.
pub(crate) fn opaque() -> Result<String> {
    random::<32>()
}

/// 32 characters of 192 bits, for what people copy into settings.
pub(super) fn short() -> Result<String> {
    random::<24>()
}

/// What is stored of a secret.
pub(crate) fn hash(secret: &str) -> Hash {
    *blake3::hash(secret.as_bytes()).as_bytes()
}

fn random<const BYTES: usize>() -> Result<String> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|e| Error::Internal(format!("no randomness from the system: {e}")))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
