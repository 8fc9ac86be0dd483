//! Numbers for operators in the text format of Prometheus, labelled by route template only.

use metrics::{Counter, Histogram, counter, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::{cell::RefCell, collections::HashMap, sync::OnceLock, time::Duration};

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Upper bounds of the buckets of durations, in seconds.
const BUCKETS: [f64; 8] = [0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0];

fn handle() -> Option<&'static PrometheusHandle> {
    HANDLE
        .get_or_init(|| {
            PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)
                .ok()?
                .install_recorder()
                .ok()
        })
        .as_ref()
}

/// Starts counting; once a process.
pub fn start() {
    handle();
}

/// What a route is counted by: its durations, and its answers by method and status.
type Counted = (Histogram, Vec<(&'static str, u16, Counter)>);

thread_local! {
    /// By route; looking a counter up by its labels takes longer than counting.
    static COUNTED: RefCell<HashMap<String, Counted>> = RefCell::default();
}

/// Counts one answer.
pub fn count(method: &'static str, route: &str, status: u16, took: Duration) {
    COUNTED.with_borrow_mut(|counted| {
        let new = || {
            let took = histogram!("http_request_duration_seconds", "route" => route.to_owned());
            (took, Vec::new())
        };
        let (durations, answers) = match counted.get_mut(route) {
            Some(known) => known,
            None => counted.entry(route.to_owned()).or_insert_with(new),
        };
        durations.record(took.as_secs_f64());
        let is_known = |known: &&(&str, u16, Counter)| (known.0, known.1) == (method, status);
        match answers.iter().find(is_known) {
            Some((_, _, count)) => count.increment(1),
            None => {
                let count = counter!("http_requests_total", "method" => method, "route" => route.to_owned(), "status" => status.to_string());
                count.increment(1);
                answers.push((method, status, count));
            }
        }
    });
}

/// Puts durations into their buckets; until then each is kept.
pub fn sum_up() {
    if let Some(handle) = handle() {
        handle.run_upkeep();
    }
}

/// Everything counted so far.
pub fn render() -> String {
    handle().map(PrometheusHandle::render).unwrap_or_default()
}
