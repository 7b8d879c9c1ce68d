//! The best seats: against every set of seats that could be meant, and by what a group cares for.

use crate::config;
use crate::model::best_seats_by_hand;
use crate::names::{self, START};
use frontrow_core::Amount;
use frontrow_core::concert::{Schedule, Section};
use frontrow_core::seating::best_seats;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use std::iter::{self, once};

/// A hall, the seats in it that are free, how many are wanted, and where.
#[derive(Debug, Clone)]
struct Wish {
    hall: Schedule,
    free: Vec<bool>,
    count: u32,
    section: Option<&'static str>,
}

impl Wish {
    fn is_free(&self, number: u32) -> bool {
        self.free[number as usize - 1]
    }

    /// Seats 64 at a time; those that the hall does not have look as if they were free.
    fn free_seats(&self, word: u32) -> u64 {
        let seats =
            (word as usize * 64..).take(64).map(|index| self.free.get(index) != Some(&false));
        (0..).zip(seats).fold(0, |bits, (n, is_free)| bits | u64::from(is_free) << n)
    }

    fn granted(&self) -> Option<Vec<u32>> {
        let seats = best_seats(&self.hall, self.count, self.section, |word| self.free_seats(word));
        seats.map(|seats| seats.to_vec())
    }

    /// Section and row of a seat.
    fn row_of(&self, number: u32) -> (&str, u32) {
        let place = self.hall.place(number).expect("the seat is in the hall");
        (&place.section.name, place.row)
    }
}

fn wish() -> impl Strategy<Value = Wish> {
    let sections = vec((1..4_u32, 1..7_u32), 1..4);
    let section = option::weighted(0.3, select(vec!["R", "S", "nowhere"]));
    // Halls from almost empty to almost full, behind a section of which nothing is left: so that rows lie
    // anywhere in the words in which seats are read.
    (sections, 1..5_u32, section, 0.05..0.95_f64, 1..140_u32).prop_flat_map(
        |(sections, count, section, full, sold)| {
            let named = ["R", "S", "T"].into_iter().zip(sections);
            let sections = once(("sold", (1, sold))).chain(named);
            let sections = sections.map(|(name, (rows, seats_per_row))| Section {
                name: name.to_owned(),
                rows,
                seats_per_row,
                price: Amount::new(1).expect("one is an amount"),
            });
            let hall = Schedule {
                id: names::schedule(1),
                concert_id: names::concert(1),
                starts_at: START,
                venue: "Hall".to_owned(),
                sections: sections.collect(),
            };
            let seats = (hall.seats_total() - sold) as usize;
            let free = vec(proptest::bool::weighted(1.0 - full), seats..=seats);
            free.prop_map(move |free| {
                let free = iter::repeat_n(false, sold as usize).chain(free).collect();
                Wish { hall: hall.clone(), free, count, section }
            })
        },
    )
}

proptest! {
    #![proptest_config(config(1_500))]

    #[test]
    fn best_seats_are_the_best_of_all_sets_of_seats(wish in wish()) {
        let by_hand =
            best_seats_by_hand(&wish.hall, wish.count, wish.section, |n| wish.is_free(n));
        prop_assert_eq!(wish.granted(), by_hand);
    }

    #[test]
    fn best_seats_are_free_as_many_as_wanted_and_where_they_are_wanted(wish in wish()) {
        let Some(seats) = wish.granted() else { return Ok(()) };
        prop_assert_eq!(seats.len(), wish.count as usize);
        prop_assert!(seats.is_sorted_by(|one, next| one < next), "ascending, each once");
        for number in &seats {
            prop_assert!(wish.is_free(*number));
            let (name, _) = wish.row_of(*number);
            prop_assert!(wish.section.is_none_or(|section| section == name));
        }
    }

    #[test]
    fn best_seats_part_a_group_only_over_neighbouring_rows(wish in wish()) {
        let Some(seats) = wish.granted() else { return Ok(()) };
        let rows: Vec<_> = seats.iter().map(|number| wish.row_of(*number)).collect();
        for (one, next) in rows.iter().zip(&rows[1..]) {
            prop_assert_eq!(one.0, next.0, "one section");
            prop_assert!(one.1 == next.1 || one.1 + 1 == next.1, "no row between is left out");
        }
        let together = rows.iter().all(|row| *row == rows[0]);
        prop_assert!(!together || seats.is_sorted_by(|one, next| one + 1 == *next), "side by side");
    }

    #[test]
    fn a_lone_person_is_seated_while_a_seat_is_free(mut wish in wish()) {
        wish.count = 1;
        wish.section = None;
        prop_assert_eq!(wish.granted().is_some(), wish.free.contains(&true));
    }
}
