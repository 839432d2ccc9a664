//! The archive: what is put under seal, and how it is told apart later (archive.md).

pub mod canon;
