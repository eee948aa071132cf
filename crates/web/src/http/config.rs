//! How the server is set up: values that the command line fills from its configuration.

use std::num::NonZeroU32;

use commonweal_app::FormLimits;
use ipnet::IpNet;

/// Settings of the web server.
#[derive(Clone, Debug)]
pub struct WebConfig {
    /// Origin under which people reach the server, for example `https://voice.example.org`, without
    /// a slash at the end.
    pub public_url: String,
    /// Whether people reach it over HTTPS: the session cookie is then `__Host-cw`, sent over HTTPS
    /// only, and browsers are told to stay with HTTPS.
    pub secure_cookies: bool,
    /// Reverse proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Largest request body in bytes, except files that are handed in.
    pub max_body_bytes: usize,
    /// Largest file that may be handed in, in bytes.
    pub upload_limit_bytes: usize,
    /// How many requests are taken.
    pub rate: RateLimits,
    /// How many answers to public forms are taken, and how quickly.
    pub forms: FormLimits,
    /// Changes that the index may be behind before `/readyz` says that this server is not ready.
    pub ready_max_behind: u64,
}

/// Requests that one caller may send.
#[derive(Clone, Copy, Debug)]
pub struct RateLimits {
    /// API requests per second, over time, of one key or one user.
    pub per_caller: NonZeroU32,
    /// API requests at once of one key or one user.
    pub per_caller_burst: NonZeroU32,
    /// API requests per second without a valid key or session, of one address.
    pub refused_per_address: NonZeroU32,
    /// The same, at once.
    pub refused_per_address_burst: NonZeroU32,
}

const fn number(n: u32) -> NonZeroU32 {
    match NonZeroU32::new(n) {
        Some(n) => n,
        None => NonZeroU32::MIN,
    }
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            per_caller: number(10_000),
            per_caller_burst: number(20_000),
            refused_per_address: number(5),
            refused_per_address_burst: number(60),
        }
    }
}

impl Default for WebConfig {
    fn default() -> Self {
        Self {
            public_url: "http://localhost:8080".to_owned(),
            secure_cookies: false,
            trusted_proxies: Vec::new(),
            max_body_bytes: 8 * 1024 * 1024,
            upload_limit_bytes: 2 * 1024 * 1024 * 1024,
            rate: RateLimits::default(),
            forms: FormLimits::default(),
            ready_max_behind: 1_000_000,
        }
    }
}
