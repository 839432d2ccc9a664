//! What `serve` needs of the machine: a port on which the tree of the site is handed out from memory, and an eye on the
//! files of the workspace (safety.md, section 5). The river itself is run by the command, as `build` runs it.

mod desk;
mod http;
mod inject;
mod news;
mod panel;
mod watch;

pub use desk::{Server, Site};
pub use news::{Facts, Seen, changed, line, pages};
pub use watch::{Change, Looking, Watch};
