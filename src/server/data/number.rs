//! How far a member is with changing their phone number.

use super::FlowId;
use serde::{Deserialize, Serialize};

/// Kept in the session of the member who changes the number. A step is left only forwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberChange {
    /// A code was sent to the present number.
    Asked { flow: FlowId },
    /// The present number was proven at this time, in milliseconds UTC.
    Proven { at: i64 },
    /// A code was sent to the new number.
    Sent { at: i64, flow: FlowId },
}

impl NumberChange {
    /// The login whose code is awaited.
    pub fn flow(self) -> Option<FlowId> {
        match self {
            Self::Asked { flow } | Self::Sent { flow, .. } => Some(flow),
            Self::Proven { .. } => None,
        }
    }
}
