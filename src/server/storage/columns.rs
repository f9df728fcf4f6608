//! How ids, times and codes are stored in columns, in any dialect and for both libraries that read and write them. A
//! stored value that is not well-formed is an error.

use crate::model::invite_code::InviteCode;
use crate::model::language::Language;
use crate::model::login_code::CodeLength;
use crate::model::phone::Phone;
use crate::server::clock::Timestamp;
use crate::server::data::{
    Act, ApiLoginId, AttemptOutcome, BrowserId, Counted, Delivery, Details, DeviceId, Epoch, FamilyId, FlagKind,
    FlowId, GrantId, ImportState, LineProblem, LoginId, MemberId, MessageState, Revision, UseId, Verdict, WebhookKind,
    WebhookOff, WebhookState, WebhookTrouble,
};
use crate::server::storage::{StoreError, StoreResult};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Type};

/// Stores a type in a column of the type `$column`, written by `$write` and read by `$read`.
macro_rules! column {
    ($($name:ty: $column:ty, $write:expr, $read:expr;)*) => {$(
        impl<DB: Database> Type<DB> for $name
        where
            $column: Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <$column as Type<DB>>::type_info()
            }

            fn compatible(column: &DB::TypeInfo) -> bool {
                <$column as Type<DB>>::compatible(column)
            }
        }

        impl<'q, DB: Database> Encode<'q, DB> for $name
        where
            $column: Encode<'q, DB>,
        {
            fn encode_by_ref(&self, buffer: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                let write: fn(&$name) -> $column = $write;
                write(self).encode(buffer)
            }
        }

        impl<'r, DB: Database> Decode<'r, DB> for $name
        where
            $column: Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
                let read: fn($column) -> Option<$name> = $read;
                read(<$column>::decode(value)?).ok_or_else(|| "a malformed value".into())
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                let write: fn(&$name) -> $column = $write;
                Ok(write(self).into())
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let read: fn($column) -> Option<$name> = $read;
                read(<$column>::column_result(value)?).ok_or(FromSqlError::InvalidType)
            }
        }
    )*};
}

column! {
    Timestamp: i64, |at| at.0, |stored| Some(Timestamp(stored));
    MemberId: i64, |id| id.0, |stored| Some(MemberId(stored));
    DeviceId: i64, |id| id.0, |stored| Some(DeviceId(stored));
    BrowserId: i64, |id| id.0, |stored| Some(BrowserId(stored));
    GrantId: i64, |id| id.0, |stored| Some(GrantId(stored));
    UseId: i64, |id| id.0, |stored| Some(UseId(stored));
    Revision: i64, |revision| revision.0, |stored| Some(Revision(stored));
    Epoch: i64, |epoch| epoch.0, |stored| Some(Epoch(stored));
    FlowId: Vec<u8>, |id| id.0.to_vec(), |stored| stored.try_into().ok().map(FlowId);
    ApiLoginId: Vec<u8>, |id| id.0.to_vec(), |stored| stored.try_into().ok().map(ApiLoginId);
    LoginId: Vec<u8>, |id| id.0.to_vec(), |stored| stored.try_into().ok().map(LoginId);
    FamilyId: Vec<u8>, |id| id.0.to_vec(), |stored| stored.try_into().ok().map(FamilyId);
    Phone: String, |phone| phone.as_str().to_owned(), |stored| Phone::from_e164(&stored);
    InviteCode: String, |code| code.as_str().to_owned(), InviteCode::from_symbols;
    Language: String, |language| language.tag().to_owned(), |stored| stored.parse().ok();
    Act: String, |act| act.into_str().to_owned(), |stored| stored.parse().ok();
    AttemptOutcome: String, |outcome| outcome.into_str().to_owned(), |stored| stored.parse().ok();
    FlagKind: String, |kind| kind.into_str().to_owned(), |stored| stored.parse().ok();
    Verdict: String, |verdict| verdict.into_str().to_owned(), |stored| stored.parse().ok();
    Delivery: String, |delivery| delivery.into_str().to_owned(), |stored| stored.parse().ok();
    MessageState: String, |state| state.into_str().to_owned(), |stored| stored.parse().ok();
    ImportState: String, |state| state.into_str().to_owned(), |stored| stored.parse().ok();
    Counted: String, |what| what.into_str().to_owned(), |stored| stored.parse().ok();
    WebhookKind: String, |kind| kind.into_str().to_owned(), |stored| stored.parse().ok();
    WebhookState: String, |state| state.into_str().to_owned(), |stored| stored.parse().ok();
    WebhookTrouble: String, |trouble| trouble.into_str().to_owned(), |stored| stored.parse().ok();
    WebhookOff: String, |because| because.into_str().to_owned(), |stored| stored.parse().ok();
    CodeLength: i64, |length| u8::from(*length).into(), |stored| u8::try_from(stored).ok()?.try_into().ok();
    Details: String, Details::to_stored, |stored| Some(Details::from_stored(stored));
}

/// Each problem as a code on a line of its own; `None` for a line without problems.
pub(super) fn stored_problems(problems: &[LineProblem]) -> StoreResult<Option<String>> {
    let codes = problems.iter().map(json).collect::<StoreResult<Vec<_>>>()?;
    Ok((!codes.is_empty()).then(|| codes.join("\n")))
}

pub(super) fn json<T: serde::Serialize + ?Sized>(value: &T) -> StoreResult<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Malformed(error.to_string()))
}

pub(super) fn from_json<T: serde::de::DeserializeOwned>(column: &str, text: &str) -> StoreResult<T> {
    serde_json::from_str(text).map_err(|_| StoreError::Malformed(column.to_owned()))
}
