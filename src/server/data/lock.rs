//! What a write transaction has to be alone with.

use super::MemberId;
use crate::model::phone::Phone;

/// Of two transactions with the same lock, one begins after the other has ended. It is needed wherever a transaction reads
/// something that decides what it writes. SQLite has one writer, so there all transactions are one after another.
///
/// A transaction that takes budgets or adds a redemption needs no lock for that: `take_budget` and `descends_from` hold
/// until the transaction ends.
#[derive(Clone, Copy, Debug)]
pub enum Lock<'a> {
    /// Each of its statements decides by itself, as `UPDATE … WHERE used_at IS NULL` does.
    Nothing,
    /// The logins of a phone: waits between messages, guesses, and the member that the first login adds.
    Phone(&'a Phone),
    /// What a member redeems, and what admins change about them.
    Member(MemberId),
    /// Who is an admin, and their second factors.
    Admins,
    /// The secret that the database is used with.
    Host,
}
