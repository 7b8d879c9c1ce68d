//! A server from its listening socket to its end: routes, timers, the tail, retention, and the order in which they
//! stop.

use crate::app::App;
use crate::http::service::{Drained, Routes, ServiceConfig, serve};
use crate::http::{ROUTES, endpoints};
use std::env;
use std::io;
use std::sync::Arc;
use std::thread::available_parallelism;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;

/// Threads that serve, for each processor: with two, another one goes on with connections while the first sleeps, or
/// was put aside for whoever it woke. Polls come out a twentieth faster for it, joins no slower.
const WORKERS_PER_CPU: usize = 2;
/// Sets their number instead, as in every program on tokio.
const WORKERS: &str = "TOKIO_WORKER_THREADS";

/// Whether a server's timers, its following of the tail and its retention run by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimerMode {
    /// They do.
    Running,
    /// Tests call [`Timers::pass`](crate::timers::Timers::pass) or
    /// [`Retention::pass`](crate::retention::Retention::pass) after they moved the clock, and
    /// [`Follower::pull`](crate::tail::Follower::pull) after other replicas wrote.
    ByHand,
}

/// What servers run on: with as many open files, which connections are, as the system allows the process to have.
pub fn runtime() -> io::Result<Runtime> {
    #[cfg(unix)]
    allow_open_files();
    let mut builder = Builder::new_multi_thread();
    if env::var_os(WORKERS).is_none() {
        builder.worker_threads(WORKERS_PER_CPU * available_parallelism()?.get());
    }
    builder.enable_all().build()
}

/// Where that is refused, it stays as it is: who can't be accepted is logged.
#[cfg(unix)]
fn allow_open_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "no more files can be opened than before");
    }
}

/// Serves until `shutdown` ends; then finishes what was accepted, stops the timers, and lets the write
/// path run what it holds.
pub async fn run(
    app: Arc<App>,
    listener: TcpListener,
    config: &ServiceConfig,
    timers: TimerMode,
    shutdown: impl Future<Output = ()>,
) -> Drained {
    let (stop, stopped) = watch::channel(false);
    let background = (timers == TimerMode::Running).then(|| {
        let app = Arc::clone(&app);
        tokio::spawn(async move {
            let run = async {
                tokio::join!(
                    app.timers.run(said(stopped.clone())),
                    app.tail.run(said(stopped.clone())),
                    app.retention.run(said(stopped)),
                )
            };
            tokio::select! {
                _ = run => {}
                () = app.auth.limit().forget_idle() => {}
                () = app.metrics.stay_tidy() => {}
            }
        })
    });
    let metrics = Arc::clone(&app.metrics);
    let shutdown = async {
        shutdown.await;
        app.streams.close();
    };
    let (endpoints, direct) = (endpoints::endpoints(&app), endpoints::direct(&app));
    let routes = Routes { table: ROUTES, endpoints, direct };
    let drained = serve(listener, routes, config, metrics, shutdown).await;
    let _ = stop.send(true);
    if let Some(background) = background
        && background.await.is_err()
    {
        tracing::error!("the timers ended in a panic");
    }
    app.executor.shut_down().await;
    app.store.close().await;
    drained
}

async fn said(mut stopped: watch::Receiver<bool>) {
    // The sender is dropped only after it has said so.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}
