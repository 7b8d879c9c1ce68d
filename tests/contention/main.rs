//! Many people who want the same thing at the same time, over real HTTP and a real database, with a
//! clock that stands still. Whoever wins, the sum must be right: no seat twice, no money lost, and no
//! answer that blames the server. What a hall full of people needs is in `hall`.

mod hall;
mod lifetimes;
mod money;
mod payments;
mod queue;
mod seats;
