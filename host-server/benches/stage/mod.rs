//! What the benches of this folder have in common: a server's parts on a database of their own, people in line, and
//! where they are served.

use frontrow_core::concert::Concert;
use frontrow_core::policy::{AdmissionPolicy, HoldPolicy};
use frontrow_core::queue::Ticket;
use frontrow_core::{Command, ConcertId, Outcome, TicketId, Timestamp, UserId};
use frontrow_server::app::App;
use frontrow_server::auth::{Auth, QueueToken};
use frontrow_server::config::{AuthConfig, DatabaseUrl};
use frontrow_server::execute::{Answer, Limits};
use frontrow_server::http::service::ServiceConfig;
use frontrow_server::server::{TimerMode, run};
use frontrow_server::store;
use futures_util::future::{pending, try_join_all};
use std::error::Error;
use std::fmt::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use uuid::Uuid;

pub type Failed = Box<dyn Error + Send + Sync>;

/// Commands under way at once.
const AT_ONCE: usize = 2_000;
const SECRET: &str = "known to nobody but this bench";

/// A server's parts, on a database in this folder.
pub async fn app(folder: &Path) -> Result<Arc<App>, Failed> {
    let url: DatabaseUrl = format!("sqlite://{}", folder.join("bench.db").display()).parse()?;
    let store = store::open(&url, None).await?;
    store.migrate().await?;
    let auth = AuthConfig::Secret { secret: SECRET.parse()?, queue_token_secret: None };
    let auth = Auth::new(&auth)?;
    Ok(Arc::new(App::new(store, auth, "KRW".to_owned(), false, Limits::default())))
}

/// How the benches serve.
pub fn config() -> ServiceConfig {
    ServiceConfig {
        // So long may it take until a line is in memory.
        request_timeout: Duration::from_mins(5),
        drain_timeout: Duration::from_secs(1),
        cors_origin: None,
    }
}

pub async fn listener() -> Result<TcpListener, Failed> {
    Ok(TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?)
}

/// Serves as the program does, until the bench is ended.
pub fn start(app: &Arc<App>, listener: TcpListener) {
    let app = Arc::clone(app);
    tokio::spawn(async move { run(app, listener, &config(), TimerMode::Running, pending()).await });
}

/// A concert that lets this many in each second from `opens_at` on, for a day.
pub async fn concert(app: &App, opens_at: Timestamp, batch_size: u32) -> Result<ConcertId, Failed> {
    let id = ConcertId(Uuid::now_v7());
    let concert = Concert {
        id,
        title: "Everybody waits".to_owned(),
        sale_opens_at: opens_at,
        admission: AdmissionPolicy {
            interval_seconds: 1,
            batch_size,
            active_seconds: 86_400,
            max_active: None,
            lapse_seconds: 180,
            inventory_aware: false,
        },
        holds: HoldPolicy::default(),
        paused: false,
        closed: false,
        draining: false,
        notice: None,
        prequeue: None,
        created_at: app.store.now(),
    };
    outcome(app, Command::CreateConcert { concert }).await?;
    Ok(id)
}

/// So many people join.
pub async fn join(app: &App, concert_id: ConcertId, count: usize) -> Result<Vec<Ticket>, Failed> {
    let mut tickets = Vec::with_capacity(count);
    while tickets.len() < count {
        let joins = (tickets.len()..count).take(AT_ONCE).map(|_| async move {
            let (ticket_id, user_id) = (TicketId(Uuid::now_v7()), UserId(Uuid::now_v7()));
            match outcome(app, Command::Join { ticket_id, concert_id, user_id }).await? {
                Outcome::Joined { ticket, .. } => Ok::<_, Failed>(ticket),
                other => Err(format!("a join was answered {other:?}").into()),
            }
        });
        tickets.extend(try_join_all(joins).await?);
    }
    Ok(tickets)
}

/// What a command came to.
pub async fn outcome(app: &App, command: Command) -> Result<Outcome, Failed> {
    match app.executor.execute(command).await? {
        Answer::Decided { outcome, .. } => Ok(outcome?),
        other => Err(format!("a command was answered {other:?}").into()),
    }
}

/// The queue tokens of these people, a line each.
pub fn tokens<'t>(app: &App, tickets: impl Iterator<Item = &'t Ticket>) -> Result<String, Failed> {
    let mut tokens = String::new();
    for ticket in tickets {
        let Ticket { id: ticket_id, user_id, concert_id, number, .. } = *ticket;
        let token = QueueToken { ticket_id, user_id, concert_id, number };
        writeln!(tokens, "{}", app.auth.sign_queue_token(&token))?;
    }
    Ok(tokens)
}
