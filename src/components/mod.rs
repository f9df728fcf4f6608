//! Parts that pages are made of. They hold no rule and call no server function of their own, except the header's
//! log-out button.

pub mod chart;
pub mod copy_button;
pub mod countdown;
pub mod error_text;
pub mod field;
pub mod form;
pub mod header;
