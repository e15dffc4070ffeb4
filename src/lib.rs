//! Kindling.
