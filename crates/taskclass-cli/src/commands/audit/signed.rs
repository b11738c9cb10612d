//! A checkpoint and its signature, read back: whether somebody trusted has signed exactly these bytes.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use taskclass_approval::sshsig::{self, SshSignature};
use taskclass_executor::audit::{Checkpoint, MAX_CHECKPOINT};
use taskclass_spec::signers::{self, AllowedSigners, KeyFingerprint, Namespace};

use crate::{
    args::{AuditVerify, Global},
    exit::Failure,
    machine::{RegistryClasses, Settings},
};

/// A checkpoint that somebody trusted has signed.
pub(super) struct Signed {
    pub(super) checkpoint: Checkpoint,
    pub(super) principal: String,
    pub(super) key: KeyFingerprint,
}

/// The checkpoints that were named, each held to whoever may sign one.
pub(super) fn read(args: &AuditVerify, global: &Global) -> Result<Vec<Signed>, Failure> {
    if args.checkpoint.is_empty() {
        return Ok(Vec::new());
    }
    let signers = match &args.allowed_signers {
        Some(path) => AllowedSigners::parse(&bytes(path, signers::MAX_BYTES)?)
            .map_err(|error| Failure::usage(format!("`{}`: {error}", path.display())))?,
        None => of_the_registry(args, global)?,
    };
    args.checkpoint.iter().map(|path| one(path, &signers)).collect()
}

fn of_the_registry(args: &AuditVerify, global: &Global) -> Result<AllowedSigners, Failure> {
    let open = || RegistryClasses::open(&Settings::read(&args.executor, global)?)?.signers();
    open().map_err(|failure: Failure| {
        failure.help("`--allowed-signers FILE` names who may sign checkpoints without a registry")
    })
}

fn one(path: &Path, signers: &AllowedSigners) -> Result<Signed, Failure> {
    let shown = path.display();
    let record = bytes(path, MAX_CHECKPOINT)?;
    let signature = bytes(&beside(path), sshsig::MAX_BYTES)?;
    let refused = |reason: &dyn std::fmt::Display| {
        Failure::refused(format!("the checkpoint `{shown}` proves nothing")).reason(reason)
    };
    let checkpoint = Checkpoint::parse(&record).map_err(|error| refused(&error))?;
    let signature = SshSignature::parse(&signature).map_err(|error| refused(&error))?;
    signature.verify(Namespace::Audit, &record).map_err(|error| refused(&error))?;
    let Some(line) = signers.by_key(signature.key()) else {
        return Err(refused(&format!("nobody is known by the key {} that signed it", signature.fingerprint())).help(
            "a line of the signers' file with the namespace `audit@taskclass` says whose key it is, where it is one to trust",
        ));
    };
    let (principal, key, namespace) = (line.principal(), line.fingerprint(), Namespace::Audit);
    if !line.namespaces().contains(&namespace) {
        return Err(refused(&format!(
            "it is signed by the key {key}, which is {principal}'s and may not sign for {namespace}"
        ))
        .help(format!("line {} of the signers' file lists in namespaces= what the key may sign", line.line())));
    }
    if !line.is_valid_at(checkpoint.made_at) {
        let reason = format!("the key {key} of {principal} did not count at {}, when it was made", checkpoint.made_at);
        return Err(refused(&reason));
    }
    Ok(Signed { checkpoint, principal: line.principal().to_string(), key: line.fingerprint().clone() })
}

/// Where a file's signature lies.
pub(super) fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".sig");
    PathBuf::from(name)
}

fn bytes(path: &Path, most: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    // One byte more than may be is enough for whoever reads them to see it.
    File::open(path)
        .and_then(|file| file.take(most as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| Failure::usage(format!("`{}` cannot be read: {error}", path.display())))?;
    Ok(bytes)
}
