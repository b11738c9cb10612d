//! The target `lsp_edits`, for cargo-fuzz.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| taskclass_fuzz::target("lsp_edits").map_or((), |target| (target.check)(bytes)));
