//! OTLP in its JSON form (opentelemetry-proto 1.x, `application/json`): what a collector takes at `/v1/traces` and `/v1/metrics`.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::chronicle::Chronicle;
use super::measure::{Kind, Measure, Number};
use super::span::{Span, Status, Value};

/// The path for spans, from the collector's address.
pub const TRACES: &str = "v1/traces";
/// The path for measures.
pub const METRICS: &str = "v1/metrics";

/// Cumulative, since the journal began.
const CUMULATIVE: u8 = 2;
/// Within the program.
const INTERNAL: u8 = 1;

fn nanos(at: Timestamp) -> String {
    at.as_nanosecond().max(0).to_string()
}

fn value(value: &Value) -> Json {
    match value {
        Value::Text(text) => json!({ "stringValue": text }),
        Value::Int(number) => json!({ "intValue": number.to_string() }),
        Value::Float(number) => json!({ "doubleValue": number }),
        Value::Flag(flag) => json!({ "boolValue": flag }),
        Value::Texts(texts) => {
            let values: Vec<_> = texts.iter().map(|text| json!({ "stringValue": text })).collect();
            json!({ "arrayValue": { "values": values } })
        }
    }
}

fn text(key: &str, text: &str) -> Json {
    json!({ "key": key, "value": { "stringValue": text } })
}

fn resource(chronicle: &Chronicle) -> Json {
    json!({ "attributes": [
        text("service.name", "taskclass"),
        text("service.version", env!("CARGO_PKG_VERSION")),
        text("service.instance.id", chronicle.journal()),
    ] })
}

fn scope() -> Json {
    json!({ "name": "taskclass", "version": env!("CARGO_PKG_VERSION") })
}

/// The body of a request with spans.
pub fn traces(spans: &[Span], chronicle: &Chronicle) -> Vec<u8> {
    let spans: Vec<_> = spans.iter().map(span).collect();
    let scoped = json!([{ "scope": scope(), "spans": spans }]);
    json!({ "resourceSpans": [{ "resource": resource(chronicle), "scopeSpans": scoped }] }).to_string().into_bytes()
}

fn span(span: &Span) -> Json {
    let facts: Vec<_> = span.attributes.iter().map(|(key, fact)| json!({ "key": key, "value": value(fact) })).collect();
    let mut json = json!({
        "traceId": span.trace.to_string(),
        "spanId": span.id.to_string(),
        "name": span.name,
        "kind": INTERNAL,
        "startTimeUnixNano": nanos(span.start),
        "endTimeUnixNano": nanos(span.end),
        "attributes": facts,
        "status": { "code": match span.status { Status::Unset => 0, Status::Fine => 1, Status::Failed => 2 } },
    });
    if let (Some(parent), Json::Object(fields)) = (span.parent, &mut json) {
        fields.insert("parentSpanId".to_owned(), Json::String(parent.to_string()));
    }
    json
}

/// The body of a request with measures.
pub fn metrics(measures: &[Measure], chronicle: &Chronicle, now: Timestamp) -> Vec<u8> {
    let since = chronicle.since().unwrap_or(now).min(now);
    let metrics: Vec<_> =
        measures.iter().filter(|measure| !measure.points.is_empty()).map(|one| metric(one, since, now)).collect();
    let scoped = json!([{ "scope": scope(), "metrics": metrics }]);
    json!({ "resourceMetrics": [{ "resource": resource(chronicle), "scopeMetrics": scoped }] }).to_string().into_bytes()
}

fn metric(measure: &Measure, since: Timestamp, now: Timestamp) -> Json {
    let points: Vec<_> = measure
        .points
        .iter()
        .map(|point| {
            let labels: Vec<_> = point.labels.iter().map(|(key, value)| text(key, value)).collect();
            let mut json = json!({ "attributes": labels, "timeUnixNano": nanos(now) });
            let fields = match &point.value {
                Number::Int(number) => json!({ "asInt": number.to_string() }),
                Number::Float(number) => json!({ "asDouble": number }),
                Number::Histogram(histogram, bounds) => json!({
                    "count": histogram.count.to_string(),
                    "sum": histogram.sum_millis as f64 / 1e3,
                    "bucketCounts": histogram.buckets.iter().map(ToString::to_string).collect::<Vec<_>>(),
                    "explicitBounds": bounds.iter().map(|bound| f64::from(*bound)).collect::<Vec<_>>(),
                }),
            };
            if let (Json::Object(all), Json::Object(fields)) = (&mut json, fields) {
                all.extend(fields);
                if measure.kind != Kind::Gauge {
                    all.insert("startTimeUnixNano".to_owned(), Json::String(nanos(since)));
                }
            }
            json
        })
        .collect();
    let mut json = json!({ "name": measure.name, "unit": measure.unit, "description": measure.help });
    let (field, data) = match measure.kind {
        Kind::Gauge => ("gauge", json!({ "dataPoints": points })),
        Kind::Counter => {
            ("sum", json!({ "dataPoints": points, "aggregationTemporality": CUMULATIVE, "isMonotonic": true }))
        }
        Kind::Histogram => ("histogram", json!({ "dataPoints": points, "aggregationTemporality": CUMULATIVE })),
    };
    if let Json::Object(fields) = &mut json {
        fields.insert(field.to_owned(), data);
    }
    json
}
