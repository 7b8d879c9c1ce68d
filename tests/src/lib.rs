//! What the test binaries share: a server with a clock that tests move, a database that fails on
//! command, a client that speaks the contract, and the real binary as a process. What is tested is in
//! the folders beside `src`, one binary each.

pub mod client;
pub mod faulty;
pub mod postgres;
pub mod process;
pub mod server;

pub use client::{Answer, Client};
pub use faulty::{Fault, Faults};
pub use server::TestServer;
