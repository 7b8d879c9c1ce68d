//! Everything that hosts send and store comes back from JSON as it was.

use crate::story::{Answer, CONCERT, HALL, Story, concert, hall, second, user};
use frontrow_core::concert::{AdmissionChange, ConcertChange, DrawKind, HoldChange, Prequeue};
use frontrow_core::policy::{AdmissionPolicy, HoldPolicy};
use frontrow_core::queue::{DrawSeed, Standing};
use frontrow_core::seating::Choice;
use frontrow_core::{
    Actor, Amount, Command, ConcertId, FieldError, Outcome, Rejection, ReservationId, ScheduleId,
    TicketId, TransferId,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{from_value, json, to_value};
use std::collections::BTreeSet;
use std::fmt::Debug;
use uuid::Uuid;

fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).expect("plain data");
    let back: T = serde_json::from_str(&text).expect("what was written can be read");
    assert_eq!(back, *value, "{text}");
}

/// Every command; the compiler keeps the list complete.
fn following(command: &Command) -> Option<Command> {
    let (ticket_id, user_id) = (TicketId(Uuid::from_u128(1)), user(1));
    let (reservation_id, transfer_id) =
        (ReservationId(Uuid::from_u128(2)), TransferId(Uuid::from_u128(3)));
    Some(match command {
        Command::CreateConcert { .. } => {
            Command::UpdateConcert { concert_id: CONCERT, change: every_change() }
        }
        Command::UpdateConcert { .. } => Command::AddSchedule { schedule: hall(2, 5) },
        Command::AddSchedule { .. } => Command::Join { ticket_id, concert_id: CONCERT, user_id },
        Command::Join { .. } => Command::Leave { ticket_id },
        Command::Leave { .. } => Command::Tick { concert_id: CONCERT, served_since: second(1) },
        Command::Tick { .. } => {
            Command::Draw { concert_id: CONCERT, beacon_value: "b5d8".to_owned() }
        }
        Command::Draw { .. } => Command::RefreshSoldOut { concert_id: CONCERT },
        Command::RefreshSoldOut { .. } => Command::ExpireTicket { ticket_id },
        Command::ExpireTicket { .. } => {
            let choice = Choice::Best { count: 2, section: Some("R".to_owned()) };
            Command::Hold { reservation_id, schedule_id: HALL, ticket_id, user_id, choice }
        }
        Command::Hold { .. } => Command::ExpireReservation { reservation_id },
        Command::ExpireReservation { .. } => {
            Command::Withdraw { reservation_id, by: Actor::User(user_id), refund_id: transfer_id }
        }
        Command::Withdraw { .. } => Command::Charge { transfer_id, user_id, amount: u64::MAX },
        Command::Charge { .. } => {
            Command::Pay { payment_id: transfer_id, reservation_id, ticket_id, user_id, amount: 0 }
        }
        Command::Pay { .. } => return None,
    })
}

fn every_change() -> ConcertChange {
    ConcertChange {
        admission: Some(AdmissionChange {
            interval_seconds: Some(1),
            batch_size: Some(2),
            active_seconds: Some(3),
            max_active: Some(None),
            lapse_seconds: Some(0),
            inventory_aware: Some(true),
        }),
        holds: Some(HoldChange { hold_seconds: Some(4), max_seats_per_user: None }),
        paused: Some(true),
        closed: None,
        draining: Some(true),
        notice: Some(None),
    }
}

#[test]
fn every_command_comes_back() {
    let first = Command::CreateConcert { concert: concert() };
    let commands: Vec<Command> = std::iter::successors(Some(first), following).collect();
    assert_eq!(commands.len(), 14);
    commands.iter().for_each(comes_back);
}

/// How an outcome is named; the compiler keeps the list complete.
fn name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::ConcertCreated { .. } => "concert_created",
        Outcome::ConcertChanged { .. } => "concert_changed",
        Outcome::ScheduleAdded { .. } => "schedule_added",
        Outcome::Joined { .. } => "joined",
        Outcome::Left => "left",
        Outcome::TickIdle => "tick_idle",
        Outcome::Ticked { .. } => "ticked",
        Outcome::Drawn => "drawn",
        Outcome::SoldOutRefreshed { .. } => "sold_out_refreshed",
        Outcome::ExpiryStored { .. } => "expiry_stored",
        Outcome::Held { .. } => "held",
        Outcome::Withdrawn { .. } => "withdrawn",
        Outcome::Paid { .. } => "paid",
        Outcome::Charged { .. } => "charged",
    }
}

