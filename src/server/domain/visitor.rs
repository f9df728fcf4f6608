//! What is known of a visitor before a login: the network, and whether a device has logged in before.

use super::Ports;
use super::budget::{self, Account};
use crate::error::{AppError, AppResult};
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{BrowserId, DeviceId, Lock, Visitor};
use std::time::Duration;

/// How long after its last login a device can be used to claim an account that was set aside. Browsers keep no cookie
/// longer (RFC 6265bis §5.5).
pub const CLAIM_LIFE: Duration = Duration::from_hours(400 * 24);

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

/// Charges the visitor's network for a session that begins without a login: too many of them would fill the disk. A known
/// device uses no budget, so that a stranger in its network cannot keep it out.
///
/// # Errors
/// `NetworkBusy`.
pub async fn begin_session(ports: &Ports, visitor: &Visitor) -> AppResult<()> {
    let now = ports.clock.now();
    if is_known(ports, visitor, now).await? {
        return Ok(());
    }
    let budget = &ports.rules.limits.session.per_address;
    let accounts = Account::of_network("sessions-per-address", &visitor.network, budget);
    let mut tx = ports.store.begin(Lock::Nothing).await?;
    let taken = budget::take_all(&accounts, tx.as_mut(), "", now).await?;
    taken.map_err(|seconds| AppError::NetworkBusy { seconds })?;
    Ok(tx.commit().await?)
}

/// Forgets what is known of devices without a login for long (`device_life`) but the hash of their token, and later that,
/// too; returns how many.
///
/// # Errors
/// `Unavailable`.
pub async fn forget_old_devices(ports: &Ports) -> AppResult<u64> {
    let (now, life) = (ports.clock.now(), ports.rules.limits.login.device_life);
    let unknown = ports.store.forget_device_details_before(now.minus(life)).await?;
    Ok(unknown + ports.store.delete_devices_seen_before(now.minus(life.max(CLAIM_LIFE))).await?)
}
