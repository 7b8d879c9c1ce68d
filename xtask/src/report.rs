//! Counts by suite, their sum, and how both are printed. Where counts come from is not known here.

use std::fmt::Write;

/// A group of tests, or a single check, and how it went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suite {
    pub name: String,
    pub passed: u64,
    pub failed: u64,
    /// What a person should know about the failures.
    pub notes: Vec<String>,
}

impl Suite {
    /// A suite in which nothing has run yet.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// A single check.
    pub fn check(name: &str, passed: bool) -> Self {
        Self { passed: u64::from(passed), failed: u64::from(!passed), ..Self::named(name) }
    }

    /// Counts one failure, with what there is to say about it.
    pub fn fail(mut self, note: impl Into<String>) -> Self {
        self.failed += 1;
        self.notes.push(note.into());
        self
    }
}

/// Everything that ran.
#[derive(Debug, Default)]
pub struct Report {
    suites: Vec<Suite>,
}

impl Report {
    pub fn add(&mut self, suites: impl IntoIterator<Item = Suite>) {
        self.suites.extend(suites);
    }

    /// Something ran, and nothing failed.
    pub fn is_success(&self) -> bool {
        self.passed() > 0 && self.failed() == 0
    }

    /// Counts by suite, then what is to say about failures.
    pub fn table(&self) -> String {
        const HEAD: &str = "suite";
        let width =
            self.suites.iter().map(|suite| suite.name.chars().count()).fold(HEAD.len(), usize::max);
        let mut text = format!("{HEAD:width$}  passed  failed\n");
        for suite in &self.suites {
            let Suite { name, passed, failed, .. } = suite;
            let _ = writeln!(text, "{name:width$}  {passed:6}  {failed:6}");
        }
        for suite in &self.suites {
            for note in &suite.notes {
                let _ = writeln!(text, "{}: {note}", suite.name);
            }
        }
        text
    }

    /// The sum over all suites, as scripts read it: `N passed, N failed`.
    pub fn sum_line(&self) -> String {
        format!("{} passed, {} failed", self.passed(), self.failed())
    }

    fn passed(&self) -> u64 {
        self.suites.iter().map(|suite| suite.passed).sum()
    }

    fn failed(&self) -> u64 {
        self.suites.iter().map(|suite| suite.failed).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_over_all_suites() {
        let mut report = Report::default();
        report.add([Suite::check("fmt", true), Suite::check("clippy", true)]);
        report.add([Suite { passed: 40, ..Suite::named("core") }]);
        assert_eq!(report.sum_line(), "42 passed, 0 failed");
        assert!(report.is_success());

        report.add([Suite::named("server").fail("does not build")]);
        assert_eq!(report.sum_line(), "42 passed, 1 failed");
        assert!(!report.is_success());
    }

    #[test]
    fn nothing_run_is_no_success() {
        assert!(!Report::default().is_success());
    }

    #[test]
    fn the_table_lines_up_and_tells_the_notes_last() {
        let mut report = Report::default();
        report.add([Suite::check("fmt", true), Suite::named("a long name").fail("it broke")]);
        assert_eq!(
            report.table(),
            "suite        passed  failed\n\
             fmt               1       0\n\
             a long name       0       1\n\
             a long name: it broke\n"
        );
    }
}
