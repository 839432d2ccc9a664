//! Configuration and standard: refused with a place, or read.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wellkept_fuzz::config(data));
