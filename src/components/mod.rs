//! Parts of pages. They contain no rules. The forms among them call server functions by their path.

pub mod chart;
pub mod copy_button;
pub mod countdown;
pub mod error_text;
pub mod fetch;
pub mod field;
pub mod form;
pub mod header;
pub mod live;
pub mod offline;
pub mod phone_fields;
pub mod plain;
pub mod share;
pub mod simulated_sms;
