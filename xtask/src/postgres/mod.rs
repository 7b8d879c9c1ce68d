//! The Postgres that tests and benches talk to: the one that a person names, or a throw-away cluster.
//! Where the programs are is known by `installation`, who runs them by `account`; `cluster` starts and
//! stops a server, `watchdog` stops it when xtask was killed, and `client` talks to it. What runs against
//! it is not known here.

mod account;
mod client;
mod cluster;
mod installation;
mod watchdog;

use std::env;
use std::ffi::{OsStr, OsString};

use crate::failure::Failure;
use crate::process::Runner;
use crate::tools::{self, Tool};

pub use self::client::Client;
use self::cluster::Cluster;
use self::installation::Installation;

/// Tests find their database through this variable. Where it is set before, no cluster is started.
const URL_VARIABLE: &str = "TEST_DATABASE_URL";

/// The folder of `initdb`, `postgres` and `psql`, for tests that start and kill clusters of their own.
const PROGRAMS_VARIABLE: &str = "POSTGRES_BIN";

/// Who has to run those clusters; both are set only when xtask runs as root, whom Postgres refuses.
const USER_ID_VARIABLE: &str = "POSTGRES_USER_ID";
const GROUP_ID_VARIABLE: &str = "POSTGRES_GROUP_ID";

/// The server's programs, wherever they are.
pub const TOOL: Tool = Tool {
    program: "postgres",
    purpose: "version 15 or later, runs the tests' databases",
    packages: &["postgresql"],
    is_there: || installation::programs().is_some(),
};

/// The programs of benches, which Debian packs with the server.
pub const CLIENTS: Tool = Tool {
    program: "pgbench",
    purpose: "with psql, measures what Postgres alone can do",
    packages: &["postgresql"],
    is_there: || installation::programs().is_some_and(|folder| client::has_programs(&folder)),
};

/// A database for tests. A cluster that was started for it ends with this value.
#[derive(Debug)]
pub struct Database {
    url: OsString,
    installation: Option<Installation>,
    cluster: Option<Cluster>,
}

impl Database {
    /// The database that the environment names; else one in a new cluster, with Postgres installed
    /// where it is missing and that is possible.
    pub fn open(runner: &Runner) -> Result<Self, Failure> {
        if let Some(url) = env::var_os(URL_VARIABLE).filter(|url| !url.is_empty()) {
            return Ok(Self { url, installation: Installation::find()?, cluster: None });
        }
        tools::ensure(runner, &[TOOL])?;
        let installation = Installation::find()?
            .ok_or_else(|| Failure::Message("Postgres has gone away again".into()))?;
        let cluster = Cluster::start(runner, installation.clone())?;
        let url = cluster.url().into();
        Ok(Self { url, installation: Some(installation), cluster: Some(cluster) })
    }

    /// Where clients connect.
    pub fn url(&self) -> &OsStr {
        &self.url
    }

    /// Somebody else runs it.
    pub fn is_given(&self) -> bool {
        self.cluster.is_none()
    }

    /// Fails, with the server's log, if its cluster ended by itself.
    pub fn check(&mut self) -> Result<(), Failure> {
        self.cluster.as_mut().map_or(Ok(()), Cluster::check)
    }

    /// A new, empty database of this name in the same cluster; an old one of that name is dropped.
    pub fn create(&self, runner: &Runner, name: &str) -> Result<Client, Failure> {
        let installation = self.installation.as_ref();
        let programs = installation.map(|installation| installation.programs.clone());
        let programs =
            programs.ok_or_else(|| Failure::Message("there is no psql on this machine".into()))?;
        let url = self.url.to_str();
        let url = url.ok_or_else(|| Failure::Message(format!("{URL_VARIABLE} is no text")))?;
        let first = Client::new(programs, url.to_owned());
        first.query(runner, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        first.query(runner, &format!("CREATE DATABASE {name}"))?;
        Ok(first.with_database(name))
    }

    /// What tests find in their environment.
    pub fn variables(&self) -> Vec<(&'static str, OsString)> {
        let mut variables = vec![(URL_VARIABLE, self.url.clone())];
        if let Some(installation) = &self.installation {
            variables.push((PROGRAMS_VARIABLE, installation.programs.clone().into()));
            if let Some(account) = installation.account {
                variables.push((USER_ID_VARIABLE, account.user_id.to_string().into()));
                variables.push((GROUP_ID_VARIABLE, account.group_id.to_string().into()));
            }
        }
        variables
    }
}
