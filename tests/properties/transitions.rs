//! What can happen in a story, and how a failing story reads.

use crate::names::number_of;
use frontrow_core::concert::{AdmissionChange, ConcertChange, Schedule};
use frontrow_core::seating::Choice;
use frontrow_core::{Actor, Command, TicketId, Timestamp, UserId};
use std::fmt;

/// How deadlines that have come are dealt with before something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drive {
    /// Not at all: commands tick and expire, or nobody does.
    ByHand,
    /// Each at its own instant.
    OnTime,
    /// All at once, when something else happens.
    Late,
}

/// Something that happens.
#[derive(Debug, Clone)]
pub enum Action {
    Execute(Command),
    /// The holder of a ticket is seen.
    Seen(TicketId),
    /// Polls are served again, after an outage.
    Served,
    /// Nothing: time passes.
    Nothing,
}

/// One line of a story.
#[derive(Clone)]
pub struct Transition {
    /// Milliseconds since the line before; a clock that was set back makes them negative.
    pub step: i64,
    pub drive: Drive,
    pub action: Action,
}

impl fmt::Debug for Transition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for Transition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let drive = match self.drive {
            Drive::ByHand => "",
            Drive::OnTime => " (timers on time)",
            Drive::Late => " (timers late)",
        };
        write!(f, "{}{drive}  ", duration(self.step))?;
        match &self.action {
            Action::Execute(command) => write!(f, "{}", Told(command)),
            Action::Seen(id) => write!(f, "ticket {} is seen", number_of(id.0)),
            Action::Served => write!(f, "polls are served again"),
            Action::Nothing => write!(f, "nothing happens"),
        }
    }
}

fn duration(millis: i64) -> String {
    match millis {
        0.. if millis % 3_600_000 == 0 && millis > 0 => format!("+{} h", millis / 3_600_000),
        0.. if millis % 1_000 == 0 => format!("+{} s", millis / 1_000),
        0.. => format!("+{millis} ms"),
        _ => format!("{millis} ms"),
    }
}

/// A command, told.
pub struct Told<'a>(pub &'a Command);

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Command::CreateConcert { concert } => {
                write!(f, "concert {} is created: ", number_of(concert.id.0))?;
                write!(f, "{:?} {:?}", concert.admission, concert.holds)?;
                write!(f, ", sale opens at {}", concert.sale_opens_at)?;
                write!(f, ", pre-queue {:?}", concert.prequeue)
            }
            Command::UpdateConcert { concert_id, change } => {
                write!(f, "concert {} is changed: ", number_of(concert_id.0))?;
                told_change(f, change)
            }
            Command::AddSchedule { schedule } => told_schedule(f, schedule),
            Command::Join { ticket_id, concert_id, user_id } => {
                let (ticket, concert) = (number_of(ticket_id.0), number_of(concert_id.0));
                write!(f, "user {} joins concert {concert}", number_of(user_id.0))?;
                write!(f, " (ticket {ticket})")
            }
            Command::Leave { ticket_id } => write!(f, "ticket {} leaves", number_of(ticket_id.0)),
            Command::Tick { concert_id, served_since } => {
                write!(f, "concert {} ticks", number_of(concert_id.0))?;
                match *served_since {
                    Timestamp::MIN => Ok(()),
                    since => write!(f, " (polls served since {since})"),
                }
            }
            Command::Draw { concert_id, beacon_value } => {
                let concert = number_of(concert_id.0);
                write!(f, "concert {concert} is drawn with {beacon_value:?}")
            }
            Command::RefreshSoldOut { concert_id } => {
                write!(f, "concert {} looks for unsold seats", number_of(concert_id.0))
            }
            Command::ExpireTicket { ticket_id } => {
                write!(f, "ticket {} is put away if it ran out", number_of(ticket_id.0))
            }
            Command::Hold { reservation_id, schedule_id, ticket_id, user_id, choice } => {
                let (user, ticket) = (number_of(user_id.0), number_of(ticket_id.0));
                write!(f, "user {user} holds {} ", told_choice(choice))?;
                write!(f, "of schedule {} with ticket {ticket}", number_of(schedule_id.0))?;
                write!(f, " (reservation {})", number_of(reservation_id.0))
            }
            Command::ExpireReservation { reservation_id } => {
                write!(f, "reservation {} is put away if it ran out", number_of(reservation_id.0))
            }
            Command::Withdraw { reservation_id, by, .. } => {
                let reservation = number_of(reservation_id.0);
                write!(f, "{} withdraws reservation {reservation}", told_actor(*by))
            }
            Command::Charge { user_id, amount, .. } => {
                write!(f, "user {} charges {amount}", number_of(user_id.0))
            }
            Command::Pay { reservation_id, ticket_id, user_id, amount, .. } => {
                let (user, ticket) = (number_of(user_id.0), number_of(ticket_id.0));
                write!(f, "user {user} pays {amount} for reservation ")?;
                write!(f, "{} with ticket {ticket}", number_of(reservation_id.0))
            }
        }
    }
}

fn told_actor(actor: Actor) -> String {
    match actor {
        Actor::User(UserId(id)) => format!("user {}", number_of(id)),
        Actor::Admin => "the operator".to_owned(),
    }
}

fn told_choice(choice: &Choice) -> String {
    match choice {
        Choice::Seats(seats) => format!("seats {:?}", seats.as_slice()),
        Choice::Best { count, section } => match section {
            Some(section) => format!("the best {count} seats of {section}"),
            None => format!("the best {count} seats"),
        },
    }
}

fn told_schedule(f: &mut fmt::Formatter<'_>, schedule: &Schedule) -> fmt::Result {
    write!(f, "schedule {} is added to concert ", number_of(schedule.id.0))?;
    write!(f, "{}, starts at {}:", number_of(schedule.concert_id.0), schedule.starts_at)?;
    for section in &schedule.sections {
        let (rows, seats) = (section.rows, section.seats_per_row);
        write!(f, " {} {rows}x{seats} at {}", section.name, section.price)?;
    }
    Ok(())
}

fn told_change(f: &mut fmt::Formatter<'_>, change: &ConcertChange) -> fmt::Result {
    let mut words = Vec::new();
    let mut tell = |name: &str, value: Option<String>| {
        words.extend(value.map(|value| format!("{name} {value}")));
    };
    let AdmissionChange {
        interval_seconds,
        batch_size,
        active_seconds,
        max_active,
        lapse_seconds,
        inventory_aware,
    } = change.admission.unwrap_or_default();
    let number = |value: Option<u32>| value.map(|value| value.to_string());
    tell("interval_seconds", number(interval_seconds));
    tell("batch_size", number(batch_size));
    tell("active_seconds", number(active_seconds));
    tell("max_active", max_active.map(|cap| cap.map_or("none".to_owned(), |cap| cap.to_string())));
    tell("lapse_seconds", number(lapse_seconds));
    tell("inventory_aware", inventory_aware.map(|on| on.to_string()));
    let holds = change.holds.unwrap_or_default();
    tell("hold_seconds", number(holds.hold_seconds));
    tell("max_seats_per_user", number(holds.max_seats_per_user));
    tell("paused", change.paused.map(|paused| paused.to_string()));
    tell("closed", change.closed.map(|closed| closed.to_string()));
    tell("draining", change.draining.map(|draining| draining.to_string()));
    tell("notice", change.notice.as_ref().map(|notice| format!("{notice:?}")));
    write!(f, "{}", words.join(", "))
}
