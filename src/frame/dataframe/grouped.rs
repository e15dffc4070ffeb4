use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::generators::{generate, makes_rows, not_nested, only_one};
use super::{DataFrame, quoted};
use crate::analyze::{Scope, has_aggregate, is_generator};
use crate::column::Column;
use crate::expr::{Attribute, Expr};
use crate::plan::Plan;
use crate::schema::same_name;
use crate::time_windows::with_window;
use crate::typed::{Kind, Named, Typed};
use crate::types::{DataType, Field};
use crate::value::Value;

/// A frame grouped by keys, waiting for its aggregates.
pub struct GroupedData {
    frame: DataFrame,
    /// What is grouped by, and the column that it becomes.
    keys: Vec<Named>,
    sets: Option<Sets>,
    pivot: Option<(Arc<Expr>, Vec<Value>)>,
}

/// Several sets of keys to group by at once: each row goes once into each set, with nulls in the place of the set's missing keys.
struct Sets {
    expanded: Arc<Plan>,
    /// The columns of the expanded plan that are grouped by: the keys, and the number of the set.
    placed: Vec<Named>,
    /// Bit by bit which keys are missing, the last key lowest (`grouping_id()`).
    id: Attribute,
}

impl GroupedData {
    pub(super) fn new(frame: &DataFrame, keys: &[Column]) -> Result<Self> {
        let exprs: Vec<Arc<Expr>> = keys.iter().map(|k| k.expr().clone()).collect();
        if let Some(windowed) = with_window(frame, &[], &exprs)? {
            let keys: Vec<Column> = exprs.iter().map(|k| windowed.placed(k).into()).collect();
            return Self::new(&windowed.frame, &keys);
        }
        if let Some((wide, exprs)) = frame.with_file_metadata(&exprs) {
            return Self::new(&wide, &exprs.into_iter().map(Column::from).collect::<Vec<_>>());
        }
        if let Some(key) = exprs.iter().find(|key| makes_rows(key)) {
            let text = "The query operator Aggregate contains one or more unsupported expressions.\nConsider to rewrite it to avoid window \
                 functions, aggregate functions, and generator functions in the Aggregate operator.";
            let text = format!("{text}\nInvalid expressions: [\"{key}\"]");
            return Err(Error::analysis(text).with_condition("UNSUPPORTED_EXPR_FOR_OPERATOR"));
        }
        let output = frame.plan.output();
        let scope = frame.scope(&output);
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
        if let Some(key) = named.iter().find(|k| k.expr.data_type.has_variant()) {
            let text = format!(
                "The expression \"{}\" cannot be used as a grouping expression because its data type \"{}\" is not an orderable data type.",
                key.attribute.name(),
                key.expr.data_type.sql()
            );
            return Err(Error::analysis(text).with_condition("GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE"));
        }
        Ok(Self { frame: frame.clone(), keys: named, sets: None, pivot: None })
    }

    /// Grouped by each of these sets of keys, named by their places.
    ///
    /// # Errors
    /// None today.
    pub(crate) fn with_sets(mut self, sets: &[Vec<usize>]) -> Result<Self> {
        let child = self.frame.plan.clone();
        let mut output = child.output();
        let inputs: Vec<Typed> = output.iter().map(Typed::attribute).collect();
        for key in &mut self.keys {
            let field = Field { nullable: true, ..key.attribute.field.clone() };
            key.attribute = Attribute { qualifier: key.attribute.qualifier.clone(), ..Attribute::new(field) };
        }
        let id = Attribute::new(Field::new("spark_grouping_id", DataType::Long, false));
        let number = Attribute::new(Field::new("_gen_grouping_pos", DataType::Int, false));
        output.extend(self.keys.iter().map(|k| k.attribute.clone()).chain([id.clone(), number.clone()]));
        let projections = sets.iter().enumerate().map(|(place, set)| {
            let missing = |i: usize| !set.contains(&i);
            let bits = (0..self.keys.len()).fold(0_i64, |bits, i| bits << 1 | i64::from(missing(i)));
            let keys = self.keys.iter().enumerate().map(|(i, key)| match missing(i) {
                true => Typed { data_type: key.expr.data_type.clone(), ..Typed::literal(Value::Null) },
                false => key.expr.clone(),
            });
            let marks = [Typed::literal(Value::Long(bits)), Typed::literal(Value::Int(place as i32))];
            inputs.iter().cloned().chain(keys).chain(marks).collect()
        });
        let projections = projections.collect();
        let placed = self.keys.iter().map(|k| &k.attribute).chain([&id, &number]).map(Named::from).collect();
        self.sets = Some(Sets { expanded: Arc::new(Plan::Expand { child, projections, output }), placed, id });
        Ok(self)
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
        let keys = self.keys.iter().map(|k| Named::from(&k.attribute)).collect();
        self.computed(keys, aggregates)
    }

