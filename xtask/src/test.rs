//! `cargo xtask test`: the list of steps, and what each runs. A step may start what later steps need;
//! how output is read lives in `results`, how counts are printed in `report`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::cargo::{self, Profile, cargo};
use crate::failure::Failure;
use crate::node;
use crate::postgres::{self, Database};
use crate::process::{Read, Runner};
use crate::report::{Report, Suite};
use crate::results::Results;
use crate::tools;
use crate::wasm;
use crate::web;

/// Tests find the server's binary through this variable; its path is absolute.
const SERVER_VARIABLE: &str = "FRONTROW_BIN";

/// The kind of database that tests which run on each kind use, and how many servers share it.
const STORE_VARIABLE: &str = "TEST_STORE";
const REPLICAS_VARIABLE: &str = "TEST_REPLICAS";

/// What runs on Postgres too, and on how many servers at once.
const ON_POSTGRES: [(&str, &[&str]); 3] =
    [("1", &["http", "contention", "parity"]), ("2", &["contention"]), ("3", &["contention"])];

/// One thing to do, and the suites that come of it.
struct Step {
    name: &'static str,
    run: fn(&mut Context) -> Result<Vec<Suite>, Failure>,
}

/// In this order: what fails fast comes first.
const STEPS: &[Step] = &[
    Step { name: "format", run: format },
    Step { name: "lints", run: lints },
    Step { name: "pages", run: pages },
    Step { name: "server", run: server },
    Step { name: "tests", run: workspace_tests },
    Step { name: "tests on Postgres", run: tests_on_postgres },
    Step { name: "wasm", run: |context| wasm::test(context.runner) },
    Step { name: "web", run: web },
    Step { name: "documentation", run: documentation },
];

/// What steps share.
struct Context<'a> {
    runner: &'a Runner,
    /// Runs until the last step is done.
    database: Database,
    /// Whether the browser demo was built, so that the server embeds this state of it.
    has_pages: bool,
    /// The server's binary, once it is built.
    server: Option<PathBuf>,
}

/// Runs every step, whatever came out of those before. The last line on stdout is the sum.
pub fn run(runner: &Runner) -> Result<ExitCode, Failure> {
    let mut report = Report::default();
    match set_up(runner) {
        Ok(database) => run_steps(runner, database, &mut report)?,
        Err(failure) => report.add([failed_step("set-up", failure)?]),
    }
    println!("\n{}", report.table());
    println!("{}", report.sum_line());
    Ok(if report.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn set_up(runner: &Runner) -> Result<Database, Failure> {
    // Postgres is needed in any case: some tests start and kill clusters of their own.
    tools::ensure(runner, &[tools::TO_TEST, &[postgres::TOOL]].concat())?;
    tools::ensure_components()?;
    node::ensure(runner)?;
    Database::open(runner)
}

fn run_steps(runner: &Runner, database: Database, report: &mut Report) -> Result<(), Failure> {
    let mut context = Context { runner, database, has_pages: false, server: None };
    for step in STEPS {
        println!("\n== {}", step.name);
        match (step.run)(&mut context) {
            Ok(suites) => report.add(suites),
            Err(failure) => report.add([failed_step(step.name, failure)?]),
        }
    }
    Ok(())
}

/// A step that could not be done counts as one failure; an interruption ends the command.
fn failed_step(name: &str, failure: Failure) -> Result<Suite, Failure> {
    match failure {
        Failure::Interrupted { .. } => Err(failure),
        other => {
            eprintln!("xtask: {other}");
            Ok(Suite::named(name).fail(other.to_string()))
        }
    }
}

fn format(context: &mut Context) -> Result<Vec<Suite>, Failure> {
    let status = context.runner.run(cargo(&["fmt", "--all", "--check"]))?;
    Ok(vec![Suite::check("format", status.success())])
}

fn lints(context: &mut Context) -> Result<Vec<Suite>, Failure> {
    let mut command = cargo(&["clippy", "--workspace", "--all-targets"]);
    command.args(["--", "-D", "warnings"]);
    let status = context.runner.run(command)?;
    Ok(vec![Suite::check("lints", status.success())])
}

/// Checks and builds the browser demo. The server embeds it, so this comes first.
fn pages(context: &mut Context) -> Result<Vec<Suite>, Failure> {
    web::build(context.runner)?;
    context.has_pages = true;
    Ok(vec![Suite::check("pages", true)])
}

/// Builds the binary that tests start. It adds no count, unless it fails.
fn server(context: &mut Context) -> Result<Vec<Suite>, Failure> {
    let path = cargo::build_server(context.runner, Profile::Dev)?;
    context.server = Some(path);
    Ok(Vec::new())
}

fn workspace_tests(context: &mut Context) -> Result<Vec<Suite>, Failure> {
    run_tests(context, cargo(&["test", "--workspace", "--no-fail-fast"]))
}

fn tests_on_postgres(context: &mut Context) -> Result<Vec<Suite>, Failure> {
    let mut suites = Vec::new();
    for (replicas, binaries) in ON_POSTGRES {
        let mut command = cargo(&["test", "--workspace", "--no-fail-fast"]);
        command.args(binaries.iter().flat_map(|name| ["--test", name]));
        command.env(STORE_VARIABLE, "postgres").env(REPLICAS_VARIABLE, replicas);
        let ran = run_tests(context, command)?;
        suites.extend(ran.into_iter().map(|mut suite| {
            suite.name = format!("{}, {replicas} on Postgres", suite.name);
            suite
        }));
    }
    Ok(suites)
}

/// Runs what `cargo test` is told to, with all that tests need, and counts.
fn run_tests(context: &mut Context, mut command: Command) -> Result<Vec<Suite>, Failure> {
    command.env(SERVER_VARIABLE, built_server(context)?);
    command.envs(context.database.variables());
    // Suites are announced in plain words, whatever a person's settings are.
    command.env("CARGO_TERM_COLOR", "never");
    command.env("CARGO_TERM_QUIET", "false");
    command.env("CARGO_TERM_VERBOSE", "false");
    let mut results = Results::default();
    let status = context.runner.run_reading(command, Read::StdoutAndStderr, |line| {
        results.read_line(&String::from_utf8_lossy(line));
        io::stdout().write_all(line)
    })?;
    Ok(results.finish(status.success()))
}

fn web(context: &mut Context) -> Result<Vec<Suite>, Failure> {
    if !context.has_pages {
        return Err(Failure::Message("not run, because the pages do not build".into()));
    }
    web::test(context.runner, built_server(context)?)
}

/// The server of this run: an older binary may lie about, and tests must not run against it.
fn built_server<'a>(context: &'a Context) -> Result<&'a Path, Failure> {
    let reason = "not run, because the server does not build";
    context.server.as_deref().ok_or_else(|| Failure::Message(reason.into()))
}

fn documentation(context: &mut Context) -> Result<Vec<Suite>, Failure> {
    let mut command = cargo(&["doc", "--workspace", "--no-deps"]);
    command.env("RUSTDOCFLAGS", "-D warnings");
    let status = context.runner.run(command)?;
    Ok(vec![Suite::check("documentation", status.success())])
}
