//! Which passwords are taken, and how they are hashed.

use crate::App;
use crate::error::{Error, Result};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use essor_domain::{Code, Invalid};
use std::collections::HashSet;
use std::sync::LazyLock;

const MIN: usize = 10;
/// Beyond it nobody types, and hashing megabytes would be a way to keep the server busy.
const MAX: usize = 256;

/// The most common passwords of ten characters or more, one a line, in lower case.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// The rows of the two usual keyboards, and the orders that everybody knows.
const ORDERS: [&str; 9] = [
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "qwertyuiopqwertyuiop",
    "azertyuiopazertyuiop",
    "asdfghjklasdfghjkl",
    "qsdfghjklmqsdfghjklm",
    "zxcvbnmzxcvbnm",
    "wxcvbnwxcvbn",
    "&é\"'(-è_çà)=",
];

/// Refuses a password that is too short, too long or among the first that anybody would try on this person.
pub(super) fn check(password: &str, field: &str, email: &str, name: &str) -> std::result::Result<(), Invalid> {
    let length = password.chars().count();
    if length < MIN {
        return Err(Invalid::field(Code::IdentityPasswordTooShort, field).with("min", MIN));
    }
    if length > MAX {
        return Err(Invalid::field(Code::FieldTooLong, field).with("max", MAX));
    }
    let lower = password.to_lowercase();
    if COMMON.contains(lower.as_str()) || repeats(&lower) || in_order(&lower) || is_own(&lower, email, name) {
        return Err(Invalid::field(Code::IdentityPasswordCommon, field));
    }
    Ok(())
}

/// One to three characters over and over.
fn repeats(password: &str) -> bool {
    let chars: Vec<char> = password.chars().collect();
    (1..=3).any(|period| chars.iter().zip(chars.iter().skip(period)).all(|(a, b)| a == b))
}

/// A stretch of a known order, forwards or backwards.
fn in_order(password: &str) -> bool {
    let backwards: String = password.chars().rev().collect();
    ORDERS.iter().any(|order| order.contains(password) || order.contains(&backwards))
}

/// The person's own address or name.
fn is_own(password: &str, email: &str, name: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let (local, password) = (email.split('@').next().unwrap_or_default(), plain(password));
    [email, local, name].into_iter().map(plain).any(|own| !own.is_empty() && own == password)
}

/// Hashes a password with argon2id: 19 MiB, two passes, one lane (OWASP's first recommendation).
pub(super) async fn hash(app: &App, password: String) -> Result<String> {
    on_pool(app, move || {
        let hash: PasswordHash = hasher()?.hash_password(password.as_bytes()).map_err(failed)?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether the password is the one of the hash. Without a hash (nobody has this address, or no password) the same work
/// is done for nothing: the time of the answer must not tell who is here.
pub(super) async fn verify(app: &App, password: String, hash: Option<String>) -> Result<bool> {
    static NOBODY: LazyLock<std::result::Result<String, String>> = LazyLock::new(|| {
        let hash: PasswordHash = hasher()
            .map_err(|e| e.to_string())?
            .hash_password_with_salt(b"nobody has this password", b"essor of nobody!")
            .map_err(|e| e.to_string())?;
        Ok(hash.to_string())
    });
    if password.chars().count() > MAX {
        return Ok(false);
    }
    on_pool(app, move || {
        let known = hash.is_some();
        let text = match &hash {
            Some(hash) => hash.as_str(),
            None => NOBODY.as_deref().map_err(|e| Error::Internal(e.clone()))?,
        };
        let parsed = PasswordHash::new(text).map_err(|e| Error::Internal(format!("a stored password hash: {e}")))?;
        Ok(hasher()?.verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await
}

/// Runs hashing off the async threads, a few at a time: each takes 19 MiB.
async fn on_pool<T: Send + 'static>(app: &App, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let permit = app.hashing.clone().acquire_owned().await.map_err(|e| Error::Internal(e.to_string()))?;
    tokio::task::spawn_blocking(move || {
        // The permit goes with the work: a caller that hangs up does not make room for one more.
        let _permit = permit;
        work()
    })
    .await
    .map_err(|e| Error::Internal(format!("password hashing: {e}")))?
}

fn hasher() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn failed(error: argon2::password_hash::Error) -> Error {
    Error::Internal(format!("password hashing: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(password: &str) -> Option<Code> {
        check(password, "password", "ada.lovelace@example.org", "Ada Lovelace").err().map(|invalid| invalid.code)
    }

    #[test]
    fn identity_passwords_are_long_enough_and_not_common() {
        assert_eq!(refusal("é".repeat(9).as_str()), Some(Code::IdentityPasswordTooShort));
        assert_eq!(refusal(&"xy-Z4".repeat(60)), Some(Code::FieldTooLong));
        for common in [
            "Password123",
            "MotDePasse123",
            "aaaaaaaaaaaa",
            "121212121212",
            "abcabcabcabca",
            "34567890123",
            "9876543210",
            "qwertyuiop",
            "POIUYTREZA",
            "azertyuiopa",
            "fghjklmqsd",
            "adalovelace",
            "Ada Lovelace",
            "ada.lovelace@example.org",
            "Ada.Lovelace",
        ] {
            assert_eq!(refusal(common), Some(Code::IdentityPasswordCommon), "{common}");
        }
        for good in ["vert tigre lampe", "k7#mQpz2Lx", "ada lovelace writes", "1234567890 et puis", "mélèze-bleu-41"]
        {
            assert_eq!(refusal(good), None, "{good}");
        }
    }

    #[test]
    fn identity_the_common_list_is_in_its_form() {
        assert!(COMMON.len() > 200);
        for line in COMMON.iter() {
            assert!(line.chars().count() >= MIN && *line == line.to_lowercase() && *line == line.trim(), "{line}");
        }
    }
}
