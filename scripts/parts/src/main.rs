//! Takes an engine's WebAssembly apart, so that a page can run its first cell before all of it is there.
//!
//! `kindling-parts INPUT FOLDER` writes `FOLDER/kindling_bg.wasm`, the core, and a module for each of [`PARTS`]. A function that went into a part
//! leaves a stub in the core: it calls the engine's own export `loadPart` unless the part is there, and then the function by its slot in
//! the core's table. A part imports the core's memory, table and globals and what it calls of the core's functions; when it is
//! instantiated, its functions take their slots. So nothing of the engine's source knows where a function lies, and a thread gets a part when it
//! first calls into it.

mod module;
mod names;
mod plan;
mod write;

use std::path::Path;
use std::process::ExitCode;

/// The crates whose functions make a part.
pub const PARTS: &[(&str, &[&str])] = &[
    ("ml", &["kindling_ml", "kindling_linalg"]),
    (
        "frame",
        &[
            "kindling_frame",
            "arrow_array",
            "arrow_buffer",
            "arrow_data",
            "arrow_row",
            "arrow_schema",
            "flate2",
            "miniz_oxide",
            "quick_xml",
            "ruzstd",
            "snap",
        ],
    ),
];

/// Modules of theirs that stay in the core: the kernel reads their declarations when it starts, before any cell.
pub const KEPT: &[&str] = &[
    "kindling_frame::again",
    "kindling_frame::chance::add_entropy",
    "kindling_frame::dates::rules",
    "kindling_frame::dates::zone",
    "kindling_frame::functions::declare",
    "kindling_frame::functions::time::clock",
    "kindling_frame::functions::variants::table_name",
    "kindling_frame::session",
    "kindling_frame::time_type",
    "kindling_frame::types",
    "kindling_frame::zone",
    "kindling_ml::param",
    "kindling_ml::stage::decl",
    "kindling_ml::uid",
    "kindling_ml::value",
];

/// Crates whose small functions a part gets copies of where it calls them, as a call into another module is not free; those without a crate are
/// what the compiler calls by itself, such as `memcmp`. What state they have is in memory, which all modules share.
pub const COPIED: &[&str] = &["", "__rustc", "alloc", "compiler_builtins", "core", "libm", "std"];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, folder] = arguments.as_slice() else {
        eprintln!("usage: kindling-parts INPUT FOLDER");
        return ExitCode::FAILURE;
    };
    match take_apart(Path::new(input), Path::new(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{input}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whatever is wrong with the input or the disk, as text.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn take_apart(input: &Path, folder: &Path) -> Result<()> {
    let bytes = std::fs::read(input)?;
    let module = module::Module::read(&bytes)?;
    let plan = plan::Plan::of(&module)?;
    std::fs::write(folder.join("kindling_bg.wasm"), write::core(&module, &plan)?)?;
    for (part, (name, _)) in PARTS.iter().enumerate() {
        std::fs::write(folder.join(format!("{name}.wasm")), write::part(&module, &plan, part)?)?;
        println!("{name}");
    }
    Ok(())
}
