//! The contract over real HTTP, with a clock that stands still until a test moves it. Modules are laid
//! out like the URLs; those that cut across them are about retries, storage failures, bad input, rate
//! limits, and whole stories.

mod bad_input;
mod balance;
mod boards;
mod cancellations;
mod concerts;
mod draws;
mod faults;
mod flows;
mod headers;
mod idempotency;
mod notices;
mod operations;
mod operator;
mod order;
mod pages;
mod payments;
mod problems;
mod queue_tokens;
mod rate_limit;
mod raw;
mod reservations;
mod retention;
mod schedules;
mod seats;
mod self_description;
mod stage;
mod start_page;
mod timers;
