//! Errors of storage, the same for every dialect.

use crate::server::sentences;
use sqlx::error::DatabaseError;
use std::error::Error;

/// The database failed, or it holds a value that Vouch cannot read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database or the connection to it failed.
    #[error(transparent)]
    Database(Box<dyn Error + Send + Sync>),
    /// A change would have violated a constraint of the tables.
    #[error("{}", sentences::terminal().constraint_violated(&format!("{:?}", .0)))]
    Constraint(Constraint),
    #[error("{}", sentences::terminal().migration_failed(&.0.to_string()))]
    Migration(Box<dyn Error + Send + Sync>),
    /// A stored value is not well-formed.
    #[error("{}", sentences::terminal().malformed_in_database(.0))]
    Malformed(String),
    #[error("{}", sentences::terminal().database_too_old(name, found, needed))]
    TooOld { name: &'static str, found: String, needed: &'static str },
    /// A command does not migrate.
    #[error("{}", sentences::terminal().database_older)]
    Older,
    /// A newer version has migrated it.
    #[error("{}", sentences::terminal().database_newer)]
    Newer,
    #[error("{}", sentences::terminal().not_a_vouch_database)]
    NotVouch,
    /// The data of another database is being moved to it, and not all of it is there.
    #[error("{}", sentences::terminal().database_half_moved(.0))]
    HalfMoved(String),
    /// Another process uses it, or is replacing it.
    #[error("{}", sentences::terminal().database_in_use)]
    InUse,
    /// It is damaged, or not a database at all.
    #[error(transparent)]
    Unreadable(Box<dyn Error + Send + Sync>),
}

pub type StoreResult<T> = Result<T, StoreError>;

/// A constraint of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraint {
    OneMemberPerPhone,
    OneMemberPerInviteCode,
    OneRedemptionPerMember,
    NotOwnCode,
    /// A row refers to one that does not exist.
    References,
    /// The audit log is append-only.
    AppendOnly,
}

/// Names of constraints: `PostgreSQL` reports the name itself, `SQLite` a message that contains it.
const CONSTRAINTS: [(&str, Constraint); 9] = [
    ("members_phone_unique", Constraint::OneMemberPerPhone),
    ("members.phone", Constraint::OneMemberPerPhone),
    ("members_invite_code_unique", Constraint::OneMemberPerInviteCode),
    ("members.invite_code", Constraint::OneMemberPerInviteCode),
    ("redemptions.invitee_id", Constraint::OneRedemptionPerMember),
    ("redemptions_one_per_member", Constraint::OneRedemptionPerMember),
    ("redemptions_not_own", Constraint::NotOwnCode),
    ("FOREIGN KEY", Constraint::References),
    ("append-only", Constraint::AppendOnly),
];

/// The constraint that an error of a database names.
fn violated(text: &str) -> Option<StoreError> {
    let violated = CONSTRAINTS.iter().find(|(name, _)| text.contains(name));
    violated.map(|(_, constraint)| StoreError::Constraint(*constraint))
}

/// What the database said, with the code by which it can be looked up. The library would add a line of PostgreSQL's source.
fn told(error: &dyn DatabaseError) -> String {
    match error.code() {
        Some(code) => format!("{} ({code})", error.message()),
        None => error.message().to_owned(),
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::ColumnDecode { index, .. } => Self::Malformed(index),
            sqlx::Error::Database(error) if error.is_foreign_key_violation() => {
                Self::Constraint(Constraint::References)
            }
            sqlx::Error::Database(error) => {
                let violated = violated(error.constraint().unwrap_or(error.message()));
                violated.unwrap_or_else(|| Self::Database(told(error.as_ref()).into()))
            }
            other => Self::Database(other.into()),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::InvalidColumnType(_, column, _) => Self::Malformed(column),
            rusqlite::Error::FromSqlConversionFailure(index, ..)
            | rusqlite::Error::IntegralValueOutOfRange(index, _)
            | rusqlite::Error::Utf8Error(index, _) => Self::Malformed(index.to_string()),
            other => violated(&other.to_string()).unwrap_or_else(|| Self::Database(other.into())),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        Self::Migration(error.into())
    }
}
