//! Where several things are wrong at once, the contract says which is told. Each check here is of two
//! neighbours in that order: both are wrong, and the first is told.

mod look;
mod pay;
mod reserve;
