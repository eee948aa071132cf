//! Short names of contents: the first 16 bytes of SHA-256 (FIPS 180-4).

use sha2::{Digest, Sha256};

/// First 16 bytes of SHA-256.
pub fn hash16(bytes: &[u8]) -> [u8; 16] {
    let mut out = [0; 16];
    out.copy_from_slice(&Sha256::digest(bytes)[..16]);
    out
}

/// SHA-256.
pub fn hash32(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
