//! Counted uses of budgets. The budgets themselves are in `limits`.

use crate::server::clock::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UseId(pub i64);

/// A use about to be counted.
pub struct BudgetUse<'a> {
    pub budget: &'a str,
    /// Uses with the same subject are counted together.
    pub subject: &'a str,
    /// A login, a phone, or empty. All uses of one purpose can be given back together.
    pub purpose: &'a str,
    pub used_at: Timestamp,
    /// When no window of the budget counts the use any more.
    pub expires_at: Timestamp,
}

/// The uses of a budget within a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetUses {
    pub count: u32,
    pub oldest: Option<Timestamp>,
}
