//! Filled soon.


