//! Holds and payments take nothing from the heap, but for what tables need to grow. In a binary of its own: what counts
//! allocations is the allocator of all tests in it.

#[path = "../../benches/booking/sale.rs"]
mod sale;

use allocation_counter::measure;
use frontrow_core::Command;
use sale::{Sale, Turn};

/// A sale in which everything has happened before, so that each table has room for a few rows more.
fn warm() -> Sale {
    let mut sale = Sale::new(1_000);
    let turn = sale.turn(1_000);
    for command in turn.holds.iter().chain(&turn.payments) {
        sale.execute(command);
    }
    sale.end(&turn);
    sale
}

fn allocations(sale: &mut Sale, commands: &[Command]) -> Vec<u64> {
    let counted = |command| measure(|| drop(sale.execute(command))).count_total;
    commands.iter().map(counted).collect()
}

#[test]
fn holds_and_payments_allocate_nothing() {
    let mut sale = warm();
    let Turn { holds, payments } = sale.turn(500);
    assert_eq!(allocations(&mut sale, &holds), [0; 500]);
    assert_eq!(allocations(&mut sale, &payments), [0; 500]);
}

#[test]
fn what_allocates_is_counted() {
    let mut sale = Sale::new(1);
    let Turn { holds, .. } = sale.turn(1);
    assert_ne!(allocations(&mut sale, &holds), [0]);
}
