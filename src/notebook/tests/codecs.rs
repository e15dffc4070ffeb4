//! Laws of the codecs: what is written is read back, and nothing that is read brings the program down.

use kindling_notebook::{
    Cell, CellKind, MAX_ENCODED, Notebook, Shown, StreamName, Traceback, decode_link, encode_link, from_file, from_ipynb, from_script,
    to_ipynb,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn kind() -> impl Strategy<Value = CellKind> {
    prop_oneof![Just(CellKind::Code), Just(CellKind::Markdown), Just(CellKind::Raw)]
}

fn shown() -> impl Strategy<Value = Shown> {
    let stream = prop_oneof![Just(StreamName::Stdout), Just(StreamName::Stderr)];
    let table = json!({
        "columns": [{ "name": "a", "dataType": "double", "numeric": true }], "rows": [["1.5"], [null]], "truncated": false,
    });
    let chart = json!({ "title": null, "x": {}, "y": {}, "layers": [], "summary": "Nothing yet." });
    let html: Map<String, Value> =
        [("text/html".to_owned(), json!("<b>1</b>")), ("text/plain".to_owned(), json!("1"))].into_iter().collect();
    prop_oneof![
        (stream, any::<String>()).prop_map(|(stream, text)| Shown::Stream { stream, text }),
        any::<String>().prop_map(|text| Shown::Text { text }),
        Just(Shown::Table { table }),
        Just(Shown::Chart { chart }),
        "[A-Za-z]{1,12}".prop_map(|exception| Shown::Error {
            traceback: Traceback {
                text: format!("Traceback:\n  line 1\n{exception}: no"),
                exception,
                message: "no".into(),
                frames: Vec::new()
            },
        }),
        Just(Shown::Foreign { data: html, metadata: Map::from_iter([("isolated".to_owned(), json!(true))]) }),
    ]
}

fn cell() -> impl Strategy<Value = Cell> {
    (kind(), any::<String>(), prop::collection::vec(shown(), 0..4), prop::option::of(any::<u32>())).prop_map(
        |(kind, source, outputs, execution_count)| {
            let metadata = Map::from_iter([("tags".to_owned(), json!(["keep"]))]);
            match kind {
                CellKind::Code => Cell { outputs, execution_count, metadata, ..Cell::new(kind, source) },
                _ => {
                    Cell { attachments: Map::from_iter([("a.png".to_owned(), json!({ "image/png": "AA==" }))]), ..Cell::new(kind, source) }
                }
            }
        },
    )
}

fn notebook() -> impl Strategy<Value = Notebook> {
    ("[^\u{0}]{0,20}", prop::collection::vec(cell(), 0..8)).prop_map(|(title, cells)| Notebook { title, ..Notebook::new(cells) })
}

/// What a link carries of a notebook.
fn source_only(notebook: &Notebook) -> Notebook {
    let cells = notebook.cells.iter().map(|cell| Cell::new(cell.kind, cell.source.clone()));
    Notebook { title: notebook.title.clone(), ..Notebook::new(cells.collect()) }
}

proptest! {
    #[test]
    fn an_ipynb_gives_back_the_notebook(mut notebook in notebook()) {
        let written = to_ipynb(&notebook);
        let read = from_ipynb(&written).expect("our own file");
        prop_assert_eq!(&to_ipynb(&read), &written);
        for name in ["kernelspec", "language_info"] {
            notebook.metadata.insert(name.into(), read.metadata[name].clone());
        }
        prop_assert_eq!(read, notebook);
    }

    #[test]
    fn an_ipynb_is_valid_nbformat(notebook in notebook()) {
        let file: Value = serde_json::from_str(&to_ipynb(&notebook)).expect("JSON");
        prop_assert_eq!((&file["nbformat"], &file["nbformat_minor"]), (&json!(4), &json!(5)));
        for cell in file["cells"].as_array().expect("cells") {
            prop_assert!(cell["id"].is_string() && cell["metadata"].is_object() && cell["source"].is_array());
            prop_assert_eq!(cell["cell_type"] == "code", cell.get("outputs").is_some());
        }
    }

    #[test]
    fn a_link_gives_back_the_source(notebook in notebook()) {
        prop_assert_eq!(decode_link(&encode_link(&notebook)).expect("our own link"), source_only(&notebook));
    }

    #[test]
    fn a_cut_link_is_refused(notebook in notebook(), cut in any::<prop::sample::Index>()) {
        let link = encode_link(&notebook);
        prop_assert!(decode_link(&link[..cut.index(link.len())]).is_err());
    }

    #[test]
    fn a_changed_link_is_refused_or_says_the_same(notebook in notebook(), place in any::<prop::sample::Index>(), bit in 0..7u32) {
        let mut link = encode_link(&notebook).into_bytes();
        let place = place.index(link.len());
        link[place] ^= 1 << bit;
        let changed = String::from_utf8(link).expect("flipping one of seven bits keeps ASCII");
        if let Ok(read) = decode_link(&changed) {
            prop_assert_eq!(read, source_only(&notebook));
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        let _ = (from_ipynb(&text), from_script(&text), decode_link(&text));
        let framed = format!("k1.{text}.00000000");
        prop_assert!(decode_link(&framed).is_err());
    }

    #[test]
    fn any_json_in_a_notebooks_place_is_read_or_refused(source in any::<String>(), at in 0..6usize) {
        let odd = json!([null, 1, "x", [source], { "a": source }, [[1]]])[at].clone();
        let _ = from_ipynb(&json!({ "nbformat": 4, "cells": [odd] }).to_string());
        let cell = json!({ "cell_type": "code", "source": "", "id": odd, "metadata": odd, "outputs": odd, "execution_count": odd });
        let read = from_ipynb(&json!({ "nbformat": 4, "cells": [cell], "metadata": odd }).to_string()).expect("odd parts are left out");
        prop_assert_eq!(read.cells.len(), 1);
    }
}

#[test]
fn unknown_metadata_is_kept() {
    let text = json!({
        "nbformat": 4, "nbformat_minor": 2,
        "metadata": { "title": "T", "application/vnd.databricks.v1+notebook": { "language": "python" } },
        "cells": [{ "cell_type": "code", "source": ["a = 1\n", "a"], "metadata": { "scrolled": true }, "outputs": [], "execution_count": 3 }],
    });
    let notebook = from_ipynb(&text.to_string()).expect("a notebook");
    assert_eq!((notebook.title.as_str(), notebook.cells[0].source.as_str()), ("T", "a = 1\na"));
    let written: Value = serde_json::from_str(&to_ipynb(&notebook)).expect("JSON");
    assert_eq!(written["metadata"]["application/vnd.databricks.v1+notebook"]["language"], "python");
    assert_eq!((&written["cells"][0]["metadata"]["scrolled"], &written["metadata"]["title"]), (&json!(true), &json!("T")));
}

#[test]
fn ipythons_colours_are_taken_off() {
    let text = json!({ "nbformat": 4, "cells": [{ "cell_type": "code", "source": "", "outputs": [{
        "output_type": "error", "ename": "E", "evalue": "m", "traceback": ["\u{1b}[0;31mE\u{1b}[0m: m", "\u{1b}[1"] }] }] });
    let notebook = from_ipynb(&text.to_string()).expect("a notebook");
    let Shown::Error { traceback } = &notebook.cells[0].outputs[0] else { panic!("an error output") };
    assert_eq!(traceback.text, "E: m\n");
}

#[test]
fn errors_say_what_is_wrong() {
    let message = |text: &str| from_file("a.IPYNB", text).expect_err("no notebook").message().to_owned();
    assert_eq!(message(" "), "The file is empty: there is no notebook in it.");
    assert_eq!(message("{\n  \"a\":"), "The file is no notebook: its JSON breaks off or is wrong at line 2, column 6.");
    assert_eq!(message("[]"), "The file is JSON, but no notebook: it holds no JSON object.");
    assert_eq!(message("{\"nbformat\": 4}"), "The file is JSON, but no notebook: it has no list `cells`.");
    assert!(message("{\"nbformat\": 3}").starts_with("This notebook has format 3; Kindling reads format 4."));
    assert_eq!(
        message("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"heading\"}]}"),
        "Cell 1 of the file has the unknown type 'heading'; there are code, markdown and raw."
    );
}

#[test]
fn links_say_why_they_are_refused() {
    let message = |fragment: &str| decode_link(fragment).expect_err("no link").message().to_owned();
    assert!(message("").contains("carries no notebook"));
    assert!(message("section-2").contains("carries no notebook"));
    assert!(message("k2.AAAA.00000000").contains("newer Kindling"));
    assert!(message("k1.AAAA").contains("cut off"));
    assert!(message("k1.!!!!.00000000").contains("damaged"));
    assert!(message(&format!("k1.{}.00000000", "A".repeat(MAX_ENCODED))).contains("too long"));
}

#[test]
fn a_bomb_is_refused_at_the_limit() {
    let bomb = encode_link(&Notebook::new(vec![Cell::new(CellKind::Code, "a".repeat(8 << 20))]));
    assert!(bomb.len() < MAX_ENCODED, "8 MiB of one letter make a short link");
    assert!(decode_link(&bomb).expect_err("too large").message().contains("larger than 1 MiB"));
}

#[test]
fn more_behind_the_data_is_refused() {
    let link = encode_link(&Notebook::new(vec![Cell::new(CellKind::Code, "print(1)")]));
    let (data, check) = link.rsplit_once('.').expect("a check");
    assert!(decode_link(&format!("{data}AAAA.{check}")).is_err());
}
