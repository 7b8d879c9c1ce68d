//! The rules of Frontrow for browsers, bundlers and Node: the npm package `@frontrow/wasm`.
//!
//! Thin: [`World`] and [`Simulation`] are handles over those of `frontrow-core`, values cross as plain objects in the
//! shapes that `js/types.d.ts` describes, and every refusal and every bad argument is thrown as a
//! `FrontrowError`. No rule lives here. `cargo xtask wasm` builds the package from this crate and
//! from `js/`.

mod argument;
mod draw;
mod error;
mod rows;
mod simulation;
mod world;

pub use draw::verify_draw;
pub use simulation::{Simulation, complete_scenario, simulate, story};
pub use world::World;
