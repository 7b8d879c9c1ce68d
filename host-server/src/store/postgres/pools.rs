//! Connections: a pool that writes and a pool that reads, so that readers never keep a batch waiting;
//! which host they go to; and how they recover by themselves when the database goes away.
//!
//! A connection is not asked whether it lives each time that it is lent: that costs a sixth of the
//! throughput. Instead, once one connection is found lost, each other one that has lain idle since is
//! asked before it is used, and replaced if it does not answer.

use super::super::StoreError;
use super::address::Address;
use super::error::store_error;
use super::selects;
use super::session::Session;
use sqlx::pool::{PoolConnection, PoolConnectionMetadata};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, Postgres};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, Row};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tracing::{debug, info, warn};

/// How long to wait for a connection, lent or new.
const ACQUIRE_SECONDS_MAX: u64 = 3;
/// How long one host may take to answer when it is asked whether it can be written.
const PROBE_SECONDS_MAX: u64 = 2;
/// After waiting so long for a connection, it is asked whether another host has become the writable one.
const FAILOVER_PAUSE_MILLIS: u64 = 500;
/// How long an idle connection may take to say that it lives.
const PING_SECONDS_MAX: u64 = 1;
/// One that has lain idle for so long is asked even if none was lost: something between may have
/// forgotten it.
const IDLE_SECONDS_TRUSTED: u64 = 60;
/// After so long a connection is replaced, so that the load follows the hosts' names.
const LIFETIME_SECONDS_MAX: u64 = 1_800;

/// When a connection was last found lost.
pub(super) struct Health {
    since: Instant,
    /// Milliseconds after `since`; 0 for never.
    lost_at: AtomicU64,
}

impl Health {
    fn new() -> Self {
        Self { since: Instant::now(), lost_at: AtomicU64::new(0) }
    }

    /// Notes that a connection was found lost.
    pub(super) fn lost(&self) {
        self.lost_at.store(self.millis_now(), Ordering::Relaxed);
    }

    /// Whether a connection must be asked, before it is used, if it lives.
    fn doubts(&self, idle_for: Duration) -> bool {
        let idle_millis = u64::try_from(idle_for.as_millis()).unwrap_or(u64::MAX);
        is_doubtful(idle_millis, self.millis_now(), self.lost_at.load(Ordering::Relaxed))
    }

    fn millis_now(&self) -> u64 {
        u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX).max(1)
    }
}

/// Whether one that was last used `idle_millis` before `now` may have been lost with the one at `lost_at`.
fn is_doubtful(idle_millis: u64, now: u64, lost_at: u64) -> bool {
    idle_millis >= IDLE_SECONDS_TRUSTED * 1_000
        || (lost_at > 0 && now.saturating_sub(idle_millis) <= lost_at)
}

/// The connections to one database.
#[derive(Clone)]
pub(super) struct Pools {
    writers: PgPool,
    readers: PgPool,
    health: Arc<Health>,
    hosts: Arc<Hosts>,
}

/// The hosts of the database.
struct Hosts {
    all: Vec<PgConnectOptions>,
    writable: bool,
    /// The one in use, an index of `all`; locked while another one is looked for.
    chosen: Mutex<usize>,
}

impl Pools {
    /// Connects to the first host that can be used.
    pub(super) async fn open(address: Address) -> Result<Self, StoreError> {
        let Address { hosts, writable, connections_max } = address;
        let hosts = Hosts { all: hosts, writable, chosen: Mutex::new(0) };
        let chosen = hosts.first_usable(0).await?;
        *hosts.chosen.lock().await = chosen;
        let health = Arc::new(Health::new());
        let for_writing = (connections_max / 3).max(2);
        let pool = |connections| {
            let options = pool_options(connections, &health, writable);
            options.connect_lazy_with(hosts.all[chosen].clone())
        };
        let (writers, readers) = (pool(for_writing), pool(connections_max - for_writing));
        Ok(Self { writers, readers, health, hosts: Arc::new(hosts) })
    }

    /// A connection to write with.
    pub(super) async fn writer(&self) -> Result<Session, StoreError> {
        self.session(&self.writers).await
    }

    /// A connection to read with.
    pub(super) async fn reader(&self) -> Result<Session, StoreError> {
        self.session(&self.readers).await
    }

    /// A connection of its own, for who reads everything: it may take minutes, which no other reader waits for, and which
    /// the log need not call slow.
    pub(super) async fn apart(&self) -> Result<Session, StoreError> {
        let options = self.options().as_ref().clone().disable_statement_logging();
        let pool = pool_options(1, &self.health, self.hosts.writable).connect_lazy_with(options);
        self.session(&pool).await
    }

