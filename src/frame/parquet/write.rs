//! One partition as a Parquet file.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use kindling_partition::{Error, Result};

use super::codec::Codec;
use super::encode::{decimal_width, dictionary, hybrid, plain, width_of};
use super::meta::{MAGIC, SPARK_SCHEMA};
use super::shred::{Shredded, shred};
use super::statistics::bounds;
use super::thrift::Thrift;
use crate::batch::Batch;
use crate::options::unknown;
use crate::schema::Schema;
use crate::types::{DataType, Field, matrix_fields, vector_fields};
use crate::variant::variant_fields;

/// Rows of a row group.
const GROUP: usize = 1 << 20;

/// The options of `df.write.parquet`, checked.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ParquetWriteOptions {
    /// `snappy`
    codec: Codec,
}

impl ParquetWriteOptions {
    /// # Errors
    /// An unknown name, or a codec that Kindling doesn't write.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self> {
        let mut options = Self::default();
        for (name, value) in pairs {
            match (name.to_ascii_lowercase().as_str(), value.to_ascii_lowercase().as_str()) {
                ("compression" | "parquet.compression", codec) => {
                    options.codec = match codec {
                        "snappy" => Codec::Snappy,
                        "gzip" => Codec::Gzip,
                        "none" | "uncompressed" => Codec::None,
                        _ => {
                            let text = format!("Kindling writes Parquet with snappy, gzip or none, not with '{value}'.");
                            return Err(
                                Error::illegal_argument(text).with_condition("CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION")
                            );
                        }
                    }
                }
                // How Spark lays files out for its own readers.
                (name, _) if name.starts_with("parquet.") => {}
                _ => return Err(unknown("Parquet", name, value, ["compression"])),
            }
        }
        Ok(options)
    }

    /// What a file's name ends in.
    pub fn extension(self) -> &'static str {
        match self.codec {
            Codec::Snappy => "snappy.parquet",
            Codec::Gzip => "gz.parquet",
            _ => "parquet",
        }
    }
}

/// The bytes of a file.
///
/// # Errors
/// A column of a type that Parquet doesn't have, a page of more than 2 GiB.
pub(crate) fn write_parquet(schema: &Schema, batch: &Batch, options: ParquetWriteOptions) -> Result<Vec<u8>> {
    // What says that it has no nulls, and has none, takes no levels.
    let exact: Schema = schema.iter().zip(&batch.columns).map(|(field, array)| exact(field, array)).collect();
    let mut elements = vec![Thrift::Struct(vec![(4, Thrift::text("spark_schema")), (5, Thrift::I32(schema.len() as i32))])];
    for field in exact.iter() {
        element(&field.name, &field.data_type, i32::from(field.nullable), &mut elements)?;
    }
    let mut out = MAGIC.to_vec();
    let mut groups = Vec::new();
    for start in (0..batch.rows).step_by(GROUP) {
        let rows = batch.slice(start, GROUP.min(batch.rows - start));
        groups.push(group(&exact, &rows, options.codec, &mut out)?);
    }
    let pair = |key: &str, value: String| Thrift::Struct(vec![(1, Thrift::text(key)), (2, Thrift::text(&value))]);
    let footer = Thrift::Struct(vec![
        (1, Thrift::I32(1)),
        (2, Thrift::List(elements)),
        (3, Thrift::I64(batch.rows as i64)),
        (4, Thrift::List(groups)),
        (5, Thrift::List(vec![pair("org.apache.spark.version", "4.3.0".into()), pair(SPARK_SCHEMA, schema.json())])),
        (6, Thrift::text(concat!("kindling version ", env!("CARGO_PKG_VERSION"), " (build 0)"))),
    ]);
    let start = out.len();
    footer.write(&mut out);
    let length = (out.len() - start) as u32;
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(MAGIC);
    Ok(out)
}

/// A field that may be null where it says so or a null is in it.
fn exact(field: &Field, array: &ArrayRef) -> Field {
    let part = |data_type: &DataType, nulls: bool, array: &ArrayRef| exact(&Field::new("", data_type.clone(), nulls), array);
    let data_type = match &field.data_type {
        DataType::Struct(fields) => DataType::Struct(fields.iter().zip(array.as_struct().columns()).map(|(f, a)| exact(f, a)).collect()),
        DataType::Array(element, nulls) => {
            let element = part(element, *nulls, array.as_list::<i32>().values());
            DataType::Array(Box::new(element.data_type), element.nullable)
        }
        DataType::Map(key, value, nulls) => {
            let map = array.as_map();
            let (key, value) = (part(key, false, map.keys()), part(value, *nulls, map.values()));
            DataType::Map(Box::new(key.data_type), Box::new(value.data_type), value.nullable)
        }
        other => other.clone(),
    };
    Field::new(field.name.clone(), data_type, field.nullable || array.null_count() > 0)
}

