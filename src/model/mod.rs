//! The words of the domain as types, for the server and the browser alike.
//!
//! A newtype here can only hold a well-formed value: its `parse` is the one place that decides what that is.
//! No I/O, no clock, no heavy library: all of this is compiled into the wasm.

pub mod invite_code;
pub mod login_code;
pub mod phone;
pub mod profile;
