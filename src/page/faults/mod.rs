//! `faults/`: a page for each fault, and their register (site.md, section 2).

pub mod clock;
