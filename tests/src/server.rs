//! A real server on 127.0.0.1 and a free port, over a real database in a folder of its own, with a
//! clock that stands still until the test moves it. Its timers run when the test says so.

use crate::client::Client;
use frontrow_core::{Clock, ManualClock, Timestamp};
use frontrow_server::app::App;
use frontrow_server::auth::Auth;
use frontrow_server::config::{AuthConfig, DatabaseUrl, Secret};
use frontrow_server::execute::Limits;
use frontrow_server::http::service::ServiceConfig;
use frontrow_server::server::{TimerMode, run};
use frontrow_server::store::{self, Store};
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
            around: Box::new(|store| store),
        }
    }
}

/// A running server.
pub struct TestServer {
    /// Its parts, to look into.
    pub app: Arc<App>,
    /// Its clock.
    pub clock: Arc<ManualClock>,
    /// Where it listens.
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
    folder: Arc<TempDir>,
}

impl TestServer {
    /// A server as it usually is.
    pub async fn start() -> Self {
        Self::start_with(Setup::default()).await
    }

    /// A server that differs.
    pub async fn start_with(setup: Setup) -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a temporary folder can be made"));
        Self::open(setup, folder, Arc::new(ManualClock::new(START))).await
    }

    /// Ends this server and starts another one on its database, at the same time.
    pub async fn restart(mut self) -> Self {
        self.stop().await;
        Self::open(Setup::default(), Arc::clone(&self.folder), Arc::clone(&self.clock)).await
    }

    async fn open(setup: Setup, folder: Arc<TempDir>, clock: Arc<ManualClock>) -> Self {
        let url = format!("sqlite://{}", folder.path().join("frontrow.db").display());
        let url: DatabaseUrl = url.parse().expect("a path makes a database url");
        let shared: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
        let store = store::open(&url, Some(shared)).await.expect("the database opens");
        store.migrate().await.expect("the database migrates");
        let secret: Secret = SECRET.parse().expect("every text is a secret");
        let auth = AuthConfig::Secret { secret, queue_token_secret: None };
        let auth = Auth::new(&auth).expect("a secret makes keys");
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
        let task = tokio::spawn(async move {
            let shutdown = async {
                // A test that ends early drops the sender, which ends the server too.
                let _ = stopped.await;
            };
            run(served, listener, &service, TimerMode::ByHand, shutdown).await;
        });
        Self { app, clock, address, stop: Some(stop), task: Some(task), folder }
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

    /// Does what is due.
    pub async fn pass(&self) {
        self.app.timers.pass().await.expect("the timers can do what is due");
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
        Client::new(self.address)
    }

    /// A client of `user_id`.
    pub fn client(&self, user_id: Uuid, scope: &str) -> Client {
        let ttl_seconds = 30 * 86_400;
        let token = self.app.auth.mint(user_id.into(), scope, self.now(), ttl_seconds);
        Client::new(self.address).of(user_id, token.expect("tests sign tokens"))
    }

    /// How many events the journal has: whether a request changed anything.
    pub async fn journal_len(&self) -> usize {
        let mut position = 0;
        let mut events = 0;
        loop {
            let page = self.app.store.journal(position, JOURNAL_PAGE).await;
            let page = page.expect("the journal can be read");
            let Some((last, _)) = page.last() else { return events };
            position = *last;
            events += page.len();
        }
    }

    /// The audit of everything that was done, which every test can end with.
    pub async fn assert_sound(&self) {
        let report = frontrow_server::audit::run(self.app.store.as_ref()).await;
        let report = report.expect("the audit can read the database");
        assert!(report.ok, "{report:#?}");
    }

    /// Ends the server; it finishes what it accepted.
    pub async fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(task) = self.task.take() {
            task.await.expect("the server ends well");
        }
    }
}
