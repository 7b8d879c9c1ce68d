//! Real servers on 127.0.0.1 and free ports, over a real database of their own, with a clock that stands
//! still until the test moves it. Their timers run when the test says so.
//!
//! `TEST_STORE` is `sqlite`, the default, or `postgres`. There `TEST_REPLICAS` is how many servers share
//! the database: clients send each request to the next one.

use crate::client::Client;
use crate::postgres::TestDatabase;
use frontrow_core::{Clock, Event, ManualClock, Timestamp};
use frontrow_server::app::App;
use frontrow_server::auth::{Auth, RateLimit};
use frontrow_server::config::{AuthConfig, DatabaseUrl, Secret};
use frontrow_server::execute::Limits;
use frontrow_server::http::service::ServiceConfig;
use frontrow_server::server::{TimerMode, run};
use frontrow_server::store::{self, Store};
use futures_util::future::join_all;
use std::env;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// Signs the bearer tokens of test servers.
pub const SECRET: &str = "a secret that only tests know";
/// 2026-11-22T11:00:00Z, when every test begins.
pub const START: Timestamp = Timestamp::from_millis(1_795_345_200_000);
/// Names the kind of database.
const STORE_VARIABLE: &str = "TEST_STORE";
/// Tells how many servers share a Postgres.
const REPLICAS_VARIABLE: &str = "TEST_REPLICAS";
/// Events read at once.
const JOURNAL_PAGE: u32 = 1_000;

/// Puts something around a store.
pub type Wrap = Box<dyn FnOnce(Arc<dyn Store>) -> Arc<dyn Store> + Send>;

/// How a test server differs from the usual one.
pub struct Setup {
    /// Bounds of the write path.
    pub limits: Limits,
    /// After which a request is given up.
    pub request_timeout: Duration,
    /// The one origin whose pages may call.
    pub cors_origin: Option<http::HeaderValue>,
    /// Whether anybody can have a session.
    pub demo: bool,
    /// Requests a second for each person; 0 for no limit.
    pub rate_limit: u32,
    /// Whether what happens by itself does.
    pub timers: TimerMode,
    /// Put around the database, to make it fail (see [`Faults`](crate::Faults)).
    pub around: Wrap,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            request_timeout: Duration::from_secs(30),
            cors_origin: None,
            demo: false,
            rate_limit: 0,
            timers: TimerMode::ByHand,
            around: Box::new(|store| store),
        }
    }
}

/// Running servers on one database.
pub struct TestServer {
    /// The parts of the first one, to look into.
    pub app: Arc<App>,
    /// Their clock.
    pub clock: Arc<ManualClock>,
    /// Where the first one listens.
    pub address: SocketAddr,
    replicas: Vec<Replica>,
    database: Database,
}

/// One of them.
struct Replica {
    app: Arc<App>,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// Where the rows are, as long as anybody needs them.
#[derive(Clone)]
enum Database {
    Sqlite(Arc<TempDir>),
    Postgres(Arc<TestDatabase>),
}

impl Database {
    /// The kind that `TEST_STORE` names.
    async fn create() -> Self {
        match env::var(STORE_VARIABLE).as_deref() {
            Err(_) | Ok("sqlite") => {
                let folder = tempfile::tempdir().expect("a temporary folder can be made");
                Self::Sqlite(Arc::new(folder))
            }
            Ok("postgres") => Self::Postgres(Arc::new(TestDatabase::create().await)),
            Ok(other) => panic!("{STORE_VARIABLE} is sqlite or postgres, not {other}"),
        }
    }

    fn url(&self) -> DatabaseUrl {
        let url = match self {
            Self::Sqlite(folder) => {
                format!("sqlite://{}", folder.path().join("frontrow.db").display())
            }
            Self::Postgres(database) => database.url(),
        };
        url.parse().expect("a database's url is one")
    }

    /// How many servers share it.
    fn replicas(&self) -> usize {
        let asked = env::var(REPLICAS_VARIABLE).unwrap_or_else(|_| "1".to_owned());
        let asked = asked.parse().ok().filter(|count| (1..=9).contains(count));
        let asked = asked.unwrap_or_else(|| panic!("{REPLICAS_VARIABLE} is 1 to 9"));
        match self {
            Self::Sqlite(_) => 1,
            Self::Postgres(_) => asked,
        }
    }
}

impl Replica {
    async fn start(database: &Database, clock: &Arc<ManualClock>, setup: Setup) -> Self {
        let shared: Arc<dyn Clock> = Arc::<ManualClock>::clone(clock);
        let store = store::open(&database.url(), Some(shared)).await.expect("the database opens");
        store.migrate().await.expect("the database migrates");
        let secret: Secret = SECRET.parse().expect("every text is a secret");
        let auth = AuthConfig::Secret { secret, queue_token_secret: None };
        let auth = Auth::new(&auth).expect("a secret makes keys");
        let auth = auth.limited(RateLimit::new(setup.rate_limit));
        let store = (setup.around)(store);
        let app = App::new(store, auth, "KRW".to_owned(), setup.demo, setup.limits);
        let app = Arc::new(app);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let (stop, stopped) = oneshot::channel::<()>();
        let served = Arc::clone(&app);
        let service = ServiceConfig {
            request_timeout: setup.request_timeout,
            drain_timeout: Duration::from_secs(10),
            cors_origin: setup.cors_origin,
        };
        let timers = setup.timers;
        let task = tokio::spawn(async move {
            let shutdown = async {
                // A test that ends early drops the sender, which ends the server too.
                let _ = stopped.await;
            };
            run(served, listener, &service, timers, shutdown).await;
        });
        Self { app, address, stop, task }
    }

