//! The target `record`, for cargo-fuzz.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| taskclass_fuzz::target("record").map_or((), |target| (target.check)(bytes)));
