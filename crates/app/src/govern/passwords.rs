//! Passwords: which are good enough, how they are hashed and checked, and who waits for whom meanwhile.
//!
//! Hashing takes memory and time on purpose, so only a few run at once and only so many wait. Strangers wait in one
//! queue and those whom we know something of in another, with workers of its own: a flood at the sign-in page fills
//! the first and holds nobody up in the second.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use commonweal_domain::{FieldErrors, sentence};
use tokio::sync::Semaphore;
use zxcvbn::{Score, zxcvbn};

use crate::listen::imports::blocking;
use crate::system::random;
use crate::{App, Error, Result};

/// Shortest password (NIST SP 800-63B, 5.1.1.2, asks for at least 8).
pub const PASSWORD_CHARS: usize = 12;
/// Seconds after which whoever found a queue full may try again.
const RETRY_AFTER_S: u64 = 5;

/// Of nobody's password: checked when the account does not exist, so that the time does not tell.
pub(super) const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$Y29tbW9ud2VhbC1ub2JvZHk$6UZb2eF8gQYlFJ0lK8cV2lG3v1Cz1l7Wl8qk1Qk3x7o";

/// Who wants something hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// Anybody on the internet.
    Strangers,
    /// Whoever is signed in, has a device that we know, or a link that we gave out.
    Known,
}

/// The two queues.
pub(crate) struct Hashing {
    strangers: Arc<Queue>,
    known: Arc<Queue>,
}

struct Queue {
    workers: Arc<Semaphore>,
    /// Those who are in it, at work or waiting.
    inside: AtomicUsize,
    most: usize,
}

impl Queue {
    fn new(workers: usize, waiting: usize) -> Arc<Self> {
        let (inside, most) = (AtomicUsize::new(0), workers + waiting);
        Arc::new(Self { workers: Arc::new(Semaphore::new(workers)), inside, most })
    }
}

impl Default for Hashing {
    /// One hash takes some thirty milliseconds and 19 MiB: a stranger waits about half a second at most, who is known a second.
    fn default() -> Self {
        Self { strangers: Queue::new(2, 30), known: Queue::new(2, 60) }
    }
}

/// A place in a queue; given back when it is dropped, or when the work that was begun in it is done.
pub(crate) struct Place {
    queue: Arc<Queue>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.queue.inside.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Hashing {
    /// A place, or the refusal that too many are waiting.
    pub(crate) fn place(&self, whose: Whose) -> Result<Place> {
        let queue = match whose {
            Whose::Strangers => &self.strangers,
            Whose::Known => &self.known,
        };
        let free = |inside: usize| (inside < queue.most).then_some(inside + 1);
        match queue.inside.fetch_update(Ordering::AcqRel, Ordering::Acquire, free) {
            Ok(_) => Ok(Place { queue: Arc::clone(queue) }),
            Err(_) => Err(Error::Unavailable {
                code: "sign_in_busy",
                message: "Too many people sign in at once. Try again in a few seconds.".into(),
                retry_after_s: RETRY_AFTER_S,
            }),
        }
    }
}

impl Place {
    /// Does the work when it is its turn. What has begun is finished, and holds its place, even when nobody waits for
    /// it any more.
    pub(super) async fn turn<T: Send + 'static>(self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let turn = Arc::clone(&self.queue.workers).acquire_owned().await.map_err(Error::internal)?;
        blocking(move || {
            let _until_done = (self, turn);
            work()
        })
        .await
    }

    /// Whether the password is the one that was hashed.
    pub(super) async fn verify(self, password: &str, hash: Option<String>) -> Result<bool> {
        let (password, hash) = (password.to_owned(), hash.unwrap_or_else(|| NOBODY.to_owned()));
        let check = move || {
            let Ok(parsed) = PasswordHash::new(&hash) else {
                return Ok(false);
            };
            Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
        };
        self.turn(check).await
    }
}

impl App {
    /// Hashes a new password (Argon2id, RFC 9106, with the parameters that OWASP recommends), if it is one that
    /// nobody guesses who knows whose it is.
    pub(super) async fn hash_password(&self, password: &str, name: &str, email: &str) -> Result<String> {
        let place = self.inner.hashing.place(Whose::Known)?;
        let length = password.chars().count();
        if !(PASSWORD_CHARS..=1_000).contains(&length) {
            return Err(Error::Invalid(FieldErrors::one(
                "password",
                "bad_length",
                sentence!(
                    "A password has at least {least} characters (and at most 1,000); this one has {length}.",
                    least = PASSWORD_CHARS,
                    length,
                ),
            )));
        }
        let about = about(name, email, &self.settings().name);
        let (password, salt) = (password.to_owned(), random::<16>()?);
        let hash = move || {
            if is_guessed(&password, &about) {
                return Err(guessed());
            }
            let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
            hash.map(|h| h.to_string()).map_err(|e| Error::internal(std::io::Error::other(e.to_string())))
        };
        place.turn(hash).await
    }
}

