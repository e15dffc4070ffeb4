//! `UNPIVOT (value FOR name IN (a, b))`: a row for each of some columns.

use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::ast::Relation;
use super::parser::Parser;
use super::plan::Planner;
use crate::coerce::{cast_to, wider};
use crate::column::Column;
use crate::dataframe::DataFrame;
use crate::expr::{Attribute, Expr};
use crate::plan::Plan;
use crate::typed::{Kind, Typed};
use crate::types::{DataType, Field};
use crate::value::Value;

#[derive(Clone, Debug)]
pub(crate) struct Unpivot {
    include_nulls: bool,
    /// The columns that get the values, and the one that tells whose they are.
    values: Vec<Arc<str>>,
    name: Arc<str>,
    /// As many columns each time as there are values, perhaps under a name of their own.
    sets: Vec<Set>,
}

#[derive(Clone, Debug)]
struct Set {
    columns: Vec<Arc<Expr>>,
    alias: Option<Arc<str>>,
}

impl Parser<'_> {
    pub(super) fn is_unpivot(&self) -> bool {
        self.is_word("unpivot") && (self.ahead(1).is("(") || self.ahead(1).is_word("include") || self.ahead(1).is_word("exclude"))
    }

    pub(super) fn unpivot(&mut self, child: Relation) -> Result<Relation> {
        self.skip(1);
        let include_nulls = self.take_words(&["include", "nulls"]);
        if !include_nulls {
            self.take_words(&["exclude", "nulls"]);
        }
        self.need("(")?;
        let several = self.is("(");
        let values = if several { self.parenthesized(Self::identifier)? } else { vec![self.identifier()?] };
        self.need_word("for")?;
        let name = self.identifier()?;
        self.need_word("in")?;
        self.need("(")?;
        let column = |parser: &mut Self| Ok(super::expr::name(&parser.name_parts()?));
        let sets = self.list(|parser| {
            let columns = if several { parser.parenthesized(column)? } else { vec![column(parser)?] };
            let named = parser.take_word("as") || parser.is_alias();
            Ok(Set { columns, alias: if named { Some(parser.identifier()?) } else { None } })
        })?;
        self.need(")")?;
        self.need(")")?;
        let unpivot = Unpivot { include_nulls, values, name, sets }.into();
        Ok(Relation::Unpivot { child: child.into(), unpivot, alias: self.table_alias()? })
    }
}

impl Planner<'_> {
    /// # Errors
    /// `UNPIVOT_VALUE_SIZE_MISMATCH`, `UNPIVOT_VALUE_DATA_TYPE_MISMATCH`, columns that aren't there.
    pub(super) fn unpivot(&self, child: &DataFrame, unpivot: &Unpivot) -> Result<DataFrame> {
        let output = child.plan().output();
        let scope = child.scope(&output);
        let mut sets = Vec::new();
        for Set { columns, alias } in &unpivot.sets {
            if columns.len() != unpivot.values.len() {
                let text = format!(
                    "All unpivot value columns must have the same size as there are value column names ({}).",
                    unpivot.values.len()
                );
                return Err(Error::analysis(text).with_condition("UNPIVOT_VALUE_SIZE_MISMATCH"));
            }
            let resolved = columns.iter().map(|column| scope.resolve(column)).collect::<Result<Vec<_>>>()?;
            let names: Vec<String> = columns.iter().map(|column| column.column_name()).collect();
            sets.push((resolved, alias.as_ref().map_or_else(|| names.join("_"), ToString::to_string)));
        }
        let is = |column: &Attribute, value: &Typed| matches!(value.kind, Kind::Attribute(id, _) if id == column.id);
        let ids: Vec<&Attribute> =
            output.iter().filter(|column| !sets.iter().flat_map(|(set, _)| set).any(|value| is(column, value))).collect();
        let own = |column: &&Attribute| Attribute { qualifier: column.qualifier.clone(), ..Attribute::new(column.field.clone()) };
        let mut columns: Vec<Attribute> = ids.iter().map(own).collect();
        columns.push(Attribute::new(Field::new(unpivot.name.clone(), DataType::String, false)));
        for (i, name) in unpivot.values.iter().enumerate() {
            let common = sets.iter().try_fold(DataType::Null, |common, (set, _)| wider_unlike_text(&common, &set[i].data_type));
            let Some(common) = common else {
                let types: Vec<String> =
                    sets.iter().map(|(set, _)| format!("\"{}\" ({})", set[i].data_type.sql(), crate::coerce::text(&set[i]))).collect();
                let text = format!("Unpivot value columns must share a least common type, some types do not: [{}].", types.join(", "));
                return Err(Error::analysis(text).with_condition("UNPIVOT_VALUE_DATA_TYPE_MISMATCH"));
            };
            sets.iter_mut().for_each(|(set, _)| cast_to(&mut set[i], &common));
            columns.push(Attribute::new(Field::new(name.clone(), common, true)));
        }
        let projections = sets.into_iter().map(|(set, name)| {
            let kept = ids.iter().map(|column| Typed::attribute(column));
            kept.chain([Typed::literal(Value::from(name))]).chain(set).collect()
        });
        let projections = projections.collect();
        let values: Vec<Attribute> = columns[ids.len() + 1..].to_vec();
        let rows = child.over(Plan::Expand { child: child.plan().clone(), projections, output: columns });
        if unpivot.include_nulls {
            return Ok(rows);
        }
        let known = values.into_iter().map(|value| Column::attribute(value, rows.id()).is_not_null()).reduce(|a, b| a.or(&b));
        known.map_or(Ok(rows.clone()), |known| rows.filter(&known))
    }
}

/// A text and a number have no common type here.
fn wider_unlike_text(a: &DataType, b: &DataType) -> Option<DataType> {
    let text = |t: &DataType| *t == DataType::String;
    if text(a) != text(b) && *a != DataType::Null && *b != DataType::Null { None } else { wider(a, b) }
}
