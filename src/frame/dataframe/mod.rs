mod actions;
mod create;
mod frequent;
mod generators;
mod grouped;
mod joins;
mod later;
mod missing;
mod profile;
mod reshape;
mod sampling;
mod sets;
mod show;
mod statistics;
mod table;

use std::sync::Arc;

use kindling_partition::{Error, Result};

use crate::analyze::{COLUMNS, Scope, has_aggregate, is_generator};
use crate::batch::Batch;
use crate::coerce::{cast_to, wider};
use crate::column::Column;
use crate::expr::{Attribute, Expr, FrameId};
use crate::file_columns;
use crate::functions::{names_like, set_operation};
use crate::plan::Plan;
use crate::schema::{Schema, same_name};
use crate::session::Session;
use crate::source::{MemorySource, Source};
use crate::sql::{Planner, first_subquery};
use crate::time_windows::with_window;
use crate::typed::{Kind, Named, Typed};
use crate::types::{DataType, Field, Metadata};

pub use create::infer_schema;
pub(crate) use generators::{generate, makes_rows, outside_select};
pub use grouped::GroupedData;
pub use joins::{JoinKind, JoinOn};
pub use later::{one_row, table_function};
pub use profile::{ColumnProfile, Spread};
pub use table::{FilterTest, PreviewColumn, TableFilter, TablePreview, TableQuery, TableRows, TableSort};

/// Rows in partitions, as a lazy plan: every transformation checks its names and types at once and computes nothing; actions compute.
#[derive(Clone)]
pub struct DataFrame {
    session: Session,
    plan: Arc<Plan>,
    schema: Arc<Schema>,
    id: FrameId,
    /// The columns of the queries around it, when the frame is part of a subquery.
    outer: Arc<[Attribute]>,
    /// What is to become of the frame once those columns are known, for a part of a subquery that is made before.
    later: Option<Arc<later::Later>>,
}

impl DataFrame {
    pub(crate) fn new(session: Session, plan: Arc<Plan>) -> Self {
        let schema = Arc::new(plan.schema());
        let session = if plan.needs_driver() { session.on_driver() } else { session };
        Self { session, plan, schema, id: FrameId::fresh(), outer: Arc::default(), later: None }
    }

    pub(crate) fn over(&self, plan: Plan) -> Self {
        Self { outer: self.outer.clone(), ..Self::new(self.session.clone(), Arc::new(plan)) }
    }

    pub(crate) fn id(&self) -> FrameId {
        self.id
    }

    pub(crate) fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// The same frame, whose columns' names may also mean these.
    pub(crate) fn within(&self, outer: Arc<[Attribute]>) -> Self {
        Self { outer, ..self.clone() }
    }

    pub(crate) fn outer_columns(&self) -> &Arc<[Attribute]> {
        &self.outer
    }

    /// What names mean over these columns.
    pub(crate) fn scope<'a>(&'a self, attributes: &'a [Attribute]) -> Scope<'a> {
        Scope::within(attributes, &self.outer)
    }

    pub fn from_source(session: &Session, source: Arc<dyn Source>) -> Self {
        Self::new(session.clone(), Arc::new(Plan::scan(source)))
    }

    /// A frame of these partitions, which have the schema's columns.
    pub fn from_batches(session: &Session, schema: Arc<Schema>, partitions: Vec<Batch>) -> Self {
        Self::from_source(session, Arc::new(MemorySource::new(schema, partitions)))
    }

    pub fn session(&self) -> &Session {
        &self.session
    }

    /// `df.inputFiles()`: the paths of the files that the rows come from.
    pub fn input_files(&self) -> Vec<String> {
        self.plan.input_files()
    }

    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    pub fn columns(&self) -> Vec<String> {
        self.schema.names().map(str::to_owned).collect()
    }

    /// Name and simple type of each column.
    pub fn dtypes(&self) -> Vec<(String, String)> {
        self.schema.iter().map(|f| (f.name.to_string(), f.data_type.simple_string())).collect()
    }

