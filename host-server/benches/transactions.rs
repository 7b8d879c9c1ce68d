//! What a server makes on SQLite that commits each hold by itself: the same rows for each as the program writes, in a
//! transaction of their own, one after the other on the one connection that writes, with the program's settings.
//! `transactions FOLDER SECONDS` makes a database in `FOLDER` and prints how many holds a second were stored.
//! `cargo xtask bench booking` compares.

use frontrow_server::config::DatabaseUrl;
use frontrow_server::server::runtime;
use frontrow_server::store;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};
use uuid::Uuid;

type Failed = Box<dyn Error + Send + Sync>;

/// For whom there are rows: no run must come to their end.
const PEOPLE: i64 = 200_000;
const CONCERT: &str = "01a20b06-9bed-7090-be36-2c485e8d531d";

/// Person N has the ticket `id(N)`, and wants seat N.
const TICKETS: &str = "
    WITH RECURSIVE person (number) AS (
        SELECT 1 UNION ALL SELECT number + 1 FROM person WHERE number < ?1
    )
    INSERT INTO tickets (
        id, concert_id, user_id, number, issued_at, state, admitted_at, active_until, expires_at,
        version, changed_at
    )
    SELECT
        printf('%08x-0000-7000-8000-000000000000', number), ?2,
        printf('%08x-0000-7000-8000-000000000000', number), number, 1, 'active', 1, 9000000000000,
        9000000000000, 2, 1
    FROM person";
const SEATS: &str = "
    WITH RECURSIVE seat (number) AS (
        SELECT 1 UNION ALL SELECT number + 1 FROM seat WHERE number < ?1
    )
    INSERT INTO seats (schedule_id, number, concert_id, sold, version, changed_at)
    SELECT ?2, number, ?2, 0, 0, 1 FROM seat";

const TICKET: &str = "
    UPDATE tickets
    SET hold_reservation_id = ?2, hold_expires_at = 8000000000000, hold_seats = 1,
        version = version + 1, changed_at = 2
    WHERE id = ?1 AND hold_reservation_id IS NULL";
const SEAT: &str = "
    UPDATE seats
    SET reservation_id = ?3, held_until = 8000000000000, version = version + 1, changed_at = 2
    WHERE schedule_id = ?1 AND number = ?2 AND reservation_id IS NULL";
const RESERVATION: &str = "
    INSERT INTO reservations (
        id, concert_id, schedule_id, user_id, ticket_id, seats, seat_count, amount, held_at,
        expires_at, state, version, changed_at
    )
    VALUES (?1, ?2, ?2, ?3, ?3, json_array(?4), 1, 1000, 1, 8000000000000, 'held', 1, 2)";
const BATCH: &str = "INSERT INTO batches (id, begun_at) VALUES (?1, 1)";
const JOURNAL: &str = "
    INSERT INTO journal (batch_id, at, kind, subject, version, event)
    VALUES (?1, 1, 'seats_held', 'reservation:' || ?1, 1, ?2)";
const REPLY: &str = "
    INSERT INTO replies (caller, key, fingerprint, status, content_type, body, created_at)
    VALUES (?1, 'hold-' || ?1, zeroblob(32), 201, 'application/json', ?2, 1)";

fn main() -> Result<(), Failed> {
    runtime()?.block_on(measure())
}

async fn measure() -> Result<(), Failed> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [folder, seconds] = &args[..] else {
        return Err("needs a folder and how many seconds".into());
    };
    let time = Duration::from_secs(seconds.parse()?);
    let pool = database(&Path::new(folder).join("transactions.db")).await?;
    let started_at = Instant::now();
    let mut holds = 0;
    while started_at.elapsed() < time {
        holds += 1;
        if holds > PEOPLE {
            return Err("everybody holds a seat already".into());
        }
        hold(&pool, holds).await?;
    }
    #[allow(clippy::cast_precision_loss, reason = "far below 2^53")]
    let rate = holds as f64 / started_at.elapsed().as_secs_f64();
    println!("rate {rate}");
    Ok(())
}

/// As the program opens it.
async fn database(file: &Path) -> Result<SqlitePool, Failed> {
    let url: DatabaseUrl = format!("sqlite://{}", file.display()).parse()?;
    let schema = store::open(&url, None).await?;
    schema.migrate().await?;
    schema.close().await;
    let options = SqliteConnectOptions::new()
        .filename(file)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let pool = SqlitePoolOptions::new().max_connections(1).test_before_acquire(false);
    let pool = pool.connect_with(options).await?;
    for statement in [TICKETS, SEATS] {
        sqlx::query(statement).bind(PEOPLE).bind(CONCERT).execute(&pool).await?;
    }
    Ok(pool)
}

async fn hold(pool: &SqlitePool, number: i64) -> Result<(), Failed> {
    let person = format!("{number:08x}-0000-7000-8000-000000000000");
    let id = Uuid::now_v7().to_string();
    // What an event and an answer look like.
    let text = format!(
        "{{\"at\":\"2999-12-24T10:00:00.000Z\",\"kind\":\"seats_held\",\"reservation_id\":\"{id}\",\
         \"concert_id\":\"{CONCERT}\",\"schedule_id\":\"{CONCERT}\",\"user_id\":\"{person}\",\
         \"ticket_id\":\"{person}\",\"seats\":[{number}],\"amount\":1000,\
         \"expires_at\":\"2999-12-24T10:05:00.000Z\"}}"
    );
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let ticket = sqlx::query(TICKET).bind(&person).bind(&id);
    let seat = sqlx::query(SEAT).bind(CONCERT).bind(number).bind(&id);
    let reservation = sqlx::query(RESERVATION).bind(&id).bind(CONCERT).bind(&person).bind(number);
    let batch = sqlx::query(BATCH).bind(&id);
    let journal = sqlx::query(JOURNAL).bind(&id).bind(&text);
    let reply = sqlx::query(REPLY).bind(&person).bind(text.as_bytes());
    for statement in [ticket, seat, reservation, batch, journal, reply] {
        if statement.execute(&mut *transaction).await?.rows_affected() != 1 {
            return Err("a hold did not write its rows".into());
        }
    }
    transaction.commit().await?;
    Ok(())
}
