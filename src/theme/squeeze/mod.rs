//! Style sheets and scripts without what only their readers need, for every page waits for them.

pub use css::css;
pub use js::js;

mod css;
mod js;
