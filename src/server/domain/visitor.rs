//! What is known of a visitor before a login: the network, and whether a device has logged in before.

use super::Ports;
use crate::error::AppResult;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{BrowserId, DeviceId, Visitor};

/// Whether a visitor has a known device for a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A device on which the member with this phone has logged in. Such devices have budgets of their own.
    Known(DeviceId),
    /// An unknown device. All unknown devices share budgets.
    Stranger,
}

impl Standing {
    pub fn device(self) -> Option<DeviceId> {
        match self {
            Self::Known(device) => Some(device),
            Self::Stranger => None,
        }
    }
}

/// Whether the visitor's device is known for this phone.
///
/// # Errors
/// `Unavailable`.
pub async fn standing(ports: &Ports, visitor: &Visitor, phone: &Phone, now: Timestamp) -> AppResult<Standing> {
    let Some(token) = &visitor.device else { return Ok(Standing::Stranger) };
    let seen_since = now.minus(ports.rules.limits.login.device_life);
    let device = ports.store.known_device(&token.hash(), phone, seen_since).await?;
    Ok(device.map_or(Standing::Stranger, Standing::Known))
}

/// The visitor's browser, if any member has logged in on it.
///
/// # Errors
/// `Unavailable`.
pub async fn browser(ports: &Ports, visitor: &Visitor) -> AppResult<Option<BrowserId>> {
    let Some(token) = &visitor.device else { return Ok(None) };
    Ok(ports.store.browser(&token.hash()).await?)
}

/// Whether any member has logged in on the visitor's device.
///
/// # Errors
/// `Unavailable`.
pub async fn is_known(ports: &Ports, visitor: &Visitor, now: Timestamp) -> AppResult<bool> {
    let Some(token) = &visitor.device else { return Ok(false) };
    Ok(ports.store.is_known_device(&token.hash(), now.minus(ports.rules.limits.login.device_life)).await?)
}

/// Deletes devices without a login for long (`device_life`); returns how many.
///
/// # Errors
/// `Unavailable`.
pub async fn forget_old_devices(ports: &Ports) -> AppResult<u64> {
    Ok(ports.store.delete_devices_seen_before(ports.clock.now().minus(ports.rules.limits.login.device_life)).await?)
}
