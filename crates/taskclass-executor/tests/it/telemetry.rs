//! Spans and measures against the journal that they are made from.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::Timestamp;
use serde_json::Value;
use taskclass_executor::{
    Ledger, StoreError,
    audit::Head,
    event::{Body, Event},
    store::Journal,
    telemetry::{
        Chronicle, Kind, Measure, Number, Point, measures, otlp, prometheus,
        span::{Span, Status},
    },
    vocab::{State, Verdict},
};
use taskclass_spec::Digest;

use crate::registry;
use crate::rig::{Rig, bump};

/// A journal in which something was lived through, as far as it is written yet.
#[derive(Clone)]
struct Lived {
    id: String,
    lines: Vec<String>,
    /// How much of it is written.
    until: usize,
    /// The end of it.
    now: Timestamp,
}

impl Lived {
    fn until(&self, until: usize) -> Self {
        Self { until, ..self.clone() }
    }

    fn events(&self) -> Vec<Event> {
        self.lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn ledger(&self) -> Ledger {
        Ledger::load(self).unwrap()
    }

    fn chronicle(&self) -> (Chronicle, Vec<Span>) {
        let mut chronicle = Chronicle::begin(&self.until(0)).unwrap();
        let spans = chronicle.follow(self).unwrap();
        (chronicle, spans)
    }
}

impl Journal for Lived {
    fn id(&self) -> &str {
        &self.id
    }

    fn head(&self) -> Result<Head, StoreError> {
        let last = self.lines[..self.until].last().map(|line| serde_json::from_str::<Event>(line).unwrap());
        Ok(last.map_or_else(Head::empty, |event| Head { count: event.seq, hash: event.hash }))
    }

    fn lines(&self, after: u64, visit: &mut dyn FnMut(&str) -> bool) -> Result<(), StoreError> {
        let after = usize::try_from(after).unwrap();
        self.lines[..self.until].iter().skip(after).all(|line| visit(line));
        Ok(())
    }

    fn payload(&self, _: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(None)
    }

