//! Uses of budgets.

use crate::server::clock::Timestamp;

/// One use, by which it can be given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UseId(pub i64);

/// A use about to be counted.
pub struct BudgetUse<'a> {
    pub budget: &'a str,
    /// Whose uses are counted together.
    pub subject: &'a str,
    /// A login, a phone, or nothing in particular: uses of one purpose can be given back together.
    pub purpose: &'a str,
    pub used_at: Timestamp,
    /// When the last window of the budget has passed it.
    pub expires_at: Timestamp,
}

/// The uses of a budget within a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetUses {
    pub count: u32,
    pub oldest: Option<Timestamp>,
}
