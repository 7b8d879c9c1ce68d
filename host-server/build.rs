//! Tells the compiler what the program embeds: migrations, of which a new one changes no source file, and
//! the files of the browser demo, if it was built, as a list for `pages`.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let dist = here.join("../web-demo/dist");
    // A folder that is not there yet counts as changed with every build, so its parent stands in.
    let watched = if dist.is_dir() { dist.clone() } else { here.join("../web-demo/package.json") };
    println!("cargo::rerun-if-changed={}", watched.display());
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=migrations");
    let mut files = Vec::new();
    if dist.join("index.html").is_file() {
        let dist = dist.canonicalize()?;
        list(&dist, &dist, &mut files)?;
    }
    files.sort();
    let mut code = String::from("&[\n");
    for (name, path) in files {
        writeln!(code, "    ({name:?}, include_bytes!({:?})),", path.display().to_string())
            .map_err(io::Error::other)?;
    }
    code.push(']');
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(out.join("pages.rs"), code)
}

/// Every file below `folder`, by its path from `root` with slashes.
fn list(root: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(root, &path, files)?;
        } else {
            let name = path.strip_prefix(root).map_err(io::Error::other)?;
            let name = name.to_string_lossy().replace('\\', "/");
            files.push((name, path));
        }
    }
    Ok(())
}
