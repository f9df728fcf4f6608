//! Who is asking, as far as that can be told before a login: the network, and a device that has logged in before.

use super::Ports;
use crate::error::AppResult;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{BrowserId, DeviceId, Visitor};

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
    let seen_since = now.minus(ports.rules.limits.login.device_life);
    let device = ports.store.known_device(&token.hash(), phone, seen_since).await?;
    Ok(device.map_or(Standing::Stranger, Standing::Known))
}

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
    Ok(ports.store.is_known_device(&token.hash(), now.minus(ports.rules.limits.login.device_life)).await?)
}

/// Forgets devices that have not logged in for long.
///
/// # Errors
/// `Unavailable`.
pub async fn forget_old_devices(ports: &Ports) -> AppResult<u64> {
    Ok(ports.store.delete_devices_seen_before(ports.clock.now().minus(ports.rules.limits.login.device_life)).await?)
}
