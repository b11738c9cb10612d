//! The real transport: where the token goes and does not go, what is repeated and is not, what a broken connection means.

use std::net::TcpListener;
use std::time::Duration;

use taskclass_github::*;

use crate::fake::repo;
use crate::server::{Act, SECRET, Server, answer, transport};

const USER: &str = r#"{"id":1,"login":"ada"}"#;
const TASK: &str = r#"{"id":"t1","state":"queued","created_at":"2026-11-21T12:00:00Z"}"#;

fn client(server: &Server) -> Client<HttpTransport> {
    Client::new(server.transport(), ApiUrl::parse(&server.url()).unwrap())
}

fn submit(server: &Server) -> Submission {
    client(server).create_task_bytes(&repo(), br#"{"prompt":"p"}"#).submission
}

fn is_unknown(submission: &Submission) -> bool {
    matches!(submission, Submission::Unknown(_))
}

#[test]
fn what_is_sent() {
    let server = Server::start([answer(201, "", TASK)]);
    assert!(matches!(submit(&server), Submission::Created(_)));
    let text = server.received()[0].text.to_ascii_lowercase();
    assert!(text.starts_with("post /agents/repos/octo-org/widgets/tasks http/1.1\r\n"), "{text}");
    assert!(text.ends_with("\r\n\r\n{\"prompt\":\"p\"}"), "{text}");
    for field in [
        format!("authorization: bearer {SECRET}\r\n"),
        "accept: application/vnd.github+json\r\n".to_owned(),
        "x-github-api-version: 2026-03-10\r\n".to_owned(),
        "content-type: application/json\r\n".to_owned(),
        "content-length: 14\r\n".to_owned(),
    ] {
        assert_eq!(text.matches(&field).count(), 1, "{field} in {text}");
    }
    for field in ["accept-encoding", "referer", "cookie"] {
        assert!(!text.contains(field), "{field} in {text}");
    }
}

#[test]
fn a_read_follows_a_redirect_within_the_origin() {
    let server = Server::start([
        answer(301, "location: /repositories/1/user?x=%2F\r\n", ""),
        answer(307, "location: LATER\r\n", ""),
        answer(200, "", USER),
    ]);
    assert_eq!(client(&server).get_user().unwrap().value.login, "ada");
    let lines: Vec<String> = server.received().iter().map(|r| r.text.lines().next().unwrap().to_owned()).collect();
    assert_eq!(
        lines,
        ["GET /user HTTP/1.1", "GET /repositories/1/user?x=%2F HTTP/1.1", "GET /repositories/1/LATER HTTP/1.1"]
    );
}

#[test]
fn a_redirect_to_another_host_is_not_followed_and_the_token_stays() {
    let other = Server::start([answer(200, "", USER)]);
    for status in [301, 302, 303, 307, 308] {
        let server = Server::start([answer(status, &format!("location: {}/user\r\n", other.url()), "")]);
        let error = client(&server).get_user().unwrap_err();
        assert_eq!(error.api().unwrap().kind, ApiErrorKind::Redirected, "{status}");
        assert_eq!(server.received().len(), 1);
    }
    // The same machine under another name is another origin.
    let server = Server::start([answer(301, "location: http://localhost:1/user\r\n", "")]);
    assert_eq!(client(&server).get_user().unwrap_err().api().unwrap().kind, ApiErrorKind::Redirected);
    assert!(other.received().is_empty());
}

#[test]
fn redirects_without_end_end() {
    let server = Server::start(vec![answer(302, "location: /user\r\n", ""); 50]);
    assert_eq!(client(&server).get_user().unwrap_err().api().unwrap().kind, ApiErrorKind::Redirected);
    assert_eq!(server.received().len(), 6);
}

#[test]
fn a_post_or_patch_follows_no_redirect() {
    for status in [301, 302, 303, 307, 308] {
        let redirect = || answer(status, "location: /elsewhere\r\n", "");
        let server = Server::start([redirect(), redirect()]);
        assert!(is_unknown(&submit(&server)), "{status}");
        let change = UpdatePull { state: Some(OpenState::Closed), ..UpdatePull::default() };
        client(&server).update_pull(&repo(), PullNumber(1), &change).unwrap_err();
        assert_eq!(server.received().len(), 2, "{status}");
    }
}

#[test]
fn a_closed_port_is_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::new(transport(&url, HttpOptions::default()), ApiUrl::parse(&url).unwrap());
    let attempt = client.create_task_bytes(&repo(), b"{}");
    assert!(matches!(attempt.submission, Submission::NotSent(_)), "{attempt:?}");
    assert!(matches!(client.get_user(), Err(CallError::Send { error: SendError::NotSent(_), .. })));
}

