//! Which command lines make sense. Environment variables are left alone: tests share them.

use super::*;
use clap::CommandFactory;
use clap::Parser;

const SECRET: &str = "sixteen bytes ok";
const OTHER_SECRET: &str = "another good one!";

fn serve(flags: &[&str]) -> Result<ServeConfig, ConfigError> {
    let words = ["frontrow", "serve"].iter().chain(flags);
    match Cli::try_parse_from(words).unwrap().command {
        Command::Serve(args) => args.validate(),
        other => panic!("{other:?}"),
    }
}

fn error(flags: &[&str]) -> ConfigError {
    serve(flags).unwrap_err()
}

#[test]
fn the_command_line_is_well_formed() {
    Cli::command().debug_assert();
}

#[test]
fn every_flag_of_serve_has_a_variable_and_secrets_are_hidden() {
    let command = Cli::command();
    let serve = command.find_subcommand("serve").unwrap();
    for flag in serve.get_arguments().filter(|flag| flag.get_id() != "help") {
        let long = flag.get_long().unwrap();
        let variable = format!("FRONTROW_{}", long.to_uppercase().replace('-', "_"));
        assert_eq!(flag.get_env().unwrap().to_str(), Some(variable.as_str()));
        let is_secret = long.ends_with("secret") || long == "database-url";
        assert_eq!(flag.is_hide_env_values_set(), is_secret, "{long}");
    }
}

#[test]
fn the_defaults_are_those_of_the_contract() {
    let config = serve(&["--auth-secret", SECRET]).unwrap();
    assert_eq!(config.listen, "127.0.0.1:8080".parse().unwrap());
    assert_eq!(config.database_url.as_str(), "sqlite://frontrow.db");
    assert_eq!(config.currency, "KRW");
    assert_eq!(config.request_timeout, Duration::from_secs(30));
    assert_eq!(config.key_kept, Duration::from_hours(48));
    assert!(config.migrate && !config.demo && config.cors_origin.is_none());
    assert!(!serve(&["--auth-secret", SECRET, "--no-migrate"]).unwrap().migrate);
}

#[test]
fn keys_are_kept_for_a_day_at_least_and_for_a_year_at_most() {
    let kept = |hours: &str| {
        let words = ["frontrow", "serve", "--auth-secret", SECRET, "--keep-keys-hours", hours];
        let Ok(cli) = Cli::try_parse_from(words) else { return None };
        let Command::Serve(args) = cli.command else { panic!("{cli:?}") };
        Some(args.validate().unwrap().key_kept.as_secs() / 3_600)
    };
    assert_eq!([kept("24"), kept("8760")], [Some(24), Some(8_760)]);
    assert_eq!([kept("23"), kept("8761"), kept("0"), kept("-1"), kept("two")], [None; 5]);
}

