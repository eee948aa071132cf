//! Which addresses a request to the outside may go to.
//!
//! An address that somebody typed into a form must not make the server ask its own neighbours: databases,
//! printers, the service that hands out a cloud machine's keys. So everything that is not globally reachable
//! by IANA's registries of special-purpose addresses (RFC 6890 and its updates) is refused, and so is what
//! carries another address inside it, because a gateway would lead there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address belongs to the public internet.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match (a, b, c) {
        // "This network" and private use.
        (0 | 10, ..) | (172, 16..=31, _) | (192, 168, _) => true,
        // Shared between carrier and customer (RFC 6598).
        (100, 64..=127, _) => true,
        // Loopback, and the link, where clouds have the service that knows a machine's keys.
        (127, ..) | (169, 254, _) => true,
        // IETF protocol assignments, the relays of 6to4 and AS112.
        (192, 0, 0) | (192, 88, 99) | (192, 31, 196) | (192, 52, 193) | (192, 175, 48) => true,
        // Documentation and measurements between networks.
        (192, 0, 2) | (198, 51, 100) | (203, 0, 113) | (198, 18..=19, _) => true,
        // Multicast, reserved, broadcast.
        (224..=255, ..) => true,
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    // Only 2000::/3 is given out: without it remain ::, ::1, ::ffff:0:0/96 (an IPv4 address in disguise),
    // 64:ff9b::/96 and 64:ff9b:1::/48 (NAT64), 100::/64, fc00::/7, fe80::/10, fec0::/10 and ff00::/8.
    if parts[0] & 0xe000 != 0x2000 {
        return false;
    }
    let special = match (parts[0], parts[1]) {
        // Protocol assignments: Teredo, benchmarking, ORCHID and others, some of which carry IPv4 addresses.
        (0x2001, 0..=0x01ff) => true,
        // Documentation (RFC 3849, RFC 9637).
        (0x2001, 0x0db8) | (0x3fff, 0..=0x0fff) => true,
        // 6to4 carries an IPv4 address.
        (0x2002, _) => true,
        // AS112.
        (0x2620, 0x004f) if parts[2] == 0x8000 => true,
        _ => false,
    };
    !special
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(address: &str) -> bool {
        is_public(address.parse().expect("an address"))
    }

    #[test]
    fn addresses_of_the_own_network_are_refused() {
        let refused = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::a00:1",
            "100::1",
            "2001::1",
            "2001:0:4136:e378::1",
            "2001:2::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "2620:4f:8000::1",
            "3fff::1",
            "4000::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ];
        for address in refused {
            assert!(!public(address), "{address} must be refused");
        }
    }

    #[test]
    fn addresses_of_the_internet_are_let_through() {
        let allowed = [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.1",
            "100.63.255.255",
            "100.128.0.1",
            "128.0.0.1",
            "169.253.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "192.167.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2606:4700:4700::1111",
            "2a00:1450:4009::1",
            "3fff:1000::1",
        ];
        for address in allowed {
            assert!(public(address), "{address} must be let through");
        }
    }
}
