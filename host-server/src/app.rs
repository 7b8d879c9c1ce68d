//! The parts of one running server, put together. What it serves is in `http::endpoints`.

use crate::auth::Auth;
use crate::board::Boards;
use crate::execute::{CommitObserver, Executor, Limits};
use crate::metrics::Metrics;
use crate::retention::Retention;
use crate::seat_maps::SeatMaps;
use crate::sold_out::SoldOutWatch;
use crate::store::Store;
use crate::streams::Streams;
use crate::tail::{Follower, Projection};
use crate::timers::Timers;
use std::sync::Arc;

/// A server's parts.
pub struct App {
    /// The database.
    pub store: Arc<dyn Store>,
    /// The only way to write.
    pub executor: Arc<Executor>,
    /// The keys of tokens.
    pub auth: Auth,
    /// Seats and schedules, for reading.
    pub seat_maps: Arc<SeatMaps>,
    /// Queues, for reading, and who of them was seen.
    pub boards: Arc<Boards>,
    /// Those who are told their place as it changes.
    pub streams: Streams,
    /// What happens by itself.
    pub timers: Timers,
    /// What is kept for a while only.
    pub retention: Retention,
    /// What other replicas on the same database tell, and are told.
    pub tail: Arc<Follower>,
    /// What it counts.
    pub metrics: Arc<Metrics>,
    /// ISO 4217 code of every amount.
    pub currency: String,
    /// Whether anybody can have a session.
    pub demo: bool,
}

impl App {
    /// Puts a server together on a database that is up to date.
    pub fn new(
        store: Arc<dyn Store>,
        auth: Auth,
        currency: String,
        demo: bool,
        limits: Limits,
    ) -> Self {
        let seat_maps = Arc::new(SeatMaps::new(Arc::clone(&store)));
        let sold_out = Arc::new(SoldOutWatch::default());
        let metrics = Arc::new(Metrics::default());
        let boards = Arc::new(Boards::new(Arc::clone(&store)));
        let projections: Vec<Arc<dyn Projection>> = vec![
            Arc::<Boards>::clone(&boards),
            Arc::<SeatMaps>::clone(&seat_maps),
            Arc::<SoldOutWatch>::clone(&sold_out),
        ];
        let tail = Arc::new(Follower::new(Arc::clone(&store), projections));
        let observers: Vec<Arc<dyn CommitObserver>> = vec![
            Arc::<Boards>::clone(&boards),
            Arc::<SeatMaps>::clone(&seat_maps),
            Arc::<SoldOutWatch>::clone(&sold_out),
            Arc::<Follower>::clone(&tail),
            Arc::<Metrics>::clone(&metrics),
        ];
        let executor = Arc::new(Executor::start(&store, observers, limits));
        let retention = Retention::new(Arc::clone(&store), limits.key_kept);
        let timers =
            Timers::new(Arc::clone(&store), Arc::clone(&executor), Arc::clone(&boards), sold_out);
        Self {
            store,
            executor,
            auth,
            seat_maps,
            boards,
            streams: Streams::default(),
            timers,
            retention,
            tail,
            metrics,
            currency,
            demo,
        }
    }
}