    /// These columns alone: keys, aggregates, and what is made of them.
    ///
    /// # Errors
    /// As [`agg`](Self::agg).
    pub(crate) fn select(&self, columns: &[Column]) -> Result<DataFrame> {
        self.computed(Vec::new(), columns)
    }

    fn computed(&self, mut results: Vec<Named>, aggregates: &[Column]) -> Result<DataFrame> {
        let exprs: Vec<Arc<Expr>> = aggregates.iter().map(|a| a.expr().clone()).collect();
        if self.sets.is_none()
            && let Some((frame, exprs)) = self.frame.with_file_metadata(&exprs)
        {
            let wide = Self { frame, keys: self.keys.clone(), sets: None, pivot: None };
            return wide.computed(results, &exprs.into_iter().map(Column::from).collect::<Vec<_>>());
        }
        not_nested(&exprs)?;
        let generators: Vec<Arc<Expr>> = exprs.into_iter().filter(|expr| makes_rows(expr)).collect();
        only_one(&generators)?;
        let mut output = self.frame.plan.output();
        output.extend(self.sets.iter().map(|s| s.id.clone()));
        let scope = self.frame.scope(&output);
        let mut computed: Vec<Named> = Vec::new();
        for column in aggregates {
            let column = self.grouping(&scope, column.expr())?;
            for named in scope.named(&column)? {
                let expr = self.lift(&named.expr, &mut computed)?;
                let mut references = std::collections::BTreeSet::new();
                expr.references(&mut references);
                let known = |id| {
                    let placed = self.sets.iter().flat_map(|s| &s.placed);
                    self.keys.iter().chain(placed).chain(&computed).any(|k| k.attribute.id == id)
                        || self.frame.outer.iter().any(|o| o.id == id)
                };
                if let Some(id) = references.into_iter().find(|id| !known(*id)) {
                    let name = output.iter().find(|a| a.id == id).map_or_else(String::new, |a| a.name().to_owned());
                    return Err(self.missing(&name));
                }
                let mut attribute = named.attribute;
                match self.keys.iter().find(|k| matches!(expr.kind, Kind::Attribute(id, _) if k.attribute.id == id)) {
                    // A key under its own name keeps what it is.
                    Some(key) if key.attribute.name() == attribute.name() => attribute = key.attribute.clone(),
                    _ => {
                        let is_key = self.keys.iter().any(|k| k.attribute.id == attribute.id);
                        if is_key || output.iter().any(|a| a.id == attribute.id) {
                            attribute = Attribute::new(attribute.field);
                        }
                    }
                }
                attribute.field.nullable = expr.nullable;
                results.push(Named { expr, attribute });
            }
        }
        settle(&mut computed, &mut results);
        let (child, keys) = match &self.sets {
            Some(sets) => (sets.expanded.clone(), sets.placed.clone()),
            None => (self.frame.plan.clone(), self.keys.clone()),
        };
        let mut child = Arc::new(Plan::Aggregate { child, keys, aggregates: computed });
        if let Some(generator) = generators.first()
            && let Some(place) = results.iter().position(|result| is_generator(&result.expr))
        {
            let (plan, made) = generate(child, generator, results.remove(place))?;
            child = Arc::new(plan);
            results.splice(place..place, made.into_iter().map(Named::from));
        }
        Ok(self.frame.over(child.projected(results)))
    }

    fn missing(&self, name: &str) -> Error {
        if self.keys.is_empty() {
            return Error::analysis(format!(
                "The query has no groups, but the column '{name}' stands beside an aggregate. Group by it, or say which of its values to take, as in F.first(\"{name}\")."
            ))
            .with_condition("MISSING_GROUP_BY");
        }
        Error::analysis(format!(
            "The column '{name}' is neither grouped by nor within an aggregate function. Add it to groupBy, or say which of its values to take, as in F.first(\"{name}\")."
        ))
        .with_condition("MISSING_AGGREGATION")
    }

