//! The target `registry_diff`, for cargo-fuzz.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| taskclass_fuzz::target("registry_diff").map_or((), |target| (target.check)(bytes)));
