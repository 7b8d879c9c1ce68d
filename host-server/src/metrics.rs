//! What a server counts, for Prometheus: requests by route, refusals by code, and what its commits changed.
//! Labels come from closed sets of words, so that their number is bounded.

use crate::execute::CommitObserver;
use async_trait::async_trait;
use frontrow_core::{Event, EventKind, State};
use http::{Method, StatusCode};
use metrics::{Counter, Histogram, Key, Label, Level, Metadata, Recorder, Unit};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusRecorder};
use std::collections::{BTreeMap, HashMap};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

const REQUESTS: &str = "frontrow_http_requests_total";
const REQUEST_SECONDS: &str = "frontrow_http_request_seconds";
const REFUSALS: &str = "frontrow_refusals_total";
const BATCHES: &str = "frontrow_batches_total";
const EVENTS: &str = "frontrow_events_total";

/// Upper bounds of the buckets of [`REQUEST_SECONDS`].
const SECONDS: &[f64] =
    &[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0];

/// Between two tidyings.
const TIDY_EVERY: Duration = Duration::from_secs(5);

const METADATA: Metadata<'static> =
    Metadata::new(module_path!(), Level::INFO, Some(module_path!()));

/// The counters of one server.
pub struct Metrics {
    recorder: PrometheusRecorder,
    /// The meters of requests, so that only the first of a kind looks for them by their labels.
    requests: RwLock<HashMap<RequestKind, RequestMeters>>,
}

/// Method, route and status, each of a closed set.
type RequestKind = (&'static str, &'static str, StatusCode);

struct RequestMeters {
    count: Counter,
    seconds: Histogram,
}

impl RequestMeters {
    fn count(&self, took: Duration) {
        self.seconds.record(took.as_secs_f64());
        self.count.increment(1);
    }
}

impl Default for Metrics {
    /// Counters that stand at zero.
    fn default() -> Self {
        let latency = Matcher::Full(REQUEST_SECONDS.to_owned());
        let builder = PrometheusBuilder::new().set_buckets_for_metric(latency, SECONDS);
        let recorder = builder.expect("it has buckets").build_recorder();
        let count = |name: &'static str, what: &'static str| {
            recorder.describe_counter(name.into(), Some(Unit::Count), what.into());
        };
        count(REQUESTS, "Requests that were answered, by method, route and status");
        count(REFUSALS, "Answers that are problems, by code");
        count(BATCHES, "Transactions that this server committed");
        count(EVENTS, "What this server's commits changed, by kind");
        let what = "Time from a request's head to its answer";
        recorder.describe_histogram(REQUEST_SECONDS.into(), Some(Unit::Seconds), what.into());
        Self { recorder, requests: RwLock::default() }
    }
}

impl Metrics {
    /// A request was answered; a path that no route has is `unknown`.
    pub fn answered(
        &self,
        method: &Method,
        route: Option<&'static str>,
        status: StatusCode,
        code: Option<&'static str>,
        took: Duration,
    ) {
        self.count_request((method_name(method), route.unwrap_or("unknown"), status), took);
        if let Some(code) = code {
            self.counter(&Key::from_parts(REFUSALS, vec![Label::new("code", code)])).increment(1);
        }
    }

    /// Everything, in Prometheus' text format.
    pub fn render(&self) -> String {
        self.recorder.handle().render()
    }

    /// Puts what was measured into its buckets, again and again: until then it takes memory, and nobody may
    /// ever ask for it.
    pub async fn stay_tidy(&self) {
        let mut turns = tokio::time::interval(TIDY_EVERY);
        loop {
            turns.tick().await;
            self.recorder.handle().run_upkeep();
        }
    }

    fn count_request(&self, kind: RequestKind, took: Duration) {
        let known = self.requests.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(meters) = known.get(&kind) {
            return meters.count(took);
        }
        drop(known);
        let (method, route, status) = kind;
        let labels = vec![Label::new("method", method), Label::new("route", route)];
        let seconds = Key::from_parts(REQUEST_SECONDS, labels.clone());
        let seconds = self.recorder.register_histogram(&seconds, &METADATA);
        let status = Label::new("status", status.as_str().to_owned());
        let labels = labels.into_iter().chain([status]).collect::<Vec<_>>();
        let meters =
            RequestMeters { count: self.counter(&Key::from_parts(REQUESTS, labels)), seconds };
        let mut known = self.requests.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(kind).or_insert(meters).count(took);
    }

    fn counter(&self, key: &Key) -> Counter {
        self.recorder.register_counter(key, &METADATA)
    }
}

/// The methods that there are: a caller may send any word.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[async_trait]
impl CommitObserver for Metrics {
    async fn committed(&self, _state: &State, events: &[Event]) {
        self.counter(&Key::from_static_name(BATCHES)).increment(1);
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for event in events.iter().filter(|event| is_counted(&event.kind)) {
            *counts.entry(event.kind.name()).or_default() += 1;
        }
        for (kind, count) in counts {
            self.counter(&Key::from_parts(EVENTS, vec![Label::new("kind", kind)])).increment(count);
        }
    }

    /// What may not have happened is not counted.
    async fn unclear(&self, _state: &State, _events: &[Event]) {}
}

/// Whether an operator watches it; the rest is rare, or follows from it.
const fn is_counted(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::TicketIssued { .. }
            | EventKind::TicketAdmitted { .. }
            | EventKind::TicketExpired { .. }
            | EventKind::TicketLeft { .. }
            | EventKind::SeatsHeld { .. }
            | EventKind::ReservationExpired { .. }
            | EventKind::ReservationReleased { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_answered_is_counted_by_closed_sets_of_words() {
        let metrics = Metrics::default();
        let took = Duration::from_millis(3);
        metrics.answered(&Method::GET, Some("/healthz"), StatusCode::OK, None, took);
        let odd = Method::from_bytes(b"BREW").unwrap();
        let status = StatusCode::NOT_FOUND;
        metrics.answered(&odd, None, status, Some("not_found"), took);
        let text = metrics.render();
        for line in [
            r#"frontrow_http_requests_total{method="GET",route="/healthz",status="200"} 1"#,
            r#"frontrow_http_requests_total{method="other",route="unknown",status="404"} 1"#,
            r#"frontrow_http_request_seconds_bucket{method="GET",route="/healthz",le="0.002"} 0"#,
            r#"frontrow_http_request_seconds_bucket{method="GET",route="/healthz",le="0.005"} 1"#,
            r#"frontrow_refusals_total{code="not_found"} 1"#,
        ] {
            assert!(text.lines().any(|one| one == line), "{line} is not in\n{text}");
        }
    }
}
