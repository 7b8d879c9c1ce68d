//! Money as checked integer minor units. The ledger's rules are in `ledger`.

use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// Minor units of the deployment's currency, 0 to 2^53 − 1, so that every JSON reader keeps it exact.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(try_from = "u64", into = "u64")]
pub struct Amount(u64);

/// An amount above 2^53 − 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an amount is at most {}", Amount::MAX.0)]
pub struct AmountTooLarge;

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// 2^53 − 1.
    pub const MAX: Self = Self((1 << 53) - 1);

    /// Checks the range.
    pub const fn new(units: u64) -> Result<Self, AmountTooLarge> {
        if units <= Self::MAX.0 { Ok(Self(units)) } else { Err(AmountTooLarge) }
    }

    /// The minor units.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The sum, or `None` above [`Amount::MAX`].
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Self::new(self.0.checked_add(other.0)?).ok()
    }

    /// The difference, or `None` below zero.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }
}

impl TryFrom<u64> for Amount {
    type Error = AmountTooLarge;

    fn try_from(units: u64) -> Result<Self, AmountTooLarge> {
        Self::new(units)
    }
}

impl From<Amount> for u64 {
    fn from(amount: Amount) -> Self {
        amount.0
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_stay_between_zero_and_the_limit() {
        assert_eq!(Amount::new((1 << 53) - 1), Ok(Amount::MAX));
        assert_eq!(Amount::new(1 << 53), Err(AmountTooLarge));
        let one = Amount::new(1).unwrap();
        assert_eq!(Amount::MAX.checked_add(one), None);
        assert_eq!(Amount::ZERO.checked_sub(one), None);
    }
}
