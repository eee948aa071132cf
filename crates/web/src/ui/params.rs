//! The parameters of an address, taken one by one; what is wrong with them is said all at once, and
//! what nobody knows is refused with the list of what there is.

use std::fmt::Display;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use commonweal_domain::FieldErrors;

/// Parameters of one request that nobody has taken yet, and what was wrong so far.
#[derive(Clone, Debug, Default)]
pub struct Params {
    pairs: Vec<(String, String)>,
    /// What is wrong so far.
    pub errors: FieldErrors,
}

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

impl Params {
    /// Reads a query string as pages send it. Parameters without a value are what an HTML form sends
    /// for fields left empty: they ask for nothing.
    pub fn parse(query: &str) -> Self {
        let mut params = Self::strict(query);
        params.pairs.retain(|(_, value)| !value.is_empty());
        params
    }

    /// Reads a query string as programs send it: an empty value is one that is not allowed.
    pub fn strict(query: &str) -> Self {
        let mut errors = FieldErrors::default();
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_else(|e| {
            errors.add("", "bad_query", format!("The part of the address after the question mark can't be read: {e}."));
            Vec::new()
        });
        Self { pairs, errors }
    }

    /// All values of a parameter, in their order.
    pub fn all(&mut self, name: &str) -> Vec<String> {
        self.take(|n| n == name).into_iter().map(|(_, value)| value).collect()
    }

    /// The value of a parameter that is given at most once.
    pub fn one(&mut self, name: &str) -> Option<String> {
        let mut values = self.all(name);
        if values.len() > 1 {
            self.errors.add(name, "twice", format!("`{name}` is given {} times; give it once.", values.len()));
        }
        values.pop()
    }

    /// The value of a parameter that has a fixed set of names.
    pub fn named<T: Copy>(
        &mut self,
        name: &str,
        from_key: fn(&str) -> Option<T>,
        all: &[T],
        key: fn(T) -> &'static str,
    ) -> Option<T> {
        let value = self.one(name)?;
        let found = from_key(&value);
        if found.is_none() {
            let allowed: Vec<&str> = all.iter().map(|v| key(*v)).collect();
            self.errors.add(
                name,
                "not_allowed",
                format!("`{value}` can't be given for `{name}`. Allowed are {}.", allowed.join(", ")),
            );
        }
        found
    }

    /// A whole number from `least` to `most`.
    pub fn number<T: FromStr + PartialOrd + Display>(&mut self, name: &str, least: T, most: T) -> Option<T> {
        let value = self.one(name)?;
        let found = value.parse().ok().filter(|n| *n >= least && *n <= most);
        if found.is_none() {
            self.errors.add(
                name,
                "out_of_range",
                format!("`{name}` must be a whole number from {least} to {most}; this is `{value}`."),
            );
        }
        found
    }

    /// Takes out the parameters whose names fit.
    pub(crate) fn take(&mut self, fits: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let (taken, left) = std::mem::take(&mut self.pairs).into_iter().partition(|(name, _)| fits(name));
        self.pairs = left;
        taken
    }

    /// Whether nothing was wrong. What is left is not known here: `allowed` says, in words, what is.
    pub fn finish(mut self, allowed: &str) -> Result<(), FieldErrors> {
        let mut left: Vec<String> = std::mem::take(&mut self.pairs).into_iter().map(|(name, _)| name).collect();
        left.sort();
        left.dedup();
        for name in left {
            let shown: String = name.chars().take(60).collect();
            self.errors.add(
                name,
                "unknown_parameter",
                format!("There is no parameter `{shown}` here. Parameters are {allowed}."),
            );
        }
        self.errors.into_result(())
    }
}