    /// The expression with `grouping(key)` and `grouping_id()` as what they are computed from, under its own name.
    fn grouping(&self, scope: &Scope<'_>, expr: &Arc<Expr>) -> Result<Arc<Expr>> {
        let failed = std::cell::RefCell::new(None);
        let replaced = expr.rewrite(&|part| {
            let Expr::Call { function, args, .. } = part else { return None };
            if !matches!(&**function, "grouping" | "grouping_id") {
                return None;
            }
            let made = self.grouping_bits(scope, function, args);
            made.map_err(|error| failed.borrow_mut().get_or_insert(error).clone()).ok()
        });
        if let Some(error) = failed.into_inner() {
            return Err(error);
        }
        let named = matches!(&**expr, Expr::Alias { .. }) || Arc::ptr_eq(&replaced, expr) || replaced.to_string() == expr.to_string();
        Ok(if named { replaced } else { Expr::Alias { child: replaced, name: expr.column_name().into(), metadata: None }.into() })
    }

    fn grouping_bits(&self, scope: &Scope<'_>, function: &str, args: &[Arc<Expr>]) -> Result<Expr> {
        let Some(sets) = &self.sets else {
            return Err(Error::analysis("grouping()/grouping_id() can only be used with GroupingSets/Cube/Rollup.")
                .with_condition("UNSUPPORTED_GROUPING_EXPRESSION"));
        };
        let id = Expr::Attribute(sets.id.clone(), self.frame.id);
        let mismatch = |condition| {
            let keys: Vec<&str> = self.keys.iter().map(|k| k.attribute.name()).collect();
            let args: Vec<String> = args.iter().map(ToString::to_string).collect();
            let text = format!("The columns of {function} ({}) are not the grouping columns ({}).", args.join(", "), keys.join(", "));
            Error::analysis(text).with_condition(condition)
        };
        if function == "grouping_id" {
            if !args.is_empty() && args.len() != self.keys.len() {
                return Err(mismatch("GROUPING_ID_COLUMN_MISMATCH"));
            }
            return Ok(id);
        }
        let [arg] = args else { return Err(mismatch("GROUPING_COLUMN_MISMATCH")) };
        let wanted = format!("{:?}", scope.resolve(arg)?.kind);
        let place = self.keys.iter().position(|k| format!("{:?}", k.expr.kind) == wanted);
        let place = place.ok_or_else(|| mismatch("GROUPING_COLUMN_MISMATCH"))?;
        let call = |name: &str, a: Expr, b: i32| Expr::Call {
            function: name.into(),
            args: vec![a.into(), Expr::Literal(Value::Int(b)).into()],
            distinct: false,
        };
        let bit = call("&", call("shiftright", id, (self.keys.len() - 1 - place) as i32), 1);
        Ok(Expr::Cast { child: bit.into(), to: DataType::Byte, to_null: false })
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
                let text = format!("{} can't be computed of another aggregate function.", function.name);
                failed = Some(Error::analysis(text).with_condition("NESTED_AGGREGATE_FUNCTION"));
            } else if !args.iter().all(crate::optimize::deterministic) {
                let text = crate::coerce::text(part);
                let text = format!("Non-deterministic expression \"{text}\" should not appear in the arguments of an aggregate function.");
                failed = Some(Error::analysis(text).with_condition("AGGREGATE_FUNCTION_WITH_NONDETERMINISTIC_EXPRESSION"));
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
        failed.map_or(Ok(lifted), Err)
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
            let keys: Vec<Column> = self.keys.iter().map(|k| Column::attribute(k.attribute.clone(), self.frame.id)).collect();
            return if self.sets.is_some() {
                self.count()?.select(&keys)
            } else {
                self.computed(self.keys.iter().map(|k| Named::from(&k.attribute)).collect(), &[])
            };
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
        let pivot = self.frame.scope(&output).resolve(column)?;
        let attribute = Attribute::new(Field::new("pivot", pivot.data_type.clone(), pivot.nullable));
        let mut keys = self.keys.clone();
        keys.push(Named { expr: pivot, attribute: attribute.clone() });
        let first = GroupedData { frame: self.frame.clone(), keys, sets: None, pivot: None }.agg(aggregates)?;
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

/// An aggregate that is a result as it is becomes that column at once.
fn settle(computed: &mut [Named], results: &mut [Named]) {
    for aggregate in computed {
        let id = aggregate.attribute.id;
        let reads = |named: &Named| named.expr.any(&|part| matches!(part.kind, Kind::Attribute(read, _) if read == id));
        let mut readers = results.iter_mut().filter(|named| reads(named));
        if let (Some(only), None) = (readers.next(), readers.next())
            && matches!(only.expr.kind, Kind::Attribute(..))
        {
            aggregate.attribute = only.attribute.clone();
            only.expr = Typed::attribute(&only.attribute);
        }
    }
}

fn value_name(value: &Value) -> String {
    if value.is_null() { "null".into() } else { value.to_string() }
}