    /// `df[name]`: this frame's own column, whatever it is joined with later. `"*"` means all columns.
    ///
    /// # Errors
    /// `UNRESOLVED_COLUMN.WITH_SUGGESTION`, `AMBIGUOUS_REFERENCE`
    pub fn col(&self, name: &str) -> Result<Column> {
        if name == "*" {
            return Ok(Column::name("*"));
        }
        let output = self.plan.output();
        let typed = match Scope::new(&output).resolve(&Expr::Name(name.into())) {
            // The hidden column has its place once it is asked for.
            Err(error) => return self.hidden_column(name).ok_or(error),
            Ok(typed) => typed,
        };
        match typed.kind {
            Kind::Attribute(id, written) => {
                let attribute = output.into_iter().find(|a| a.id == id).ok_or_else(|| Error::runtime("A column without its attribute."))?;
                let field = Field { name: written, ..attribute.field };
                Ok(Column::attribute(Attribute { field, ..attribute }, self.id))
            }
            // A field within a struct.
            _ => Ok(Column::name(name)),
        }
    }

    fn hidden_column(&self, name: &str) -> Option<Column> {
        let column = Column::name(name);
        self.with_file_metadata(&[column.expr().clone()])?.0.col(name).ok().map(|_| column)
    }

    /// The frame with the hidden column `_metadata`, where the expressions ask for it and files have it; `*` stays what it was.
    pub(crate) fn with_file_metadata(&self, exprs: &[Arc<Expr>]) -> Option<(DataFrame, Vec<Arc<Expr>>)> {
        let wide = exprs.iter().any(file_columns::asks).then(|| file_columns::with_metadata(&self.plan)).flatten()?;
        let own = |expr: &Arc<Expr>| match &**expr {
            Expr::Name(name) if &**name == "*" => self.plan.output().into_iter().map(|a| Arc::new(Expr::Attribute(a, self.id))).collect(),
            _ => vec![expr.clone()],
        };
        let frame = DataFrame { plan: wide, ..self.clone() };
        Some((frame, exprs.iter().flat_map(own).collect()))
    }

