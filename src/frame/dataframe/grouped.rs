use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::{DataFrame, quoted};
use crate::analyze::{Scope, has_aggregate};
use crate::column::Column;
use crate::expr::{Attribute, Expr};
use crate::plan::Plan;
use crate::schema::same_name;
use crate::typed::{Kind, Named, Typed};
use crate::types::{DataType, Field};
use crate::value::Value;

/// A frame grouped by keys, waiting for its aggregates.
pub struct GroupedData {
    frame: DataFrame,
    keys: Vec<Named>,
    pivot: Option<(Arc<Expr>, Vec<Value>)>,
}

impl GroupedData {
    pub(super) fn new(frame: &DataFrame, keys: &[Column]) -> Result<Self> {
        let output = frame.plan.output();
        let scope = Scope::new(&output);
        let mut named = Vec::new();
        for key in keys {
            named.extend(scope.named(key.expr())?);
        }
        if let Some(bad) = named.iter().find(|k| has_aggregate(&k.expr)) {
            return Err(Error::analysis(format!("Aggregate functions are not allowed in groupBy, but found {}.", bad.attribute.name()))
                .with_condition("GROUP_BY_AGGREGATE"));
        }
        if let Some(map) = named.iter().find(|k| matches!(k.expr.data_type, DataType::Map(..))) {
            return Err(Error::analysis(format!("Can't group by the map column '{}'.", map.attribute.name()))
                .with_condition("GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE"));
        }
        Ok(Self { frame: frame.clone(), keys: named, pivot: None })
    }

    /// The keys, then one column for each aggregate.
    ///
    /// # Errors
    /// Whatever is wrong with an aggregate; `MISSING_AGGREGATION` for a column that is neither grouped by nor aggregated.
    pub fn agg(&self, aggregates: &[Column]) -> Result<DataFrame> {
        if aggregates.is_empty() {
            return Err(Error::illegal_argument("agg needs at least one aggregate, such as F.avg(\"age\")."));
        }
        if let Some((column, values)) = &self.pivot {
            return self.pivoted(column, values, aggregates);
        }
        let output = self.frame.plan.output();
        let scope = Scope::new(&output);
        let mut computed: Vec<Named> = Vec::new();
        let mut results: Vec<Named> = self.keys.iter().map(|k| pass(&k.attribute)).collect();
        for column in aggregates {
            for named in scope.named(column.expr())? {
                let expr = self.lift(&named.expr, &mut computed)?;
                let mut references = std::collections::BTreeSet::new();
                expr.references(&mut references);
                let known = |id| self.keys.iter().chain(&computed).any(|k| k.attribute.id == id);
                if let Some(id) = references.into_iter().find(|id| !known(*id)) {
                    let name = output.iter().find(|a| a.id == id).map_or_else(String::new, |a| a.name().to_owned());
                    return Err(Error::analysis(format!(
                        "The column '{name}' is neither grouped by nor within an aggregate function. Add it to groupBy, or say which of its values to take, as in F.first(\"{name}\")."
                    ))
                    .with_condition("MISSING_AGGREGATION"));
                }
                let mut attribute = named.attribute;
                if output.iter().any(|a| a.id == attribute.id) && !self.keys.iter().any(|k| k.attribute.id == attribute.id) {
                    attribute = Attribute::new(attribute.field);
                }
                results.push(Named { expr, attribute });
            }
        }
        let child = Arc::new(Plan::Aggregate { child: self.frame.plan.clone(), keys: self.keys.clone(), aggregates: computed });
        Ok(self.frame.over(Plan::Project { child, columns: results }))
    }

    /// Takes the aggregates out of an expression, to be computed first, and puts the keys in for what was grouped by.
    fn lift(&self, expr: &Typed, computed: &mut Vec<Named>) -> Result<Typed> {
        let mut failed = None;
        let lifted = expr.rewrite(&mut |part| {
            let text = format!("{:?}", part.kind);
            if let Some(key) = self.keys.iter().find(|k| format!("{:?}", k.expr.kind) == text) {
                return Some(Typed::attribute(&key.attribute));
            }
            let Kind::Call { function, args, distinct } = &part.kind else { return None };
            function.aggregate()?;
            if args.iter().any(has_aggregate) {
                failed = Some(function.name);
            }
            let same = computed
                .iter()
                .find(|c| matches!(&c.expr.kind, Kind::Call { distinct: d, .. } if d == distinct) && format!("{:?}", c.expr.kind) == text);
            if let Some(same) = same {
                return Some(Typed::attribute(&same.attribute));
            }
            let attribute = Attribute::new(Field::new(function.name, part.data_type.clone(), part.nullable));
            computed.push(Named { expr: part.clone(), attribute: attribute.clone() });
            Some(Typed::attribute(&attribute))
        });
        match failed {
            Some(name) => Err(Error::analysis(format!("{name} can't be computed of another aggregate function."))
                .with_condition("NESTED_AGGREGATE_FUNCTION")),
            None => Ok(lifted),
        }
    }

