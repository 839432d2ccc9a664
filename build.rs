//! Rebuilds when a file of the embedded theme or standard is added or removed, which `include_dir` alone does not see.

fn main() {
    println!("cargo::rerun-if-changed=themes");
    println!("cargo::rerun-if-changed=standards");
}
