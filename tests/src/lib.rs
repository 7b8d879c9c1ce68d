//! What the test binaries share: a server with a clock that tests move, a database that fails on
//! command, a client that speaks the contract, the real binary as a process, a Postgres that is killed,
//! and customers who remember what they were promised. What is tested is in the folders beside `src`,
//! one binary each.

pub mod client;
pub mod cluster;
pub mod contract;
pub mod customers;
pub mod faults;
pub mod faulty;
pub mod gate;
pub mod postgres;
pub mod process;
pub mod promises;
pub mod server;
pub mod watchdog;

pub use client::{Answer, Client};
pub use faults::{Fault, Faults};
pub use server::TestServer;