/// What whoever guesses would try first: the user's name and address, the body's name, ours, each word of them.
fn about(name: &str, email: &str, body: &str) -> Vec<String> {
    let wholes = [name, email, body, "commonweal"];
    let words = wholes.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let all = wholes.iter().copied().chain(words).filter(|word| word.chars().count() > 2);
    all.map(str::to_lowercase).collect()
}

/// Whether somebody who tries what people choose, common and breached passwords first, comes upon it soon: below ten
/// to the eighth guesses.
fn is_guessed(password: &str, about: &[String]) -> bool {
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    zxcvbn(password, &about).score() < Score::Three
}

fn guessed() -> Error {
    Error::Invalid(FieldErrors::one(
        "password",
        "guessed",
        "This password would soon be guessed: it is a common one, a pattern of the keyboard, or made of a name or a date. Take three or four words that have nothing to do with each other.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashed(password: &'static str) -> String {
        Argon2::default().hash_password_with_salt(password.as_bytes(), &[7; 16]).expect("a hash").to_string()
    }

    #[tokio::test]
    async fn nobodys_password_takes_as_long_to_check_as_a_real_one() {
        let nobody = PasswordHash::new(NOBODY).expect("it can be read, so it is worked out");
        let real = hashed("correct horse battery staple");
        let real = PasswordHash::new(&real).expect("it can be read");
        assert_eq!(nobody.algorithm, real.algorithm);
        assert_eq!(nobody.params.to_string(), real.params.to_string());
        assert_eq!(nobody.hash.map(|h| h.len()), real.hash.map(|h| h.len()));
        let place = Hashing::default().place(Whose::Strangers).expect("an empty queue");
        assert!(!place.verify("anything", None).await.expect("checked"));
    }

    #[tokio::test]
    async fn a_flood_of_strangers_is_cut_off_and_holds_up_nobody_who_is_known() {
        let hashing = Hashing::default();
        let inside: Vec<Place> = (0..600).filter_map(|_| hashing.place(Whose::Strangers).ok()).collect();
        assert_eq!(inside.len(), 32);
        let refused = hashing.place(Whose::Strangers).err().expect("the queue is full");
        assert!(matches!(refused, Error::Unavailable { code: "sign_in_busy", retry_after_s: 1.., .. }));
        // Nobody of the strangers has had a turn yet, and none has to before this one.
        let known = hashing.place(Whose::Known).expect("a queue of its own");
        assert_eq!(known.turn(|| Ok(7)).await.expect("done"), 7);
        assert_eq!(hashing.known.inside.load(Ordering::Acquire), 0, "the place is given back");
        drop(inside);
        assert!(hashing.place(Whose::Strangers).is_ok());
    }

    #[tokio::test]
    async fn whoever_goes_away_gives_the_place_back() {
        let hashing = Hashing { strangers: Queue::new(0, 2), known: Queue::new(1, 0) };
        let waiting = hashing.place(Whose::Strangers).expect("free").turn(|| Ok(()));
        assert_eq!(hashing.strangers.inside.load(Ordering::Acquire), 1);
        drop(waiting);
        assert_eq!(hashing.strangers.inside.load(Ordering::Acquire), 0);
    }

    #[test]
    fn common_and_personal_passwords_are_refused_and_words_are_taken() {
        let about = about("Ada Lovelace", "ada.lovelace@ambleside.example", "Ambleside Homes");
        for bad in [
            "password1234",
            "Password1234!",
            "qwertyuiop12",
            "123456789012",
            "letmeinletmein",
            "aaaaaaaaaaaa",
            "ada.lovelace",
            "lovelace1815",
            "ambleside2024",
            "AmblesideHomes",
            "commonweal24",
            "1qaz2wsx3edc",
        ] {
            assert!(is_guessed(bad, &about), "{bad}");
        }
        for good in ["correct horse battery", "a new and long one", "copper lantern drizzle", "xK3-vQ9_mZ7pLw2TnR8a"] {
            assert!(!is_guessed(good, &about), "{good}");
        }
    }
}
