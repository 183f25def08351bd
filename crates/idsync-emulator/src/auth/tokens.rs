//! Tokens of `POST /v3/auth/tokens`.

use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::ids::mix;

/// A token is good for a day (IAM).
const LIFETIME_MS: i64 = 24 * 60 * 60 * 1_000;

/// Tokens remembered at a time; the oldest make room.
const CAPACITY: usize = 10_000;

/// The tokens that were issued and may be used.
pub(crate) struct Tokens {
    seed: u64,
    issued: Mutex<Issued>,
}

#[derive(Default)]
struct Issued {
    count: u64,
    /// When each token expires, in milliseconds since the epoch.
    expiry: HashMap<String, i64>,
    by_age: VecDeque<String>,
}

impl Tokens {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            issued: Mutex::default(),
        }
    }

    /// A new token, and when it expires in milliseconds since the epoch.
    pub(crate) fn issue(&self, now_ms: i64) -> (String, i64) {
        let mut issued = self.lock();
        issued.count += 1;
        let token = token_text(self.seed, issued.count);
        let expires = now_ms.saturating_add(LIFETIME_MS);
        if issued.by_age.len() == CAPACITY
            && let Some(oldest) = issued.by_age.pop_front()
        {
            issued.expiry.remove(&oldest);
        }
        issued.by_age.push_back(token.clone());
        issued.expiry.insert(token.clone(), expires);
        (token, expires)
    }

    /// Whether a token was issued here and has not expired.
    pub(crate) fn is_valid(&self, token: &[u8], now_ms: i64) -> bool {
        let Ok(token) = std::str::from_utf8(token) else {
            return false;
        };
        self.lock()
            .expiry
            .get(token)
            .is_some_and(|expires| now_ms < *expires)
    }

    fn lock(&self) -> MutexGuard<'_, Issued> {
        self.issued.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks like a token of IAM: long, and of one piece.
fn token_text(seed: u64, count: u64) -> String {
    let salt = mix(seed, count);
    (0..8).fold(String::from("MIIDemo"), |mut text, n| {
        // Writing to a string has no way to fail.
        let _ = write!(text, "{:016x}", mix(salt, n));
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_valid_for_a_day_and_not_a_moment_longer() {
        let tokens = Tokens::new(1);
        let (token, expires) = tokens.issue(1_000);
        assert_eq!(expires, 1_000 + 86_400_000);
        assert!(tokens.is_valid(token.as_bytes(), expires - 1));
        assert!(!tokens.is_valid(token.as_bytes(), expires));
    }

    #[test]
    fn a_token_that_was_not_issued_is_not_valid() {
        let tokens = Tokens::new(1);
        let (token, _) = tokens.issue(0);
        assert!(!tokens.is_valid(format!("{token}0").as_bytes(), 0));
        assert!(!tokens.is_valid(b"\xff", 0));
        assert!(!tokens.is_valid(b"", 0));
    }

    #[test]
    fn the_oldest_token_makes_room_when_too_many_are_asked_for() {
        let tokens = Tokens::new(1);
        let (first, _) = tokens.issue(0);
        let (second, _) = tokens.issue(0);
        (0..CAPACITY - 1).for_each(|_| drop(tokens.issue(0)));
        assert!(!tokens.is_valid(first.as_bytes(), 0));
        assert!(tokens.is_valid(second.as_bytes(), 0));
    }
}
