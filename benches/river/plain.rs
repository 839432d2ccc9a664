//! The work that ours is held against: nothing but reading, nothing but copying. Each in a process of its own, as ours.

use std::error::Error;
use std::fs;
use std::io;
use std::path::Path;

/// Reads a table with the `csv` crate, row by row into one record that is used again.
pub fn read(table: &Path) -> Result<(), Box<dyn Error>> {
    let mut reader = csv::ReaderBuilder::new().buffer_capacity(256 << 10).from_path(table)?;
    let mut record = csv::ByteRecord::new();
    let (mut rows, mut bytes) = (0_usize, 0_usize);
    while reader.read_byte_record(&mut record)? {
        rows += 1;
        bytes += record.as_slice().len();
    }
    println!("{rows} rows, {bytes} bytes");
    Ok(())
}

/// Copies a folder with all in it, as `cp -r` does.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() { copy(&from, &to)? } else { fs::copy(from, to).map(drop)? }
    }
    Ok(())
}
