//! What the page of a member's devices shows: plain data, with every text ready to be displayed.

use crate::model::moment::Moment;

/// Where a member is logged in: the current login first, then the last used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DevicesView {
    /// Why a form was refused, if the page follows it.
    pub refused: Option<String>,
    pub logins: Vec<DeviceView>,
    /// How many there are, as a sentence.
    pub count: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceView {
    /// Names the login when it is to be ended.
    pub id: String,
    /// The browser and the system, or the client of the API.
    pub name: String,
    pub is_current: bool,
    pub logged_in: Moment,
    pub last_used: Moment,
}
