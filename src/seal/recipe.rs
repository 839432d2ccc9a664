//! `seals/VERIFY.txt`: how the seals are checked with what every system has, for somebody who has no copy of this
//! program (archive.md, section 5).

/// Its name below `seals/`.
pub const NAME: &str = "VERIFY.txt";

/// Its text, in Chinese and English.
pub const TEXT: &str = include_str!("VERIFY.txt");
