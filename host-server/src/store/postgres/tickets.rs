//! Loads and locks tickets: those that keys name, and those that lists find (who stands in a queue, who
//! runs out next, the head of the line).
//!
//! A list is looked up without locks and then locked, all tickets of a batch in one statement by id. What
//! the wait for a lock may have changed shows in the versions: if a listed ticket is no longer as the
//! list found it, the list is looked up again, with what was locked kept. So a list that is handed on
//! - is what one snapshot showed, in its order and up to its limit, so that a short one is a whole one;
//! - is of tickets that are locked as that snapshot showed them, so that it stays true until the commit.
//!
//! What can a ticket that is *not* on a list do meanwhile, since nothing locks it?
//! - Join one of the first two: only under the queue's lock, which is taken before.
//! - *Waiting tickets*: leave, which no list of others minds.
//! - *Expiring tickets*: move forward in the order, when a hold is released. The tick then takes it as
//!   still active, as if the release came after the tick: it is counted, and so takes up its slot.
//!
//! A single locking statement with a LIMIT would not do: rows that no longer match after the wait drop
//! out of it without being replaced, and the short list would look like a whole one.

use super::super::StoreError;
use super::super::rows::{self, Columns};
use super::super::wanted::Wanted;
use super::asking::{Array, Asking};
use super::selects::TICKETS;
use super::session::Session;
use frontrow_core::queue::Ticket;
use frontrow_core::state::Stored;
use frontrow_core::{State, TicketId, Timestamp};
use sqlx::postgres::PgRow;
use std::collections::BTreeMap;
use uuid::Uuid;

/// How often lists are looked up before that is left to another run of the batch. Each time what was
/// found is locked, so that this ends by itself unless tickets end as fast as they are found.
const ROUNDS_MAX: u32 = 8;

/// Tickets that are locked; `None` where there is none.
type Locked = BTreeMap<TicketId, Option<Stored<Ticket>>>;

pub(super) async fn tickets(
    session: &mut Session,
    state: &mut State,
    wanted: &Wanted,
    locks: bool,
) -> Result<(), StoreError> {
    let mut locked = Locked::new();
    for _ in 0..ROUNDS_MAX {
        let lists = Lists::look_up(session, wanted).await?;
        let ids = wanted.tickets.iter().copied().chain(lists.ids());
        lock(session, locks, ids, &mut locked).await?;
        if lists.are_as(&locked) {
            for id in &wanted.tickets {
                state.load_ticket(*id, locked.get(id).cloned().flatten());
            }
            lists.put(state, wanted, &locked);
            return Ok(());
        }
    }
    Err(StoreError::Conflict("lists of tickets kept changing".to_owned()))
}

