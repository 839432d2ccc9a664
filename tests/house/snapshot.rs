//! Expected output that stands in files. `SNAPSHOTS=overwrite` writes it anew; `cargo xtask golden` sets that.

use std::path::Path;

use snapbox::assert::{Action, Assert, DEFAULT_ACTION_ENV};
use snapbox::data::DataFormat;
use snapbox::{Data, IntoData};

/// Whether the files are to be written anew.
pub fn overwrites() -> bool {
    matches!(Action::with_env_var(DEFAULT_ACTION_ENV), Some(Action::Overwrite))
}

/// Holds a text against a file, byte for byte; the answer is a report of the difference.
pub fn compare(file: &Path, actual: &str) -> Result<(), String> {
    // A file that is not there is read as an error, which no text equals.
    let expected = Data::read_from(file, Some(DataFormat::Text)).raw();
    if overwrites()
        && let Some(folder) = file.parent()
    {
        std::fs::create_dir_all(folder).unwrap();
    }
    let assert = Assert::new().action_env(DEFAULT_ACTION_ENV);
    assert.try_eq(Some(&"this run"), actual.to_owned().into_data(), expected).map_err(|e| e.to_string())
}
