//! Addresses of Postgres: `postgres://USER:PASSWORD@HOST:PORT,HOST:PORT/DATABASE?OPTION=VALUE&…`. With
//! several hosts the one that can be written is used, and looked for anew when it is lost.
//!
//! `target_session_attrs` is `read-write` or `primary`, which mean the same here, or `any`;
//! `pool_max_connections` is how many connections this program opens at most. The other options are
//! those of sqlx: `sslmode`, `sslrootcert`, `application_name`, `options`, ….

use super::super::StoreError;
use sqlx::postgres::PgConnectOptions;
use std::str::FromStr;

/// Connections of one program, unless the address says otherwise.
const CONNECTIONS_DEFAULT: u32 = 24;
/// A third is kept for writing, so that there must be a few.
const CONNECTIONS_MIN: u32 = 6;
const CONNECTIONS_MAX: u32 = 1_000;
/// By which the database's operators know this program.
const APPLICATION_NAME: &str = "frontrow";

/// What every connection is set to, unless the address's `options` say otherwise.
const SETTINGS: [(&str, &str); 9] = [
    // A statement of a batch takes milliseconds.
    ("statement_timeout", "6s"),
    // Longer than any batch has its locks.
    ("lock_timeout", "2s"),
    // A program that stopped in the middle of a batch must not keep its locks.
    ("idle_in_transaction_session_timeout", "5s"),
    // Statements take arrays: one plan fits every length, and planning costs more than running.
    ("plan_cache_mode", "force_generic_plan"),
    // Every statement has its index. A plan that was made while the tables were nearly empty reads all of
    // them, and is kept until they are next analysed: in the first minutes of a sale.
    ("enable_seqscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    // That something is there already is no news.
    ("client_min_messages", "warning"),
    // What remains to be compiled is never worth it.
    ("jit", "off"),
];

/// An address, taken apart.
#[derive(Debug, Clone)]
pub(super) struct Address {
    /// How to connect to each host, in the order in which they are tried.
    pub hosts: Vec<PgConnectOptions>,
    /// Whether a host that can't be written is passed over.
    pub writable: bool,
    /// How many connections to open at most.
    pub connections_max: u32,
}

impl FromStr for Address {
    type Err = StoreError;

    fn from_str(url: &str) -> Result<Self, StoreError> {
        let (scheme, rest) = url.split_once("://").ok_or_else(|| refused("no scheme"))?;
        if !matches!(scheme, "postgres" | "postgresql") {
            return Err(refused("not an address of Postgres"));
        }
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = place.split_once('/').unwrap_or((place, ""));
        let (user, hosts) = match authority.rsplit_once('@') {
            Some((user, hosts)) => (format!("{user}@"), hosts),
            None => (String::new(), authority),
        };
        let own = OwnOptions::split_from(query)?;
        let single = |host: &str| {
            let url = format!("postgres://{user}{host}/{database}?{}", own.rest);
            let options = PgConnectOptions::from_str(&url);
            options.map(with_settings).map_err(|error| refused(&error.to_string()))
        };
        let hosts: Vec<&str> = hosts.split(',').collect();
        if hosts.len() > 1 && hosts.contains(&"") {
            return Err(refused("an empty name in the list of hosts"));
        }
        let hosts: Result<_, _> = hosts.into_iter().map(single).collect();
        Ok(Self { hosts: hosts?, writable: own.writable, connections_max: own.connections_max })
    }
}

/// Options that are not sqlx's.
struct OwnOptions {
    writable: bool,
    connections_max: u32,
    rest: String,
}

impl OwnOptions {
    fn split_from(query: &str) -> Result<Self, StoreError> {
        let mut writable = true;
        let mut connections_max = CONNECTIONS_DEFAULT;
        let mut rest = Vec::new();
        for option in query.split('&').filter(|option| !option.is_empty()) {
            match option.split_once('=') {
                Some(("target_session_attrs", "read-write" | "primary")) => writable = true,
                Some(("target_session_attrs", "any")) => writable = false,
                Some(("target_session_attrs", _)) => {
                    return Err(refused("target_session_attrs must be read-write, primary or any"));
                }
                Some(("pool_max_connections", count)) => {
                    let range = CONNECTIONS_MIN..=CONNECTIONS_MAX;
                    let count = count.parse().ok().filter(|count| range.contains(count));
                    connections_max = count.ok_or_else(|| {
                        let (least, most) = (CONNECTIONS_MIN, CONNECTIONS_MAX);
                        refused(&format!("pool_max_connections must be {least} to {most}"))
                    })?;
                }
                _ => rest.push(option),
            }
        }
        Ok(Self { writable, connections_max, rest: rest.join("&") })
    }
}

fn with_settings(mut options: PgConnectOptions) -> PgConnectOptions {
    if options.get_application_name().is_none() {
        options = options.application_name(APPLICATION_NAME);
    }
    for (name, value) in SETTINGS {
        let given = options.get_options().is_some_and(|given| given.contains(&format!("{name}=")));
        if !given {
            options = options.options([(name, value)]);
        }
    }
    options
}

fn refused(reason: &str) -> StoreError {
    let form = "postgres://USER@HOST:PORT,…/DATABASE";
    StoreError::Other(format!("the database must be given as {form}: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::Address;
    use sqlx::postgres::PgSslMode;

    #[test]
    fn several_hosts_share_the_rest_of_an_address() {
        let url = "postgres://me:s%40cret@one:5433,two,[::1]:5434/tickets?sslmode=require\
                   &target_session_attrs=read-write&pool_max_connections=9";
        let address: Address = url.parse().unwrap();
        let hosts: Vec<_> =
            address.hosts.iter().map(|host| (host.get_host(), host.get_port())).collect();
        assert_eq!(hosts, [("one", 5433), ("two", 5432), ("[::1]", 5434)]);
        assert!(address.writable);
        assert_eq!(address.connections_max, 9);
        for host in &address.hosts {
            assert_eq!(host.get_username(), "me");
            assert_eq!(host.get_database(), Some("tickets"));
            assert!(matches!(host.get_ssl_mode(), PgSslMode::Require));
            assert_eq!(host.get_application_name(), Some("frontrow"));
        }
    }

    #[test]
    fn settings_that_are_given_are_kept() {
        let url = "postgresql:///db?host=/tmp&application_name=me&options=-c%20lock_timeout=9s";
        let address: Address = url.parse().unwrap();
        let [host] = &address.hosts[..] else { panic!("{address:?}") };
        let options = host.get_options().unwrap();
        assert!(options.starts_with("-c lock_timeout=9s"), "{options}");
        assert!(!options.contains("lock_timeout=2s"), "{options}");
        assert!(options.contains("statement_timeout=6s"), "{options}");
        assert_eq!(host.get_application_name(), Some("me"));
        assert!(host.get_socket().is_some());
    }

    #[test]
    fn an_address_that_makes_no_sense_is_refused_without_its_password() {
        let urls = [
            "mysql://me:secret@one/db",
            "postgres://me:secret@one:port/db",
            "postgres://me:secret@one,,two/db",
            "postgres://me:secret@one/db?target_session_attrs=standby",
            "postgres://me:secret@one/db?pool_max_connections=1",
            "postgres://me:secret@one/db?sslmode=perhaps",
        ];
        for url in urls {
            let error = url.parse::<Address>().unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
