//! Databases of their own in the Postgres that `TEST_DATABASE_URL` names, for tests that share nothing.
//! Each is a copy of one that is migrated once, which takes a fraction of the time.

use frontrow_server::store::Store;
use frontrow_server::store::postgres::PostgresStore;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};
use std::env;
use tokio::sync::OnceCell;
use uuid::Uuid;

/// Names the Postgres; `cargo xtask test` starts one and sets it.
const URL_VARIABLE: &str = "TEST_DATABASE_URL";
/// What new databases are copies of. Kept from run to run.
const TEMPLATE: &str = "frontrow_template";
/// Held by who makes the template, and shared by those who copy it: it can't be copied while in use.
const TEMPLATE_LOCK: i64 = 7_236_842_110_529_341;

static TEMPLATE_IS_READY: OnceCell<()> = OnceCell::const_new();

/// A database that is dropped with this.
pub struct TestDatabase {
    admin_url: String,
    name: String,
}

impl TestDatabase {
    /// A migrated one.
    ///
    /// # Panics
    /// If there is no Postgres: nothing is skipped.
    pub async fn create() -> Self {
        TEMPLATE_IS_READY.get_or_init(make_template).await;
        Self::copy_of(TEMPLATE).await
    }

    /// One without a schema.
    ///
    /// # Panics
    /// If there is no Postgres: nothing is skipped.
    pub async fn create_empty() -> Self {
        Self::copy_of("template0").await
    }

    async fn copy_of(template: &str) -> Self {
        let admin_url = admin_url();
        let name = format!("frontrow_test_{}", Uuid::new_v4().simple());
        let mut admin = connect(&admin_url).await;
        run(&mut admin, format!("SELECT pg_advisory_lock_shared({TEMPLATE_LOCK})")).await;
        run(&mut admin, format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        admin.close().await.expect("a connection closes");
        Self { admin_url, name }
    }

    /// Its address.
    pub fn url(&self) -> String {
        with_database(&self.admin_url, &self.name)
    }

    /// A connection past every store.
    ///
    /// # Panics
    /// If there is none.
    pub async fn connect(&self) -> PgConnection {
        connect(&self.url()).await
    }
}

impl TestDatabase {
    /// How often the database had to undo a transaction that waited in a circle, told by connections that
    /// are closed.
    ///
    /// # Panics
    /// If it can't be asked.
    pub async fn deadlocks(&self) -> i64 {
        let mut connection = self.connect().await;
        let sql = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
        let row = sqlx::query(sql).fetch_one(&mut connection).await.expect("it is counted");
        connection.close().await.expect("a connection closes");
        row.get(0)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (admin_url, name) = (self.admin_url.clone(), self.name.clone());
        // On a thread of its own, since a test's runtime can't wait in a drop.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime starts").block_on(async {
                let mut admin = connect(&admin_url).await;
                run(&mut admin, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
            });
        });
        // A database that stays is no failure of the test.
        let _ = dropping.join();
    }
}

async fn make_template() {
    let admin_url = admin_url();
    let mut admin = connect(&admin_url).await;
    run(&mut admin, format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})")).await;
    if !template_is_current(&admin_url).await {
        run(&mut admin, format!("DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")).await;
        run(&mut admin, format!("CREATE DATABASE {TEMPLATE} TEMPLATE template0")).await;
        let store = PostgresStore::open(&with_database(&admin_url, TEMPLATE), None).await;
        let store = store.expect("the template opens");
        store.migrate().await.expect("the template is migrated");
        store.close().await;
    }
    admin.close().await.expect("a connection closes");
}

async fn template_is_current(admin_url: &str) -> bool {
    let store = PostgresStore::open(&with_database(admin_url, TEMPLATE), None).await;
    let Ok(store) = store else { return false };
    let ready = store.is_ready().await.unwrap_or(false);
    store.close().await;
    ready
}

fn admin_url() -> String {
    env::var(URL_VARIABLE).unwrap_or_else(|_| {
        panic!("{URL_VARIABLE} must name a Postgres; `cargo xtask test` starts one")
    })
}

/// The address of another database of the same server.
fn with_database(url: &str, name: &str) -> String {
    let (place, options) = url.split_once('?').map_or((url, None), |(p, o)| (p, Some(o)));
    let scheme = place.find("://").map_or(0, |at| at + 3);
    let server = place[scheme..].find('/').map_or(place, |slash| &place[..scheme + slash]);
    let options = options.map(|options| format!("?{options}")).unwrap_or_default();
    format!("{server}/{name}{options}")
}

async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.expect("the tests' Postgres answers")
}

async fn run(connection: &mut PgConnection, sql: String) {
    let ran = connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await;
    ran.expect("the tests' Postgres does as it is told");
}
