//! The target `signers`, for cargo-fuzz.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| taskclass_fuzz::target("signers").map_or((), |target| (target.check)(bytes)));