/// An outcome of every kind, from one story.
fn every_outcome() -> Vec<Outcome> {
    let mut story = Story::new();
    let change = ConcertChange { paused: Some(false), ..ConcertChange::default() };
    let mut another = concert();
    another.id = ConcertId(story.fresh_id());
    another.prequeue = Some(Prequeue {
        opens_at: second(-100),
        draw: DrawKind::Random,
        beacon: Some("round 17".to_owned()),
        seed: Some(DrawSeed::new([7; 32])),
    });
    let draw = Command::Draw { concert_id: another.id, beacon_value: "b5d8".to_owned() };
    let mut another_hall = hall(1, 1);
    another_hall.id = ScheduleId(story.fresh_id());
    let mut outcomes: Vec<Outcome> = [
        Command::CreateConcert { concert: another },
        Command::UpdateConcert { concert_id: CONCERT, change },
        Command::AddSchedule { schedule: another_hall },
        Command::RefreshSoldOut { concert_id: CONCERT },
    ]
    .iter()
    .map(|command| story.send(command).expect("all are accepted"))
    .collect();
    let mut add = |answer: Answer| outcomes.push(answer.expect("it is accepted"));
    add(story.join(1));
    add(story.tick());
    story.asleep_until(0);
    add(story.tick());
    add(story.send(&draw));
    let ticket_id = story.ticket_id(1);
    add(story.send(&Command::ExpireTicket { ticket_id }));
    add(story.hold(1, &[1]));
    add(story.withdraw(1));
    add(story.hold(1, &[1, 2]));
    add(story.charge(1, 2_000));
    add(story.pay(1));
    add(story.withdraw(1));
    add(story.leave(1));
    outcomes
}

#[test]
fn every_outcome_comes_back_under_its_name() {
    let outcomes = every_outcome();
    outcomes.iter().for_each(comes_back);
    let told = |outcome: &Outcome| to_value(outcome).unwrap()["outcome"].clone();
    for outcome in &outcomes {
        assert_eq!(told(outcome), name(outcome));
    }
    let names: BTreeSet<_> = outcomes.iter().map(name).collect();
    assert_eq!(names.len(), 14);
}

#[test]
fn outcomes_carry_no_place_in_line() {
    let read_models: Vec<String> = {
        let mut story = Story::new();
        story.join_all(&[1]);
        let standing: Standing = story.standing(1);
        let object = to_value(standing).unwrap();
        object.as_object().unwrap().keys().cloned().collect()
    };
    for outcome in every_outcome() {
        let text = serde_json::to_string(&outcome).unwrap();
        for word in
            read_models.iter().filter(|word| !["state", "expires_at"].contains(&word.as_str()))
        {
            assert!(!text.contains(&format!("\"{word}\":")), "{word} in {text}");
        }
    }
}

#[test]
fn every_refusal_comes_back_with_its_code() {
    let seats = [2, 3].into_iter().collect();
    let errors = vec![FieldError::new("title", "must not be empty")];
    let (balance, required) = (Amount::ZERO, Amount::MAX);
    let reservation_id = ReservationId(Uuid::from_u128(1));
    let with_fields = [
        (Rejection::MalformedRequest { errors }, "errors"),
        (Rejection::HoldExists { reservation_id }, "reservation_id"),
        (Rejection::SeatLimitExceeded { limit: 4 }, "limit"),
        (Rejection::SeatTaken { seats }, "seats"),
        (Rejection::AmountMismatch { expected: required }, "expected"),
        (Rejection::InsufficientBalance { balance, required }, "balance"),
        (Rejection::HoldExpired, "code"),
    ];
    for (rejection, field) in with_fields {
        comes_back(&rejection);
        let object = to_value(&rejection).unwrap();
        assert_eq!(object["code"], rejection.code());
        assert!(object.get(field).is_some(), "{object}");
    }
    for code in ["sold_out", "queue_closed", "already_paid", "id_in_use", "balance_not_found"] {
        let rejection: Rejection = from_value(json!({ "code": code })).unwrap();
        assert_eq!(rejection.code(), code);
    }
}

#[test]
fn a_choice_reads_as_in_the_contract() {
    let choice = |value| from_value::<Choice>(value).unwrap();
    assert_eq!(choice(json!({"seats": [17, 18]})), Choice::Seats([17, 18].into_iter().collect()));
    let best = Choice::Best { count: 2, section: None };
    assert_eq!(choice(json!({"best": {"count": 2}})), best);
    let in_section = Choice::Best { count: 2, section: Some("R".to_owned()) };
    assert_eq!(choice(json!({"best": {"count": 2, "section": "R"}})), in_section);
}

#[test]
fn a_policy_may_leave_out_what_has_a_default() {
    let admission: AdmissionPolicy =
        from_value(json!({"interval_seconds": 10, "batch_size": 100, "active_seconds": 600}))
            .unwrap();
    assert_eq!(admission.max_active, None);
    assert_eq!((admission.lapse_seconds, admission.inventory_aware), (180, false));
    let holds: HoldPolicy = from_value(json!({})).unwrap();
    assert_eq!((holds.hold_seconds, holds.max_seats_per_user), (300, 4));
    assert!(from_value::<HoldPolicy>(json!({"hold_second": 1})).is_err(), "a slip is told");
}

#[test]
fn a_change_tells_null_from_nothing() {
    let change = |value| from_value::<ConcertChange>(value).unwrap().admission.unwrap().max_active;
    assert_eq!(change(json!({"admission": {}})), None);
    assert_eq!(change(json!({"admission": {"max_active": null}})), Some(None));
    assert_eq!(change(json!({"admission": {"max_active": 7}})), Some(Some(7)));
}

#[test]
fn an_amount_above_its_limit_is_not_read() {
    assert_eq!(from_value::<Amount>(json!((1_u64 << 53) - 1)).unwrap(), Amount::MAX);
    assert!(from_value::<Amount>(json!(1_u64 << 53)).is_err());
    assert!(from_value::<Amount>(json!(-1)).is_err());
}
