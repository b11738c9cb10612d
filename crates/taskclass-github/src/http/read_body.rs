//! Reading of a body, bounded in size and in time as a whole.

use std::io::{ErrorKind, Read};
use std::time::Instant;

/// Reads to the end, or says why not. A body that ends before its announced length is an error of the reader.
pub(super) fn read(body: &mut impl Read, max: usize, deadline: Instant) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        let got = match body.read(&mut chunk) {
            Ok(got) => got,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(format!("the answer was cut short: {error}")),
        };
        if got == 0 {
            return Ok(bytes);
        }
        if bytes.len() + got > max {
            return Err(format!("the answer is larger than {max} bytes"));
        }
        bytes.extend_from_slice(&chunk[..got]);
        if Instant::now() >= deadline {
            return Err("the answer did not end in time".to_owned());
        }
    }
}
