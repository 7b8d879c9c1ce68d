//! The rules of Frontrow behind HTTP, with rows in a database.

pub mod app;
pub mod audit;
pub mod auth;
pub mod board;
pub mod clock;
pub mod commands;
pub mod config;
pub mod execute;
pub mod http;
pub mod json;
pub mod logging;
pub mod message;
pub mod metrics;
pub mod problem;
pub mod retention;
pub mod schemas;
pub mod seat_maps;
pub mod seed;
pub mod server;
pub mod simulate;
pub mod sold_out;
pub mod store;
pub mod streams;
pub mod tail;
pub mod timers;
pub mod wire;
