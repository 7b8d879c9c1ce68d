//! The fair start: who joins before the sale opens is drawn, not raced.
//!
//! # How it goes
//!
//! A concert may have a [`Prequeue`](crate::concert::Prequeue). Who joins from its `opens_at` until
//! `sale_opens_at` gets an *arrival number*; they are 1 to `arrivals`, without a gap. At the opening a keyed
//! permutation gives each of them a *ticket number*, and the line is let in by that. Whoever joins later keeps the
//! number they arrived with, behind all of those. No row is rewritten: where somebody stands is computed, in
//! either direction.
//!
//! # Commit and reveal
//!
//! From its creation the concert shows [`Commitment`], the SHA-256 of the secret [`DrawSeed`]. After the draw it
//! shows the seed itself. With that, `arrivals` and their arrival number anybody can check their place:
//! [`verify_draw`].
//!
//! ```text
//! key           = HMAC-SHA256(seed, "frontrow draw 1" ‖ arrivals as 8 bytes, highest first ‖ beacon_value in UTF-8)
//! ticket_number = 1 + permutation(key, arrivals)(arrival_number − 1)
//! ```
//!
//! The permutation is a generalised Feistel network over HMAC-SHA256 with cycle walking (Black and Rogaway,
//! "Ciphers with Arbitrary Finite Domains", 2002), of ten rounds as in NIST SP 800-38G.
//!
//! # Threat model
//!
//! - *A person* can't choose their place: nobody knows the seed before all arrivals are fixed. Coming first, or
//!   often, is no use: one person has one ticket. Many accounts are many lots, as in every draw.
//! - *The operator* can't choose the seed after the fact: the commitment was public before anybody joined. They
//!   can't choose `arrivals` unseen either: every person is told their arrival number as they join, and numbers
//!   have no gaps.
//! - *An operator who knows the seed* (it is in the database, and in its journal) could compute which arrival
//!   numbers will stand in front, and join when they are due. Against that a concert can name a public
//!   `beacon`, a value that nobody knows before joining has closed: a lottery's numbers, a round of a randomness
//!   beacon. It is mixed into the key. Which one it will be is said when the concert is created; whether the
//!   value that was mixed in is that one, everybody can look up.
//! - *Not* covered: an operator who refuses to hold the draw at all, who lets accounts of their own join in great
//!   number, or who drops joins before they are numbered.

mod decide;
mod permutation;

pub(crate) use decide::{close, draw};

use super::{Line, Queue};
use hmac::{Hmac, KeyInit, Mac};
use permutation::Permutation;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::{self, Debug, Display, Formatter};
use std::str::FromStr;
use thiserror::Error;

/// What the key of a draw begins with, so that no other use of a seed gives the same one.
const DOMAIN: &[u8] = b"frontrow draw 1";
/// Most arrivals that a draw can have; JSON keeps numbers up to it exact.
const ARRIVALS_MAX: u64 = (1 << 53) - 1;

/// A text that is not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be 64 hexadecimal digits")]
pub struct NotHex;

/// The secret of a draw: 32 random bytes, in text 64 hexadecimal digits. Not shown by `Debug`.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DrawSeed([u8; 32]);

/// The SHA-256 of a [`DrawSeed`], which is public from the start. In text 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Commitment([u8; 32]);

impl DrawSeed {
    /// The seed of these bytes, which nobody else may know or guess.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// What is published of it before the draw.
    pub fn commitment(&self) -> Commitment {
        Commitment(Sha256::digest(self.0).into())
    }
}

impl Debug for DrawSeed {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("DrawSeed(…)")
    }
}

/// In text both are hexadecimal digits.
macro_rules! hexadecimal {
    ($bytes:ident) => {
        impl Display for $bytes {
            fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
                formatter.write_str(&hex::encode(self.0))
            }
        }

        impl FromStr for $bytes {
            type Err = NotHex;

            fn from_str(text: &str) -> Result<Self, NotHex> {
                let mut bytes = [0; 32];
                hex::decode_to_slice(text, &mut bytes).map_err(|_| NotHex)?;
                Ok(Self(bytes))
            }
        }

        impl TryFrom<String> for $bytes {
            type Error = NotHex;

            fn try_from(text: String) -> Result<Self, NotHex> {
                text.parse()
            }
        }

        impl From<$bytes> for String {
            fn from(bytes: $bytes) -> Self {
                bytes.to_string()
            }
        }
    };
}

hexadecimal!(DrawSeed);
hexadecimal!(Commitment);

/// A pre-queue that has closed, and its draw once it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// How many joined before the sale opened: those who are drawn.
    pub arrivals: u64,
    /// What the draw was made with; `None` until it is made.
    pub reveal: Option<Reveal>,
    /// Nobody waits who has this ticket number or a lower one: where the next tick goes on. Kept while those who
    /// were drawn are let in.
    pub passed_through: u64,
}

