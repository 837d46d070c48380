//! Turns `locales/{zh,en}/*.ftl` into the typed methods of `i18n::T`, or stops the build and says what is wrong where.

#[path = "build/messages.rs"]
mod messages;

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=build.rs");
    match messages::compile_all(Path::new("locales")) {
        Ok(messages) => {
            let folder = std::env::var_os("OUT_DIR").unwrap_or_default();
            if let Err(error) = std::fs::write(Path::new(&folder).join("messages.rs"), messages::generate(&messages)) {
                println!("cargo::error=cannot write the compiled messages: {error}");
            }
        }
        Err(problems) => problems.iter().for_each(|problem| println!("cargo::error={problem}")),
    }
}
