//! Being built.

pub mod hash;
pub mod random;