    /// # Errors
    /// None today.
    pub fn count(&self) -> Result<DataFrame> {
        self.agg(&[Column::call("count", [Column::lit(1)]).alias("count")])
    }

    /// `sum`, `avg`, `mean`, `min` or `max` of these columns, or of all numeric columns that aren't keys.
    ///
    /// # Errors
    /// `UNRESOLVED_COLUMN.WITH_SUGGESTION`; when a column isn't numeric.
    pub fn each(&self, function: &str, columns: &[&str]) -> Result<DataFrame> {
        let names: Vec<String> = if columns.is_empty() {
            let is_key = |name: &str| self.keys.iter().any(|k| same_name(k.attribute.name(), name));
            self.frame.schema.iter().filter(|f| f.data_type.is_numeric() && !is_key(&f.name)).map(|f| f.name.to_string()).collect()
        } else {
            for name in columns {
                let field = self.frame.schema.field(name)?;
                if !field.data_type.is_numeric() {
                    return Err(Error::analysis(format!(
                        "\"{name}\" is not a numeric column. Aggregation function can only be applied on a numeric column."
                    )));
                }
            }
            columns.iter().map(|c| (*c).to_owned()).collect()
        };
        let aggregates: Vec<Column> = names
            .iter()
            .map(|name| {
                let canonical = if function == "mean" { "avg" } else { function };
                Column::call(canonical, [Column::name(quoted(name))]).alias(format!("{canonical}({name})"))
            })
            .collect();
        if aggregates.is_empty() {
            let child = Arc::new(Plan::Aggregate { child: self.frame.plan.clone(), keys: self.keys.clone(), aggregates: Vec::new() });
            return Ok(DataFrame::new(self.frame.session.clone(), child));
        }
        self.agg(&aggregates)
    }

    /// `pivot(column, values)`: one column for each value; without values, all that occur, sorted.
    ///
    /// # Errors
    /// When the column doesn't exist or there are more than 10,000 values.
    pub fn pivot(self, column: &Column, values: Option<Vec<Value>>) -> Result<GroupedData> {
        let values = match values {
            Some(values) => values,
            None => {
                let found = self.frame.select(&[column.alias("value")])?.distinct()?.sort(&["value".into()])?.limit(10_001)?.collect()?;
                if found.len() > 10_000 {
                    return Err(
                        Error::analysis("The pivot column has more than 10000 distinct values.").with_condition("PIVOT_VALUE_LIMIT")
                    );
                }
                found.into_iter().filter_map(|mut r| r.values.pop()).collect()
            }
        };
        Ok(GroupedData { pivot: Some((column.expr().clone(), values)), ..self })
    }

    /// First grouped by the keys and the pivot column, then spread: a value that a group doesn't have gives null, not 0.
    fn pivoted(&self, column: &Arc<Expr>, values: &[Value], aggregates: &[Column]) -> Result<DataFrame> {
        let output = self.frame.plan.output();
        let pivot = Scope::new(&output).resolve(column)?;
        let attribute = Attribute::new(Field::new("pivot", pivot.data_type.clone(), pivot.nullable));
        let mut keys = self.keys.clone();
        keys.push(Named { expr: pivot, attribute: attribute.clone() });
        let first = GroupedData { frame: self.frame.clone(), keys, pivot: None }.agg(aggregates)?;
        let found = first.plan.output();
        let results = &found[self.keys.len() + 1..];
        let own = |a: &Attribute| Column::attribute(a.clone(), first.id);
        let mut columns = Vec::new();
        for value in values {
            let same = own(&attribute).eq_null_safe(&Column::lit(value.clone()));
            for (result, aggregate) in results.iter().zip(aggregates) {
                let alone = aggregates.len() == 1;
                let name = if alone { value_name(value) } else { format!("{}_{}", value_name(value), aggregate.expr().column_name()) };
                let there = Column::when(&same, &own(result));
                columns.push(Column::call("first", [there, Column::lit(true)]).alias(name));
            }
        }
        let keys: Vec<Column> = found[..self.keys.len()].iter().map(own).collect();
        first.group_by(&keys)?.agg(&columns)
    }
}

fn value_name(value: &Value) -> String {
    if value.is_null() { "null".into() } else { value.to_string() }
}

fn pass(attribute: &Attribute) -> Named {
    Named { expr: Typed::attribute(attribute), attribute: attribute.clone() }
}