/// What a draw was made with; public from then on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reveal {
    /// The seed that the concert had committed to.
    pub seed: DrawSeed,
    /// The value of the beacon, if the concert had named one.
    pub beacon_value: Option<String>,
}

/// The order in which a line is let in: by arrival, but for those who were drawn.
#[derive(Clone, Default)]
pub struct Order {
    drawn: Option<Permutation>,
}

impl Debug for Order {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Order").field("drawn", &self.drawn_arrivals()).finish()
    }
}

impl Order {
    /// The order of a queue as it is now.
    pub fn of(queue: &Queue) -> Self {
        let drawn = queue.draw.as_ref().and_then(|draw| {
            let Reveal { seed, beacon_value } = draw.reveal.as_ref()?;
            Some(permutation(seed, beacon_value.as_deref(), draw.arrivals))
        });
        Self { drawn }
    }

    /// The order that a draw must have given, if its seed is the one that was committed to.
    pub(crate) fn verified(
        seed: &DrawSeed,
        commitment: &Commitment,
        beacon_value: Option<&str>,
        arrivals: u64,
    ) -> Result<Self, DrawError> {
        if seed.commitment() != *commitment {
            return Err(DrawError::CommitmentMismatch);
        }
        if !(1..=ARRIVALS_MAX).contains(&arrivals) {
            return Err(DrawError::ArrivalsOutOfRange);
        }
        Ok(Self { drawn: Some(permutation(seed, beacon_value, arrivals)) })
    }

    /// How many were drawn, 0 without a draw.
    pub fn drawn_arrivals(&self) -> u64 {
        self.drawn.as_ref().map_or(0, Permutation::size)
    }

    /// The ticket number of who arrived with this number.
    pub fn ticket_number(&self, arrival_number: u64) -> u64 {
        match &self.drawn {
            Some(drawn) if (1..=drawn.size()).contains(&arrival_number) => {
                drawn.forward(arrival_number - 1) + 1
            }
            _ => arrival_number,
        }
    }

    /// The line in which those with these arrival numbers, in their order, wait.
    pub fn line_of(&self, arrival_numbers: impl Iterator<Item = u64>) -> Line {
        arrival_numbers.map(|number| self.ticket_number(number)).collect()
    }

    /// The arrival number of who has this ticket number.
    pub fn arrival_number(&self, ticket_number: u64) -> u64 {
        match &self.drawn {
            Some(drawn) if (1..=drawn.size()).contains(&ticket_number) => {
                drawn.backward(ticket_number - 1) + 1
            }
            _ => ticket_number,
        }
    }
}

fn permutation(seed: &DrawSeed, beacon_value: Option<&str>, arrivals: u64) -> Permutation {
    let mut key = Hmac::<Sha256>::new_from_slice(&seed.0).expect("HMAC takes keys of any length");
    key.update(DOMAIN);
    key.update(&arrivals.to_be_bytes());
    key.update(beacon_value.unwrap_or_default().as_bytes());
    Permutation::new(&key.finalize().into_bytes(), arrivals)
}

/// Why a draw can't be checked, or was not fair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DrawError {
    /// The seed is not the one that was committed to.
    #[error("the seed is not the one that was committed to")]
    CommitmentMismatch,
    /// So many can't have arrived.
    #[error("arrivals must be 1 to 2^53 − 1")]
    ArrivalsOutOfRange,
    /// Nobody who was drawn has this arrival number.
    #[error("the arrival number must be 1 to the number of arrivals")]
    ArrivalNumberOutOfRange,
}

/// Checks a draw: the ticket number, from 1 (the first to be let in), of who arrived with `arrival_number`.
/// `beacon_value` is what was published of the beacon, if the concert had named one.
///
/// ```
/// use frontrow_core::queue::{DrawSeed, verify_draw};
///
/// let seed = DrawSeed::new([7; 32]);
/// let commitment = seed.commitment();
/// let ticket_number = verify_draw(&seed, &commitment, None, 1_000_000, 1)?;
/// assert_eq!(ticket_number, 292_137);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// If the seed is not the one that was committed to, or a number is out of its range.
pub fn verify_draw(
    seed: &DrawSeed,
    commitment: &Commitment,
    beacon_value: Option<&str>,
    arrivals: u64,
    arrival_number: u64,
) -> Result<u64, DrawError> {
    let order = Order::verified(seed, commitment, beacon_value, arrivals)?;
    if !(1..=arrivals).contains(&arrival_number) {
        return Err(DrawError::ArrivalNumberOutOfRange);
    }
    Ok(order.ticket_number(arrival_number))
}
