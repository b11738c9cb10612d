//! The target `registry_lint`, for cargo-fuzz.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| taskclass_fuzz::target("registry_lint").map_or((), |target| (target.check)(bytes)));
