//! Devices on which members have logged in, and what is known of the sender of a request.

use crate::server::clock::Timestamp;
use crate::server::secrets::Token;
use std::net::IpAddr;

/// A device on which one member has logged in. Ids are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceId(pub i64);

/// One browser. It has a device for each member who has logged in on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrowserId(pub i64);

/// What is known of the sender of a request before a login.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub network: Network,
    /// The device token that the request presents, valid or not.
    pub device: Option<Token>,
    /// The `User-Agent`, shortened; empty if there is none.
    pub agent: String,
}

/// A client network: an IPv4 address, or the first 64 bits of an IPv6 address, which is what a household gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network(String);

impl Network {
    /// The network of an address. All requests without a known address are one network.
    pub fn of(address: Option<IpAddr>) -> Self {
        Self(match address.map(|address| address.to_canonical()) {
            Some(IpAddr::V4(address)) => address.to_string(),
            Some(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
            None => "unknown".to_owned(),
        })
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A device, for admins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    pub agent: String,
    /// The network of the last login.
    pub network: String,
    /// The first login.
    pub created_at: Timestamp,
    /// The last login.
    pub seen_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_an_ipv4_address_or_half_an_ipv6_address() {
        let network = |text: &str| Network::of(text.parse().ok());
        assert_eq!(network("192.0.2.1"), network("::ffff:192.0.2.1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(Network::of(None), Network::of(None));
    }
}