#[test]
fn a_tls_handshake_that_fails_is_not_sent() {
    let plain = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", plain.local_addr().unwrap());
    let handshake = std::thread::spawn(move || {
        let (mut stream, _) = plain.accept().unwrap();
        std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        let mut sent = Vec::new();
        std::io::Read::read_to_end(&mut stream, &mut sent).unwrap_or_default();
        sent
    });
    let api = ApiUrl::parse(&url).unwrap();
    let transport = match HttpTransport::new(api.clone(), Token::new(SECRET).unwrap(), HttpOptions::default()) {
        Ok(transport) => transport,
        // A machine without CA certificates cannot do HTTPS at all, and says so before any request.
        Err(error) => return assert!(error.to_string().contains("CA certificates"), "{error}"),
    };
    let attempt = Client::new(transport, api).create_task_bytes(&repo(), b"{}");
    assert!(matches!(attempt.submission, Submission::NotSent(_)), "{attempt:?}");
    let sent = handshake.join().unwrap();
    assert!(!String::from_utf8_lossy(&sent).contains(SECRET));
}

#[test]
fn a_dropped_connection_is_unknown() {
    let server = Server::start([Act::Close, answer(201, "", TASK)]);
    assert!(is_unknown(&submit(&server)));
    assert_eq!(server.received().len(), 1, "it must not be sent again");
}

#[test]
fn a_dropped_connection_of_a_mutation_is_unknown_too_and_not_repeated() {
    let server = Server::start([Act::Close, answer(201, "", "{}")]);
    let error = client(&server).create_issue(&repo(), &CreateIssue::default()).unwrap_err();
    assert!(matches!(&error, CallError::Send { error: SendError::Unknown(_), .. }), "{error}");
    assert!(error.may_have_happened());
    assert_eq!(server.received().len(), 1);
}

#[test]
fn an_answer_cut_short_is_unknown() {
    let half = &TASK[..20];
    for cut in [
        format!("HTTP/1.1 201 Created\r\ncontent-length: {}\r\n\r\n{half}", TASK.len()),
        // A whole task, but fewer bytes than announced: what was cut off is not known.
        format!("HTTP/1.1 201 Created\r\ncontent-length: {}\r\n\r\n{TASK}", TASK.len() + 1),
        format!("HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{TASK}\r\n", TASK.len()),
        "HTTP/1.1 201 Created\r\ncontent-len".to_owned(),
        "garbage\r\n\r\n".to_owned(),
        format!("HTTP/1.1 201 Created\r\n\r\n{half}"),
    ] {
        let server = Server::start([Act::SendAndClose(cut.clone())]);
        assert!(is_unknown(&submit(&server)), "{cut}");
        assert_eq!(server.received().len(), 1);
    }
}

#[test]
fn silence_is_unknown_after_the_timeout() {
    let server =
        Server::start([Act::Hang, Act::Send("HTTP/1.1 201 Created\r\ncontent-length: 99\r\n\r\n{".to_owned())]);
    let options = HttpOptions { timeout: Duration::from_millis(80), ..HttpOptions::default() };
    let client = Client::new(transport(&server.url(), options), ApiUrl::parse(&server.url()).unwrap());
    for _ in ["before the head", "within the body"] {
        let attempt = client.create_task_bytes(&repo(), b"{}");
        assert!(is_unknown(&attempt.submission), "{attempt:?}");
    }
    assert_eq!(server.received().len(), 2);
}

