//! Several servers on one Postgres are as right as one, whoever is asked. What only one of them did is
//! looked at through the others; how they do under a crowd is told by the contention tests, which run on
//! several servers too.

mod boards;
mod circles;
mod stage;
mod tail;
mod ticks;
mod tokens_and_keys;