    /// `df.colRegex("`…`")`: in a select, all columns whose names a regular expression describes; without the backticks the column of the name.
    ///
    /// # Errors
    /// `INVALID_PARAMETER_VALUE.PATTERN`, `UNRESOLVED_COLUMN.WITH_SUGGESTION`
    pub fn col_regex(&self, pattern: &str) -> Result<Column> {
        let Some(pattern) = pattern.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) else { return self.col(pattern) };
        let is_like = names_like(pattern)?;
        let found = self.plan.output().into_iter().filter(|attribute| is_like(attribute.name()));
        Ok(Column::call(COLUMNS, found.map(|attribute| Column::attribute(attribute, self.id)).collect::<Vec<_>>()))
    }

    /// # Errors
    /// Whatever is wrong with one of the columns.
    pub fn select(&self, columns: &[Column]) -> Result<DataFrame> {
        let exprs: Vec<Arc<Expr>> = columns.iter().map(|c| c.expr().clone()).collect();
        if self.waits(&exprs) {
            let columns = columns.to_vec();
            return Ok(self.then(move |frame| frame.select(&columns)));
        }
        select(self, &exprs)
    }

    /// # Errors
    /// Whatever is wrong with the column.
    pub fn with_column(&self, name: &str, column: &Column) -> Result<DataFrame> {
        self.with_columns(&[(name.to_owned(), column.clone())])
    }

    /// Replaces the columns that are there and appends the others; all are computed from this frame's columns.
    ///
    /// # Errors
    /// Whatever is wrong with one of the columns.
    pub fn with_columns(&self, columns: &[(String, Column)]) -> Result<DataFrame> {
        if self.waits(columns.iter().map(|(_, c)| c.expr())) {
            let columns = columns.to_vec();
            return Ok(self.then(move |frame| frame.with_columns(&columns)));
        }
        let named = |name: &str, column: &Column| match &**column.expr() {
            Expr::Alias { child, metadata, .. } => {
                Arc::new(Expr::Alias { child: child.clone(), name: name.into(), metadata: metadata.clone() })
            }
            _ => column.alias(name).expr().clone(),
        };
        let output = self.plan.output();
        let mut exprs: Vec<Arc<Expr>> = output
            .iter()
            .map(|a| match columns.iter().rfind(|(name, _)| same_name(name, a.name())) {
                Some((name, column)) => named(name, column),
                None => Arc::new(Expr::Attribute(a.clone(), self.id)),
            })
            .collect();
        for (i, (name, column)) in columns.iter().enumerate() {
            let again = columns[..i].iter().any(|(n, _)| same_name(n, name));
            if !again && !output.iter().any(|a| same_name(a.name(), name)) {
                exprs.push(named(name, column));
            }
        }
        select(self, &exprs)
    }

    /// Nothing happens when there is no such column, as in Spark.
    ///
    /// # Errors
    /// None today.
    pub fn with_column_renamed(&self, old: &str, new: &str) -> Result<DataFrame> {
        let rename = |a: &Attribute| if same_name(a.name(), old) { new.into() } else { a.field.name.clone() };
        self.renamed(rename)
    }

    /// Renames columns by a function; their metadata stays.
    fn renamed(&self, rename: impl Fn(&Attribute) -> Arc<str>) -> Result<DataFrame> {
        let columns = self
            .plan
            .output()
            .iter()
            .map(|a| {
                let name = rename(a);
                let attribute = if name == a.field.name {
                    a.clone()
                } else {
                    Attribute { qualifier: None, ..Attribute::new(Field { name, ..a.field.clone() }) }
                };
                Named { expr: Typed::attribute(a), attribute }
            })
            .collect();
        Ok(self.over(Plan::Project { child: self.plan.clone(), columns }))
    }

    /// # Errors
    /// `UNRESOLVED_COLUMN.WITH_SUGGESTION`
    pub fn with_metadata(&self, name: &str, metadata: Metadata) -> Result<DataFrame> {
        let column = self.col(name)?;
        self.with_column(name, &column.alias_with_metadata(name, metadata))
    }

    /// `toDF(*names)`
    ///
    /// # Errors
    /// When there aren't as many names as columns.
    pub fn to_df(&self, names: &[&str]) -> Result<DataFrame> {
        if self.waits([]) {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            return Ok(self.then(move |frame| frame.to_df(&names.iter().map(String::as_str).collect::<Vec<_>>())));
        }
        let output = self.plan.output();
        if names.len() != output.len() {
            let text = format!(
                "toDF needs one name for each of the {} columns ({}), but got {}.",
                output.len(),
                self.columns().join(", "),
                names.len()
            );
            return Err(Error::analysis(text).with_condition("ASSIGNMENT_ARITY_MISMATCH"));
        }
        let columns = output
            .iter()
            .zip(names)
            .map(|(a, name)| Named {
                expr: Typed::attribute(a),
                attribute: Attribute::new(Field { name: (*name).into(), ..a.field.clone() }),
            })
            .collect();
        Ok(self.over(Plan::Project { child: self.plan.clone(), columns }))
    }

    /// `filter`/`where`: the rows for which the condition is true.
    ///
    /// # Errors
    /// Whatever is wrong with the condition.
    pub fn filter(&self, condition: &Column) -> Result<DataFrame> {
        generators::outside_select(condition.expr(), "Filter")?;
        if self.waits([condition.expr()]) {
            let condition = condition.clone();
            return Ok(self.then(move |frame| frame.filter(&condition)));
        }
        if first_subquery(condition.expr()).is_some() {
            return Planner::around(self).filtered(self, condition.expr());
        }
        let (child, condition, widened) = self.resolve_through(|scope| scope.condition(condition.expr()))?;
        crate::window::plain_condition(&condition, "WHERE")?;
        let filtered = Plan::Filter { child, condition };
        file_columns::check(&filtered)?;
        Ok(self.narrowed(filtered, widened))
    }

    /// `orderBy`: over all partitions.
    ///
    /// # Errors
    /// Whatever is wrong with one of the columns.
    pub fn sort(&self, orders: &[Column]) -> Result<DataFrame> {
        self.sorted(orders, true)
    }

    /// `sortWithinPartitions`
    ///
    /// # Errors
    /// Whatever is wrong with one of the columns.
    pub fn sort_within_partitions(&self, orders: &[Column]) -> Result<DataFrame> {
        self.sorted(orders, false)
    }

    fn sorted(&self, orders: &[Column], global: bool) -> Result<DataFrame> {
        orders.iter().try_for_each(|order| generators::outside_select(order.expr(), "Sort"))?;
        if self.waits(orders.iter().map(Column::expr)) {
            let orders = orders.to_vec();
            return Ok(self.then(move |frame| frame.sorted(&orders, global)));
        }
        let (child, mut orders, widened) =
            self.resolve_through(|scope| orders.iter().map(|o| scope.order(o.expr())).collect::<Result<Vec<_>>>())?;
        let drawn = child.drawn_before(orders.iter_mut().map(|(e, _)| e));
        let widened = widened || !Arc::ptr_eq(&drawn, &child);
        Ok(self.narrowed(Plan::Sort { child: drawn, orders, global }, widened))
    }

    /// Resolves against this frame's columns, or, where that fails below a `select`, against the columns that it left out.
    fn resolve_through<T>(&self, resolve: impl Fn(&Scope<'_>) -> Result<T>) -> Result<(Arc<Plan>, T, bool)> {
        let output = self.plan.output();
        let error = match resolve(&self.scope(&output)) {
            Ok(resolved) => return Ok((self.plan.clone(), resolved, false)),
            Err(error) => error,
        };
        if let Some(wide) = file_columns::with_metadata(&self.plan)
            && let Ok(resolved) = resolve(&self.scope(&wide.output()))
        {
            return Ok((wide, resolved, true));
        }
        let Plan::Project { child, columns } = &*self.plan else { return Err(error) };
        let hidden: Vec<Attribute> = child.output().into_iter().filter(|a| !output.iter().any(|o| o.id == a.id)).collect();
        let unlike = hidden.iter().filter(|h| !output.iter().any(|o| same_name(o.name(), h.name()))).cloned().collect();
        for extra in [unlike, hidden] {
            let all: Vec<Attribute> = output.iter().cloned().chain(extra.iter().cloned()).collect();
            if let Ok(resolved) = resolve(&self.scope(&all)) {
                let more = extra.into_iter().map(Named::from);
                let columns = columns.iter().cloned().chain(more).collect();
                return Ok((Arc::new(Plan::Project { child: child.clone(), columns }), resolved, true));
            }
        }
        Err(error)
    }

    /// A plan over more columns than this frame has, cut back to them.
    fn narrowed(&self, plan: Plan, widened: bool) -> DataFrame {
        if !widened {
            return self.over(plan);
        }
        let columns = self.plan.output().into_iter().map(Named::from).collect();
        self.over(Plan::Project { child: Arc::new(plan), columns })
    }

    /// Names that aren't there are passed over, as in Spark.
    ///
    /// # Errors
    /// None today.
    pub fn drop(&self, names: &[&str]) -> Result<DataFrame> {
        Ok(self.keeping(|a| !names.iter().any(|n| same_name(n, a.name()))))
    }

    /// `drop(df["x"])`: the very columns, and those that names mean; what means none is passed over.
    ///
    /// # Errors
    /// `AMBIGUOUS_REFERENCE`
    pub fn drop_columns(&self, columns: &[Column]) -> Result<DataFrame> {
        let output = self.plan.output();
        let mut dropped = Vec::new();
        for column in columns {
            match (&**column.expr(), Scope::new(&output).resolve(column.expr())) {
                (Expr::Attribute(attribute, _), _) => dropped.push(attribute.id),
                (_, Ok(Typed { kind: Kind::Attribute(id, _), .. })) => dropped.push(id),
                (_, Err(error)) if error.condition() == Some("AMBIGUOUS_REFERENCE") => return Err(error),
                _ => {}
            }
        }
        Ok(self.keeping(|a| !dropped.contains(&a.id)))
    }

    fn keeping(&self, keep: impl Fn(&Attribute) -> bool) -> DataFrame {
        let kept = self.plan.output().into_iter().filter(keep);
        let columns = kept.map(Named::from).collect();
        self.over(Plan::Project { child: self.plan.clone(), columns })
    }

    /// # Errors
    /// When rows can't be compared (a map column).
    pub fn distinct(&self) -> Result<DataFrame> {
        if self.waits([]) {
            return Ok(self.then(DataFrame::distinct));
        }
        self.drop_duplicates(None)
    }

    /// `dropDuplicates(subset)`: the first row of each value of the subset.
    ///
    /// # Errors
    /// `UNRESOLVED_COLUMN.WITH_SUGGESTION`
    pub fn drop_duplicates(&self, subset: Option<&[&str]>) -> Result<DataFrame> {
        let output = self.plan.output();
        let keys: Vec<usize> = match subset {
            None => (0..output.len()).collect(),
            Some(names) => names.iter().map(|n| self.schema.index_of(n)).collect::<Result<_>>()?,
        };
        if let Some(map) = keys.iter().map(|k| &output[*k]).find(|a| matches!(a.field.data_type, DataType::Map(..))) {
            return Err(Error::analysis(format!("Rows can't be compared by the map column '{}'.", map.name()))
                .with_condition("UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE"));
        }
        set_operation(keys.iter().map(|k| &output[*k].field))?;
        let (mut group, mut firsts) = (Vec::new(), Vec::new());
        for (i, attribute) in output.iter().enumerate() {
            if keys.contains(&i) {
                group.push(Named::from(attribute));
            } else {
                let expr = crate::analyze::make_call("first", vec![Typed::attribute(attribute)], false)?;
                firsts.push(Named { expr: Typed { nullable: attribute.field.nullable, ..expr }, attribute: attribute.clone() });
            }
        }
        let child = Arc::new(Plan::Aggregate { child: self.plan.clone(), keys: group, aggregates: firsts });
        Ok(self.over(Plan::Project { child, columns: output.iter().map(Named::from).collect() }))
    }

    /// The rows of both, by position; types are made to fit.
    ///
    /// # Errors
    /// `NUM_COLUMNS_MISMATCH`, `INCOMPATIBLE_COLUMN_TYPE`
    pub fn union(&self, other: &DataFrame) -> Result<DataFrame> {
        let (left, right) = (self.plan.output(), other.plan.output());
        if left.len() != right.len() {
            return Err(Error::analysis(format!(
                "UNION can only be performed on DataFrames with the same number of columns, but the first has {} and the second has {}.",
                left.len(),
                right.len()
            ))
            .with_condition("NUM_COLUMNS_MISMATCH"));
        }
        let mut types = Vec::with_capacity(left.len());
        for (i, (a, b)) in left.iter().zip(&right).enumerate() {
            let (a_type, b_type) = (&a.field.data_type, &b.field.data_type);
            types.push(wider(a_type, b_type).ok_or_else(|| {
                Error::analysis(format!(
                    "UNION can only be performed on columns of compatible types: column {} is \"{}\" in the first DataFrame ('{}') and \"{}\" in the second ('{}').",
                    i + 1,
                    a_type.sql(),
                    a.name(),
                    b_type.sql(),
                    b.name()
                ))
                .with_condition("INCOMPATIBLE_COLUMN_TYPE")
            })?);
        }
        let children = vec![cast_all(&self.plan, &types), cast_all(&other.plan, &types)];
        let output = children[0]
            .output()
            .into_iter()
            .zip(&right)
            .map(|(mut a, b)| {
                a.field.nullable |= b.field.nullable;
                a
            })
            .collect();
        Ok(self.over(Plan::Union { children, output }))
    }

    /// The rows of both, by name.
    ///
    /// # Errors
    /// When one frame lacks a column that the other has, unless `allow_missing` fills it with nulls; and as [`union`](Self::union).
    pub fn union_by_name(&self, other: &DataFrame, allow_missing: bool) -> Result<DataFrame> {
        let has = |schema: &Schema, name: &str| schema.names().any(|n| same_name(n, name));
        let extra: Vec<Field> = other.schema.iter().filter(|f| !has(&self.schema, &f.name)).cloned().collect();
        let missing = self.schema.iter().any(|f| !has(&other.schema, &f.name));
        if !allow_missing && (missing || !extra.is_empty()) {
            return Err(Error::analysis(format!(
                "unionByName needs the same columns in both DataFrames: [{}] and [{}]. With allowMissingColumns=True, missing ones are filled with nulls.",
                self.columns().join(", "),
                other.columns().join(", ")
            ))
            .with_condition("NUM_COLUMNS_MISMATCH"));
        }
        let null = |f: &Field| Column::lit(crate::value::Value::Null).cast(f.data_type.clone()).alias(f.name.clone());
        let left: Vec<Column> =
            self.schema.iter().map(|f| self.col(&quoted(&f.name))).chain(extra.iter().map(|f| Ok(null(f)))).collect::<Result<_>>()?;
        let right: Vec<Column> = self
            .schema
            .iter()
            .map(|f| if has(&other.schema, &f.name) { other.col(&quoted(&f.name)) } else { Ok(null(f)) })
            .chain(extra.iter().map(|f| other.col(&quoted(&f.name))))
            .collect::<Result<_>>()?;
        self.select(&left)?.union(&other.select(&right)?)
    }

    /// # Errors
    /// None today.
    pub fn limit(&self, rows: usize) -> Result<DataFrame> {
        if self.waits([]) {
            return Ok(self.then(move |frame| frame.limit(rows)));
        }
        Ok(self.over(Plan::Limit { child: self.plan.clone(), rows }))
    }

    /// # Errors
    /// None today.
    pub fn offset(&self, rows: usize) -> Result<DataFrame> {
        Ok(self.over(Plan::Offset { child: self.plan.clone(), rows }))
    }

    /// The same rows under a name, so that `F.col("name.column")` says whose column is meant.
    #[must_use]
    pub fn alias(&self, name: &str) -> DataFrame {
        if self.waits([]) {
            let name: Arc<str> = name.into();
            return self.then(move |frame| Ok(frame.alias(&name)));
        }
        let output = self.plan.output().into_iter().map(|a| Attribute { qualifier: Some(name.into()), ..a }).collect();
        self.over(Plan::Alias { child: self.plan.clone(), output, name: name.into() })
    }

    /// The rows grouped by these columns; [`GroupedData`] takes the aggregates.
    ///
    /// # Errors
    /// Whatever is wrong with one of the keys.
    pub fn group_by(&self, keys: &[Column]) -> Result<GroupedData> {
        GroupedData::new(self, keys)
    }

    /// `rollup`: grouped by all keys, then by one less each time, down to none.
    ///
    /// # Errors
    /// Whatever is wrong with one of the keys.
    pub fn rollup(&self, keys: &[Column]) -> Result<GroupedData> {
        let sets: Vec<Vec<usize>> = (0..=keys.len()).rev().map(|n| (0..n).collect()).collect();
        self.group_by(keys)?.with_sets(&sets)
    }

    /// `cube`: grouped by every choice of the keys.
    ///
    /// # Errors
    /// Whatever is wrong with one of the keys.
    pub fn cube(&self, keys: &[Column]) -> Result<GroupedData> {
        let n = keys.len().min(20);
        let sets: Vec<Vec<usize>> =
            (0..1_usize << n).map(|left_out| (0..n).filter(|i| left_out >> (n - 1 - i) & 1 == 0).collect()).collect();
        self.group_by(keys)?.with_sets(&sets)
    }

    /// Grouped by each of these sets of the keys.
    ///
    /// # Errors
    /// Whatever is wrong with one of the keys; `MISSING_AGGREGATION` for a set with another column than the keys.
    pub fn grouping_sets(&self, keys: &[Column], sets: &[Vec<Column>]) -> Result<GroupedData> {
        let place = |column: &Column| {
            let found = keys.iter().position(|k| k.to_string() == column.to_string());
            found.ok_or_else(|| {
                Error::analysis(format!("The grouping set's column {column} is not among the keys.")).with_condition("MISSING_AGGREGATION")
            })
        };
        let sets = sets.iter().map(|set| set.iter().map(place).collect()).collect::<Result<Vec<Vec<usize>>>>()?;
        self.group_by(keys)?.with_sets(&sets)
    }

    /// `df.agg(…)`: one row over all rows.
    ///
    /// # Errors
    /// Whatever is wrong with one of the aggregates.
    pub fn agg(&self, aggregates: &[Column]) -> Result<DataFrame> {
        self.group_by(&[])?.agg(aggregates)
    }

    pub fn create_or_replace_temp_view(&self, name: &str) {
        self.session.set_view(name, crate::file_columns::hidden(&self.plan, name));
    }

    /// `cache()`: keeps the rows in memory once an action has computed them, for this frame and all that are made of it.
    #[must_use]
    pub fn cache(&self) -> DataFrame {
        self.session.cache().add(&self.plan);
        self.clone()
    }

    /// Forgets rows that [`cache`](Self::cache) kept.
    pub fn unpersist(&self) {
        self.session.cache().remove(&self.plan);
    }

    pub fn is_cached(&self) -> bool {
        self.session.cache().has(&self.plan)
    }
}

