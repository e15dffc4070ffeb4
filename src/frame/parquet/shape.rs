//! The types of a file's schema, and the levels at which their parts are there: Spark's `ParquetToSparkSchemaConverter`.

use kindling_partition::{Error, Result};

use super::encoding::Physical;
use super::meta::{Node, NodeKind, Repetition};
use super::thrift::Thrift;
use crate::types::{DataType, Field};

/// A column or a part of one. A part is there where the level of definition is at least `there`.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Leaf {
        leaf: usize,
        physical: Physical,
        there: u8,
        repeats: u8,
        unit: i64,
    },
    Struct {
        there: u8,
        members: Vec<(Field, Shape)>,
    },
    /// An array or a map: where an entry is there, and the level of repetition of all but the first.
    List {
        there: u8,
        entry: u8,
        repeats: u8,
        items: Vec<Shape>,
    },
}

impl Shape {
    /// Every leaf of the part, with its physical type and highest levels.
    pub fn leaves(&self, out: &mut Vec<(usize, Physical, (u8, u8))>) {
        match self {
            Self::Leaf { leaf, physical, there, repeats, .. } => out.push((*leaf, *physical, (*there, *repeats))),
            Self::Struct { members, .. } => members.iter().for_each(|m| m.1.leaves(out)),
            Self::List { items, .. } => items.iter().for_each(|i| i.leaves(out)),
        }
    }
}

/// The columns of a file.
///
/// # Errors
/// A type that Kindling doesn't have.
pub(super) fn columns(root: &Node) -> Result<Vec<(Field, Shape)>> {
    match &root.kind {
        NodeKind::Group(nodes) => members(nodes, 0, 0),
        NodeKind::Leaf(..) => Ok(Vec::new()),
    }
}

fn members(nodes: &[Node], there: u8, repeats: u8) -> Result<Vec<(Field, Shape)>> {
    nodes
        .iter()
        .map(|node| {
            let (data_type, shape) = field(node, there, repeats)?;
            Ok((Field::new(node.name.as_str(), data_type, node.repetition != Repetition::Required), shape))
        })
        .collect()
}

/// A member: an array without a word about it when it repeats.
fn field(node: &Node, there: u8, repeats: u8) -> Result<(DataType, Shape)> {
    if node.repetition == Repetition::Repeated {
        let (element, item) = part(node, there + 1, repeats + 1)?;
        let shape = Shape::List { there, entry: there + 1, repeats: repeats + 1, items: vec![item] };
        return Ok((DataType::Array(Box::new(element), false), shape));
    }
    part(node, there + u8::from(node.repetition == Repetition::Optional), repeats)
}

/// A node that is there at a level.
fn part(node: &Node, there: u8, repeats: u8) -> Result<(DataType, Shape)> {
    let nodes = match &node.kind {
        NodeKind::Leaf(physical, leaf) => {
            let (data_type, unit) = leaf_type(node, *physical)?;
            return Ok((data_type, Shape::Leaf { leaf: *leaf, physical: *physical, there, repeats, unit }));
        }
        NodeKind::Group(nodes) => nodes,
    };
    let logical = node.logical.as_ref().map(|l| l.0);
    let (is_list, is_map) = (logical == Some(3) || node.converted == Some(3), logical == Some(2) || matches!(node.converted, Some(1 | 2)));
    match nodes.as_slice() {
        [middle] if is_list && middle.repetition == Repetition::Repeated => {
            let (entry, repeats) = (there + 1, repeats + 1);
            // Older writers have no group between the list and its elements.
            let ((element, item), nulls) = match &middle.kind {
                NodeKind::Group(inner) if inner.len() == 1 && middle.name != "array" && middle.name != format!("{}_tuple", node.name) => {
                    (field(&inner[0], entry, repeats)?, inner[0].repetition == Repetition::Optional)
                }
                _ => (part(middle, entry, repeats)?, false),
            };
            Ok((DataType::Array(Box::new(element), nulls), Shape::List { there, entry, repeats, items: vec![item] }))
        }
        [middle] if is_map && middle.repetition == Repetition::Repeated => {
            let NodeKind::Group(pair) = &middle.kind else { return Err(unknown(node)) };
            let [key, value] = pair.as_slice() else { return Err(unknown(node)) };
            let (entry, repeats) = (there + 1, repeats + 1);
            let (key_type, keys) = field(key, entry, repeats)?;
            let (value_type, values) = field(value, entry, repeats)?;
            let data_type = DataType::Map(Box::new(key_type), Box::new(value_type), value.repetition == Repetition::Optional);
            Ok((data_type, Shape::List { there, entry, repeats, items: vec![keys, values] }))
        }
        nodes => {
            let members = members(nodes, there, repeats)?;
            let fields = members.iter().map(|m| m.0.clone()).collect();
            let data_type = if logical == Some(16) { DataType::Variant } else { DataType::Struct(fields) };
            Ok((data_type, Shape::Struct { there, members }))
        }
    }
}

