//! A file's footer.

use kindling_partition::Result;
use serde_json::Value as Json;

use super::broken;
use super::codec::Codec;
use super::encoding::Physical;
use super::thrift::Thrift;
use crate::schema::Schema;

pub(super) const MAGIC: &[u8; 4] = b"PAR1";

/// Where Spark keeps the schema of its own types.
pub(super) const SPARK_SCHEMA: &str = "org.apache.spark.sql.parquet.row.metadata";

/// What a file's footer says.
pub(super) struct Footer {
    /// The root of the schema.
    pub root: Node,
    pub groups: Vec<RowGroup>,
    /// The schema as Spark wrote it, when Spark did.
    pub spark: Option<Schema>,
}

/// A node of the schema.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub name: String,
    pub repetition: Repetition,
    pub converted: Option<i64>,
    /// The id of the logical type, and what it says more.
    pub logical: Option<(i16, Thrift)>,
    pub precision: u8,
    pub scale: i8,
    pub kind: NodeKind,
}

#[derive(Clone, Debug)]
pub(super) enum NodeKind {
    /// Its physical type and its number among the leaves.
    Leaf(Physical, usize),
    Group(Vec<Node>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repetition {
    Required,
    Optional,
    Repeated,
}

pub(super) struct RowGroup {
    pub rows: usize,
    /// By the number of the leaf.
    pub chunks: Vec<Chunk>,
}

/// Where a column's pages lie.
pub(super) struct Chunk {
    pub start: usize,
    pub length: usize,
    pub values: usize,
    pub codec: i64,
    /// What the footer says of the values.
    pub statistics: Option<Thrift>,
}

impl RowGroup {
    /// The place by which the group belongs to a split.
    pub fn middle(&self) -> usize {
        let start = self.chunks.iter().map(|c| c.start).min().unwrap_or(0);
        let end = self.chunks.iter().map(|c| c.start + c.length).max().unwrap_or(0);
        start + (end - start) / 2
    }
}

impl Chunk {
    pub fn codec(&self) -> Result<Codec> {
        Codec::from_number(self.codec)
    }
}

impl Footer {
    /// # Errors
    /// Bytes that are no Parquet file.
    pub fn read(data: &[u8]) -> Result<Self> {
        let end = data.len();
        if end < 12 || &data[end - 4..] != MAGIC {
            return Err(broken("it doesn't end in PAR1"));
        }
        let length = u32::from_le_bytes([data[end - 8], data[end - 7], data[end - 6], data[end - 5]]) as usize;
        let start = (end - 8).checked_sub(length).ok_or_else(|| broken("the footer is longer than the file"))?;
        let (meta, _) = Thrift::read(&data[start..end - 8]).ok_or_else(|| broken("the footer can't be read"))?;
        let mut elements = meta.list(2).iter();
        let mut leaves = 0;
        let root = node(&mut elements, &mut leaves, 0).ok_or_else(|| broken("the schema can't be read"))?;
        let groups = meta.list(4).iter().map(|g| group(g, leaves, start)).collect::<Option<Vec<_>>>();
        let groups = groups.ok_or_else(|| broken("a column lies outside the file"))?;
        let spark = meta.list(5).iter().find(|pair| pair.string(1).as_deref() == Some(SPARK_SCHEMA)).and_then(|pair| pair.string(2));
        let spark = spark.and_then(|text| serde_json::from_str::<Json>(&text).ok()).and_then(|json| Schema::from_json(&json).ok());
        Ok(Self { root, groups, spark })
    }
}

fn node<'a>(elements: &mut impl Iterator<Item = &'a Thrift>, leaves: &mut usize, depth: usize) -> Option<Node> {
    let element = elements.next().filter(|_| depth < 64)?;
    let kind = match (element.int(1), element.size(5)) {
        (Some(number), None | Some(0)) => {
            *leaves += 1;
            NodeKind::Leaf(Physical { number: number as u8, length: element.size(2).unwrap_or(0) }, *leaves - 1)
        }
        (_, children) => NodeKind::Group((0..children.unwrap_or(0)).map(|_| node(elements, leaves, depth + 1)).collect::<Option<_>>()?),
    };
    let repetition = match element.int(3) {
        Some(1) => Repetition::Optional,
        Some(2) => Repetition::Repeated,
        _ => Repetition::Required,
    };
    let logical = match element.get(10) {
        Some(Thrift::Struct(fields)) => fields.first().cloned(),
        _ => None,
    };
    let digits = |id| element.int(id).unwrap_or(0).clamp(0, 38);
    Some(Node {
        name: element.string(4)?,
        repetition,
        converted: element.int(6),
        logical,
        precision: digits(8) as u8,
        scale: digits(7) as i8,
        kind,
    })
}

fn group(group: &Thrift, leaves: usize, file: usize) -> Option<RowGroup> {
    let chunks = group.list(1).iter().map(|chunk| {
        let meta = chunk.get(3)?;
        let pages = meta.size(9)?;
        // Some writers set the place of a dictionary that isn't there to 0.
        let start = meta.size(11).filter(|d| *d > 0 && *d < pages).unwrap_or(pages);
        let length = meta.size(7)?;
        (start.checked_add(length)? <= file).then_some(Chunk {
            start,
            length,
            values: meta.size(5)?,
            codec: meta.int(4)?,
            statistics: meta.get(12).cloned(),
        })
    });
    let chunks = chunks.collect::<Option<Vec<_>>>().filter(|chunks| chunks.len() == leaves)?;
    Some(RowGroup { rows: group.size(3)?, chunks })
}

/// The schema of a file as text: of each node its name, its repetition and its types, and the schema that Spark keeps beside it.
///
/// # Errors
/// Bytes that are no Parquet file.
pub fn parquet_schema(data: &[u8]) -> Result<String> {
    let footer = Footer::read(data)?;
    let spark = footer.spark.map(|schema| schema.json()).unwrap_or_default();
    Ok(format!("{:#?}\n{spark}", footer.root))
}
