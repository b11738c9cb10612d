use std::{io::Read as _, net::TcpListener};

use taskclass_executor::{SqliteStore, book::Book, event::Body};
use taskclass_spec::written::Otlp;

use super::*;

/// A state with a few events, and telemetry of it to this endpoint.
fn active(folder: &Path, endpoint: String, prometheus: Option<PathBuf>) -> (Active, Ledger) {
    let state = folder.join("state.db");
    let mut book = Book::open(Box::new(SqliteStore::open(&state).unwrap()), Timestamp::UNIX_EPOCH).unwrap();
    let started = book.plain(Timestamp::UNIX_EPOCH, Body::Started { by: "alice".to_owned() });
    book.commit(vec![started], Vec::new()).unwrap();
    drop(book);
    let otlp = Otlp { endpoint: Some(endpoint), ..Otlp::default() };
    let Ok(Ok(collector)) = Collector::of(&otlp, folder) else { panic!("the collector is not taken") };
    let collector = Some(Export::new(Sender::start(collector)));
    let kept = folder.join("state.db.telemetry");
    let mut active = Active { state: state.clone(), kept, chronicle: None, prometheus, collector, said: None };
    active.chronicle = Some(active.take_up().unwrap());
    let ledger = Ledger::load(&SqliteReader::open(&state).unwrap()).unwrap();
    (active, ledger)
}

#[test]
fn a_collector_that_never_answers_is_waited_for_once_and_so_long_and_no_longer() {
    let folder = tempfile::tempdir().unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let (mut active, ledger) = active(folder.path(), url, None);
    // Something is on its way already.
    active.after(&TickReport::default(), &ledger, Timestamp::UNIX_EPOCH).unwrap();
    let begun = Instant::now();
    assert!(!active.finish(&ledger, Timestamp::UNIX_EPOCH, Duration::from_millis(100)));
    assert!(begun.elapsed() < WELL_BELOW_AN_EXCHANGE, "{:?}", begun.elapsed());
}

/// An exchange may take three seconds.
const WELL_BELOW_AN_EXCHANGE: Duration = Duration::from_secs(2);

#[test]
fn the_end_sends_the_measures_once() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (count, counted) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
                request.push(byte[0]);
            }
            let head = String::from_utf8(request).unwrap().to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
            let mut body = vec![0; length];
            stream.read_exact(&mut body).unwrap();
            count.send(head.starts_with("post /v1/metrics")).unwrap();
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}");
        }
    });
    let (mut active, ledger) = active(folder.path(), url, None);
    assert!(active.finish(&ledger, Timestamp::UNIX_EPOCH, Duration::from_secs(60)));
    assert_eq!(counted.try_iter().filter(|is_metrics| *is_metrics).count(), 1);
}

#[test]
fn neither_of_two_files_that_cannot_be_written_hides_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("nowhere/out.prom");
    let (mut active, ledger) = active(folder.path(), "http://127.0.0.1:9".to_owned(), Some(nowhere));
    active.kept = folder.path().join("gone/state.db.telemetry");
    let trouble = active.after(&TickReport::default(), &ledger, Timestamp::UNIX_EPOCH).unwrap_err();
    assert!(trouble.contains("out.prom cannot be written"), "{trouble}");
    assert!(trouble.contains("state.db.telemetry cannot be written"), "{trouble}");
}
