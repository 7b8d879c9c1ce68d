//! What the server does by itself: admission ticks, sold-out checks, storing expiries. Timers only send
//! commands; whether anything is due is decided in core. Correctness never depends on them: holds and
//! tickets end on time by themselves, and a late tick only delays admission.

use crate::board::{Boards, WINDOW};
use crate::execute::{Answer, ExecuteError, Executor};
use crate::sold_out::SoldOutWatch;
use crate::store::{DueQueue, Page, Store, StoreError};
use frontrow_core::{Command, ConcertId, Outcome, Timestamp};
use futures_util::future::join_all;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;
use tracing::warn;

/// Pause between two passes, and so how late a tick can be.
const PASS_PAUSE: Duration = Duration::from_millis(100);
/// Expiries stored in one pass.
const EXPIRIES_MAX: u32 = 500;
/// Concerts looked at together when every one is.
const CONCERTS_PAGE: u32 = 100;

/// The timers of one replica. Those of several do no harm to each other.
pub struct Timers {
    store: Arc<dyn Store>,
    executor: Arc<Executor>,
    boards: Arc<Boards>,
    sold_out: Arc<SoldOutWatch>,
    /// Since when this replica has served polls without a break, in milliseconds.
    served_since: AtomicI64,
    /// Whether the last pass failed, so that polls may have failed too.
    broken: AtomicBool,
}

impl Timers {
    /// Timers that start to count now.
    pub fn new(
        store: Arc<dyn Store>,
        executor: Arc<Executor>,
        boards: Arc<Boards>,
        sold_out: Arc<SoldOutWatch>,
    ) -> Self {
        let served_since = AtomicI64::new(store.now().as_millis());
        let broken = AtomicBool::new(false);
        Self { store, executor, boards, sold_out, served_since, broken }
    }

    /// Passes again and again, until `stop` ends.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        loop {
            if let Err(error) = self.pass().await {
                warn!(%error, "a pass of the timers failed");
            }
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(PASS_PAUSE) => {}
            }
        }
    }

    /// Does all that is due.
    pub async fn pass(&self) -> Result<(), StoreError> {
        let done = self.due().await;
        let was_broken = self.broken.swap(done.is_err(), Ordering::SeqCst);
        if was_broken && done.is_ok() {
            // Nobody could be seen meanwhile, so absence is counted anew.
            self.served_since.store(self.store.now().as_millis(), Ordering::SeqCst);
        }
        done
    }

    async fn due(&self) -> Result<(), StoreError> {
        self.boards.write_marks().await?;
        self.boards.drop_idle();
        self.refresh_sold_out().await?;
        let now = self.store.now();
        let tick_is_due = |due: &DueQueue| {
            let head_issued_at = due.head_issued_at.unwrap_or(now);
            due.queue.due_tick(&due.concert, head_issued_at).is_some_and(|at| at <= now)
        };
        let queues = self.store.due_queues(now).await?.into_iter().filter(tick_is_due);
        join_all(queues.map(|due| self.tick(due.concert.id))).await;
        let tickets = self.store.due_tickets(now, EXPIRIES_MAX).await?;
        let reservations = self.store.due_reservations(now, EXPIRIES_MAX).await?;
        let expiries = tickets.into_iter().map(|ticket_id| Command::ExpireTicket { ticket_id });
        let expiries = expiries.chain(
            reservations
                .into_iter()
                .map(|reservation_id| Command::ExpireReservation { reservation_id }),
        );
        // What fails here is due again at the next pass.
        join_all(expiries.map(|command| self.send(command))).await;
        Ok(())
    }

    /// Runs a tick to its end.
    async fn tick(&self, concert_id: ConcertId) {
        let served_since = Timestamp::from_millis(self.served_since.load(Ordering::SeqCst));
        let mut passed = 0;
        loop {
            let ticked = self.send(Command::Tick { concert_id, served_since }).await;
            let Ok(Answer::Decided { outcome: Ok(outcome), .. }) = ticked else { return };
            let Outcome::Ticked { admitted, skipped, more: true, .. } = outcome else { return };
            passed += (admitted + skipped) as usize;
            if skipped > 0 && passed > WINDOW / 2 {
                // The other replicas have not said yet whom they saw there.
                tokio::time::sleep(2 * PASS_PAUSE).await;
                passed = 0;
            }
            if let Err(error) = self.boards.write_marks().await {
                warn!(%error, "who was seen can't be written");
                return;
            }
        }
    }

    async fn send(&self, command: Command) -> Result<Answer, ExecuteError> {
        let answer = self.executor.execute(command).await;
        if let Err(error) = answer {
            warn!(%error, "a timer's command failed");
        }
        answer
    }

    /// Looks at the concerts that may have sold their last seat.
    async fn refresh_sold_out(&self) -> Result<(), StoreError> {
        let touched = self.sold_out.take_touched();
        if touched.all {
            let refreshed = self.refresh_every_concert().await;
            return refreshed.inspect_err(|_| self.sold_out.touch_all());
        }
        join_all(touched.concerts.into_iter().map(|id| self.refresh(id))).await;
        Ok(())
    }

    async fn refresh_every_concert(&self) -> Result<(), StoreError> {
        let mut page = Page { limit: CONCERTS_PAGE, after: None };
        loop {
            let concerts = self.store.concerts(page).await?;
            join_all(concerts.iter().map(|(concert, _)| self.refresh(concert.id))).await;
            match concerts.last() {
                Some((last, _)) if concerts.len() == CONCERTS_PAGE as usize => {
                    page.after = Some(last.id.0);
                }
                _ => return Ok(()),
            }
        }
    }

    async fn refresh(&self, concert_id: ConcertId) {
        if self.send(Command::RefreshSoldOut { concert_id }).await.is_err() {
            self.sold_out.touch(concert_id);
        }
    }
}
