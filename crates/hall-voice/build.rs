//! Puts the packs of `packs/` into the library, so that a board's program speaks wherever it is copied.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let packs =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?).join("packs");
    println!("cargo::rerun-if-changed={}", packs.display());
    let mut table = String::from("static EMBEDDED: &[(&str, &[EmbeddedFile])] = &[\n");
    for pack in sorted(&packs)?.iter().filter(|path| path.is_dir()) {
        let _ = writeln!(table, "({:?}, &[", file_name(pack));
        for file in sorted(pack)? {
            let _ = writeln!(table, "({:?}, include_bytes!({file:?})),", file_name(&file));
        }
        table.push_str("]),\n");
    }
    table.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    fs::write(out.join("embedded_packs.rs"), table)
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
