//! How a simulation's report is printed.

use frontrow_core::audit::Invariant;
use frontrow_core::sim::{Quantiles, Report};
use serde::Serialize;
use serde_json::Value;
use std::io::{self, Write};

/// As JSON, indented.
pub(super) fn json(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

/// For people.
pub(super) fn report(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let (people, seats, counts) = (report.people, report.seats, report.counts);
    writeln!(out, "after {} seconds, {} events", report.ended_at_second, report.events)?;
    writeln!(out, "\npeople         {:>10}", people.came)?;
    let fates = [
        ("bought", people.bought),
        ("gave up", people.gave_up),
        ("passed over", people.passed_over),
        ("sold out", people.sold_out),
        ("refused", people.refused),
        ("ran out of time", people.ran_out),
        ("no seats", people.no_seats),
        ("payment failed", people.payment_failed),
        ("abandoned", people.abandoned),
        ("rejoining", people.rejoining),
        ("still waiting", people.waiting),
        ("still active", people.active),
    ];
    for (name, count) in fates.into_iter().filter(|(_, count)| *count > 0) {
        writeln!(out, "  {name:<16} {count:>6}")?;
    }
    if people.bots > 0 {
        writeln!(out, "  of them bots     {:>6}, {} bought", people.bots, people.bots_bought)?;
    }
    let share = hundredths(seats.sell_through_basis_points);
    writeln!(out, "\nseats          {:>10}", seats.total)?;
    writeln!(out, "  sold             {:>6} ({share} %)", seats.sold)?;
    writeln!(out, "  held             {:>6}", seats.held)?;
    match report.sold_out_at_second {
        Some(second) => writeln!(out, "  sold out at second {second}")?,
        None => writeln!(out, "  never sold out")?,
    }
    writeln!(out, "\nwait           {}", quantiles(&report.wait))?;
    writeln!(out, "quote off by   {}", quantiles(&report.eta.off_by))?;
    writeln!(out, "  {} earlier than told, {} later", report.eta.earlier, report.eta.later)?;
    writeln!(
        out,
        "\nwaiting at most {}, active at most {}",
        counts.waiting_max, counts.active_max
    )?;
    writeln!(
        out,
        "holds {}, of them {} lapsed and {} released; payments {}, and {} failed",
        counts.holds,
        counts.holds_lapsed,
        counts.holds_released,
        counts.payments,
        counts.payments_failed
    )?;
    writeln!(out, "tickets {}, of them {} no-shows", counts.tickets, counts.no_shows)?;
    if !report.refusals.is_empty() {
        writeln!(out, "\nrefusals")?;
        for (code, count) in &report.refusals {
            writeln!(out, "  {code:<24} {count:>8}")?;
        }
    }
    verdicts(out, report)
}

fn verdicts(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let (checked, all) = (report.invariants.checks.len(), Invariant::ALL.len());
    writeln!(out, "\ninvariants, {checked} of {all} checked")?;
    for check in &report.invariants.checks {
        let verdict = if check.ok { "ok" } else { "BROKEN" };
        writeln!(out, "  {verdict:6} {} ({} checked)", check.invariant, check.checked)?;
        for violation in &check.violations {
            writeln!(out, "         {violation}")?;
        }
    }
    for invariant in Invariant::ALL {
        if report.invariants.checks.iter().all(|check| check.invariant != invariant) {
            writeln!(out, "  -      {invariant} (not with so many people)")?;
        }
    }
    let law = report.littles_law;
    let verdict = if law.ok { "ok" } else { "BROKEN" };
    writeln!(
        out,
        "  {verdict:6} Little's law: {} in line on average, {} s each",
        thousandths(law.mean_line_thousandths),
        thousandths(law.mean_wait_millis)
    )?;
    writeln!(out, "\nseed {}, event hash {}", report.seed, report.event_hash)
}

/// A line for each value of a sweep.
pub(super) fn table(
    out: &mut impl Write,
    path: &str,
    reports: &[(Value, Report)],
) -> io::Result<()> {
    let width = path.len().max(10);
    writeln!(
        out,
        "{path:<width$} {:>10} {:>10} {:>10} {:>8} {:>8} {:>10} {:>9} {:>10}",
        "wait p50", "wait p95", "wait p99", "sold %", "bought", "active max", "lapsed", "sold out"
    )?;
    for (value, report) in reports {
        let sold_out =
            report.sold_out_at_second.map_or("-".to_owned(), |second| second.to_string());
        writeln!(
            out,
            "{:<width$} {:>10} {:>10} {:>10} {:>8} {:>8} {:>10} {:>9} {:>10}",
            value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned),
            thousandths(report.wait.p50_millis),
            thousandths(report.wait.p95_millis),
            thousandths(report.wait.p99_millis),
            hundredths(report.seats.sell_through_basis_points),
            report.people.bought,
            report.counts.active_max,
            report.counts.holds_lapsed,
            sold_out,
        )?;
    }
    Ok(())
}

fn quantiles(of: &Quantiles) -> String {
    format!(
        "p50 {} s, p95 {} s, p99 {} s, at most {} s, of {}",
        thousandths(of.p50_millis),
        thousandths(of.p95_millis),
        thousandths(of.p99_millis),
        thousandths(of.max_millis),
        of.count
    )
}

fn thousandths(number: u64) -> String {
    format!("{}.{}", number / 1_000, number % 1_000 / 100)
}

fn hundredths(number: u64) -> String {
    format!("{}.{:02}", number / 100, number % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use frontrow_core::sim::{Scenario, run};

    #[test]
    fn what_was_not_checked_is_named() {
        let scenario: Scenario = serde_json::from_value(serde_json::json!({
            "version": 1,
            "seed": 7,
            "admission": { "interval_seconds": 10, "batch_size": 10, "active_seconds": 300 },
            "halls": [{ "sections": [{ "name": "R", "rows": 5, "seats_per_row": 20, "price": 1 }] }],
            "arrivals": [{ "kind": "burst", "at_second": 5, "people": 20 }],
        }))
        .unwrap();
        let mut simulated = run(&scenario).unwrap();
        simulated.invariants.checks.retain(|check| check.invariant != Invariant::NoOvertaking);
        let mut out = Vec::new();
        report(&mut out, &simulated).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("\ninvariants, 9 of 10 checked\n"), "{text}");
        assert!(text.contains("\n  -      no_overtaking (not with so many people)\n"), "{text}");
    }
}
