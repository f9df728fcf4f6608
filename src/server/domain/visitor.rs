//! Who is asking, as far as that can be told before a login: the network, and a device that has logged in before.

use super::{DeviceId, Ports};
use crate::error::AppResult;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::secrets::Token;
use std::net::IpAddr;

/// Somebody at a door.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Where the request comes from.
    pub network: Network,
    /// The token that an earlier login left on the device, if it brought one, good or not.
    pub device: Option<Token>,
    /// What the device calls itself; blank for one that does not.
    pub agent: String,
}

/// What counts as one network: an IPv4 address, or the 64 bits of an IPv6 address that one household gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network(String);

impl Network {
    /// The network of an address; those whose address is not known are one network.
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

    /// As it is counted.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a visitor stands with a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// This device has logged the phone in before: such devices have budgets of their own.
    Known(DeviceId),
    /// All others share theirs.
    Stranger,
}

impl Standing {
    /// The device, if it is known.
    pub fn device(self) -> Option<DeviceId> {
        match self {
            Self::Known(device) => Some(device),
            Self::Stranger => None,
        }
    }
}

/// Where a visitor stands with a phone.
///
/// # Errors
/// `Unavailable`.
pub async fn standing(ports: &Ports, visitor: &Visitor, phone: &Phone, now: Timestamp) -> AppResult<Standing> {
    let Some(token) = &visitor.device else { return Ok(Standing::Stranger) };
    let seen_since = now.minus(ports.rules.limits.device_life);
    let device = ports.store.known_device(&token.hash(), phone, seen_since).await?;
    Ok(device.map_or(Standing::Stranger, Standing::Known))
}

/// Names one browser, whoever logs in on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrowserId(pub i64);

/// The browser that a visitor comes with, if anybody has logged in on it.
///
/// # Errors
/// `Unavailable`.
pub async fn browser(ports: &Ports, visitor: &Visitor) -> AppResult<Option<BrowserId>> {
    let Some(token) = &visitor.device else { return Ok(None) };
    Ok(ports.store.browser(&token.hash()).await?)
}

/// Whether a visitor comes on a device that has logged anybody in.
///
/// # Errors
/// `Unavailable`.
pub async fn is_known(ports: &Ports, visitor: &Visitor, now: Timestamp) -> AppResult<bool> {
    let Some(token) = &visitor.device else { return Ok(false) };
    Ok(ports.store.is_known_device(&token.hash(), now.minus(ports.rules.limits.device_life)).await?)
}

/// Forgets devices that have not logged in for long.
///
/// # Errors
/// `Unavailable`.
pub async fn forget_old_devices(ports: &Ports) -> AppResult<u64> {
    Ok(ports.store.delete_devices_seen_before(ports.clock.now().minus(ports.rules.limits.device_life)).await?)
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
