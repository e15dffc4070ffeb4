//! Columns into rows and rows into columns.

use kindling_partition::{Error, Result};

use super::{DataFrame, quoted};
use crate::coerce::wider;
use crate::column::Column;
use crate::expr::{Attribute, FrameBound, FrameKind, WindowFrame, WindowSpec};
use crate::plan::Plan;
use crate::schema::{Schema, same_name};
use crate::typed::{Kind, Named, Typed};
use crate::types::{DataType, Field};
use crate::value::Value;

/// `spark.sql.transposeMaxValues`
const TRANSPOSED_ROWS: usize = 500;

impl DataFrame {
    /// `unpivot(ids, values, variableColumnName, valueColumnName)`: for each row one row for each of the columns `values`, with its name and its
    /// value. Without `values`, all columns but the ids.
    ///
    /// # Errors
    /// `UNPIVOT_REQUIRES_VALUE_COLUMNS`, `UNPIVOT_VALUE_DATA_TYPE_MISMATCH`, and whatever is wrong with a column.
    pub fn unpivot(&self, ids: &[Column], values: Option<&[Column]>, variable: &str, value: &str) -> Result<DataFrame> {
        let output = self.plan.output();
        let scope = self.scope(&output);
        let named = |columns: &[Column]| -> Result<Vec<Named>> {
            let found = columns.iter().map(|c| scope.named(c.expr())).collect::<Result<Vec<_>>>()?;
            Ok(found.into_iter().flatten().collect())
        };
        let ids = named(ids)?;
        let is_id = |a: &Attribute| ids.iter().any(|i| matches!(i.expr.kind, Kind::Attribute(id, _) if id == a.id));
        let values = match values {
            Some(values) => named(values)?,
            None => output.iter().filter(|a| !is_id(a)).map(Named::from).collect(),
        };
        if values.is_empty() {
            let text = "At least one value column needs to be specified for UNPIVOT, all columns specified as ids.";
            return Err(Error::analysis(text).with_condition("UNPIVOT_REQUIRES_VALUE_COLUMNS"));
        }
        let common = values.iter().try_fold(DataType::Null, |common, v| wider(&common, &v.expr.data_type)).ok_or_else(|| {
            let types: Vec<String> = values.iter().map(|v| format!("{} is {}", v.attribute.name(), v.expr.data_type.sql())).collect();
            let text = format!("Unpivot value columns must share a least common type, but {}.", types.join(", "));
            Error::analysis(text).with_condition("UNPIVOT_VALUE_DATA_TYPE_MISMATCH")
        })?;
        let fresh = |name: &str, data_type: &DataType, nullable| Attribute::new(Field::new(name, data_type.clone(), nullable));
        let mut columns: Vec<Attribute> = ids.iter().map(|i| Attribute::new(i.attribute.field.clone())).collect();
        columns.push(fresh(variable, &DataType::String, false));
        columns.push(fresh(value, &common, values.iter().any(|v| v.expr.nullable)));
        let projections = values.into_iter().map(|v| {
            let name = Typed::literal(Value::from(v.attribute.name()));
            let mut expr = v.expr;
            crate::coerce::cast_to(&mut expr, &common);
            ids.iter().map(|i| i.expr.clone()).chain([name, expr]).collect()
        });
        let projections = projections.collect();
        Ok(self.over(Plan::Expand { child: self.plan.clone(), projections, output: columns }))
    }

