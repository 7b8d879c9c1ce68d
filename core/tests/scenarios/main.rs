//! The rules, told as stories: each test is named by the property it holds. One room a subject; the
//! means to tell a story are in `story`, and every story ends with an audit of all invariants.

mod admission;
mod admission_parts;
mod admission_policy;
mod best_available;
mod cap;
mod draw;
mod history;
mod holds;
mod in_passes;
mod inventory_aware;
mod journal_format;
mod ledger;
mod malformed;
mod no_shows;
mod operator;
mod pacing;
mod partial_states;
mod passes;
mod payments;
mod precedence;
mod rejections;
mod seats;
#[cfg(feature = "sim")]
mod sim;
#[cfg(feature = "sim")]
mod sim_guest;
#[cfg(feature = "sim")]
mod sim_story;
mod sold_out;
mod standing;
mod story;
mod wire;
mod world;

// The example's database is tested here too: it must decide as the world does.
#[path = "../../examples/embedder/database.rs"]
mod database;
#[path = "../../examples/embedder/host.rs"]
mod host;
#[path = "../../examples/embedder/load.rs"]
mod load;