/// A leaf's type, and for a timestamp how many of its units a second has.
fn leaf_type(node: &Node, physical: Physical) -> Result<(DataType, i64)> {
    let (logical, more) = match &node.logical {
        Some((id, more)) => (Some(*id), Some(more)),
        None => (None, None),
    };
    let decimal = logical == Some(5) || node.converted == Some(5);
    if decimal && matches!(physical.number, 1 | 2 | 6 | 7) {
        let digits = |id: i16, other: i64| more.and_then(|m| m.int(id)).unwrap_or(other).clamp(0, 38);
        return Ok((DataType::Decimal(digits(2, i64::from(node.precision)) as u8, digits(1, i64::from(node.scale)) as i8), 0));
    }
    let found = match physical.number {
        0 => DataType::Boolean,
        1 => match (node.converted, logical) {
            (Some(15), _) => DataType::Byte,
            (Some(16 | 11), _) => DataType::Short,
            (Some(13), _) => DataType::Long,
            (Some(6), _) | (_, Some(6)) => DataType::Date,
            (Some(7), _) | (_, Some(7)) => return Err(unknown(node)),
            _ => DataType::Int,
        },
        2 => {
            if let (Some(7 | 8), Some(more)) = (logical, more) {
                let unit = match more.get(2) {
                    Some(Thrift::Struct(unit)) => unit.first().map_or(2, |u| u.0),
                    _ => 2,
                };
                let zoned = more.flag(1) != Some(false);
                if logical == Some(7) {
                    return match unit {
                        2 => Ok((DataType::Time(6), 1_000_000)),
                        _ => Ok((DataType::Time(9), 1_000_000_000)),
                    };
                }
                return Ok((if zoned { DataType::Timestamp } else { DataType::TimestampNtz }, 1000_i64.pow(unit.clamp(1, 3) as u32)));
            }
            match node.converted {
                Some(9) => return Ok((DataType::Timestamp, 1000)),
                Some(10) => return Ok((DataType::Timestamp, 1_000_000)),
                Some(14) => return Ok((DataType::Decimal(20, 0), 1)),
                Some(8) => return Ok((DataType::Time(6), 1_000_000)),
                _ => DataType::Long,
            }
        }
        3 => DataType::Timestamp,
        4 => DataType::Float,
        5 => DataType::Double,
        6 if matches!(node.converted, Some(0 | 4 | 19)) || matches!(logical, Some(1 | 4 | 12)) => DataType::String,
        6 | 7 => DataType::Binary,
        _ => return Err(unknown(node)),
    };
    Ok((found, 0))
}

fn unknown(node: &Node) -> Error {
    Error::analysis(format!("The Parquet column {} has a type that Kindling doesn't read.", node.name))
        .with_condition("PARQUET_TYPE_ILLEGAL")
}
