//! Parts of pages. They contain no rules and call no server functions, except the button of the header that logs out.

pub mod chart;
pub mod copy_button;
pub mod countdown;
pub mod error_text;
pub mod field;
pub mod form;
pub mod header;