/// Locks those of the tickets that are not locked yet.
async fn lock(
    session: &mut Session,
    locks: bool,
    ids: impl Iterator<Item = TicketId>,
    locked: &mut Locked,
) -> Result<(), StoreError> {
    let missing: Locked = ids.filter(|id| !locked.contains_key(id)).map(|id| (id, None)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut asking = Asking::default();
    let ids = Array::of_ids(missing.keys().map(|id| id.0));
    let place = asking.select(&TICKETS, locks, &[ids]);
    locked.extend(missing);
    for row in session.ask(asking).await?.of(place) {
        let ticket = row.stored(rows::ticket)?;
        locked.insert(ticket.value.id, Some(ticket));
    }
    Ok(())
}

/// A ticket as a list found it.
struct Listed {
    /// In which of the lists that were asked for, from 0.
    list: usize,
    id: TicketId,
    version: u64,
    seen_at: Option<Timestamp>,
}

fn listed(row: &PgRow) -> Result<Listed, StoreError> {
    let list: usize = row.int("list")?;
    Ok(Listed {
        list: list.saturating_sub(1),
        id: row.id("id")?,
        version: row.int("version")?,
        seen_at: row.opt_time("seen_at")?,
    })
}

/// The lists of each kind, one after the other, each in its order.
struct Lists {
    live: Vec<Listed>,
    expiring: Vec<Listed>,
    waiting: Vec<Listed>,
    /// One for each number that a ticket has.
    numbered: Vec<Listed>,
}

impl Lists {
    async fn look_up(session: &mut Session, wanted: &Wanted) -> Result<Self, StoreError> {
        let live = live(session, wanted).await?;
        let expiring = expiring(session, wanted).await?;
        let waiting = waiting(session, wanted).await?;
        let numbered = numbered(session, wanted).await?;
        Ok(Self { live, expiring, waiting, numbered })
    }

    fn all(&self) -> impl Iterator<Item = &Listed> {
        self.live.iter().chain(&self.expiring).chain(&self.waiting).chain(&self.numbered)
    }

    fn ids(&self) -> impl Iterator<Item = TicketId> {
        self.all().map(|listed| listed.id)
    }

    /// Whether every listed ticket is still as the list found it, now that it is locked.
    fn are_as(&self, locked: &Locked) -> bool {
        self.all().all(|listed| {
            let ticket = locked.get(&listed.id).and_then(Option::as_ref);
            ticket.is_some_and(|ticket| ticket.version == listed.version)
        })
    }

    fn put(&self, state: &mut State, wanted: &Wanted, locked: &Locked) {
        let ticket = |listed: &Listed| locked.get(&listed.id).cloned().flatten();
        for (list, (concert_id, user_id)) in wanted.live_tickets.iter().enumerate() {
            let found = self.live.iter().find(|listed| listed.list == list).and_then(ticket);
            state.load_live_ticket(*concert_id, *user_id, found);
        }
        for (list, (concert_id, limit)) in wanted.expiring_tickets.iter().enumerate() {
            let of_list = self.expiring.iter().filter(|listed| listed.list == list);
            state.load_expiring_tickets(*concert_id, *limit, of_list.filter_map(ticket).collect());
        }
        for (list, ((concert_id, after), limit)) in wanted.waiting_tickets.iter().enumerate() {
            let of_list = self.waiting.iter().filter(|listed| listed.list == list);
            let found = of_list.filter_map(|listed| Some((ticket(listed)?, listed.seen_at)));
            state.load_waiting_tickets(*concert_id, *after, *limit, found.collect());
        }
        let mut numbered = self.numbered.iter().peekable();
        for (list, (concert_id, number)) in wanted.numbered_tickets.iter().enumerate() {
            let found = numbered.next_if(|listed| listed.list == list);
            let found = found.and_then(|listed| Some((ticket(listed)?, listed.seen_at)));
            state.load_numbered_ticket(*concert_id, *number, found);
        }
    }
}

async fn live(session: &mut Session, wanted: &Wanted) -> Result<Vec<Listed>, StoreError> {
    if wanted.live_tickets.is_empty() {
        return Ok(Vec::new());
    }
    // There is one at most. That it is limited to one keeps Postgres from reading every live ticket once for
    // the whole batch, which it takes to be less work while the table was never analysed.
    let sql = "SELECT wanted.list, live.id, live.version, NULL::bigint AS seen_at
         FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS wanted (concert_id, user_id, list)
         CROSS JOIN LATERAL (
             SELECT tickets.id, tickets.version
             FROM tickets
             WHERE
                 tickets.concert_id = wanted.concert_id
                 AND tickets.user_id = wanted.user_id
                 AND tickets.state IN ('waiting', 'active')
             LIMIT 1
         ) AS live
         ORDER BY wanted.list";
    let (concerts, users): (Vec<Uuid>, Vec<Uuid>) =
        wanted.live_tickets.iter().map(|(concert, user)| (concert.0, user.0)).unzip();
    session.all(sqlx::query(sql).bind(concerts).bind(users), listed).await
}

async fn expiring(session: &mut Session, wanted: &Wanted) -> Result<Vec<Listed>, StoreError> {
    if wanted.expiring_tickets.is_empty() {
        return Ok(Vec::new());
    }
    let sql = "SELECT wanted.list, first.id, first.version, NULL::bigint AS seen_at
         FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY AS wanted (concert_id, most, list)
         CROSS JOIN LATERAL (
             SELECT tickets.id, tickets.version, tickets.expires_at
             FROM tickets
             WHERE tickets.concert_id = wanted.concert_id AND tickets.state = 'active'
             ORDER BY tickets.expires_at, tickets.id
             LIMIT wanted.most
         ) AS first
         ORDER BY wanted.list, first.expires_at, first.id";
    let (concerts, limits): (Vec<Uuid>, Vec<i64>) = wanted
        .expiring_tickets
        .iter()
        .map(|(concert, limit)| (concert.0, i64::from(*limit)))
        .unzip();
    session.all(sqlx::query(sql).bind(concerts).bind(limits), listed).await
}

async fn waiting(session: &mut Session, wanted: &Wanted) -> Result<Vec<Listed>, StoreError> {
    if wanted.waiting_tickets.is_empty() {
        return Ok(Vec::new());
    }
    let sql = "SELECT wanted.list, first.id, first.version, presence.seen_at
         FROM unnest($1::uuid[], $2::bigint[], $3::bigint[])
             WITH ORDINALITY AS wanted (concert_id, after, most, list)
         CROSS JOIN LATERAL (
             SELECT tickets.id, tickets.version, tickets.number
             FROM tickets
             WHERE
                 tickets.concert_id = wanted.concert_id
                 AND tickets.state = 'waiting'
                 AND tickets.number > wanted.after
             ORDER BY tickets.number
             LIMIT wanted.most
         ) AS first
         LEFT JOIN presence ON presence.ticket_id = first.id
         ORDER BY wanted.list, first.number";
    let lists = &wanted.waiting_tickets;
    let concerts: Vec<Uuid> = lists.keys().map(|(concert, _)| concert.0).collect();
    let after: Vec<i64> = lists.keys().map(|(_, after)| super::int(*after)).collect();
    let limits: Vec<i64> = lists.values().map(|limit| i64::from(*limit)).collect();
    session.all(sqlx::query(sql).bind(concerts).bind(after).bind(limits), listed).await
}

async fn numbered(session: &mut Session, wanted: &Wanted) -> Result<Vec<Listed>, StoreError> {
    if wanted.numbered_tickets.is_empty() {
        return Ok(Vec::new());
    }
    let sql = "SELECT wanted.list, tickets.id, tickets.version, presence.seen_at
         FROM unnest($1::uuid[], $2::bigint[])
             WITH ORDINALITY AS wanted (concert_id, number, list)
         INNER JOIN tickets
             ON tickets.concert_id = wanted.concert_id
             AND tickets.number = wanted.number
         LEFT JOIN presence ON presence.ticket_id = tickets.id
         ORDER BY wanted.list";
    let (concerts, numbers): (Vec<Uuid>, Vec<i64>) = wanted
        .numbered_tickets
        .iter()
        .map(|(concert, number)| (concert.0, super::int(*number)))
        .unzip();
    session.all(sqlx::query(sql).bind(concerts).bind(numbers), listed).await
}
