//! Tables: whatever the bytes, each row is accepted or rejected with a reason.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wellkept_fuzz::table(data));
