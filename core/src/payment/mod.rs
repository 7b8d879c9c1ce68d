//! Where money and seats change hands: all or nothing, in one decision. The seats' own states are drawn
//! in `seating`, the money's accounts in `ledger`.
//!
//! A payment debits the wallet, writes the transfer, sells the seats, confirms the reservation and
//! consumes the ticket. Cancelling gives the price back and frees the seats; the ticket stays consumed.

mod apply;
mod decide;

pub(crate) use apply::apply;
pub(crate) use decide::{pay, withdraw};