    /// `transpose(indexColumn)`: a row for each other column, named in `key`, with a column for each row, named by its value in the index
    /// column (the first one when none is given) and sorted by it. Computes now, as Spark does.
    ///
    /// # Errors
    /// `TRANSPOSE_EXCEED_ROW_LIMIT`, `TRANSPOSE_NO_LEAST_COMMON_TYPE`, and whatever fails while rows are computed.
    pub fn transpose(&self, index: Option<&Column>) -> Result<DataFrame> {
        let Some(first) = self.schema.iter().next() else { return Ok(self.clone()) };
        let index = index.cloned().unwrap_or_else(|| Column::name(quoted(&first.name)));
        let name = self.select(std::slice::from_ref(&index))?.schema.iter().next().map(|f| f.name.to_string()).unwrap_or_default();
        let others: Vec<Field> = self.schema.iter().filter(|f| !same_name(&f.name, &name)).cloned().collect();
        let common = others.iter().try_fold(DataType::Null, |common, f| wider(&common, &f.data_type)).ok_or_else(|| {
            Error::analysis("Transpose requires the columns that become rows to share a least common type; cast them first.")
                .with_condition("TRANSPOSE_NO_LEAST_COMMON_TYPE")
        })?;
        let casts = others.iter().map(|f| Column::name(quoted(&f.name)).cast(common.clone()));
        let columns: Vec<Column> = std::iter::once(index.alias("key")).chain(casts).collect();
        let indexed = self.select(&columns)?.filter(&Column::name("key").is_not_null())?.sort(&[Column::name("key")])?;
        let rows = indexed.with_column("key", &Column::name("key").cast(DataType::String))?.limit(TRANSPOSED_ROWS + 1)?.collect()?;
        if rows.len() > TRANSPOSED_ROWS {
            let text = format!(
                "Transpose makes a column of each row, and the frame has more than {TRANSPOSED_ROWS} rows: filter or aggregate first."
            );
            return Err(Error::analysis(text).with_condition("TRANSPOSE_EXCEED_ROW_LIMIT"));
        }
        let mut fields = vec![Field::new("key", DataType::String, false)];
        fields.extend(rows.iter().map(|row| Field::new(row.values[0].to_string(), common.clone(), true)));
        let cells = |i: usize| rows.iter().map(move |row| row.values[i + 1].clone());
        let made: Vec<Vec<Value>> =
            others.iter().enumerate().map(|(i, f)| std::iter::once(Value::from(&*f.name)).chain(cells(i)).collect()).collect();
        self.session.create_dataframe(&made, Schema::new(fields))
    }

    /// `to(schema)`: the columns that the schema names, in its order, with its types; those that the frame lacks are null.
    ///
    /// # Errors
    /// `UNRESOLVED_COLUMN.WITH_SUGGESTION` for a column that is lacking and may not be null; `INVALID_COLUMN_OR_FIELD_DATA_TYPE`.
    pub fn to(&self, schema: &Schema) -> Result<DataFrame> {
        let columns = schema.iter().map(|field| {
            let own = self.schema.iter().find(|f| same_name(&f.name, &field.name));
            let column = match own {
                Some(own) if wider(&own.data_type, &field.data_type).is_none() => {
                    let (name, from, to) = (&field.name, own.data_type.sql(), field.data_type.sql());
                    let text = format!("Column or field `{name}` is of type \"{from}\" while it's required to be \"{to}\".");
                    return Err(Error::analysis(text).with_condition("INVALID_COLUMN_OR_FIELD_DATA_TYPE"));
                }
                Some(own) if own.nullable && !field.nullable => {
                    let text = format!("Column or field `{}` is nullable while it's required to be non-nullable.", field.name);
                    return Err(Error::analysis(text).with_condition("NULLABLE_COLUMN_OR_FIELD"));
                }
                Some(own) => self.col(&quoted(&own.name))?,
                None if field.nullable => Column::lit(Value::Null),
                None => return Err(self.schema.index_of(&field.name).err().unwrap_or_else(|| Error::runtime("A column that is there."))),
            };
            Ok(column.cast(field.data_type.clone()).alias(field.name.clone()))
        });
        self.select(&columns.collect::<Result<Vec<_>>>()?)
    }

    /// `zipWithIndex(indexColName)`: with the place of each row, from 0 on, partition after partition.
    ///
    /// # Errors
    /// None today.
    pub fn zip_with_index(&self, name: &str) -> Result<DataFrame> {
        const PLACE: &str = "\u{0}place";
        let placed = self.with_column(PLACE, &Column::call("monotonically_increasing_id", []))?;
        let frame = WindowFrame { kind: FrameKind::Rows, start: FrameBound::UnboundedPreceding, end: FrameBound::CurrentRow };
        let spec = WindowSpec { orders: vec![Column::name(PLACE).expr().clone()], frame: Some(frame), ..WindowSpec::default() };
        let number = Column::call("row_number", []).over(spec).sub(&Column::lit(1)).cast(DataType::Long);
        let numbered = placed.with_column(name, &number)?;
        Ok(numbered.keeping(|a| a.name() != PLACE))
    }
}
