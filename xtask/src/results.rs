//! Reads what `cargo test`, `node --test` and Vitest write: which suites ran and what came out of each.
//! Nothing may be skipped, so an ignored test is a failed one here, and so is a suite without a result.

use std::path::Path;

use serde_json::Value;

use crate::report::Suite;

/// The name under which failures are told that belong to no suite.
const NO_SUITE: &str = "cargo test";

/// Collects suites, line by line.
#[derive(Debug, Default)]
pub struct Results {
    suites: Vec<OpenSuite>,
}

#[derive(Debug)]
struct OpenSuite {
    suite: Suite,
    /// A crate's documentation may give several results; a program that crashed gives none.
    has_result: bool,
}

/// The counts of one `test result:` line.
#[derive(Debug, PartialEq, Eq)]
struct Counts {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Results {
    /// Takes the next line, from either stream, in the order written.
    pub fn read_line(&mut self, line: &str) {
        let line = line.trim_end();
        if let Some(name) = suite_name(line) {
            self.open(name);
        } else if let Some(counts) = counts(line) {
            self.count(&counts);
        } else if let Some((test, what)) = refused_test(line) {
            self.current().suite.notes.push(format!("{test} {what}"));
        }
    }

    /// The suites and their counts. `ended_well` says that cargo exited with success.
    pub fn finish(self, ended_well: bool) -> Vec<Suite> {
        let mut suites: Vec<Suite> = self.suites.into_iter().map(OpenSuite::close).collect();
        let failed: u64 = suites.iter().map(|suite| suite.failed).sum();
        let ran: u64 = suites.iter().map(|suite| suite.passed + suite.failed).sum();
        if !ended_well && failed == 0 {
            suites.push(Suite::named(NO_SUITE).fail("failed, but not in a test: see its output"));
        } else if ran == 0 {
            suites.push(Suite::named(NO_SUITE).fail("no test ran"));
        }
        suites
    }

    fn open(&mut self, name: String) {
        self.suites.push(OpenSuite { suite: Suite::named(name), has_result: false });
    }

    fn current(&mut self) -> &mut OpenSuite {
        if self.suites.is_empty() {
            self.open(NO_SUITE.to_owned());
        }
        self.suites.last_mut().expect("one was opened above")
    }

    fn count(&mut self, counts: &Counts) {
        let current = self.current();
        current.has_result = true;
        current.suite.passed += counts.passed;
        current.suite.failed += counts.failed + counts.ignored;
    }
}

impl OpenSuite {
    fn close(self) -> Suite {
        if self.has_result {
            self.suite
        } else {
            self.suite.fail("ended without a result: did it crash?")
        }
    }
}

/// Collects what `node --test` writes as TAP: the counts that stand at its end.
#[derive(Debug, Default)]
pub struct NodeResults {
    passed: Option<u64>,
    failed: u64,
    notes: Vec<String>,
}

impl NodeResults {
    /// Takes the next line.
    pub fn read_line(&mut self, line: &str) {
        let line = line.trim_end();
        if let Some(test) = line.trim_start().strip_prefix("not ok ") {
            self.notes.push(format!("{test} failed"));
        }
        let Some((word, count)) = line.strip_prefix("# ").and_then(|rest| rest.split_once(' '))
        else {
            return;
        };
        let Ok(count) = count.parse::<u64>() else { return };
        match word {
            "pass" => self.passed = Some(count),
            // Nothing may be left out, as with cargo.
            "fail" | "cancelled" | "skipped" | "todo" => self.failed += count,
            _ => {}
        }
    }

