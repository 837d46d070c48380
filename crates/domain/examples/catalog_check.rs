//! Checks the catalogue in a folder: `cargo run -q -p domain --example catalog_check -- catalog [path part]`.

use std::path::Path;
use std::process::ExitCode;

use domain::catalog::{Files, has_errors, lint};

fn collect(root: &Path, folder: &Path, files: &mut Files) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if let Ok(inside) = path.strip_prefix(root) {
            let name = inside.to_string_lossy().replace('\\', "/");
            files.insert(name, String::from_utf8_lossy(&std::fs::read(&path)?).into_owned());
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let root = arguments.next().unwrap_or_else(|| "catalog".into());
    let only = arguments.next().unwrap_or_default();
    let mut files = Files::new();
    if let Err(error) = collect(Path::new(&root), Path::new(&root), &mut files) {
        eprintln!("{root}: {error}");
        return ExitCode::from(2);
    }
    let findings: Vec<_> = lint(&files).into_iter().filter(|finding| finding.file.contains(&only)).collect();
    findings.iter().for_each(|finding| println!("{finding}"));
    println!("{} files, {} findings", files.len(), findings.len());
    if has_errors(&findings) { ExitCode::from(1) } else { ExitCode::SUCCESS }
}
