//! Messages as they come in over a pipe. Their size is bounded before memory is taken for them: what a header announces is
//! only a word.

use std::io::{self, BufRead, ErrorKind, Read};

use lsp_server::Message;

/// The largest message that is read, in bytes: many times the largest file that the linter reads.
const MAX_MESSAGE: u64 = 64 * 1024 * 1024;

/// The most bytes that a message's header may have.
const MAX_HEADER: u64 = 8 * 1024;

/// The next message; `None` where the pipe ends before one begins.
///
/// # Errors
/// If the pipe breaks or ends within a message, or what comes is none, or one that is too large.
pub(crate) fn read(input: &mut impl BufRead) -> io::Result<Option<Message>> {
    let Some(length) = header(input)? else { return Ok(None) };
    if length > MAX_MESSAGE {
        return Err(malformed(format!("a message of {length} bytes is announced; {MAX_MESSAGE} are the most")));
    }
    // It grows with what comes.
    let mut body = Vec::new();
    let read = input.take(length).read_to_end(&mut body)?;
    if (read as u64) < length {
        return Err(io::Error::new(ErrorKind::UnexpectedEof, "the pipe ended within a message"));
    }
    serde_json::from_slice(&body).map(Some).map_err(|error| malformed(format!("a message is malformed: {error}")))
}

/// The length that a header announces.
fn header(input: &mut impl BufRead) -> io::Result<Option<u64>> {
    let mut input = input.take(MAX_HEADER);
    let (mut length, mut first) = (None, true);
    loop {
        let mut line = Vec::new();
        if input.read_until(b'\n', &mut line)? == 0 && first {
            return Ok(None);
        }
        first = false;
        let Some(line) = line.strip_suffix(b"\r\n") else { return Err(malformed("a message's header is malformed")) };
        if line.is_empty() {
            return length.map(Some).ok_or_else(|| malformed("a message's header has no Content-Length"));
        }
        let line = String::from_utf8_lossy(line);
        let (name, value) = line.split_once(':').ok_or_else(|| malformed("a message's header is malformed"))?;
        if name.eq_ignore_ascii_case("Content-Length") {
            let announced = value.trim().parse().map_err(|_| malformed("a message's Content-Length is no number"))?;
            length = Some(announced);
        }
    }
}

fn malformed(words: impl Into<String>) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, words.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        read(&mut text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn messages_come_one_after_the_other() {
        let one = r#"{"jsonrpc":"2.0","method":"exit"}"#;
        let text = format!("content-length: {}\r\nContent-Type: x\r\n\r\n{one}", one.len());
        let twice = text.repeat(2);
        let mut input = twice.as_bytes();
        for _ in 0..2 {
            assert!(matches!(read(&mut input).unwrap(), Some(Message::Notification(exit)) if exit.method == "exit"));
        }
        assert!(read(&mut input).unwrap().is_none());
    }

    #[test]
    fn what_is_announced_is_not_believed() {
        for length in ["99999999999", "67108865"] {
            let words = told(&format!("Content-Length: {length}\r\n\r\n{{}}"));
            assert!(words.contains(length) && words.contains("67108864"), "{words}");
        }
        assert!(told("Content-Length: 67108864\r\n\r\n{}").contains("ended within a message"));
        for number in ["-1", "1e3", "99999999999999999999999999"] {
            assert!(told(&format!("Content-Length: {number}\r\n\r\n{{}}")).contains("is no number"));
        }
    }

    #[test]
    fn a_header_has_an_end_and_a_length() {
        assert!(told(&format!("{}\r\n", "x".repeat(100_000))).contains("malformed"));
        assert!(told(&"A: b\r\n".repeat(10_000)).contains("malformed"));
        assert!(told("A: b\r\n\r\n{}").contains("no Content-Length"));
        assert!(told("{}\n").contains("malformed"));
        assert!(told("Content-Length: 2\r\n").contains("malformed"));
        assert!(told("Content-Length: 2\r\n\r\n{]").contains("a message is malformed"));
    }
}
