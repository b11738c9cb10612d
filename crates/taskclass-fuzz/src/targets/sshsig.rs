//! The bytes are a signature file.

use taskclass_approval::sshsig::{MAX_BYTES, SshSignature};
use taskclass_spec::signers::Namespace;

use crate::hold;

pub(super) const WORDS: &[&str] = &[
    "-----BEGIN SSH SIGNATURE-----\n",
    "-----END SSH SIGNATURE-----\n",
    "U1NIU0lH",
    "AAAA",
    "=",
    "==",
    "\n",
    "\r\n",
    " ",
    "AAAAC3NzaC1lZDI1NTE5AAAAI",
    "c3NoLWVkMjU1MTk",
    "/",
    "+",
    "AAAAAAAA",
];

pub(super) fn check(bytes: &[u8]) {
    match SshSignature::parse(bytes) {
        Ok(signature) => {
            assert!(bytes.len() <= MAX_BYTES);
            for other in [
                [bytes, b"\n"].concat(),
                [b"\n", bytes].concat(),
                bytes.strip_suffix(b"\n").unwrap_or_default().to_vec(),
            ] {
                assert!(SshSignature::parse(&other).is_err(), "another text of the same signature");
            }
            hold::shows_all(signature.fingerprint().as_str(), "a fingerprint");
            // None of the corpus is over the empty message, and nobody forges one by chance.
            for namespace in Namespace::ALL {
                let verdict = signature.verify(namespace, b"");
                assert!(verdict.is_err(), "a signature over nothing");
                hold::shows_all(
                    &verdict.map_or_else(|error| error.to_string(), |_| String::new()),
                    "a signature's error",
                );
            }
        }
        Err(error) => hold::shows_all(&error.to_string(), "a signature's error"),
    }
}