    /// The counts as a suite. `ended_well` says that Node exited with success.
    pub fn finish(self, name: &str, ended_well: bool) -> Suite {
        let Self { passed, failed, notes } = self;
        let suite = Suite { passed: passed.unwrap_or(0), failed, notes, ..Suite::named(name) };
        match passed {
            None => suite.fail("ended without a result: did it crash?"),
            Some(0) if failed == 0 => suite.fail("no test ran"),
            Some(_) if failed == 0 && !ended_well => {
                suite.fail("failed, but not in a test: see its output")
            }
            Some(_) => suite,
        }
    }
}

/// The counts of a report that Vitest wrote as JSON. `ended_well` says that it exited with success.
pub fn vitest(name: &str, report: &[u8], ended_well: bool) -> Suite {
    let Ok(report) = serde_json::from_slice::<Value>(report) else {
        return Suite::named(name).fail("ended without a result: did it crash?");
    };
    let count = |field: &str| report[field].as_u64().unwrap_or(0);
    // Nothing may be left out, as with cargo.
    let failed = ["numFailedTests", "numPendingTests", "numTodoTests"].map(count).iter().sum();
    let suite = Suite { passed: count("numPassedTests"), failed, ..Suite::named(name) };
    let tests = report["testResults"].as_array().into_iter().flatten();
    let tests = tests.flat_map(|file| file["assertionResults"].as_array().into_iter().flatten());
    let notes = tests
        .filter(|test| test["status"] != "passed")
        .filter_map(|test| {
            Some(format!("{} {}", test["fullName"].as_str()?, test["status"].as_str()?))
        })
        .collect();
    let suite = Suite { notes, ..suite };
    match (suite.passed, suite.failed, ended_well) {
        (0, 0, true) => suite.fail("no test ran"),
        // A file that can't be read has no tests to count.
        (_, 0, false) => suite.fail("failed, but not in a test: see its output"),
        _ => suite,
    }
}

/// The name of the suite that cargo announces with this line, such as
/// `     Running unittests src/lib.rs (target/debug/deps/frontrow_core-0123456789abcdef)` or
/// `   Doc-tests frontrow_core`.
fn suite_name(line: &str) -> Option<String> {
    // Cargo aligns its words to the right; tests rarely begin a line with spaces and these words.
    let words = line.strip_prefix("   ")?.trim_start();
    if let Some(name) = words.strip_prefix("Doc-tests ") {
        return Some(format!("{name} (documentation)"));
    }
    let (source, program) = words.strip_prefix("Running ")?.strip_suffix(')')?.rsplit_once(" (")?;
    let program = Path::new(program).file_name()?.to_str()?;
    let name = program.rsplit_once('-').map_or(program, |(name, _)| name);
    Some(format!("{name} ({source})"))
}

/// The counts in a line such as
/// `test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s`.
fn counts(line: &str) -> Option<Counts> {
    let (_, list) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let count = |word: &str| {
        list.split("; ").find_map(|item| item.strip_suffix(word)?.trim_end().parse().ok())
    };
    Some(Counts { passed: count("passed")?, failed: count("failed")?, ignored: count("ignored")? })
}

/// The test that this line tells to have failed or to be ignored, and which of the two.
fn refused_test(line: &str) -> Option<(&str, &'static str)> {
    let (test, outcome) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    if outcome == "FAILED" {
        Some((test, "failed"))
    } else if outcome.starts_with("ignored") {
        Some((test, "is ignored, and nothing may be skipped"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUNNING_CORE: &str =
        "     Running unittests src/lib.rs (target/debug/deps/frontrow_core-6f0c1d2e3a4b5c6d)\n";
    const RUNNING_HTTP: &str =
        "     Running tests/http.rs (/elsewhere/debug/deps/http-0011223344556677)\n";

    fn read(text: &str, ended_well: bool) -> Vec<Suite> {
        let mut results = Results::default();
        for line in text.split_inclusive('\n') {
            results.read_line(line);
        }
        results.finish(ended_well)
    }

    fn row(suite: &Suite) -> (&str, u64, u64) {
        (&suite.name, suite.passed, suite.failed)
    }

    fn result(verdict: &str, passed: u64, failed: u64, ignored: u64) -> String {
        format!(
            "\ntest result: {verdict}. {passed} passed; {failed} failed; {ignored} ignored; \
             0 measured; 0 filtered out; finished in 0.01s\n\n"
        )
    }

    #[test]
    fn each_suite_keeps_its_own_counts() {
        let text = [
            "   Compiling frontrow-core v0.1.0 (/somewhere/core)\n",
            "    Finished `test` profile [unoptimized] target(s) in 1.23s\n",
            RUNNING_CORE,
            "\nrunning 3 tests\ntest queue::order ... ok\n",
            &result("ok", 3, 0, 0),
            RUNNING_HTTP,
            &result("ok", 12, 0, 0),
        ]
        .concat();
        let suites = read(&text, true);
        assert_eq!(
            suites.iter().map(row).collect::<Vec<_>>(),
            [("frontrow_core (unittests src/lib.rs)", 3, 0), ("http (tests/http.rs)", 12, 0),]
        );
    }

    #[test]
    fn failures_are_counted_and_named() {
        let text = [
            RUNNING_CORE,
            "test queue::order ... FAILED\ntest seats::best ... ok\n",
            &result("FAILED", 1, 1, 0),
            RUNNING_HTTP,
            &result("ok", 2, 0, 0),
            "error: 1 target failed:\n    `-p frontrow-core --lib`\n",
        ]
        .concat();
        let suites = read(&text, false);
        assert_eq!(suites.len(), 2);
        assert_eq!((suites[0].passed, suites[0].failed), (1, 1));
        assert_eq!(suites[0].notes, ["queue::order failed"]);
        assert_eq!((suites[1].passed, suites[1].failed), (2, 0));
    }

    #[test]
    fn the_results_of_one_crates_documentation_are_added_up() {
        let text = [
            "   Doc-tests frontrow_core\n\nrunning 2 tests\n",
            "test core/src/lib.rs - Amount (line 12) ... ok\n",
            &result("ok", 2, 0, 0),
            &result("FAILED", 1, 1, 0),
            "all doctests ran in 0.32s; merged doctests compilation took 0.25s\n",
        ]
        .concat();
        let suites = read(&text, false);
        assert_eq!(
            suites.iter().map(row).collect::<Vec<_>>(),
            [("frontrow_core (documentation)", 3, 1)]
        );
    }

    #[test]
    fn an_ignored_test_is_a_failure_with_a_message() {
        let text = [RUNNING_CORE, "test slow ... ignored, takes an hour\n", &result("ok", 4, 0, 1)]
            .concat();
        let suites = read(&text, true);
        assert_eq!((suites[0].passed, suites[0].failed), (4, 1));
        assert_eq!(suites[0].notes, ["slow is ignored, and nothing may be skipped"]);
    }

    #[test]
    fn a_suite_that_crashed_is_a_failure() {
        let text = [RUNNING_CORE, RUNNING_HTTP, &result("ok", 2, 0, 0)].concat();
        let suites = read(&text, false);
        assert_eq!((suites[0].passed, suites[0].failed), (0, 1));
        assert_eq!((suites[1].passed, suites[1].failed), (2, 0));
    }

    #[test]
    fn a_compile_error_is_one_failure() {
        let text = "error[E0308]: mismatched types\nerror: could not compile `frontrow-core`\n";
        let suites = read(text, false);
        assert_eq!(suites.iter().map(row).collect::<Vec<_>>(), [(NO_SUITE, 0, 1)]);
    }

    #[test]
    fn suites_without_a_test_are_no_success() {
        let suites = read(&[RUNNING_CORE, &result("ok", 0, 0, 0)].concat(), true);
        assert_eq!(suites.iter().map(|suite| suite.failed).sum::<u64>(), 1);
        assert_eq!(suites[1].notes, ["no test ran"]);
    }

    #[test]
    fn a_result_that_cannot_be_read_is_no_result() {
        let text = [RUNNING_CORE, "test result: ok. many passed\n"].concat();
        assert_eq!(read(&text, true)[0].failed, 1);
    }

    fn read_node(text: &str, ended_well: bool) -> Suite {
        let mut results = NodeResults::default();
        text.lines().for_each(|line| results.read_line(line));
        results.finish("node", ended_well)
    }

    #[test]
    fn nodes_counts_stand_at_its_end() {
        let text = "TAP version 13\nok 1 - flow\n# tests 3\n# pass 3\n# fail 0\n# skipped 0\n";
        assert_eq!(row(&read_node(text, true)), ("node", 3, 0));
        assert_eq!(row(&read_node(text, false)), ("node", 3, 1));
    }

    #[test]
    fn what_node_fails_or_leaves_out_is_a_failure() {
        let text = "not ok 1 - flow\n# pass 1\n# fail 1\n# cancelled 0\n# skipped 1\n# todo 0\n";
        let suite = read_node(text, false);
        assert_eq!(row(&suite), ("node", 1, 2));
        assert_eq!(suite.notes, ["1 - flow failed"]);
        assert_eq!(read_node("# pass 0\n# fail 0\n", true).failed, 1);
        assert_eq!(read_node("a crash\n", false).failed, 1);
    }

    #[test]
    fn vitests_report_is_counted_and_its_failures_are_named() {
        let report = br#"{"numPassedTests":3,"numFailedTests":1,"numPendingTests":1,"numTodoTests":0,"testResults":[
            {"assertionResults":[{"fullName":"a","status":"passed"},{"fullName":"b","status":"failed"}]},
            {"assertionResults":[{"fullName":"c","status":"pending"}]}]}"#;
        let suite = vitest("units", report, false);
        assert_eq!(row(&suite), ("units", 3, 2));
        assert_eq!(suite.notes, ["b failed", "c pending"]);
        assert_eq!(vitest("units", b"", true).failed, 1);
        assert_eq!(vitest("units", br#"{"numPassedTests":0}"#, true).failed, 1);
        assert_eq!(vitest("units", br#"{"numPassedTests":5}"#, false).failed, 1);
        assert_eq!(row(&vitest("units", br#"{"numPassedTests":5}"#, true)), ("units", 5, 0));
    }

    #[test]
    fn cargos_verbose_lines_are_no_suites() {
        assert_eq!(suite_name("     Running `rustc --crate-name x`"), None);
        assert_eq!(suite_name("Running the demo (see below)"), None);
    }
}
