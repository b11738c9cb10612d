//! Spans and measures as a collector and a node exporter get them; and a collector that is dead, slow or angry, which nothing waits for.

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{Message, TOKEN, World};

/// A collector on this machine: it keeps what it is sent, and answers with a status.
struct Collector {
    url: String,
    taken: Arc<Mutex<Vec<Message>>>,
}

impl Collector {
    fn start(status: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let taken = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&taken);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that has gone has gone.
                let Ok(Some(message)) = Message::read(&stream) else { continue };
                keep.lock().unwrap().push(message);
                let headers = vec![("content-length".to_owned(), "2".to_owned())];
                let answer = Message { first: format!("HTTP/1.1 {status}"), headers, body: b"{}".to_vec() };
                let _ = answer.write(&stream);
            }
        });
        Self { url, taken }
    }

    fn taken(&self, path: &str) -> Vec<Value> {
        let taken = self.taken.lock().unwrap();
        let ours = taken.iter().filter(|message| message.first == format!("POST {path} HTTP/1.1"));
        ours.map(|message| serde_json::from_slice(&message.body).unwrap()).collect()
    }

    /// Every span that came, in order.
    fn spans(&self) -> Vec<Value> {
        let of = |body: &Value| body["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().unwrap().clone();
        self.taken("/v1/traces").iter().flat_map(of).collect()
    }
}

fn with(world: &World, telemetry: &str) {
    world.configure(&format!("{}telemetry: {telemetry}\n", world.config()));
}

fn id(span: &Value) -> String {
    span["spanId"].as_str().unwrap().to_owned()
}