    /// How to connect to the host in use.
    pub(super) fn options(&self) -> Arc<PgConnectOptions> {
        self.readers.connect_options()
    }

    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }

    async fn session(&self, pool: &PgPool) -> Result<Session, StoreError> {
        let connection = self.acquire(pool).await.map_err(|error| {
            self.health.lost();
            store_error(error)
        })?;
        Ok(Session::new(connection, Arc::clone(&self.health)))
    }

    /// Waits for a connection; meanwhile, if there are several hosts, looks for the one to use. A pool
    /// that is about to connect takes up what was found.
    async fn acquire(&self, pool: &PgPool) -> Result<PoolConnection<Postgres>, sqlx::Error> {
        let mut acquiring = pin!(pool.acquire());
        if self.hosts.all.len() == 1 {
            return acquiring.await;
        }
        loop {
            let pause = tokio::time::sleep(Duration::from_millis(FAILOVER_PAUSE_MILLIS));
            tokio::select! {
                acquired = &mut acquiring => {
                    if acquired.is_err() {
                        self.look_for_host();
                    }
                    return acquired;
                }
                () = pause => self.look_for_host(),
            }
        }
    }

    /// Looks for the host to use, unless that is being done, and tells the pools.
    fn look_for_host(&self) {
        let Self { writers, readers, hosts, .. } = self.clone();
        tokio::spawn(async move {
            let Ok(mut chosen) = hosts.chosen.try_lock() else { return };
            match hosts.first_usable(*chosen).await {
                Ok(found) if found != *chosen => {
                    info!(host = hosts.all[found].get_host(), "another database host is used");
                    *chosen = found;
                    for pool in [writers, readers] {
                        pool.set_connect_options(hosts.all[found].clone());
                    }
                }
                Ok(_) => {}
                Err(error) => warn!(%error, "no database host can be used"),
            }
        });
    }
}

impl Hosts {
    /// The first host that can be used, beginning with `first`.
    async fn first_usable(&self, first: usize) -> Result<usize, StoreError> {
        let mut reasons = Vec::new();
        for index in (0..self.all.len()).map(|step| (first + step) % self.all.len()) {
            let probing = probe(&self.all[index], self.writable);
            let limit = Duration::from_secs(PROBE_SECONDS_MAX);
            let reason = match tokio::time::timeout(limit, probing).await {
                Ok(Ok(())) => return Ok(index),
                Ok(Err(error)) => error.to_string(),
                Err(_) => "no answer".to_owned(),
            };
            reasons.push(format!("{}: {reason}", self.all[index].get_host()));
        }
        Err(StoreError::Unavailable(format!("no connection ({})", reasons.join("; "))))
    }
}

/// Connects to a host, and asks whether it is what is looked for.
async fn probe(options: &PgConnectOptions, writable: bool) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect_with(options).await?;
    if writable {
        refuse_standby(&mut connection).await?;
    }
    connection.close().await
}

/// Fails on a host that can't be written.
async fn refuse_standby(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let sql =
        "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean";
    let read_only: bool = sqlx::query(sql).fetch_one(connection).await?.try_get(0)?;
    if read_only {
        return Err(sqlx::Error::Io(std::io::Error::other("it can't be written: a standby?")));
    }
    Ok(())
}

/// Prepares what decisions read. Before the schema is there nothing can be; then the connection is found out, and
/// replaced, when it is first used for that.
async fn prepare(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let preparation = AssertSqlSafe(selects::preparation());
    match connection.execute(sqlx::raw_sql(preparation)).await {
        Err(sqlx::Error::Database(error)) => debug!(%error, "nothing is prepared"),
        prepared => _ = prepared?,
    }
    Ok(())
}

fn pool_options(connections: u32, health: &Arc<Health>, writable: bool) -> PgPoolOptions {
    let health = Arc::clone(health);
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(ACQUIRE_SECONDS_MAX))
        .max_lifetime(Duration::from_secs(LIFETIME_SECONDS_MAX))
        .test_before_acquire(false)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if writable {
                    refuse_standby(connection).await?;
                }
                prepare(connection).await
            })
        })
        .before_acquire(move |connection, PoolConnectionMetadata { idle_for, .. }| {
            let doubted = health.doubts(idle_for);
            Box::pin(async move {
                if doubted {
                    let limit = Duration::from_secs(PING_SECONDS_MAX);
                    let answer = tokio::time::timeout(limit, connection.ping()).await;
                    answer.map_err(|_| sqlx::Error::PoolTimedOut)??;
                }
                Ok(true)
            })
        })
}

#[cfg(test)]
mod tests {
    use super::{IDLE_SECONDS_TRUSTED, is_doubtful};

    const TRUSTED_MILLIS: u64 = IDLE_SECONDS_TRUSTED * 1_000;

    #[test]
    fn connections_that_lay_idle_for_long_are_doubted() {
        assert!(!is_doubtful(TRUSTED_MILLIS - 1, 90_000, 0));
        assert!(is_doubtful(TRUSTED_MILLIS, 90_000, 0));
    }

    #[test]
    fn connections_that_were_not_used_since_another_was_lost_are_doubted() {
        assert!(is_doubtful(5_000, 9_000, 4_500));
        assert!(is_doubtful(5_000, 9_000, 4_000));
        assert!(!is_doubtful(5_000, 9_000, 3_999), "it was used since");
    }
}