    fn payloads(&self, _: &mut dyn FnMut(Digest, u64) -> bool) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Journals with different lives in them.
fn journals() -> &'static [Lived] {
    static JOURNALS: LazyLock<Vec<Lived>> = LazyLock::new(|| {
        let lives = [
            "",
            // Its pull request is merged, two hours after it was opened.
            "agents:\n  - sessions: [{}]\n    later: [{after: 1h, do: {kind: approve}}, {after: 1h, do: {kind: merge}}]\n",
            // It comes back to life.
            "agents:\n  - sessions: [{work: 40m}, {after: 1h, work: 3m}]\n",
            "agents:\n  - sessions: [{outcome: failed}]\n",
            "agents:\n  - sessions: [{files: [{path: Makefile}]}]\n",
        ];
        lives.iter().map(|life| live(life)).collect()
    });
    &JOURNALS
}

fn live(life: &str) -> Lived {
    // A single run counts as the class's first stage, which opens no pull request: here it does.
    let class = registry::edited(&[
        ("{name: proof, repositories: 1, repeat: 3, pull_request: never}", "{name: proof, repositories: 1, repeat: 3}"),
        ("create: after_validation", "create: by_agent"),
    ]);
    let rig = Rig::with(class, life);
    let mut executor = rig.open();
    rig.bump(&mut executor);
    // Another beside it, and one that is refused.
    executor.start_run(&rig.class("dependency-bump"), &bump("acme/svc-billing")).unwrap();
    executor.start_run(&rig.class("dependency-bump"), &bump("other/place")).unwrap_err();
    rig.run_for(&mut executor, 4 * 3600);
    drop(executor);
    let lines = rig.store.all();
    Lived { id: rig.store.id().to_owned(), until: lines.len(), lines, now: rig.clock.0.get() }
}

#[test]
fn whoever_exports_and_however_often_it_is_the_same() {
    for lived in journals() {
        let ledger = lived.ledger();
        let (whole, spans) = lived.chronicle();
        let ids: BTreeSet<_> = spans.iter().map(|span| span.id).collect();
        assert_eq!(ids.len(), spans.len(), "an id twice");
        // A process that ends after each event, and leaves the fold to the next one.
        let mut kept = Chronicle::begin(&lived.until(0)).unwrap().to_bytes();
        let mut bit_by_bit = Vec::new();
        for length in 1..=lived.lines.len() {
            let journal = lived.until(length);
            let mut next = Chronicle::go_on(&kept, &journal).unwrap().expect("it follows");
            bit_by_bit.extend(next.follow(&journal).unwrap());
            assert!(next.follow(&journal).unwrap().is_empty(), "a span comes out once");
            next.forget(&journal.ledger());
            kept = next.to_bytes();
        }
        assert!(bit_by_bit == spans, "{} spans, and {} at once", bit_by_bit.len(), spans.len());
        // What happened before telemetry was turned on is counted, and its spans stay history.
        let later = Chronicle::begin(lived).unwrap();
        assert_eq!(measures(&ledger, &later, lived.now), measures(&ledger, &whole, lived.now));
        let mut from_half = Chronicle::begin(&lived.until(lived.lines.len() / 2)).unwrap();
        let rest = from_half.follow(lived).unwrap();
        assert!(!rest.is_empty() && rest == spans[spans.len() - rest.len()..]);
        // Of another journal, or of one that went another way, it is not gone on with.
        let other = Lived { id: "another".to_owned(), ..lived.clone() };
        assert!(Chronicle::go_on(&kept, &other).unwrap().is_none());
        let text = String::from_utf8(kept).unwrap();
        let head = lived.head().unwrap().hash;
        assert!(text.contains(&head));
        assert!(Chronicle::go_on(text.replace(&head, &"0".repeat(64)).as_bytes(), lived).unwrap().is_none());
        assert!(Chronicle::go_on(b"{}", lived).unwrap().is_none());
    }
}

/// When a state was entered, as a span tells it: by GitHub's clock where that is the earlier one.
fn at(event: &Event) -> Timestamp {
    event.occurred.min(event.observed)
}

#[test]
fn spans_have_the_journals_times_and_hang_on_their_task() {
    let mut lives = BTreeSet::new();
    for lived in journals() {
        let events = lived.events();
        let (_, spans) = lived.chronicle();
        let ledger = lived.ledger();
        for (key, task) in &ledger.tasks {
            let of_key = |span: &&Span| {
                span.attributes
                    .iter()
                    .any(|(name, value)| *name == "taskclass.key" && format!("{value:?}").contains(key.as_str()))
            };
            let own: Vec<_> = spans.iter().filter(of_key).collect();
            let roots: Vec<_> = own.iter().filter(|span| span.parent.is_none()).collect();
            lives.insert(roots.len());
            let history: Vec<_> = events.iter().filter(|event| event.key.as_ref() == Some(key)).collect();
            assert_eq!(roots[0].start, at(history[0]), "a task begins when it was planned");
            let verdict = history.iter().find(
                |event| matches!(&event.body, Body::Judged(judgement) if judgement.verdict != Verdict::Inconclusive),
            );
            if let Some(verdict) = verdict {
                assert_eq!(roots[0].end, at(verdict), "and ends with its verdict");
            }
            let moments: BTreeSet<_> = history.iter().map(|event| at(event)).collect();
            for root in &roots {
                assert_eq!(root.name, "task");
                assert_eq!(
                    root.status == Status::Fine,
                    matches!(task.state, State::Merged)
                        || root.attributes.iter().any(|(_, value)| format!("{value:?}").contains("verdict.accepted"))
                );
                // What a task was in leaves no gap in it, and nothing overlaps.
                let mut inside: Vec<_> = own
                    .iter()
                    .filter(|span| span.parent == Some(root.id) && span.start < root.end && span.end <= root.end)
                    .collect();
                inside.sort_by_key(|span| (span.start, span.end));
                let mut reached = root.start;
                for span in inside {
                    assert_eq!(span.start, reached, "a gap before `{}`", span.name);
                    reached = span.end;
                }
                assert_eq!(reached, root.end, "a gap at the end");
            }
            for span in &own {
                assert_eq!(span.trace, roots[0].trace);
                assert!(span.start <= span.end && moments.contains(&span.start) && moments.contains(&span.end));
                assert!(span.parent.is_none() || roots.iter().any(|root| Some(root.id) == span.parent));
            }
            let names: BTreeSet<_> = own.iter().map(|span| span.name).collect();
            for name in ["queue", "submit", "session", "evidence"] {
                assert!(names.contains(name), "no `{name}` in {names:?}");
            }
        }
        let traces: BTreeSet<_> = spans.iter().map(|span| span.trace).collect();
        assert_eq!(traces.len(), ledger.runs.len(), "a trace a run");
    }
    assert!(lives.contains(&2), "no task came back to life");
}

/// OTLP's JSON, held to what the protocol says: ids in hexadecimal, 64-bit numbers as texts, nothing without a name.
fn decode(body: &[u8], spans: &[Span]) {
    let json: Value = serde_json::from_slice(body).unwrap();
    let of = &json["resourceSpans"][0];
    let name = of["resource"]["attributes"].as_array().unwrap().iter().find(|fact| fact["key"] == "service.name");
    assert_eq!(name.unwrap()["value"]["stringValue"], "taskclass");
    let sent = of["scopeSpans"][0]["spans"].as_array().unwrap();
    assert_eq!(sent.len(), spans.len());
    let hex = |value: &Value, digits: usize| {
        let text = value.as_str().unwrap().to_owned();
        assert!(text.len() == digits && text.bytes().all(|b| b.is_ascii_hexdigit()), "{text}");
        assert!(text.bytes().any(|b| b != b'0'), "an id of zeros is none");
        text
    };
    for (sent, span) in sent.iter().zip(spans) {
        assert_eq!(hex(&sent["traceId"], 32), span.trace.to_string());
        assert_eq!(hex(&sent["spanId"], 16), span.id.to_string());
        assert_eq!(sent.get("parentSpanId").map(|id| hex(id, 16)), span.parent.map(|id| id.to_string()));
        for (field, moment) in [("startTimeUnixNano", span.start), ("endTimeUnixNano", span.end)] {
            assert_eq!(sent[field].as_str().unwrap().parse::<i128>().unwrap(), moment.as_nanosecond());
        }
        for fact in sent["attributes"].as_array().unwrap() {
            let value = fact["value"].as_object().unwrap();
            let (kind, value) = value.iter().next().unwrap();
            match kind.as_str() {
                "stringValue" => assert!(value.is_string()),
                "intValue" => drop(value.as_str().unwrap().parse::<i64>().unwrap()),
                "doubleValue" => assert!(value.is_number()),
                "boolValue" => assert!(value.is_boolean()),
                "arrayValue" => assert!(value["values"].is_array()),
                other => panic!("{other}"),
            }
        }
    }
}

#[test]
fn what_is_sent_says_what_the_spans_say_and_no_secret_and_no_free_text() {
    for lived in journals() {
        let (chronicle, spans) = lived.chronicle();
        let traces = otlp::traces(&spans, &chronicle);
        decode(&traces, &spans);
        let ledger = lived.ledger();
        let all = measures(&ledger, &chronicle, lived.now);
        let metrics = otlp::metrics(&all, &chronicle, lived.now);
        let text = prometheus::text(&all);
        let everything = [traces, metrics, text.clone().into_bytes(), chronicle.to_bytes()].concat();
        let everything = String::from_utf8(everything).unwrap();
        // The token; an input; the prompt; a caller's own words; a reason.
        for telltale in ["github_pat", "1.0.230", "Task-Class-Key", "said so in", "Makefile", "archived"] {
            assert!(!everything.contains(telltale), "{telltale}");
        }
        // Labels stay few however many tasks there are.
        for key in ledger.tasks.keys() {
            assert!(!text.contains(key.as_str()) && !text.contains(key.short()));
        }
    }
}

/// One sample of an exposition.
type Sample = (String, BTreeMap<String, String>, f64);

/// Reads the text format as strictly as it is written down: HELP, TYPE, then all samples of the family; labels quoted and escaped.
fn exposition(text: &str) -> BTreeMap<String, (String, Vec<Sample>)> {
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let mut families: BTreeMap<String, (String, Vec<Sample>)> = BTreeMap::new();
    let mut lines = text.lines().peekable();
    assert!(text.ends_with('\n'));
    while let Some(line) = lines.next() {
        let (name, help) = line.strip_prefix("# HELP ").expect("a family begins with HELP").split_once(' ').unwrap();
        assert!(is_name(name) && name.starts_with("taskclass_") && !help.is_empty(), "{line}");
        let kind = lines.next().unwrap().strip_prefix(&format!("# TYPE {name} ")).expect("TYPE follows HELP");
        assert!(["gauge", "counter", "histogram"].contains(&kind), "{kind}");
        let mut samples: Vec<Sample> = Vec::new();
        while let Some(line) = lines.next_if(|line| !line.starts_with('#')) {
            let (series, value) = line.rsplit_once(' ').unwrap();
            let (sample, labels) = series
                .split_once('{')
                .map_or((series, ""), |(name, rest)| (name, rest.strip_suffix('}').expect("labels end with a brace")));
            let suffix = sample.strip_prefix(name).expect("a sample of its family");
            let of_histogram = kind == "histogram" && ["_bucket", "_sum", "_count"].contains(&suffix);
            assert!(suffix.is_empty() && kind != "histogram" || of_histogram, "{line}");
            let mut read = BTreeMap::new();
            let mut rest = labels;
            while !rest.is_empty() {
                let (label, after) = rest.split_once("=\"").unwrap();
                assert!(is_name(label), "{label}");
                let mut value = String::new();
                let mut characters = after.char_indices();
                let end = loop {
                    match characters.next().expect("a value ends with a quote") {
                        (end, '"') => break end,
                        (_, '\\') => value.push(match characters.next().unwrap().1 {
                            'n' => '\n',
                            c @ ('\\' | '"') => c,
                            other => panic!("\\{other}"),
                        }),
                        (_, c) => value.push(c),
                    }
                };
                assert!(read.insert(label.to_owned(), value).is_none(), "{label} twice");
                rest = &after[end + 1..];
                rest = rest.strip_prefix(',').unwrap_or(rest);
            }
            let sample = (sample.to_owned(), read, value.parse().unwrap());
            assert!(!samples.iter().any(|(name, labels, _)| (name, labels) == (&sample.0, &sample.1)), "twice: {line}");
            samples.push(sample);
        }
        assert!(!samples.is_empty());
        assert!(families.insert(name.to_owned(), (kind.to_owned(), samples)).is_none(), "{name} twice");
    }
    families
}

#[test]
fn the_text_file_says_what_the_journal_says() {
    for lived in journals() {
        let events = lived.events();
        let (mut chronicle, spans) = lived.chronicle();
        let ledger = lived.ledger();
        let now = lived.now;
        chronicle.pulse.ticked = Some(now);
        let families = exposition(&prometheus::text(&measures(&ledger, &chronicle, now)));
        let sum = |name: &str, labels: &[(&str, &str)]| -> f64 {
            let (_, samples) = families.get(name).unwrap_or_else(|| panic!("no {name}"));
            let fits =
                |sample: &&Sample| labels.iter().all(|(name, value)| sample.1.get(*name).is_some_and(|v| v == value));
            samples.iter().filter(fits).map(|sample| sample.2).sum()
        };
        let count = |is: &dyn Fn(&Body) -> bool| events.iter().filter(|event| is(&event.body)).count() as f64;
        assert_eq!(sum("taskclass_tasks", &[("class", "dependency-bump")]), ledger.tasks.len() as f64);
        for task in ledger.tasks.values() {
            assert!(sum("taskclass_tasks", &[("state", &task.state.to_string())]) >= 1.0);
        }
        assert_eq!(sum("taskclass_journal_events_total", &[]), events.len() as f64);
        assert_eq!(sum("taskclass_submissions_total", &[]), count(&|body| matches!(body, Body::Sending { .. })));
        assert_eq!(sum("taskclass_verdicts_total", &[]), count(&|body| matches!(body, Body::Judged(_))));
        assert_eq!(sum("taskclass_runs_refused_total", &[]), 1.0);
        assert_eq!(sum("taskclass_last_tick_timestamp_seconds", &[]), now.as_millisecond() as f64 / 1e3);
        assert!(
            !families.contains_key("taskclass_last_github_read_timestamp_seconds"),
            "what is not known is not told"
        );
        let charged: u64 = ledger.tasks.values().map(|task| task.charged().0).sum();
        assert!((sum("taskclass_spend_credits", &[("period", "month")]) - charged as f64 / 1e9).abs() < 1e-6);
        // Histograms grow along their buckets, and end with all of them.
        let (kind, samples) = &families["taskclass_phase_duration_seconds"];
        assert_eq!(kind, "histogram");
        let mut before: BTreeMap<&str, f64> = BTreeMap::new();
        for (name, labels, value) in samples.iter().filter(|sample| sample.0.ends_with("_bucket")) {
            let so_far = before.entry(&labels["phase"]).or_insert(0.0);
            assert!(*value >= *so_far, "{name} {labels:?}");
            *so_far = *value;
        }
        for (phase, all) in before {
            assert_eq!(sum("taskclass_phase_duration_seconds", &[("phase", phase), ("le", "+Inf")]), all);
            let own: Vec<_> = spans.iter().filter(|span| span.name == phase).collect();
            assert_eq!(own.len() as f64, all);
            let seconds: f64 = own.iter().map(|span| span.end.duration_since(span.start).as_secs_f64()).sum();
            let told = samples.iter().find(|sample| sample.0.ends_with("_sum") && sample.1["phase"] == *phase).unwrap();
            assert!((told.2 - seconds).abs() < 0.01, "{phase}");
        }
    }
}

#[test]
fn a_label_says_itself_whatever_stands_in_it() {
    let nasty = "a \"b\" \\ c\nd{e=\"f\"} 1";
    let point = Point { labels: vec![("class", nasty.to_owned())], value: Number::Int(7) };
    let help = "Two\nlines \\ and \"quotes\".";
    let measure = Measure { name: "taskclass.x", unit: "s", help, kind: Kind::Counter, points: vec![point] };
    let families = exposition(&prometheus::text(&[measure]));
    let (_, samples) = &families["taskclass_x_seconds_total"];
    assert_eq!(samples[0].1["class"], nasty);
    assert_eq!(samples[0].2, 7.0);
}
