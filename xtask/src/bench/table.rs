//! How the figures are printed. Where they come from is not known here.

use std::fmt::Write;

use super::wrk::Figures;

/// What was measured with so many replicas.
#[derive(Debug, Clone, Default)]
pub struct Round {
    /// Statements a second, of Postgres alone.
    pub ceiling: f64,
    /// By workload, in the same order in every round.
    pub workloads: Vec<(&'static str, Figures)>,
}

/// One line for the ceiling, then one for each workload.
pub fn table(one: &Round, two: &Round) -> String {
    let mut text = format!(
        "{:10}{:>21}{:>9}{:>18}{:>19}{:>19}\n{:10}{:>11}{:>10}{:>9}",
        "workload",
        "a second",
        "",
        "of the ceiling",
        "p50 in ms",
        "p99 in ms",
        "replicas",
        "1",
        "2",
        "2 : 1",
    );
    for _ in 0..3 {
        let _ = write!(text, "{:>10}{:>9}", "1", "2");
    }
    let _ = writeln!(text, "\n{}", rates("ceiling", one.ceiling, two.ceiling, one, two));
    for ((name, first), (_, second)) in one.workloads.iter().zip(&two.workloads) {
        let _ = write!(text, "{}", rates(name, first.rate, second.rate, one, two));
        for (micros, others) in
            [(first.p50_micros, second.p50_micros), (first.p99_micros, second.p99_micros)]
        {
            let _ = write!(text, "{:>10.1}{:>9.1}", micros / 1_000.0, others / 1_000.0);
        }
        text.push('\n');
    }
    text
}

/// The left part of a line.
fn rates(name: &str, first: f64, second: f64, one: &Round, two: &Round) -> String {
    format!(
        "{name:10}{first:>11.0}{second:>10.0}{:>9.2}{:>10.2}{:>9.2}",
        second / first,
        first / one.ceiling,
        second / two.ceiling,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(ceiling: f64, rate: f64) -> Round {
        let figures = Figures { rate, p50_micros: 15_250.0, p99_micros: 99_960.0 };
        Round { ceiling, workloads: vec![("joins", figures), ("payments", figures)] }
    }

    #[test]
    fn columns_line_up_and_hold_ratios_of_the_same_round() {
        assert_eq!(
            table(&round(10_000.0, 4_000.0), &round(8_000.0, 6_000.0)),
            "\
workload               a second             of the ceiling          p50 in ms          p99 in ms
replicas            1         2    2 : 1         1        2         1        2         1        2
ceiling         10000      8000     0.80      1.00     1.00
joins            4000      6000     1.50      0.40     0.75      15.2     15.2     100.0    100.0
payments         4000      6000     1.50      0.40     0.75      15.2     15.2     100.0    100.0
"
        );
    }
}
