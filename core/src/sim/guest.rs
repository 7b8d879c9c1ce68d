//! The person at the screen: somebody beside the crowd, who sends commands as any client does. They stand in
//! the same line and want the same seats; their tickets, seats and money count as everybody's, but they are
//! not one of the scenario's people: nothing is planned for them, and no figure of people counts them.

use super::crowd::is_of_crowd;
use super::report::Invariants;
use super::simulation::{Simulation, time};
use crate::command::{Actor, Command};
use crate::ids::TicketId;
use crate::outcome::Outcome;
use crate::queue::Phase;
use crate::rejection::Rejection;
use crate::time::Timestamp;
use crate::world::World;
use uuid::Uuid;

impl Simulation {
    /// Carries out a command of the person at the screen, at the simulation's time.
    ///
    /// They join and leave, hold and withdraw, charge and pay. The ids of what they make or name are UUIDs of
    /// version 4 or 7, which the crowd's never are; only the concert and its schedules are the simulation's
    /// own. All else is refused as malformed, and changes nothing.
    pub fn send(&mut self, command: &Command) -> Result<Outcome, Rejection> {
        require_own(command)?;
        // At the same instant the world comes first, for them as for the crowd.
        self.catch_up();
        match command {
            Command::Leave { ticket_id } => self.let_go(*ticket_id),
            _ => self.execute(command),
        }
    }

    /// The event does not tell where its holder stood.
    fn let_go(&mut self, ticket_id: TicketId) -> Result<Outcome, Rejection> {
        let row = self.world.state().tickets().get(ticket_id);
        let phase = row.map(|ticket| ticket.phase(time(self.now)));
        let left = self.execute(&Command::Leave { ticket_id })?;
        if let Some(phase @ (Phase::Waiting | Phase::Active)) = phase {
            let waited = (phase == Phase::Waiting).then(|| self.waited(ticket_id));
            self.tally.left(waited);
        }
        Ok(left)
    }

    /// Notes that the person at the screen polled. What isn't theirs is left alone: the crowd's presence is
    /// known.
    pub fn mark_seen(&mut self, ticket_id: TicketId) {
        if !is_of_crowd(ticket_id.0) {
            self.world.mark_seen(ticket_id, time(self.now));
        }
    }

    /// The world that they all act on.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The world's time: the simulation begins at 1970-01-01T00:00:00Z.
    pub fn now(&self) -> Timestamp {
        time(self.now)
    }

    /// The named invariants, as of now. Looks at every row.
    pub fn audit(&self) -> Invariants {
        let audit = self.audit.finish(self.world.state(), time(self.now));
        Invariants { ok: audit.ok, checks: audit.checks }
    }
}

/// Whether a command is a person's, and all that it makes or names is theirs.
fn require_own(command: &Command) -> Result<(), Rejection> {
    let own: &[(&str, Uuid)] = match command {
        Command::Join { ticket_id, user_id, .. } => {
            &[("ticket_id", ticket_id.0), ("user_id", user_id.0)]
        }
        Command::Leave { ticket_id } => &[("ticket_id", ticket_id.0)],
        Command::Hold { reservation_id, ticket_id, user_id, .. } => &[
            ("reservation_id", reservation_id.0),
            ("ticket_id", ticket_id.0),
            ("user_id", user_id.0),
        ],
        Command::Withdraw { reservation_id, by: Actor::User(user_id), refund_id } => {
            &[("reservation_id", reservation_id.0), ("by", user_id.0), ("refund_id", refund_id.0)]
        }
        Command::Charge { transfer_id, user_id, .. } => {
            &[("transfer_id", transfer_id.0), ("user_id", user_id.0)]
        }
        Command::Pay { payment_id, reservation_id, ticket_id, user_id, .. } => &[
            ("payment_id", payment_id.0),
            ("reservation_id", reservation_id.0),
            ("ticket_id", ticket_id.0),
            ("user_id", user_id.0),
        ],
        Command::Withdraw { by: Actor::Admin, .. } => {
            return Err(Rejection::malformed("by", "must be the person at the screen"));
        }
        Command::CreateConcert { .. }
        | Command::UpdateConcert { .. }
        | Command::AddSchedule { .. }
        | Command::Tick { .. }
        | Command::Draw { .. }
        | Command::RefreshSoldOut { .. }
        | Command::ExpireTicket { .. }
        | Command::ExpireReservation { .. } => {
            return Err(Rejection::malformed("command", "must be one that a person sends"));
        }
    };
    match own.iter().find(|(_, id)| !matches!(id.get_version_num(), 4 | 7)) {
        Some((field, _)) => Err(Rejection::malformed(field, "must be a UUID of version 4 or 7")),
        None => Ok(()),
    }
}
