//! Writes the expected sites and messages anew; whoever runs it reads the difference before committing it.

use std::path::Path;
use std::process::Command;

/// Runs the suites that compare with files, so that they write the files instead.
pub fn run(root: &Path) -> Result<String, String> {
    let status = Command::new("cargo")
        .args([
            "test",
            "--quiet",
            "--package",
            "wellkept",
            "--test",
            "house",
            "--",
            "golden::",
            "errors::",
            "context::",
        ])
        .env("SNAPSHOTS", "overwrite")
        .current_dir(root)
        .status()
        .map_err(|why| format!("cargo: {why}"))?;
    if !status.success() {
        return Err("the suites failed for another reason than a difference".to_owned());
    }
    Ok("tests/sites and tests/errors are as the program has them now; see git diff".to_owned())
}
