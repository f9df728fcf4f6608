//! Devices on which members have logged in, and what is known of the sender of a request.

use crate::model::language::Language;
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
    /// The language that the visitor has chosen, or that the browser or client prefers; `None` if it is none of ours.
    pub language: Option<Language>,
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

    /// The network and, for IPv6, the /56 and the /48 around it, each with how many times the limits of one network hold
    /// for it. Providers give customers a /56 or a /48 (RIPE-690 §4.2), so one person has 256 or 65,536 networks.
    pub fn with_surroundings(&self) -> Vec<(String, u32)> {
        let mut all = vec![(self.0.clone(), 1)];
        if let Some([a, b, c, d]) = self.groups() {
            all.push((format!("{a:x}:{b:x}:{c:x}:{:x}::/56", d & 0xff00), 4));
            all.push((format!("{a:x}:{b:x}:{c:x}::/48"), 10));
        }
        all
    }

    /// The largest network that one person usually has: an IPv4 address, or a /48 of IPv6.
    pub fn of_one_customer(&self) -> String {
        match self.groups() {
            Some([a, b, c, _]) => format!("{a:x}:{b:x}:{c:x}::/48"),
            None => self.0.clone(),
        }
    }

    /// The four groups of digits of an IPv6 network.
    fn groups(&self) -> Option<[u16; 4]> {
        let mut groups = self.0.strip_suffix("::/64")?.split(':').map(|group| u16::from_str_radix(group, 16).ok());
        Some([groups.next()??, groups.next()??, groups.next()??, groups.next()??])
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

    #[test]
    fn an_ipv6_network_lies_in_a_56_and_a_48() {
        let network = |text: &str| Network::of(text.parse().ok());
        let all = network("2001:db8:1:2f3::1").with_surroundings();
        let of = |text: &str, times| (text.to_owned(), times);
        assert_eq!(all, [of("2001:db8:1:2f3::/64", 1), of("2001:db8:1:200::/56", 4), of("2001:db8:1::/48", 10)]);
        assert_eq!(network("192.0.2.1").with_surroundings(), [of("192.0.2.1", 1)]);
        assert_eq!(network("2001:db8:1:2f3::1").of_one_customer(), "2001:db8:1::/48");
        assert_eq!(Network::of(None).of_one_customer(), "unknown");
    }
}