#[test]
fn an_answer_too_large_is_unknown() {
    let options = HttpOptions { max_body: 1000, ..HttpOptions::default() };
    let fits = format!(r#"{{"id":1,"login":"{}"}}"#, "x".repeat(900));
    let large = format!(r#"{{"id":1,"login":"{}"}}"#, "x".repeat(1000));
    let server = Server::start([answer(200, "", &fits), answer(200, "", &large)]);
    let client = Client::new(transport(&server.url(), options), ApiUrl::parse(&server.url()).unwrap());
    client.get_user().unwrap();
    let error = client.get_user().unwrap_err();
    assert!(
        matches!(&error, CallError::Send { error: SendError::Unknown(why), .. } if why.contains("1000 bytes")),
        "{error}"
    );
}

#[test]
fn reads_share_connections_and_mutations_never_do() {
    const READS: usize = 20;
    let reads = || (0..READS).map(|_| answer(200, "", USER));
    let server = Server::start(
        reads().chain([answer(201, "", TASK), answer(201, "", TASK), answer(202, "", "{}")]).chain(reads()),
    );
    let client = client(&server);
    let read_all = || (0..READS).for_each(|_| assert_eq!(client.get_user().unwrap().value.login, "ada"));
    read_all();
    for _ in 0..2 {
        assert!(matches!(client.create_task_bytes(&repo(), b"{}").submission, Submission::Created(_)));
    }
    client.cancel_workflow_run(&repo(), RunId(1)).unwrap();
    read_all();

    let connections: Vec<usize> = server.received().iter().map(|request| request.connection).collect();
    for mutation in READS..READS + 3 {
        let same = connections.iter().filter(|connection| **connection == connections[mutation]).count();
        assert_eq!(same, 1, "{connections:?}");
    }
    let distinct: std::collections::BTreeSet<_> = connections.iter().collect();
    assert!(distinct.len() < READS, "{connections:?}");
}

#[test]
fn no_comfort_of_the_library_repeats_a_request() {
    for status in [408, 425, 429, 500, 502, 503, 504] {
        let server = Server::start(vec![answer(status, "retry-after: 0\r\n", "{}"); 3]);
        submit(&server);
        client(&server).get_user().unwrap_err();
        assert_eq!(server.received().len(), 2, "{status}");
    }
}

#[test]
fn a_path_that_would_leave_the_origin_is_not_sent() {
    let other = Server::start([]);
    let server = Server::start([]);
    let transport = server.transport();
    let foreign = other.url();
    for path in [foreign.as_str(), "//evil.example/x", "user", "/a/../b", "/a b", "/a#b", ""] {
        let request = Request {
            method: Method::Get,
            path_and_query: path.to_owned(),
            headers: Headers::new(),
            body: None,
            purpose: Purpose::Read,
        };
        assert!(matches!(transport.send(&request), Err(SendError::NotSent(_))), "{path}");
    }
    assert!(other.received().is_empty() && server.received().is_empty());
}

#[test]
fn a_header_that_cannot_be_sent_is_not_sent() {
    let server = Server::start([]);
    let request = Request {
        method: Method::Get,
        path_and_query: "/user".to_owned(),
        headers: [("x", "a\r\nb: c")].into_iter().collect(),
        body: None,
        purpose: Purpose::Read,
    };
    assert!(matches!(server.transport().send(&request), Err(SendError::NotSent(_))));
    assert!(server.received().is_empty());
}

#[test]
fn nothing_printed_holds_the_token() {
    let echo = format!(
        r#"{{"message":"Bad credentials: Bearer {SECRET}","documentation_url":"https://x/{SECRET}","errors":["{SECRET}"]}}"#
    );
    let fields = format!(
        "x-github-request-id: {SECRET}\r\nx-accepted-github-permissions: {SECRET}\r\nx-ratelimit-resource: {SECRET}\r\netag: \"{SECRET}\"\r\n"
    );
    let mut printed = String::new();
    for status in [400, 401, 403, 404, 422, 429, 500] {
        let server = Server::start([answer(status, &fields, &echo), answer(status, &fields, &echo)]);
        let error = client(&server).get_user().unwrap_err();
        let attempt = client(&server).create_task_bytes(&repo(), b"{}");
        printed += &format!("{error} {error:?} {error:#?} {attempt:?}");
    }
    let location = format!("location: http://{SECRET}@localhost/{SECRET}\r\n");
    let server = Server::start([
        answer(302, &location, ""),
        answer(200, &fields, &format!(r#"{{"id":"{SECRET}"}}"#)),
        Act::SendAndClose(SECRET.to_owned()),
        Act::Close,
    ]);
    let client = client(&server);
    for _ in 0..4 {
        let error = client.get_user().unwrap_err();
        printed += &format!("{error} {error:?}");
    }
    printed += &format!("{client:?} {client:#?} {:?}", client.transport());
    printed += &format!(
        "{:?}",
        HttpTransport::new(ApiUrl::parse(&server.url()).unwrap(), Token::new(SECRET).unwrap(), HttpOptions::default())
    );
    assert!(!printed.contains("verysecret"), "{printed}");
}

#[test]
fn plain_http_to_another_machine_cannot_be_set_up() {
    for url in ["http://api.github.com", "http://192.0.2.1:80", "http://[2001:db8::1]"] {
        assert_eq!(ApiUrl::parse(url).unwrap_err(), ApiUrlError::NotHttps, "{url}");
    }
}
