//! Migrations are embedded in the program. A new one changes no source file, so the compiler is told
//! where they are.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