fn group(schema: &Schema, rows: &Batch, codec: Codec, out: &mut Vec<u8>) -> Result<Thrift> {
    let (mut chunks, mut bytes) = (Vec::new(), 0);
    for (field, array) in schema.iter().zip(&rows.columns) {
        let mut leaves = Vec::new();
        shred(field, array, &mut leaves);
        for leaf in leaves {
            let (chunk, size) = chunk(&leaf, codec, out)?;
            chunks.push(chunk);
            bytes += size;
        }
    }
    Ok(Thrift::Struct(vec![(1, Thrift::List(chunks)), (2, Thrift::I64(bytes)), (3, Thrift::I64(rows.rows as i64))]))
}

/// A leaf's pages; also says their size before compression.
fn chunk(leaf: &Shredded, codec: Codec, out: &mut Vec<u8>) -> Result<(Thrift, i64)> {
    let start = out.len();
    let values = plain(&leaf.data_type, &leaf.array, &leaf.picks);
    let found = if leaf.data_type == DataType::Boolean { None } else { dictionary(&values) };
    let mut size = 0;
    let mut page = |header: Vec<(i16, Thrift)>, kind: i32, bytes: &[u8]| -> Result<usize> {
        let compressed = codec.compress(bytes)?;
        let length = |n: usize| {
            i32::try_from(n)
                .map_err(|_| Error::runtime("A column of one partition takes more than 2 GiB in Parquet: write more partitions."))
        };
        let mut fields = vec![(1, Thrift::I32(kind)), (2, Thrift::I32(length(bytes.len())?)), (3, Thrift::I32(length(compressed.len())?))];
        fields.push((if kind == 2 { 7 } else { 5 }, Thrift::Struct(header)));
        let at = out.len();
        Thrift::Struct(fields).write(out);
        size += (out.len() - at + bytes.len()) as i64;
        out.extend_from_slice(&compressed);
        Ok(at)
    };
    let mut dictionary_at = None;
    if let Some(found) = &found {
        dictionary_at = Some(page(vec![(1, Thrift::I32(found.size as i32)), (2, Thrift::I32(0))], 2, &found.bytes)?);
    }
    let mut bytes = Vec::new();
    levels(&leaf.repetitions, leaf.most.1, &mut bytes);
    levels(&leaf.definitions, leaf.most.0, &mut bytes);
    match &found {
        Some(found) => {
            let width = width_of(found.size.saturating_sub(1) as u32);
            bytes.push(width as u8);
            hybrid(|i| found.indices[i], found.indices.len(), width, &mut bytes);
        }
        None => bytes.extend_from_slice(&values.bytes),
    }
    let encoding = if found.is_some() { 8 } else { 0 };
    let entries = leaf.definitions.len();
    let header = vec![(1, Thrift::I32(entries as i32)), (2, Thrift::I32(encoding)), (3, Thrift::I32(3)), (4, Thrift::I32(3))];
    let pages_at = page(header, 0, &bytes)?;
    let nulls = (entries - leaf.picks.len()) as i64;
    let mut meta = vec![
        (1, Thrift::I32(i32::from(physical(&leaf.data_type).0))),
        (2, Thrift::List([0, 3, encoding].map(Thrift::I32).to_vec())),
        (3, Thrift::List(leaf.path.iter().map(|name| Thrift::text(name)).collect())),
        (4, Thrift::I32(codec as i32)),
        (5, Thrift::I64(entries as i64)),
        (6, Thrift::I64(size)),
        (7, Thrift::I64((out.len() - start) as i64)),
        (9, Thrift::I64(pages_at as i64)),
    ];
    meta.extend(dictionary_at.map(|at| (11, Thrift::I64(at as i64))));
    let mut statistics = vec![(3, Thrift::I64(nulls))];
    if let Some((least, most)) = bounds(&leaf.data_type, physical(&leaf.data_type).0, &values.bytes) {
        statistics.extend([(5, Thrift::Bytes(most)), (6, Thrift::Bytes(least))]);
    }
    meta.push((12, Thrift::Struct(statistics)));
    Ok((Thrift::Struct(vec![(2, Thrift::I64(start as i64)), (3, Thrift::Struct(meta))]), size))
}

fn levels(levels: &[u8], most: u8, out: &mut Vec<u8>) {
    if most == 0 {
        return;
    }
    let mut bytes = Vec::new();
    hybrid(|i| u32::from(levels[i]), levels.len(), width_of(u32::from(most)), &mut bytes);
    out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    out.extend_from_slice(&bytes);
}

/// A leaf's physical type, and the length of a fixed one.
fn physical(data_type: &DataType) -> (u8, usize) {
    match data_type {
        DataType::Boolean => (0, 0),
        DataType::Byte | DataType::Short | DataType::Int | DataType::Date | DataType::Decimal(..=9, _) => (1, 0),
        DataType::Long | DataType::Time(_) | DataType::Timestamp | DataType::TimestampNtz | DataType::Decimal(..=18, _) => (2, 0),
        DataType::Float => (4, 0),
        DataType::Double => (5, 0),
        DataType::Decimal(precision, _) => (7, decimal_width(*precision)),
        _ => (6, 0),
    }
}

