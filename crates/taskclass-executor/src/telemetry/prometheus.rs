//! Prometheus's text format, as node exporter's textfile collector reads it.

use std::fmt::Write as _;

use super::measure::{Kind, Measure, Number};

/// Writes measures as a `.prom` file. Names are OpenTelemetry's with underscores, `_seconds` for times, `_total` for what only grows.
pub fn text(measures: &[Measure]) -> String {
    let mut out = String::new();
    for measure in measures.iter().filter(|measure| !measure.points.is_empty()) {
        let name = name(measure);
        let kind = match measure.kind {
            Kind::Gauge => "gauge",
            Kind::Counter => "counter",
            Kind::Histogram => "histogram",
        };
        // Writing to a text cannot fail.
        let _ = writeln!(out, "# HELP {name} {}\n# TYPE {name} {kind}", escaped(measure.help, false));
        for point in &measure.points {
            match &point.value {
                Number::Int(value) => line(&mut out, &name, &point.labels, None, &value.to_string()),
                Number::Float(value) => line(&mut out, &name, &point.labels, None, &value.to_string()),
                Number::Histogram(histogram, bounds) => {
                    let bucket = format!("{name}_bucket");
                    let mut below = 0;
                    for (place, count) in histogram.buckets.iter().enumerate() {
                        below += count;
                        let bound = bounds.get(place).map_or_else(|| "+Inf".to_owned(), ToString::to_string);
                        line(&mut out, &bucket, &point.labels, Some(&bound), &below.to_string());
                    }
                    let sum = histogram.sum_millis as f64 / 1e3;
                    line(&mut out, &format!("{name}_sum"), &point.labels, None, &sum.to_string());
                    line(&mut out, &format!("{name}_count"), &point.labels, None, &histogram.count.to_string());
                }
            }
        }
    }
    out
}

fn name(measure: &Measure) -> String {
    let mut name = measure.name.replace('.', "_");
    if measure.unit == "s" {
        name.push_str("_seconds");
    }
    if measure.kind == Kind::Counter {
        name.push_str("_total");
    }
    name
}

fn line(out: &mut String, name: &str, labels: &[(&'static str, String)], le: Option<&str>, value: &str) {
    let labels = labels.iter().map(|(label, value)| (*label, value.as_str())).chain(le.map(|bound| ("le", bound)));
    let labels: Vec<_> = labels.map(|(label, value)| format!("{label}=\"{}\"", escaped(value, true))).collect();
    let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
    let _ = writeln!(out, "{name}{labels} {value}");
}

fn escaped(text: &str, quotes: bool) -> String {
    let text = text.replace('\\', r"\\").replace('\n', r"\n");
    if quotes { text.replace('"', "\\\"") } else { text }
}
