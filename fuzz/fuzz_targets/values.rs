//! Values: what is read prints as what reads the same, and what is refused has a sentence.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wellkept_fuzz::values(data));
