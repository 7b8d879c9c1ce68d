//! The rules of Frontrow behind HTTP, with rows in a database.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test may fail"))]

pub mod auth;
pub mod config;
pub mod http;
pub mod logging;
pub mod message;
pub mod problem;
