//! Front matter: places lie in the text, and no key comes twice.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wellkept_fuzz::front(data));
