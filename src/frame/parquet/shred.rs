//! Columns as levels and picked values: Dremel's records taken apart.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};

use crate::types::{DataType, Field, matrix_fields, vector_fields};
use crate::variant::variant_fields;

/// A leaf of a column: an entry for each place of a row, and which values of the array are there.
pub(super) struct Shredded {
    pub array: ArrayRef,
    pub data_type: DataType,
    /// From the column's name on.
    pub path: Vec<String>,
    pub definitions: Vec<u8>,
    pub repetitions: Vec<u8>,
    pub picks: Vec<u32>,
    /// The highest levels.
    pub most: (u8, u8),
}

/// A place of a row: the value's index, none when something around it is null or empty, and its levels so far.
#[derive(Clone, Copy)]
struct Entry {
    index: Option<u32>,
    definition: u8,
    repetition: u8,
}

/// The leaves of a column in the order of the schema. What can't be null by its type has no null.
pub(super) fn shred(field: &Field, array: &ArrayRef, out: &mut Vec<Shredded>) {
    let entries = (0..array.len() as u32).map(|i| Entry { index: Some(i), definition: 0, repetition: 0 }).collect();
    part(
        &field.data_type,
        array,
        entries,
        Levels { definition: 0, repetition: 0, required: !field.nullable },
        vec![field.name.to_string()],
        out,
    );
}

#[derive(Clone, Copy)]
struct Levels {
    definition: u8,
    repetition: u8,
    required: bool,
}

fn part(data_type: &DataType, array: &ArrayRef, entries: Vec<Entry>, at: Levels, path: Vec<String>, out: &mut Vec<Shredded>) {
    let here = at.definition + u8::from(!at.required);
    let below = |name: &str| path.iter().cloned().chain(name.split('.').map(str::to_owned)).collect::<Vec<_>>();
    match data_type {
        DataType::Variant => part(&DataType::Struct(variant_fields()), array, entries, at, path, out),
        DataType::Vector => part(&DataType::Struct(vector_fields()), array, entries, at, path, out),
        DataType::Matrix => part(&DataType::Struct(matrix_fields()), array, entries, at, path, out),
        DataType::Struct(fields) => {
            let entries: Vec<Entry> = entries.into_iter().map(|e| there(e, array, here)).collect();
            for (field, column) in fields.iter().zip(array.as_struct().columns()) {
                let levels = Levels { definition: here, repetition: at.repetition, required: !field.nullable };
                let path = path.iter().cloned().chain([field.name.to_string()]).collect();
                part(&field.data_type, column, entries.clone(), levels, path, out);
            }
        }
        DataType::Array(element, nulls) => {
            let list = array.as_list::<i32>();
            let items = opened(entries, array, list.value_offsets(), here, at.repetition + 1);
            let levels = Levels { definition: here + 1, repetition: at.repetition + 1, required: !nulls };
            part(element, list.values(), items, levels, below("list.element"), out);
        }
        DataType::Map(key, value, nulls) => {
            let map = array.as_map();
            let items = opened(entries, array, map.value_offsets(), here, at.repetition + 1);
            let levels = Levels { definition: here + 1, repetition: at.repetition + 1, required: true };
            part(key, map.keys(), items.clone(), levels, below("key_value.key"), out);
            part(value, map.values(), items, Levels { required: !nulls, ..levels }, below("key_value.value"), out);
        }
        _ => {
            let (mut definitions, mut repetitions, mut picks) = (Vec::with_capacity(entries.len()), Vec::new(), Vec::new());
            for entry in entries {
                let entry = there(entry, array, here);
                picks.extend(entry.index);
                definitions.push(entry.definition);
                if at.repetition > 0 {
                    repetitions.push(entry.repetition);
                }
            }
            let (array, data_type) = (array.clone(), data_type.clone());
            out.push(Shredded { array, data_type, path, definitions, repetitions, picks, most: (here, at.repetition) });
        }
    }
}

/// An entry whose value, when it isn't null, is there at a level.
fn there(entry: Entry, array: &ArrayRef, level: u8) -> Entry {
    match entry.index {
        Some(i) if array.is_valid(i as usize) => Entry { definition: level, ..entry },
        _ => Entry { index: None, ..entry },
    }
}

/// The entries of lists; one without a value for a list that is null or empty.
fn opened(entries: Vec<Entry>, array: &ArrayRef, offsets: &[i32], here: u8, repetition: u8) -> Vec<Entry> {
    let mut out = Vec::with_capacity(entries.len());
    for entry in entries {
        let entry = there(entry, array, here);
        let range = entry.index.map_or(0..0, |i| offsets[i as usize]..offsets[i as usize + 1]);
        if range.is_empty() {
            out.push(Entry { index: None, ..entry });
            continue;
        }
        for item in range.clone() {
            let repetition = if item == range.start { entry.repetition } else { repetition };
            out.push(Entry { index: Some(item as u32), definition: here + 1, repetition });
        }
    }
    out
}