/// A name in back-quotes, so that dots in it are no paths.
pub(crate) fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

pub(crate) fn cast_all(plan: &Arc<Plan>, types: &[DataType]) -> Arc<Plan> {
    let output = plan.output();
    if output.iter().zip(types).all(|(a, t)| a.field.data_type == *t) {
        return plan.clone();
    }
    let columns = output
        .iter()
        .zip(types)
        .map(|(a, t)| {
            let mut expr = Typed::attribute(a);
            if a.field.data_type == *t {
                return Named { expr, attribute: a.clone() };
            }
            cast_to(&mut expr, t);
            let attribute = Attribute::new(Field { data_type: t.clone(), ..a.field.clone() });
            Named { expr, attribute }
        })
        .collect();
    Arc::new(Plan::Project { child: plan.clone(), columns })
}

fn select(frame: &DataFrame, exprs: &[Arc<Expr>]) -> Result<DataFrame> {
    if let Some(windowed) = with_window(frame, exprs, &[])? {
        let exprs: Vec<Arc<Expr>> = exprs.iter().map(|e| windowed.placed(e)).collect();
        return select(&windowed.frame, &exprs);
    }
    if let Some((frame, exprs)) = frame.with_asked(exprs)? {
        return select(&frame, &exprs);
    }
    if let Some((frame, exprs)) = frame.with_file_metadata(exprs) {
        return select(&frame, &exprs);
    }
    let output = frame.plan.output();
    // Keys that a join by name left out can still be named after their table.
    let hidden = hidden_keys(&frame.plan, &output);
    let beyond: Vec<Attribute> = hidden.iter().chain(frame.outer.iter()).cloned().collect();
    let scope = Scope::within(&output, &beyond);
    generators::not_nested(exprs)?;
    let makes_rows = exprs.iter().any(|expr| generators::makes_rows(expr));
    let mut parts = Vec::with_capacity(exprs.len());
    for expr in exprs {
        match scope.named(expr) {
            // It may be of what a generator makes.
            Err(error) if !makes_rows => return Err(error),
            found => parts.push(found),
        }
    }
    let found = || parts.iter().flatten().flatten();
    if found().any(|c| has_aggregate(&c.expr)) {
        let columns: Vec<Column> = exprs.iter().map(|e| e.clone().into()).collect();
        return frame.agg(&columns);
    }
    let mut child = frame.plan.clone();
    let mut references = std::collections::BTreeSet::new();
    found().for_each(|c| c.expr.references(&mut references));
    if hidden.iter().any(|h| references.contains(&h.id))
        && let Plan::Project { child: below, columns: shown } = &*frame.plan
    {
        let more = hidden.iter().map(Named::from);
        child = Arc::new(Plan::Project { child: below.clone(), columns: shown.iter().cloned().chain(more).collect() });
    }
    let mut made_so_far = beyond;
    while let Some(place) = parts.iter().position(|part| part.as_ref().is_ok_and(|n| n.iter().any(|n| is_generator(&n.expr)))) {
        let Some(generated) = parts[place].as_mut().ok().and_then(Vec::pop) else { break };
        let (plan, made) = generate(child, &exprs[place], generated)?;
        child = Arc::new(plan);
        parts[place] = Ok(made.iter().map(Named::from).collect());
        made_so_far.extend(made);
        let scope = Scope::within(&output, &made_so_far);
        for (part, expr) in parts.iter_mut().zip(exprs).filter(|(part, _)| part.is_err()) {
            *part = scope.named(expr);
        }
    }
    let columns = parts.into_iter().collect::<Result<Vec<_>>>()?.concat();
    let plan = child.projected(columns);
    file_columns::check(&plan)?;
    Ok(frame.over(plan))
}

/// The columns of a join below, left out of the frame, whose names the frame has.
fn hidden_keys(plan: &Plan, output: &[Attribute]) -> Vec<Attribute> {
    let Plan::Project { child, .. } = plan else { return Vec::new() };
    let Plan::Join { .. } = &**child else { return Vec::new() };
    let left_out = child.output().into_iter().filter(|a| !output.iter().any(|o| o.id == a.id));
    left_out.filter(|a| a.qualifier.is_some() && output.iter().any(|o| same_name(o.name(), a.name()))).collect()
}
