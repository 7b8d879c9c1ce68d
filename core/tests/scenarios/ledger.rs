//! Money: every movement is a transfer between two accounts, and all accounts sum to zero.

use crate::story::{CONCERT, Story, user};
use frontrow_core::ledger::{Account, TransferKind};
use frontrow_core::seating::SeatStatus;
use frontrow_core::{Amount, EventKind, Outcome, Rejection};
use std::collections::BTreeMap;

/// What is in each account, by the transfers alone.
fn balances(story: &Story) -> BTreeMap<Account, i128> {
    let mut balances = BTreeMap::new();
    for transfer in story.world.state().transfers() {
        let amount = i128::from(transfer.amount.get());
        *balances.entry(transfer.debit()).or_default() -= amount;
        *balances.entry(transfer.credit()).or_default() += amount;
    }
    balances
}

#[test]
fn every_movement_has_two_sides_and_all_accounts_sum_to_zero() {
    let mut story = Story::inside(&[1, 2]);
    story.buy(1, &[1, 2]);
    story.charge(2, 700).unwrap();
    story.buy(2, &[3]);
    story.withdraw(1).unwrap();

    let balances = balances(&story);

    assert_eq!(balances[&Account::Charges], -3_700);
    assert_eq!(balances[&Account::Wallet(user(1))], 2_000);
    assert_eq!(balances[&Account::Wallet(user(2))], 700);
    assert_eq!(balances[&Account::Revenue(CONCERT)], 1_000);
    assert_eq!(balances.values().sum::<i128>(), 0);
}

#[test]
fn a_wallet_is_the_sum_of_its_transfers() {
    let mut story = Story::inside(&[1]);
    story.charge(1, 10_000).unwrap();
    story.charge(1, 1).unwrap();
    story.buy(1, &[1]);

    let wallet = story.balance(1).map(i128::from);
    assert_eq!(wallet, balances(&story).get(&Account::Wallet(user(1))).copied());
    let last = story.world.state().transfers().last().copied();
    assert_eq!(last.map(|transfer| transfer.balance_after.get()), story.balance(1));
}

#[test]
fn a_charge_adds_to_the_balance_and_makes_a_wallet() {
    let mut story = Story::new();
    assert_eq!(story.balance(1), None);

    let answer = story.charge(1, 50_000);

    let Ok(Outcome::Charged { transfer }) = answer else { panic!("{answer:?}") };
    assert_eq!(transfer.kind, TransferKind::Charge);
    assert_eq!((transfer.amount.get(), transfer.balance_after.get()), (50_000, 50_000));
    assert_eq!(story.balance(1), Some(50_000));
}

#[test]
fn a_charge_is_of_one_unit_at_least_and_two_to_the_53rd_less_one_at_most() {
    let mut story = Story::new();
    let before = story.news().len();
    for amount in [0, Amount::MAX.get() + 1, u64::MAX] {
        assert_eq!(story.charge(1, amount), Err(Rejection::AmountInvalid));
    }
    assert_eq!((before, story.news().len(), story.balance(1)), (2, 0, None));

    story.charge(1, 1).unwrap();
    story.charge(2, Amount::MAX.get()).unwrap();
}

#[test]
fn a_balance_never_exceeds_its_limit() {
    let mut story = Story::new();
    story.charge(1, Amount::MAX.get() - 1).unwrap();

    assert_eq!(story.charge(1, 2), Err(Rejection::BalanceLimitExceeded));
    story.charge(1, 1).unwrap();
    assert_eq!(story.charge(1, 1), Err(Rejection::BalanceLimitExceeded));

    assert_eq!(story.balance(1), Some(Amount::MAX.get()));
}

#[test]
fn a_refund_that_would_exceed_the_limit_is_refused_and_the_seats_stay_sold() {
    let mut story = Story::inside(&[1]);
    story.buy(1, &[1]);
    story.charge(1, Amount::MAX.get()).unwrap();
    story.news();

    assert_eq!(story.withdraw(1), Err(Rejection::BalanceLimitExceeded));

    assert_eq!(story.news(), []);
    assert_eq!(story.seat(1), SeatStatus::Sold);
}

#[test]
fn transfers_are_only_ever_added() {
    let mut story = Story::inside(&[1]);
    story.buy(1, &[1]);
    let before = story.world.state().transfers().to_vec();

    story.withdraw(1).unwrap();
    story.charge(1, 5).unwrap();

    let after = story.world.state().transfers();
    assert_eq!(after[..before.len()], before[..]);
    assert_eq!(after.len(), before.len() + 2);
}

#[test]
fn holds_and_releases_move_no_money() {
    let mut story = Story::inside(&[1]);
    story.hold(1, &[1]).unwrap();
    story.withdraw(1).unwrap();

    assert_eq!(story.world.state().transfers(), []);
    let moves_money = |kind: &EventKind| matches!(kind, EventKind::Transferred { .. });
    assert!(!story.news().iter().any(moves_money));
}