/// A column's nodes in the schema, as Spark's `SparkToParquetSchemaConverter` names them; `repetition` is 0 required, 1 optional, 2 repeated.
fn element(name: &str, data_type: &DataType, repetition: i32, out: &mut Vec<Thrift>) -> Result<()> {
    let mut group = |name: &str, repetition: i32, children: usize, kind: Option<(i32, i16)>| {
        let mut fields = vec![(3, Thrift::I32(repetition)), (4, Thrift::text(name)), (5, Thrift::I32(children as i32))];
        if let Some((converted, logical)) = kind {
            fields.push((6, Thrift::I32(converted)));
            fields.push((10, Thrift::Struct(vec![(logical, Thrift::Struct(Vec::new()))])));
        }
        out.push(Thrift::Struct(fields));
    };
    match data_type {
        DataType::Vector => return element(name, &DataType::Struct(vector_fields()), repetition, out),
        DataType::Variant => {
            // The version of the encoding.
            let logical = Thrift::Struct(vec![(16, Thrift::Struct(vec![(1, Thrift::Byte(1))]))]);
            out.push(Thrift::Struct(vec![(3, Thrift::I32(repetition)), (4, Thrift::text(name)), (5, Thrift::I32(2)), (10, logical)]));
            return variant_fields().iter().try_for_each(|f| element(&f.name, &f.data_type, 0, out));
        }
        DataType::Matrix => return element(name, &DataType::Struct(matrix_fields()), repetition, out),
        DataType::Null => {
            let text = format!("The Parquet datasource doesn't support the column `{name}` of the type \"VOID\".");
            return Err(Error::analysis(text).with_condition("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE"));
        }
        DataType::Struct(fields) => {
            if fields.is_empty() {
                let text = format!("Parquet has no struct without members, as the column `{name}` is.");
                return Err(Error::analysis(text).with_condition("EMPTY_SCHEMA_NOT_SUPPORTED_FOR_DATASOURCE"));
            }
            group(name, repetition, fields.len(), None);
            return fields.iter().try_for_each(|f: &Field| element(&f.name, &f.data_type, i32::from(f.nullable), out));
        }
        DataType::Array(inner, nulls) => {
            group(name, repetition, 1, Some((3, 3)));
            group("list", 2, 1, None);
            return element("element", inner, i32::from(*nulls), out);
        }
        DataType::Map(key, value, nulls) => {
            group(name, repetition, 1, Some((1, 2)));
            group("key_value", 2, 2, None);
            element("key", key, 0, out)?;
            return element("value", value, i32::from(*nulls), out);
        }
        _ => {}
    }
    let (number, length) = physical(data_type);
    let mut fields = vec![(1, Thrift::I32(i32::from(number)))];
    if length > 0 {
        fields.push((2, Thrift::I32(length as i32)));
    }
    fields.push((3, Thrift::I32(repetition)));
    fields.push((4, Thrift::text(name)));
    let nothing = || Thrift::Struct(Vec::new());
    let integer = |bits| Thrift::Struct(vec![(1, Thrift::Byte(bits)), (2, Thrift::Bool(true))]);
    let clock = |zoned, unit| Thrift::Struct(vec![(1, Thrift::Bool(zoned)), (2, Thrift::Struct(vec![(unit, nothing())]))]);
    let moment = |zoned| clock(zoned, 2);
    let (converted, logical) = match data_type {
        DataType::String => (Some(0), Some((1, nothing()))),
        DataType::Byte => (Some(15), Some((10, integer(8)))),
        DataType::Short => (Some(16), Some((10, integer(16)))),
        DataType::Date => (Some(6), Some((6, nothing()))),
        DataType::Timestamp => (Some(10), Some((8, moment(true)))),
        DataType::Time(precision) => (None, Some((7, clock(false, if *precision > 6 { 3 } else { 2 })))),
        DataType::TimestampNtz => (None, Some((8, moment(false)))),
        DataType::Decimal(precision, scale) => {
            fields.extend([(6, Thrift::I32(5)), (7, Thrift::I32(i32::from(*scale))), (8, Thrift::I32(i32::from(*precision)))]);
            let digits = vec![(1, Thrift::I32(i32::from(*scale))), (2, Thrift::I32(i32::from(*precision)))];
            (None, Some((5, Thrift::Struct(digits))))
        }
        _ => (None, None),
    };
    fields.extend(converted.map(|converted| (6, Thrift::I32(converted))));
    fields.extend(logical.map(|(id, more)| (10, Thrift::Struct(vec![(id, more)]))));
    out.push(Thrift::Struct(fields));
    Ok(())
}
