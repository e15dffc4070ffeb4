//! Records as one column of variants: the option `singleVariantColumn`.

use std::sync::Arc;

use kindling_partition::{Error, Executor, Result};

use super::infer::Inferred;
use super::line::fields_of;
use super::options::{CsvOptions, ParseMode};
use super::source::CsvSource;
use super::values::Values;
use crate::batch::{Batch, array_of};
use crate::files::Split;
use crate::schema::Schema;
use crate::source::Pieces;
use crate::types::{DataType, Field};
use crate::value::Value;
use crate::variant::Tree;

/// Fails when a schema is not one variant of the option's name, with a text for bad records or without.
///
/// # Errors
/// `INVALID_SINGLE_VARIANT_COLUMN`
pub(crate) fn check_single(fields: &[Field], options: &CsvOptions) -> Result<()> {
    let Some(name) = &options.single_variant_column else { return Ok(()) };
    let is_variant = |f: &&Field| *f.name == **name && f.data_type == DataType::Variant;
    let is_corrupt = |f: &&Field| *f.name == *options.column_name_of_corrupt_record && f.data_type == DataType::String;
    let (variants, others) = (fields.iter().filter(is_variant).count(), fields.iter().filter(is_corrupt).count());
    if variants == 1 && others < 2 && variants + others == fields.len() {
        return Ok(());
    }
    let text = format!(
        "User specified schema \"{}\" is invalid when the `singleVariantColumn` option is enabled. The schema must either be a variant field, \
         or a variant field plus a corrupt column field.",
        DataType::Struct(fields.to_vec()).sql()
    );
    Err(Error::analysis(text).with_condition("INVALID_SINGLE_VARIANT_COLUMN"))
}

/// The types of the fields so far, which decide what a text becomes.
#[derive(Default)]
pub(crate) struct Single(Vec<Inferred>);

impl Single {
    /// An object of a record's fields; those that have no name are left out.
    ///
    /// # Errors
    /// Too large a value, two fields of one name.
    pub fn object(&mut self, fields: &[Option<String>], names: Option<&[String]>, options: &CsvOptions) -> Result<Value> {
        let width = names.map_or(fields.len(), |names| names.len().min(fields.len()));
        self.0.resize(self.0.len().max(width), Inferred::Null);
        let members = fields[..width].iter().zip(&mut self.0).enumerate().map(|(i, (text, so_far))| {
            let name: Arc<str> = names.map_or_else(|| format!("_c{i}"), |names| names[i].clone()).into();
            let (value, after) = text.as_ref().map_or((Value::Null, *so_far), |text| so_far.variant(text.as_bytes(), Values { options }));
            *so_far = after;
            Ok((name, Tree::from_value(&value)?))
        });
        Tree::Object(members.collect::<Result<_>>()?).encode("csv").map(Value::Variant)
    }
}

impl CsvSource {
    /// The schema of records as variants.
    ///
    /// # Errors
    /// As [`check_single`].
    pub(super) fn single_schema(&mut self, name: &str, given: Option<&Schema>) -> Result<Schema> {
        let schema = match given {
            None => Schema::new(vec![Field::new(name, DataType::Variant, true)]),
            Some(schema) => {
                check_single(schema.fields(), &self.options)?;
                schema.clone()
            }
        };
        self.corrupt = schema.iter().position(|f| f.data_type == DataType::String);
        Ok(schema)
    }

    /// The rows of parts of files, as variants.
    pub(super) fn single_pieces(&self, executor: &Executor, splits: &[Split], columns: &[usize], each: &mut Pieces<'_>) -> Result<()> {
        let names = self.header_names();
        let (mut single, mut values, mut texts) = (Single::default(), Vec::new(), Vec::new());
        for split in splits {
            let mut tokenizer = self.tokenizer(split, &[]);
            while let Some(tokens) = tokenizer.next() {
                executor.check()?;
                for record in 0..tokens.len() {
                    let (raw, start) = tokens.raw(record);
                    let raw = String::from_utf8_lossy(raw);
                    let fields = fields_of(&raw, &self.options);
                    let value = single.object(&fields, names.as_deref(), &self.options)?;
                    let bad = names.as_ref().is_some_and(|names| names.len() != fields.len());
                    match self.options.mode {
                        ParseMode::FailFast if bad => {
                            let wanted = names.as_ref().map_or(0, Vec::len);
                            let text = format!("expected {wanted} fields, found {}", fields.len());
                            return Err(self.error_at(split.file, start, &text));
                        }
                        ParseMode::DropMalformed if bad => continue,
                        _ => {}
                    }
                    values.push(value);
                    texts.push(if bad { Value::from(&*raw) } else { Value::Null });
                }
            }
        }
        let column = |c: &usize| match Some(*c) == self.corrupt {
            true => array_of(&DataType::String, &texts),
            false => array_of(&DataType::Variant, &values),
        };
        each(Batch::new(columns.iter().map(column).collect::<Result<_>>()?, values.len()))
    }
}
