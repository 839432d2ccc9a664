//! The only room that touches the disk, the clock, the environment and the terminal.
//!
//! Everything else is a function of what is read here, which is why the same workspace gives the same bytes
//! on every machine.

pub mod append;
pub mod clock;
pub mod create;
pub mod given;
mod lock;
mod place;
pub mod progress;
pub mod publish;
pub mod read;
mod refusal;
#[cfg(test)]
mod scratch;
pub mod sealing;
pub mod serve;
pub mod single;
pub mod site;
pub mod stock;
mod store;
pub mod terminal;
