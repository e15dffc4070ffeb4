//! `aes_encrypt` and its kin: what Spark makes of AES, its modes and their errors (`ExpressionImplUtils.java`).

use kindling_partition::{Error, ErrorKind, Result};

use super::super::declare::{Cells, Function, Outcome, params};
use super::aes::Aes;
use super::codecs::binary;
use crate::chance::random_bytes;
use crate::coerce::{expect, wrong_type};
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows(
        "aes_encrypt",
        "Bytes under a key of 16, 24 or 32 bytes, by AES: mode GCM (the default), CBC or ECB, padding DEFAULT, PKCS or NONE, an initialization \
         vector (a random one unless given; it stands before the result), and with GCM bytes that are authenticated with the others.",
        params!("input", "key", "~mode", "~padding", "~iv", "~aad"),
        |args| resolve("aes_encrypt", args),
        |c| encrypted(c).map(binary),
    ),
    Function::rows(
        "aes_decrypt",
        "The bytes that aes_encrypt was given, by the same key, mode, padding and authenticated bytes.",
        params!("input", "key", "~mode", "~padding", "~aad"),
        |args| resolve("aes_decrypt", args),
        |c| decrypted(c).map(binary),
    ),
    Function::rows(
        "try_aes_decrypt",
        "As aes_decrypt, but null for what can't be decrypted.",
        params!("input", "key", "~mode", "~padding", "~aad"),
        |args| resolve("try_aes_decrypt", args),
        |c| Ok(decrypted(c).map_or(Value::Null, binary)),
    ),
];

fn resolve(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    for i in 0..args.len() {
        let wanted = if matches!(i, 2 | 3) { DataType::String } else { DataType::Binary };
        if wanted == DataType::Binary && !matches!(args[i].data_type, DataType::Binary | DataType::String | DataType::Null) {
            return Err(wrong_type(name, args, i, "BINARY"));
        }
        expect(name, args, i, &wanted)?;
    }
    Ok(Outcome::new(DataType::Binary, true))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Ecb,
    Cbc,
    Gcm,
}

fn invalid(condition: &'static str, what: &str, why: String) -> Error {
    let text = format!("The value of parameter(s) {what} in `aes_encrypt`/`aes_decrypt` is invalid: {why}");
    Error::new(ErrorKind::Runtime, text).with_condition(condition)
}

fn broken(why: &str) -> Error {
    invalid("INVALID_PARAMETER_VALUE.AES_CRYPTO_ERROR", "`expr`, `key`", format!("detail message: {why}"))
}

fn unsupported(condition: &'static str, what: String) -> Error {
    Error::new(ErrorKind::Runtime, format!("The feature is not supported: {what}.")).with_condition(condition)
}

fn no_aad(name: &str) -> Error {
    unsupported(
        "UNSUPPORTED_FEATURE.AES_MODE_AAD",
        format!("`aes_encrypt` with AES-{name} does not support additional authenticate data (AAD)"),
    )
}

/// The key, the mode and its name.
fn chosen(c: &Cells<'_>) -> Result<(Aes, Mode, &'static str)> {
    let key = c.bytes(1);
    if ![16, 24, 32].contains(&key.len()) {
        let why = format!("expects a binary value with 16, 24 or 32 bytes, but got {} bytes.", key.len());
        return Err(invalid("INVALID_PARAMETER_VALUE.AES_KEY_LENGTH", "`key`", why));
    }
    let (mode, padding) = (c.maybe_text(2).unwrap_or("GCM"), c.maybe_text(3).unwrap_or("DEFAULT"));
    let (mode, name) = match (mode.to_uppercase().as_str(), padding.to_uppercase().as_str()) {
        ("ECB", "PKCS" | "DEFAULT") => (Mode::Ecb, "ECB"),
        ("CBC", "PKCS" | "DEFAULT") => (Mode::Cbc, "CBC"),
        ("GCM", "NONE" | "DEFAULT") => (Mode::Gcm, "GCM"),
        _ => {
            let what = format!("AES-{mode} with the padding {padding} by the `aes_encrypt`/`aes_decrypt` function");
            return Err(unsupported("UNSUPPORTED_FEATURE.AES_MODE", what));
        }
    };
    Ok((Aes::new(key), mode, name))
}

fn given<'a>(c: &'a Cells<'_>, i: usize) -> &'a [u8] {
    if i < c.values.len() { c.bytes(i) } else { &[] }
}

fn encrypted(c: &Cells<'_>) -> Result<Vec<u8>> {
    let (aes, mode, name) = chosen(c)?;
    let (input, iv, aad) = (c.bytes(0), given(c, 4), given(c, 5));
    let width = match mode {
        Mode::Ecb => 0,
        Mode::Cbc => 16,
        Mode::Gcm => 12,
    };
    if mode == Mode::Ecb && !iv.is_empty() {
        return Err(unsupported(
            "UNSUPPORTED_FEATURE.AES_MODE_IV",
            "`aes_encrypt` with AES-ECB does not support initialization vectors (IVs)".to_owned(),
        ));
    }
    if !iv.is_empty() && iv.len() != width {
        let why = format!("supports 16-byte CBC IVs and 12-byte GCM IVs, but got {} bytes for {name}.", iv.len());
        return Err(invalid("INVALID_PARAMETER_VALUE.AES_IV_LENGTH", "`iv`", why));
    }
    if mode != Mode::Gcm && !aad.is_empty() {
        return Err(no_aad(name));
    }
    let mut block = if width > 0 && iv.is_empty() { random_bytes() } else { [0; 16] };
    block[..iv.len()].copy_from_slice(iv);
    let mut out = block[..width].to_vec();
    match mode {
        Mode::Ecb => out.extend(aes.encrypt_blocks(input, None)),
        Mode::Cbc => out.extend(aes.encrypt_blocks(input, Some(&block))),
        Mode::Gcm => {
            let (bytes, tag) = aes.counted(input, &std::array::from_fn(|i| block[i]), aad, true);
            out.extend(bytes.into_iter().chain(tag));
        }
    }
    Ok(out)
}

fn decrypted(c: &Cells<'_>) -> Result<Vec<u8>> {
    let (aes, mode, name) = chosen(c)?;
    let (input, aad) = (c.bytes(0), given(c, 4));
    if mode == Mode::Gcm {
        let (iv, rest) = input.split_first_chunk::<12>().ok_or_else(|| broken("Invalid buffer arguments"))?;
        let Some((bytes, tag)) = rest.split_last_chunk::<16>() else {
            return Err(broken("Input data too short to contain an expected tag length of 16bytes"));
        };
        let (out, found) = aes.counted(bytes, iv, aad, false);
        return if found == *tag { Ok(out) } else { Err(broken("Tag mismatch!")) };
    }
    let (iv, blocks) = match (mode, input.split_first_chunk::<16>()) {
        (Mode::Ecb, _) => (None, input),
        (_, Some((iv, blocks))) => (Some(iv), blocks),
        (_, None) => return Err(broken("IV buffer too short for given offset/length combination")),
    };
    if !aad.is_empty() {
        return Err(no_aad(name));
    }
    if !blocks.len().is_multiple_of(16) {
        return Err(broken("Input length must be multiple of 16 when decrypting with padded cipher"));
    }
    let padded = "Given final block not properly padded. Such issues can arise if a bad key is used during decryption.";
    aes.decrypt_blocks(blocks, iv).ok_or_else(|| broken(padded))
}
