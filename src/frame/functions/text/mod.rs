//! Functions of texts beyond the everyday ones of `string.rs`.

pub(super) mod aes;
pub(super) mod ciphers;
pub(super) mod codecs;
pub(super) mod digests;
pub(super) mod distance;
mod number_format;
pub(super) mod numbers;
pub(super) mod parts;
pub(super) mod printf;
pub(super) mod url;
