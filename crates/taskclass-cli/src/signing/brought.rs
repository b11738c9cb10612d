//! A record and its signature, made elsewhere and brought back.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use taskclass_approval::{
    sshsig,
    write::{Draft, WriteError},
};
use taskclass_spec::record::{self, Record};

use crate::exit::Failure;

/// A signature, and the record beside it.
pub(crate) struct Brought {
    record: PathBuf,
    bytes: Vec<u8>,
    /// The signature file's text.
    pub(crate) signature: String,
}

impl Brought {
    /// Reads `FILE.sig`, and `FILE` beside it: the bytes that were printed.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let Some(record) = path.to_str().and_then(|path| path.strip_suffix(".sig")).map(PathBuf::from) else {
            return Err(Failure::usage(format!("`{}` does not end with .sig", path.display()))
                .help("`ssh-keygen -Y sign` writes the signature of FILE into FILE.sig; keep both together"));
        };
        let signature = String::from_utf8(read(path, sshsig::MAX_BYTES)?)
            .map_err(|_| Failure::usage(format!("`{}` is not a signature: it is not text", path.display())))?;
        let bytes = read(&record, record::MAX_BYTES)?;
        Ok(Self { record, bytes, signature })
    }

    /// The record, and the draft that its bytes are.
    pub(crate) fn draft<R: Record>(
        &self,
        of: impl FnOnce(&[u8]) -> Result<(R, Draft), WriteError>,
    ) -> Result<(R, Draft), Failure> {
        of(&self.bytes).map_err(|error| {
            Failure::refused(format!("`{}` is not what --print printed: {error}", self.record.display()))
                .help("send the bytes into the file as they are: … --print > FILE")
        })
    }
}

fn read(path: &Path, most: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    // One byte more than may be is enough for whoever reads them to see it.
    File::open(path)
        .and_then(|file| file.take(most as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| Failure::usage(format!("`{}` cannot be read: {error}", path.display())))?;
    Ok(bytes)
}