    async fn stop(self) {
        drop(self.stop);
        self.task.await.expect("the server ends well");
    }
}

impl TestServer {
    /// Servers as they usually are.
    pub async fn start() -> Self {
        let database = Database::create().await;
        let count = database.replicas();
        Self::open((0..count).map(|_| Setup::default()), database, a_clock()).await
    }

    /// A server that differs.
    pub async fn start_with(setup: Setup) -> Self {
        Self::open([setup], Database::create().await, a_clock()).await
    }

    /// Several servers that differ, on one Postgres whatever `TEST_STORE` says.
    pub async fn replicas(setups: impl IntoIterator<Item = Setup>) -> Self {
        let database = Database::Postgres(Arc::new(TestDatabase::create().await));
        Self::open(setups, database, a_clock()).await
    }

    /// Ends these servers and starts as many on their database, at the same time.
    pub async fn restart(mut self) -> Self {
        let setups: Vec<_> = self.replicas.iter().map(|_| Setup::default()).collect();
        self.stop().await;
        Self::open(setups, self.database.clone(), Arc::clone(&self.clock)).await
    }

    async fn open(
        setups: impl IntoIterator<Item = Setup>,
        database: Database,
        clock: Arc<ManualClock>,
    ) -> Self {
        let mut replicas = Vec::new();
        for setup in setups {
            replicas.push(Replica::start(&database, &clock, setup).await);
        }
        let first = replicas.first().expect("there is a server");
        let (app, address) = (Arc::clone(&first.app), first.address);
        let servers = Self { app, clock, address, replicas, database };
        servers.pull().await;
        servers
    }

    /// The parts of each server.
    pub fn apps(&self) -> impl Iterator<Item = &Arc<App>> {
        self.replicas.iter().map(|replica| &replica.app)
    }

    /// Where each of them listens.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.replicas.iter().map(|replica| replica.address).collect()
    }

    /// Moves the clock on, and then does what has become due.
    pub async fn advance_seconds(&self, seconds: i64) {
        self.advance_millis(seconds * 1_000).await;
    }

    /// Moves the clock on, and then does what has become due.
    pub async fn advance_millis(&self, millis: i64) {
        self.clock.advance_millis(millis);
        self.pass().await;
    }

    /// Does what is due, all servers at once; then each hears of what the others did.
    pub async fn pass(&self) {
        for passed in join_all(self.apps().map(|app| app.timers.pass())).await {
            passed.expect("the timers can do what is due");
        }
        self.pull().await;
    }

    /// Lets each server hear of what the others did.
    pub async fn pull(&self) {
        for pulled in join_all(self.apps().map(|app| app.tail.pull())).await {
            pulled.expect("the tail can be heard");
        }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A client of somebody new.
    pub fn user(&self) -> Client {
        self.client(Uuid::now_v7(), "user")
    }

    /// A client of an operator.
    pub fn admin(&self) -> Client {
        self.client(Uuid::now_v7(), "admin")
    }

    /// A client that nobody knows.
    pub fn nobody(&self) -> Client {
        Client::of_any(self.addresses())
    }

    /// A client of `user_id`.
    pub fn client(&self, user_id: Uuid, scope: &str) -> Client {
        let ttl_seconds = 30 * 86_400;
        let token = self.app.auth.mint(user_id.into(), scope, self.now(), ttl_seconds);
        self.nobody().of(user_id, token.expect("tests sign tokens"))
    }

    /// Everything that happened, in order.
    pub async fn journal(&self) -> Vec<Event> {
        let (mut events, mut position) = (Vec::new(), 0);
        loop {
            let page = self.app.store.journal(position, JOURNAL_PAGE).await;
            let page = page.expect("the journal can be read");
            let Some((last, _)) = page.last() else { return events };
            position = *last;
            events.extend(page.into_iter().map(|(_, event)| event));
        }
    }

    /// How many events the journal has: whether a request changed anything.
    pub async fn journal_len(&self) -> usize {
        self.journal().await.len()
    }

    /// The audit of everything that was done, which every test can end with.
    pub async fn assert_sound(&self) {
        let report = frontrow_server::audit::run(self.app.store.as_ref()).await;
        let report = report.expect("the audit can read the database");
        assert!(report.ok, "{report:#?}");
    }

    /// Ends the servers, and tells how often a Postgres found them waiting in a circle.
    pub async fn stop_and_count_deadlocks(&mut self) -> i64 {
        self.stop().await;
        match &self.database {
            Database::Postgres(database) => database.deadlocks().await,
            Database::Sqlite(_) => 0,
        }
    }

    /// Ends the server of this number, from 0; those behind it move up.
    pub async fn stop_one(&mut self, server: usize) {
        self.replicas.remove(server).stop().await;
    }

    /// Ends the servers; they finish what they accepted.
    pub async fn stop(&mut self) {
        for replica in self.replicas.drain(..) {
            replica.stop().await;
        }
    }
}

fn a_clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(START))
}
