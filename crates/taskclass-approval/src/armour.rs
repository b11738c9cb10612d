//! The armour around a signature, in exactly one form.
//!
//! PEM readers forgive text before the armour, odd line lengths, CRLF, spaces and stray bits in the last character; here
//! one content has one text.

use data_encoding::BASE64;

const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----\n";
const END: &str = "-----END SSH SIGNATURE-----\n";
const COLUMNS: usize = 70;

/// Where the armour departs from its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ArmourError {
    /// The first line.
    #[error("it does not begin with the line `-----BEGIN SSH SIGNATURE-----`")]
    Begin,
    /// The last line.
    #[error("it does not end with the line `-----END SSH SIGNATURE-----`")]
    End,
    /// What lies between.
    #[error("between its first and last line is not base64 in lines of 70")]
    Base64,
}

/// The one text of a content.
pub(crate) fn encode(content: &[u8]) -> String {
    let body = BASE64.encode(content);
    let mut text = BEGIN.to_owned();
    for (at, letter) in body.chars().enumerate() {
        if at > 0 && at % COLUMNS == 0 {
            text.push('\n');
        }
        text.push(letter);
    }
    text.push('\n');
    text.push_str(END);
    text
}

/// The content of an armoured signature in the one form.
pub(crate) fn decode(bytes: &[u8]) -> Result<Vec<u8>, ArmourError> {
    let body = bytes.strip_prefix(BEGIN.as_bytes()).ok_or(ArmourError::Begin)?;
    let body = body.strip_suffix(END.as_bytes()).ok_or(ArmourError::End)?;
    let body = body.strip_suffix(b"\n").ok_or(ArmourError::Base64)?;
    let lines: Vec<&[u8]> = body.split(|byte| *byte == b'\n').collect();
    let (last, full) = lines.split_last().ok_or(ArmourError::Base64)?;
    if full.iter().any(|line| line.len() != COLUMNS) || last.is_empty() || last.len() > COLUMNS {
        return Err(ArmourError::Base64);
    }
    // Strict: refuses stray characters and set bits beyond the last byte.
    BASE64.decode(&lines.concat()).map_err(|_| ArmourError::Base64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrapped_is_unwrapped_whatever_its_length() {
        for length in 1..400 {
            let content: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
            assert_eq!(decode(encode(&content).as_bytes()), Ok(content), "{length}");
        }
    }
}
