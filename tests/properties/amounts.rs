//! Amounts: whole minor units from 0 to 2^53 − 1, in arithmetic and in JSON.

use crate::config;
use frontrow_core::{Amount, AmountTooLarge};
use proptest::prelude::*;

const MAX: u64 = (1 << 53) - 1;

/// Numbers of every size, and those beside the limit.
fn units() -> impl Strategy<Value = u64> {
    prop_oneof![0..1_000_u64, 0..=MAX, (MAX - 3)..=(MAX + 3), any::<u64>(), Just(u64::MAX),]
}

fn amount() -> impl Strategy<Value = Amount> {
    units().prop_map(|units| Amount::new(units % (MAX + 1)).expect("it is within the limit"))
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn an_amount_is_what_it_was_made_of_or_refused(units in units()) {
        let expected = if units <= MAX { Ok(units) } else { Err(AmountTooLarge) };
        prop_assert_eq!(Amount::new(units).map(Amount::get), expected);
        prop_assert_eq!(Amount::try_from(units).map(u64::from), expected);
    }

    #[test]
    fn sums_and_differences_are_exact_or_refused(one in amount(), other in amount()) {
        let (a, b) = (i128::from(one.get()), i128::from(other.get()));
        let within = |value: i128| (0..=i128::from(MAX)).contains(&value).then_some(value);
        let told = |amount: Option<Amount>| amount.map(|amount| i128::from(amount.get()));
        prop_assert_eq!(told(one.checked_add(other)), within(a + b));
        prop_assert_eq!(told(one.checked_sub(other)), within(a - b));
        prop_assert_eq!(one.cmp(&other), a.cmp(&b));
    }

    #[test]
    fn what_was_added_can_be_taken_away(one in amount(), other in amount()) {
        if let Some(sum) = one.checked_add(other) {
            prop_assert_eq!(sum.checked_sub(other), Some(one));
        }
    }

    #[test]
    fn json_keeps_amounts_and_takes_nothing_else(units in units()) {
        let read = serde_json::from_str::<Amount>(&units.to_string());
        prop_assert_eq!(read.ok().map(Amount::get), Some(units).filter(|units| *units <= MAX));
        for wrong in [format!("-{}", units.max(1)), format!("{units}.5"), format!("\"{units}\"")] {
            prop_assert!(serde_json::from_str::<Amount>(&wrong).is_err(), "{wrong}");
        }
        if let Ok(amount) = Amount::new(units) {
            let written = serde_json::to_string(&amount).expect("a number is JSON");
            prop_assert_eq!(written, units.to_string());
        }
    }
}
