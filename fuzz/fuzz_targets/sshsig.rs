//! The target `sshsig`, for cargo-fuzz.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| taskclass_fuzz::target("sshsig").map_or((), |target| (target.check)(bytes)));
