//! New records.
