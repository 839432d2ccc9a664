//! Markdown: whatever is written, the HTML is inert.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wellkept_fuzz::markdown(data));
