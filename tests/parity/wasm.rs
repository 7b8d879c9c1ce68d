//! The same commands at the same times, once through core's `World` here, and once through the npm package in
//! Node: the same answers, the same events, the same rows, as JSON. The stories are those that the server is
//! told, except for numbers that JavaScript has not.

use crate::story::{Line, Story};
use crate::twins::Heard;
use crate::{LINES, assert_told_enough, seeds};
use frontrow_core::queue::Standing;
use frontrow_core::{Command, Timestamp, World};
use frontrow_tests::server::START;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process;
use tempfile::NamedTempFile;

/// Names the folder of the built package.
const PACKAGE_VARIABLE: &str = "FRONTROW_WASM";
/// The largest whole number in JavaScript, and the earliest time of a `Date`.
const NUMBER_MAX: u64 = (1 << 53) - 1;
const MILLIS_MIN: i64 = -8_640_000_000_000_000;

/// A story as it is told in Node, a line of JSON for each thing that is done.
struct Recording {
    world: World,
    now: Timestamp,
    file: NamedTempFile,
    heard: Heard,
}

impl Recording {
    fn start() -> Self {
        let file = NamedTempFile::new().expect("a file can be written");
        Self { world: World::new(), now: START, file, heard: Heard::default() }
    }

    /// Writes down what is done, what was answered, and what happened.
    fn write(&mut self, what: &str, with: &Value, answer: &Value) {
        let events: Vec<_> = std::iter::from_fn(|| self.world.poll_event()).collect();
        for event in &events {
            self.heard.event(event);
        }
        let timeout = self.world.poll_timeout();
        let (events, timeout, now) = (to_json(&events), to_json(&timeout), to_json(&self.now));
        let line = json!({
            "do": what, "with": with, "now": now, "answer": answer, "events": events, "timeout": timeout,
        });
        writeln!(self.file, "{line}").expect("a file can be written");
    }

    fn execute(&mut self, command: Command) {
        let command = sayable(command);
        let answer = self.world.execute(&command, self.now);
        self.heard.answer(&answer);
        let answer = match answer {
            Ok(outcome) => json!({ "accepted": outcome }),
            Err(rejection) => json!({ "refused": rejection }),
        };
        self.write("execute", &to_json(&command), &answer);
    }

    /// Tells one story: people act, and now and then what is due is done.
    fn tell(&mut self, seed: u64) {
        self.world.set_served_since(START);
        self.write("set_served_since", &to_json(&START), &Value::Null);
        let mut story = Story::from_seed(seed);
        story.setup().into_iter().for_each(|command| self.execute(command));
        for _ in 0..LINES {
            let step = story.step(&mut self.world, self.now);
            self.now = self.now.plus_millis(step);
            if step > 0 && story.below(2) == 0 {
                self.world.handle_timeout(self.now);
                self.write("handle_timeout", &Value::Null, &Value::Null);
            }
            match story.line(&self.world, self.now) {
                Line::Command(command) => self.execute(command),
                Line::Seen(ticket_id) => {
                    self.world.mark_seen(ticket_id, self.now);
                    self.write("mark_seen", &to_json(&ticket_id), &Value::Null);
                }
            }
        }
        self.look_at_rows();
    }

    /// Every row, and what every person in a queue is told.
    fn look_at_rows(&mut self) {
        let state = self.world.state();
        let standings: BTreeMap<_, Option<Standing>> =
            state.tickets().iter().map(|(id, _)| (id, self.world.standing(id, self.now))).collect();
        let rows = json!({
            "concert": state.concerts().iter().collect::<BTreeMap<_, _>>(),
            "queue": state.queues().iter().collect::<BTreeMap<_, _>>(),
            "schedule": state.schedules().iter().collect::<BTreeMap<_, _>>(),
            "ticket": state.tickets().iter().collect::<BTreeMap<_, _>>(),
            "reservation": state.reservations().iter().collect::<BTreeMap<_, _>>(),
            "wallet": state.wallets().iter().collect::<BTreeMap<_, _>>(),
            "standing": standings,
        });
        self.write("look", &Value::Null, &rows);
    }
}

fn to_json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("what the rules say is JSON")
}

/// The command, or one like it with numbers that JavaScript has.
fn sayable(mut command: Command) -> Command {
    match &mut command {
        Command::Charge { amount, .. } | Command::Pay { amount, .. } => {
            *amount = (*amount).min(NUMBER_MAX);
        }
        Command::Tick { served_since, .. } => {
            *served_since = (*served_since).max(Timestamp::from_millis(MILLIS_MIN));
        }
        _ => {}
    }
    command
}

/// The folder of the package that this run built.
fn package() -> PathBuf {
    let folder = std::env::var_os(PACKAGE_VARIABLE).map(PathBuf::from);
    let folder = folder.filter(|folder| folder.join("node.js").is_file());
    folder.unwrap_or_else(|| {
        panic!(
            "{PACKAGE_VARIABLE} names no built package: run `cargo xtask wasm`, and set it to the absolute \
             path of wasm/pkg"
        )
    })
}

/// Has Node do all that was recorded; fails with the first thing that differs.
fn replay(seed: u64, recording: &NamedTempFile) {
    let mut node = process::Command::new("node");
    node.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/parity/replay.mjs"));
    let output = node.arg(package()).arg(recording.path()).output().expect("`node` can be started");
    let (said, wrong) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "seed {seed}: {said}{wrong}");
    let lines = std::fs::read_to_string(recording.path()).expect("it was written").lines().count();
    assert_eq!(said.trim(), format!("{lines} lines agree"), "seed {seed}");
}

#[test]
fn a_world_in_wasm_answers_and_stands_as_one_here_does() {
    let mut heard = Heard::default();
    for seed in seeds(201..=220) {
        println!("seed {seed}");
        let mut recording = Recording::start();
        recording.tell(seed);
        replay(seed, &recording.file);
        heard.add(recording.heard);
    }
    assert_told_enough(&heard);
}