#[test]
fn a_run_shows_in_the_collector_and_in_the_text_file() {
    let world = World::approved();
    let collector = Collector::start("200 OK");
    fs::write(world.folder().join("key"), "very-secret-key\n").unwrap();
    #[cfg(unix)]
    fs::set_permissions(world.folder().join("key"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let config = "{otlp: {endpoint: \"URL\", headers: {api-key: {file: ../key}}}, prometheus: {file: out.prom}}";
    with(&world, &config.replace("URL", &collector.url));
    world.run(&["--wait"]).exits(0);
    let spans = collector.spans();
    let ids: BTreeSet<_> = spans.iter().map(id).collect();
    assert_eq!(ids.len(), spans.len(), "a span was sent twice");
    let root = spans.iter().find(|span| span["name"] == "task").expect("the task's own span");
    for span in &spans {
        assert_eq!(span["traceId"], root["traceId"]);
        assert!(span == root || span["parentSpanId"] == root["spanId"], "{span}");
        let nanos = |field: &str| span[field].as_str().unwrap().parse::<u128>().unwrap();
        assert!(nanos("startTimeUnixNano") <= nanos("endTimeUnixNano"));
    }
    let names: BTreeSet<_> = spans.iter().map(|span| span["name"].as_str().unwrap()).collect();
    assert!(names.is_superset(&["task", "queue", "submit", "session", "evidence"].into()), "{names:?}");
    // Times against the journal: from planning to the verdict.
    let nanos = |event: &Value| {
        let moment = |field: &str| event[field].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        moment("occurred").min(moment("observed")).as_nanosecond().to_string()
    };
    let events = world.views().events();
    let of = |kind: &str| events.iter().find(|event| event["kind"] == kind).unwrap();
    assert_eq!(root["startTimeUnixNano"], json!(nanos(of("planned"))));
    assert_eq!(root["endTimeUnixNano"], json!(nanos(of("judged"))));

    let metrics = collector.taken("/v1/metrics");
    let last = metrics.last().expect("measures");
    let measures = last["resourceMetrics"][0]["scopeMetrics"][0]["metrics"].as_array().unwrap();
    let verdicts = measures.iter().find(|measure| measure["name"] == "taskclass.verdicts").unwrap();
    assert_eq!(verdicts["sum"]["dataPoints"][0]["asInt"], "1");
    assert_eq!(verdicts["sum"]["isMonotonic"], true);
    let text = fs::read_to_string(world.executor_folder().join("out.prom")).unwrap();
    assert!(text.contains("taskclass_verdicts_total{class=\"dependency-bump\",verdict=\"accepted\"} 1\n"), "{text}");

    // The key goes in its header; nothing else of what is secret goes anywhere.
    for message in collector.taken.lock().unwrap().iter() {
        let header = |name: &str| message.headers.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str());
        assert_eq!((header("api-key"), header("content-type")), (Some("very-secret-key"), Some("application/json")));
        let body = String::from_utf8_lossy(&message.body).into_owned();
        for secret in [TOKEN, "very-secret-key", "1.0.230", "Task-Class-Key"] {
            assert!(!body.contains(secret), "{secret}");
        }
    }
    // Another process sends what is new, and nothing again.
    let sent = spans.len();
    world.executor(&["tick"]).exits(0);
    assert_eq!(collector.spans().len(), sent);
    assert!(collector.taken("/v1/metrics").len() > metrics.len());
}

#[test]
fn a_dead_collector_holds_nothing_up_and_the_next_process_says_it_all() {
    let world = World::approved();
    // Nobody listens there.
    let gone = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    with(&world, &format!("{{otlp: {{endpoint: \"{url}\"}}}}"));
    let ended = world.run(&["--wait"]).exits(0).says(&["telemetry: the collector at 127.0.0.1", "cannot be reached"]);
    assert_eq!(ended.stderr.matches("telemetry:").count(), 1, "said more than once\n{ended}");
    // One that listens and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    with(&world, &format!("{{otlp: {{endpoint: \"http://{}\"}}}}", silent.local_addr().unwrap()));
    let begun = Instant::now();
    world.executor(&["tick"]).exits(0).says(&["does not answer in time"]);
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    // Once it is there, it gets all of it.
    let collector = Collector::start("200 OK");
    with(&world, &format!("{{otlp: {{endpoint: \"{}\"}}}}", collector.url));
    world.executor(&["tick"]).exits(0);
    let names: Vec<_> = collector.spans().iter().map(|span| span["name"].as_str().unwrap().to_owned()).collect();
    assert!(names.iter().any(|name| name == "task") && names.iter().any(|name| name == "queue"), "{names:?}");
    world.executor(&["tick"]).exits(0);
    assert_eq!(collector.spans().len(), names.len(), "what was delivered is not sent again");
}

#[test]
fn an_angry_collector_and_a_folder_that_is_not_there_fail_no_run() {
    let world = World::approved();
    let collector = Collector::start("400 Bad Request");
    let config = "{otlp: {endpoint: \"URL\"}, prometheus: {file: nowhere/out.prom}}";
    with(&world, &config.replace("URL", &collector.url));
    world.run(&["--wait"]).exits(0).says(&["nowhere/out.prom cannot be written"]);
    assert!(!collector.spans().is_empty());
}

#[test]
fn the_environment_counts_only_where_the_configuration_says_so() {
    let world = World::approved();
    let collector = Collector::start("200 OK");
    let run = |world: &World| {
        let mut command = world.command(&World::run_arguments(&["--wait"]));
        command.env("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url);
        crate::harness::Running::start(command).wait()
    };
    run(&world).exits(0);
    assert!(collector.taken.lock().unwrap().is_empty(), "nobody asked for it");
    with(&world, "{otlp: {}}");
    run(&world).exits(0);
    assert!(!collector.spans().is_empty());
    // Without the variable it is said, and nothing fails.
    world.run(&["--wait"]).exits(0).says(&["OTEL_EXPORTER_OTLP_ENDPOINT is not set"]);
    with(&world, "{otlp: {headers: {api-key: {env: PATH}}}}");
    let mut command = world.command(&["tick"]);
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url);
    crate::harness::Running::start(command).wait().fails_clearly(2, &["telemetry.otlp", "`endpoint`"]);
    with(&world, "{otlp: {endpoint: \"http://collector.example.com:4318\", headers: {api-key: {env: PATH}}}}");
    world.executor(&["tick"]).fails_clearly(2, &["telemetry.otlp.endpoint", "https://"]);
}

/// What a proxy is asked for in clear, it reads: also the header that is the key to the collector.
#[test]
fn what_goes_in_clear_goes_to_no_proxy() {
    let world = World::approved();
    let (collector, proxy) = (Collector::start("200 OK"), Collector::start("200 OK"));
    let url = collector.url.replace("127.0.0.1", "localhost");
    with(&world, &format!("{{otlp: {{endpoint: \"{url}\", headers: {{api-key: {{env: OTLP_KEY}}}}}}}}"));
    let mut command = world.command(&["tick"]);
    command.env("OTLP_KEY", "very-secret-key");
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env(name, &proxy.url);
    }
    crate::harness::Running::start(command).wait().exits(0);
    assert!(proxy.taken.lock().unwrap().is_empty(), "the proxy was asked");
    assert!(!collector.taken("/v1/metrics").is_empty());
}

#[test]
fn while_the_last_of_it_is_sent_other_processes_get_through() {
    let world = World::approved();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    with(&world, &format!("{{otlp: {{endpoint: \"http://{}\"}}}}", silent.local_addr().unwrap()));
    let mut tick = world.begin(&["tick"]);
    let _held = silent.accept().unwrap();
    let lock = world.executor_folder().join("taskclass.db.lock");
    crate::harness::until("the state given up", || fs::File::open(&lock).ok()?.try_lock().is_ok().then_some(()));
    assert!(tick.runs(), "the state was held to the end");
    tick.wait().exits(0).says(&["does not answer in time"]);
}