#[test]
fn the_journal_is_kept_for_a_month_at_least() {
    let days = |flags: &[&str]| {
        let words = ["frontrow", "prune"].iter().chain(flags);
        match Cli::try_parse_from(words).ok()?.command {
            Command::Prune(args) => Some(args.keep_journal_days),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(days(&[]), Some(400));
    assert_eq!(days(&["--keep-journal-days", "30"]), Some(30));
    assert_eq!(
        [days(&["--keep-journal-days", "29"]), days(&["--keep-journal-days", "0"])],
        [None; 2]
    );
}

#[test]
fn without_a_key_it_says_what_to_set() {
    let words = error(&[]).to_string();
    assert!(words.contains("--auth-secret") && words.contains("FRONTROW_AUTH_SECRET"), "{words}");
    assert!(!words.contains('\n'));
    assert_eq!(error(&["--auth-secret", ""]), ConfigError::NoAuth);
}

#[test]
fn keys_that_contradict_each_other_are_refused() {
    let file = ["--auth-key-file", "key.pem"];
    let both = ["--auth-secret", SECRET, "--auth-key-file", "key.pem"];
    assert_eq!(error(&both), ConfigError::TwoAuths);
    assert_eq!(error(&file), ConfigError::NoQueueTokenSecret);
    assert_eq!(error(&["--demo", file[0], file[1]]), ConfigError::DemoWithKeyFile);
    let same = ["--auth-secret", SECRET, "--queue-token-secret", SECRET];
    assert_eq!(error(&same), ConfigError::SameSecret);

    let config = serve(&[file[0], file[1], "--queue-token-secret", OTHER_SECRET]).unwrap();
    assert!(matches!(config.auth, AuthConfig::KeyFile { .. }));
    let two = ["--auth-secret", SECRET, "--queue-token-secret", OTHER_SECRET];
    assert!(matches!(
        serve(&two).unwrap().auth,
        AuthConfig::Secret { queue_token_secret: Some(_), .. }
    ));
}

#[test]
fn short_secrets_are_refused() {
    let short = "fifteen bytes..";
    assert_eq!(error(&["--auth-secret", short]), ConfigError::ShortSecret("--auth-secret"));
    let flags = ["--auth-secret", SECRET, "--queue-token-secret", short];
    assert_eq!(error(&flags), ConfigError::ShortSecret("--queue-token-secret"));
}

#[test]
fn a_demo_makes_up_a_secret_and_stays_at_home() {
    let secret_of = |config: ServeConfig| match config.auth {
        AuthConfig::Secret { secret, .. } => secret,
        other @ AuthConfig::KeyFile { .. } => panic!("{other:?}"),
    };
    let first = secret_of(serve(&["--demo"]).unwrap());
    assert_eq!(first.as_bytes().len(), 64);
    assert_ne!(first, secret_of(serve(&["--demo"]).unwrap()));

    let public = ["--demo", "--listen", "0.0.0.0:80"];
    assert!(matches!(error(&public), ConfigError::DemoReachable(_)));
    assert!(serve(&[public[0], public[1], public[2], "--demo-public"]).is_ok());
    assert!(serve(&["--demo", "--listen", "[::1]:0"]).is_ok());
    assert!(serve(&["--demo", "--listen", "[::ffff:127.0.0.1]:0"]).is_ok());
    let postgres = ["--demo", "--database-url", "postgres://localhost/frontrow"];
    assert_eq!(error(&postgres), ConfigError::DemoWithoutSecret);
}

#[test]
fn currencies_origins_and_databases_are_checked() {
    for currency in ["krw", "KR", "KRWX", "K1W", "원"] {
        let flags = ["--auth-secret", SECRET, "--currency", currency];
        assert_eq!(error(&flags), ConfigError::Currency, "{currency}");
    }
    let origin = |origin| serve(&["--auth-secret", SECRET, "--cors-origin", origin]);
    assert!(origin("https://tickets.example").is_ok());
    assert!(origin("http://localhost:5173").is_ok());
    assert_eq!(origin("").unwrap().cors_origin, None);
    for bad in ["*", "null", "https://a.example/", "https://a.example/x", "HTTPS://A.example", "a"]
    {
        assert_eq!(origin(bad), Err(ConfigError::CorsOrigin), "{bad}");
    }
    assert_eq!("mysql://x".parse::<DatabaseUrl>(), Err(ConfigError::DatabaseUrl));
    assert_eq!("sqlite:".parse::<DatabaseUrl>(), Err(ConfigError::DatabaseUrl));
    assert!("postgresql://x".parse::<DatabaseUrl>().unwrap().is_postgres());
}

#[test]
fn secrets_and_passwords_are_never_printed() {
    let config = serve(&["--auth-secret", SECRET, "--database-url", "postgres://u:hunter2@db/x"]);
    let words = format!("{:?}", config.unwrap());
    assert!(!words.contains(SECRET) && !words.contains("hunter2"), "{words}");
}

#[test]
fn a_token_is_for_a_user_id_and_known_scopes() {
    let token = |flags: &[&str]| {
        let words = ["frontrow", "token", "--auth-secret", SECRET].iter().chain(flags);
        Cli::try_parse_from(words).ok().map(|cli| match cli.command {
            Command::Token(args) => args.validate(),
            other => panic!("{other:?}"),
        })
    };
    let id = "0192a000-0000-7000-8000-000000000001";
    let args = token(&["--sub", id]).unwrap().unwrap();
    assert_eq!((args.scope.as_str(), args.ttl_seconds), ("user", 3_600));
    assert!(token(&["--sub", id, "--scope", "user admin"]).unwrap().is_ok());
    assert_eq!(token(&["--sub", id, "--scope", "root"]).unwrap().unwrap_err(), ConfigError::Scope);
    assert_eq!(token(&["--sub", id, "--scope", ""]).unwrap().unwrap_err(), ConfigError::Scope);
    assert!(token(&["--sub", "alice"]).is_none());
    assert!(token(&["--sub", id, "--ttl-seconds", "0"]).is_none());
}
