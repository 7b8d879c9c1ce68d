//! Writes the JavaScript and TypeScript around a compiled `frontrow-wasm`. A program of its own, so that
//! `xtask` stays quick to compile; `cargo xtask wasm` calls it and does everything else.

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let [module, folder] = args.as_slice() else {
        eprintln!("usage: frontrow-wasm-bindgen <module.wasm> <folder>");
        return ExitCode::from(2);
    };
    match generate(module, folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("frontrow-wasm-bindgen: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// Reads `module` and fills `folder`.
fn generate(module: &str, folder: &str) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(module)
        .out_name("frontrow_wasm")
        .typescript(true)
        .remove_producers_section(true);
    // Without the default path, `init()` wants an argument.
    bindgen.web(true).map_err(|error| format!("{error:#}"))?.omit_default_module_path(false);
    bindgen.generate(folder).map_err(|error| format!("{error:#}"))?;
    let script = Path::new(folder).join("frontrow_wasm.js");
    let unread = |error: io::Error| format!("{}: {error}", script.display());
    let text = fs::read_to_string(&script).map_err(unread)?;
    fs::write(&script, without_docs(&text)).map_err(unread)
}

/// A script without its doc comments, which a browser would load for nobody: the types beside it have them too.
fn without_docs(script: &str) -> String {
    let mut in_docs = false;
    let mut kept = String::with_capacity(script.len());
    for line in script.lines() {
        let text = line.trim();
        in_docs |= text.starts_with("/**");
        if !in_docs {
            kept.push_str(line);
            kept.push('\n');
        }
        in_docs &= !text.ends_with("*/");
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::without_docs;

    #[test]
    fn only_doc_comments_are_taken_out() {
        let script =
            "/* kept */\n/** One line. */\nf(); // kept\n  /**\n   * Two.\n   */\n  g();\n";
        assert_eq!(without_docs(script), "/* kept */\nf(); // kept\n  g();\n");
    }
}
