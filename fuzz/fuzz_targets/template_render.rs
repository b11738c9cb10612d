//! The target `template_render`, for cargo-fuzz.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| taskclass_fuzz::target("template_render").map_or((), |target| (target.check)(bytes)));
