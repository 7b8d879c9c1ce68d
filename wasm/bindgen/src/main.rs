//! Writes the JavaScript and TypeScript around a compiled `frontrow-wasm`. A program of its own, so that
//! `xtask` stays quick to compile; `cargo xtask wasm` calls it and does everything else.

use std::env;
use std::process::ExitCode;

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
    bindgen.generate(folder).map_err(|error| format!("{error:#}"))
}
