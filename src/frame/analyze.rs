//! From what was written to what is meant: names to columns, calls to functions, types made to fit.

use std::sync::Arc;

use kindling_partition::{Error, Result};

use crate::coerce::{cast_to, unify, wrong_type};
use crate::expr::{Attribute, Expr, Native, SortOrder, name_parts};
use crate::functions::{Aggregate, Body, ParamKind, declare_unknown, lookup};
use crate::schema::{ambiguous, same_name, unresolved};
use crate::typed::{Kind, Named, Typed};
use crate::types::{DataType, Field, Metadata};
use crate::value::Value;

/// The name that a list of columns has where one entry of a select may stand for several.
pub(crate) const COLUMNS: &str = "unresolvedregex";

/// The columns that an expression may name.
pub(crate) struct Scope<'a> {
    pub attributes: &'a [Attribute],
    /// The columns of the queries around a subquery, for names that it has not itself.
    outer: &'a [Attribute],
    /// The parameters of the lambdas around the expression, outermost first.
    variables: Vec<Attribute>,
}

impl<'a> Scope<'a> {
    pub fn new(attributes: &'a [Attribute]) -> Self {
        Self { attributes, outer: &[], variables: Vec::new() }
    }

    pub fn within(attributes: &'a [Attribute], outer: &'a [Attribute]) -> Self {
        Self { attributes, outer, variables: Vec::new() }
    }

    /// The analyzed expression.
    ///
    /// # Errors
    /// `AnalysisException`s of every kind: names, argument counts, types.
    pub fn resolve(&self, expr: &Expr) -> Result<Typed> {
        match expr {
            Expr::Name(name) => self.name(name),
            Expr::Outer(name) => self.name_in(name, self.outer),
            Expr::Attribute(attribute, _) => self.attribute(attribute),
            Expr::Literal(value) => Ok(Typed::literal(value.clone())),
            Expr::Alias { child, .. } => self.resolve(child),
            Expr::Sort { child, .. } => self.resolve(child),
            Expr::Cast { child, to, to_null } => self.cast(child, to, *to_null),
            Expr::Case { branches, otherwise } => self.case(branches, otherwise.as_deref()),
            Expr::Native(native) => self.native(native),
            Expr::Call { function, args, distinct } => self.call(function, args, *distinct),
            Expr::Filtered { child, condition } => self.filtered(child, condition),
            Expr::Window(window) => crate::window::resolve(self, window),
            Expr::Subquery(_) => Err(Error::analysis(format!("A subquery can't stand here: {expr}."))
                .with_condition("UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_CORRELATED_EXPRESSION_IN_JOIN_CONDITION")),
            Expr::Variable(name) => match self.variables.iter().rev().find(|v| v.field.name == *name) {
                Some(variable) => Ok(Typed {
                    kind: Kind::Variable(variable.id, name.clone()),
                    data_type: variable.field.data_type.clone(),
                    nullable: variable.field.nullable,
                }),
                None => Err(unresolved(name, self.variables.iter().map(Attribute::name))),
            },
            Expr::Lambda { .. } => Err(Error::analysis("A lambda function should only be used in a higher order function.")
                .with_condition("INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION")),
        }
    }

    fn native(&self, native: &Native) -> Result<Typed> {
        let args = native.args.iter().map(|a| self.resolve(a)).collect::<Result<Vec<_>>>()?;
        // Intervals lie in memory as numbers, which a function of the notebook's language would take them for.
        let number = |t: &DataType| t.is_ansi_interval() || matches!(t, DataType::CalendarInterval);
        let interval = |a: &&Typed| a.data_type.any(number);
        if let Some(bad) = args.iter().find(interval).filter(|_| native.on_driver) {
            return Err(Error::unsupported(format!(
                "A Python function can't take the interval {} here. Give it a number, such as the seconds that CAST({0} AS DECIMAL(18, 6)) has.",
                crate::coerce::text(bad)
            )));
        }
        Ok(Typed {
            kind: Kind::Native { name: native.name.clone(), args, func: native.func.clone(), on_driver: native.on_driver },
            data_type: native.field.data_type.clone(),
            nullable: native.field.nullable,
        })
    }

    /// The lambda with its parameters of the types that the function gives them.
    fn lambda(&self, params: &[Arc<str>], body: &Expr, types: Vec<(DataType, bool)>) -> Result<Typed> {
        if params.len() > types.len() {
            let text = format!("A higher order function expects {} arguments, but got {}.", types.len(), params.len());
            return Err(Error::analysis(text).with_condition("INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH"));
        }
        let bound =
            params.iter().zip(types).map(|(name, (data_type, nullable))| Attribute::new(Field::new(name.clone(), data_type, nullable)));
        let bound: Vec<Attribute> = bound.collect();
        let params = bound.iter().map(|b| b.id).collect();
        let scope =
            Self { attributes: self.attributes, outer: self.outer, variables: self.variables.iter().cloned().chain(bound).collect() };
        let body = scope.resolve(body)?;
        Ok(Typed { data_type: body.data_type.clone(), nullable: body.nullable, kind: Kind::Lambda { params, body: Box::new(body) } })
    }

    fn call(&self, name: &str, args: &[Arc<Expr>], distinct: bool) -> Result<Typed> {
        if let Some(form) = crate::forms::expanded(name, args)? {
            return self.resolve(&form);
        }
        if let ("+", [child]) = (name, args) {
            let child = self.resolve(child)?;
            let spans = child.data_type.is_ansi_interval() || child.data_type == DataType::CalendarInterval;
            return if child.data_type.is_numeric() || spans { Ok(child) } else { Err(wrong_type("+", &[child], 0, "NUMERIC")) };
        }
        if let (":", [child, path]) = (name, args) {
            let args = vec![self.resolve(child)?, self.resolve(path)?];
            if args[0].data_type != DataType::Variant {
                let text = "The semi-structured extraction operator (`:`) can only be applied to a column of the VARIANT type.";
                return Err(Error::analysis(text).with_condition("COLUMN_IS_NOT_VARIANT_TYPE"));
            }
            return make_call("variant_get", args, false);
        }
        if name.starts_with("variant_explode") {
            let text = format!(
                "`{name}` appears as a scalar expression here, but the function was defined as a table function. Please update the query to \
                 move the function call into the FROM clause, or redefine `{name}` as a scalar function instead."
            );
            return Err(Error::analysis(text).with_condition("NOT_A_SCALAR_FUNCTION"));
        }
        if lookup(name).is_none() && crate::window::is_window_function(name) {
            return Err(Error::analysis(format!("Window function {name} requires an OVER clause."))
                .with_condition("WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE"));
        }
        let function = lookup(name).ok_or_else(|| declare_unknown(name))?;
        function.check_count(args.len())?;
        let mut resolved = Vec::with_capacity(args.len());
        for arg in args {
            match &**arg {
                Expr::Name(star) if &**star == "*" && function.name == "count" && !distinct => resolved.push(Typed::literal(Value::Int(1))),
                Expr::Name(star) if &**star == "*" => resolved.extend(self.attributes.iter().map(Typed::attribute)),
                Expr::Alias { child, name, .. } if function.name == "struct" => {
                    let inner = self.resolve(child)?;
                    let name = Typed::literal(Value::String(name.clone()));
                    resolved.push(make_call("named", vec![inner, name], false)?);
                }
                Expr::Lambda { params, body } => {
                    let Body::HigherOrder { bind, .. } = function.body else { return self.resolve(arg) };
                    let types = bind(&mut resolved, params.len())?;
                    resolved.push(self.lambda(params, body, types)?);
                }
                arg => resolved.push(self.resolve(arg)?),
            }
        }
        if function.name == "assert_true" && resolved.len() == 1 {
            resolved.push(Typed::literal(Value::from(untrue(&args[0]))));
        }
        if function.takes_seed() && resolved.len() + 1 == function.params.len() {
            resolved.push(Typed::literal(Value::Long(crate::chance::random_seed())));
        }
        if matches!(function.name, "=" | "<=>" | "<" | "<=" | ">" | ">=" | "in") {
            crate::widths::pad(self.attributes, &mut resolved)?;
        }
        make_call(function.name, resolved, distinct)
    }

    /// An aggregate of the rows where a condition holds. What leaves nulls out sees a null in the place of other rows.
    fn filtered(&self, child: &Expr, condition: &Arc<Expr>) -> Result<Typed> {
        self.condition(condition)?;
        let Expr::Call { function, args, distinct } = child else {
            return Err(
                Error::analysis(format!("FILTER goes with an aggregate function, not with {child}.")).with_condition("INVALID_SQL_SYNTAX")
            );
        };
        let known = lookup(function).ok_or_else(|| declare_unknown(function))?;
        let keeps_nulls = match known.aggregate() {
            None => {
                let text = format!("FILTER expression goes with an aggregate function, and {function} is none.");
                return Err(Error::analysis(text).with_condition("INVALID_NON_AGGREGATE_FUNCTION_FILTER"));
            }
            Some(Aggregate::First { .. } | Aggregate::Last { .. }) => args.len() < 2,
            Some(_) => false,
        };
        if keeps_nulls {
            return Err(Error::unsupported(format!("{function} with FILTER needs IGNORE NULLS: {function}(x, true) FILTER (WHERE …).")));
        }
        let only = |value: Arc<Expr>| -> Arc<Expr> { Expr::Case { branches: vec![(condition.clone(), value)], otherwise: None }.into() };
        let star = |arg: &Arc<Expr>| matches!(&**arg, Expr::Name(name) if &**name == "*");
        let mut kept = args.clone();
        // Options such as a percentage stay as they are; of two columns a null in the second is enough.
        let last = match known.aggregate() {
            Some(Aggregate::Count) => 0,
            _ => known.params.iter().take(args.len()).rposition(|p| p.kind == ParamKind::Column).unwrap_or(0),
        };
        if known.name == crate::functions::ORDERED_TEXTS
            && let Some(Expr::Call { function, args, .. }) = kept.first().map(|rows| &**rows)
        {
            // The text is null, and so left out.
            let args = args.iter().enumerate().map(|(i, arg)| if i == 0 { only(arg.clone()) } else { arg.clone() }).collect();
            kept[0] = Expr::Call { function: function.clone(), args, distinct: false }.into();
        } else if let Some(arg) = kept.get_mut(last) {
            *arg = only(if star(arg) { Expr::Literal(Value::Int(1)).into() } else { arg.clone() });
        }
        self.call(function, &kept, *distinct)
    }

    fn cast(&self, child: &Expr, to: &DataType, to_null: bool) -> Result<Typed> {
        crate::time_type::checked(to)?;
        let to = &to.plain();
        let child = self.resolve(child)?;
        if child.data_type == *to {
            return Ok(child);
        }
        if !crate::cast::can_cast(&child.data_type, to) {
            return Err(Error::analysis(format!(
                "Cannot resolve \"CAST({} AS {})\" due to data type mismatch: cannot cast \"{}\" to \"{}\".",
                crate::coerce::text(&child),
                to.sql(),
                child.data_type.sql(),
                to.sql()
            ))
            .with_condition(match (&child.data_type, to) {
                (from, DataType::Date) | (DataType::Date, from) if from.is_numeric() => "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION",
                _ => "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION",
            }));
        }
        if let Kind::Literal(Value::Null) = child.kind {
            return Ok(Typed { data_type: to.clone(), ..child });
        }
        Ok(crate::zone::cast(child, to, to_null))
    }

    fn case(&self, branches: &[(Arc<Expr>, Arc<Expr>)], otherwise: Option<&Expr>) -> Result<Typed> {
        let mut conditions = branches.iter().map(|(c, _)| self.condition(c)).collect::<Result<Vec<_>>>()?;
        let mut values = branches.iter().map(|(_, v)| self.resolve(v)).collect::<Result<Vec<_>>>()?;
        let has_else = otherwise.is_some();
        values.extend(otherwise.map(|o| self.resolve(o)).transpose()?);
        let data_type = unify("CASE", &mut values)?;
        casts_checked(&values)?;
        let nullable = !has_else || values.iter().any(|v| v.nullable);
        let otherwise = if has_else { values.pop().map(Box::new) } else { None };
        let branches = conditions.drain(..).zip(values).collect();
        Ok(Typed { kind: Kind::Case { branches, otherwise }, data_type, nullable })
    }

    /// An expression that must be true or false.
    ///
    /// # Errors
    /// `DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN`
    pub fn condition(&self, expr: &Expr) -> Result<Typed> {
        let mut condition = self.resolve(expr)?;
        match condition.data_type {
            DataType::Boolean => {}
            DataType::Null => cast_to(&mut condition, &DataType::Boolean),
            ref other => {
                return Err(Error::analysis(format!(
                    "The condition {expr} must be true or false (BOOLEAN), but its type is \"{}\".",
                    other.sql()
                ))
                .with_condition("DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN"));
            }
        }
        Ok(condition)
    }

    fn attribute(&self, attribute: &Attribute) -> Result<Typed> {
        let found = self.attributes.iter().find(|a| a.id == attribute.id);
        found.map(Typed::attribute).ok_or_else(|| {
            let name = attribute.name();
            let names: Vec<&str> = self.attributes.iter().map(Attribute::name).collect();
            let hint = if names.iter().any(|n| same_name(n, name)) {
                format!(" A column of that name is there, but it is another one: write F.col(\"{name}\") for it.")
            } else {
                String::new()
            };
            Error::analysis(format!("The column df[\"{name}\"] belongs to another DataFrame.{hint} Available: {}.", names.join(", ")))
                .with_condition("MISSING_ATTRIBUTES.RESOLVED_ATTRIBUTE_MISSING_FROM_INPUT")
        })
    }

    fn name(&self, name: &str) -> Result<Typed> {
        let found = self.name_in(name, self.attributes);
        match found {
            Err(error)
                if error.condition() == Some("UNRESOLVED_COLUMN.WITH_SUGGESTION")
                    || error.condition() == Some("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION") =>
            {
                self.name_in(name, self.outer).or_else(|_| crate::variables::resolved(name).ok_or(error))
            }
            found => found,
        }
    }

    fn name_in(&self, name: &str, attributes: &[Attribute]) -> Result<Typed> {
        let parts = name_parts(name);
        // The longest reading first: alias.column.fields, then column.fields.
        let qualified: Vec<&Attribute> = match parts.as_slice() {
            [alias, column, ..] => attributes
                .iter()
                .filter(|a| a.qualifier.as_deref().is_some_and(|q| same_name(q, alias)) && same_name(a.name(), column))
                .collect(),
            _ => Vec::new(),
        };
        let (found, used) =
            if qualified.is_empty() { (attributes.iter().filter(|a| same_name(a.name(), &parts[0])).collect(), 1) } else { (qualified, 2) };
        let attribute = match found.as_slice() {
            [] => return Err(unresolved(name, attributes.iter().map(Attribute::name))),
            [one] => *one,
            [first, rest @ ..] if rest.iter().all(|a| a.id == first.id) => first,
            _ => return Err(ambiguous(name)),
        };
        let mut typed = Typed::attribute(attribute);
        if used == parts.len() {
            typed.kind = Kind::Attribute(attribute.id, parts[used - 1].as_str().into());
        }
        for field in &parts[used..] {
            if !matches!(typed.data_type, DataType::Struct(_) | DataType::Array(..) | DataType::Map(..)) {
                let text = format!(
                    "Can't extract the value {field} from {}: need a complex type [STRUCT, ARRAY, MAP] but got \"{}\".",
                    crate::coerce::text(&typed),
                    typed.data_type.sql()
                );
                return Err(Error::analysis(text).with_condition("INVALID_EXTRACT_BASE_FIELD_TYPE"));
            }
            typed = make_call("getitem", vec![typed, Typed::literal(Value::from(field.as_str()))], false)?;
        }
        Ok(typed)
    }

    /// The columns that one entry of a `select` makes: several for `*`.
    ///
    /// # Errors
    /// As [`resolve`](Self::resolve).
    pub fn named(&self, expr: &Expr) -> Result<Vec<Named>> {
        if let Expr::Name(name) = expr
            && (&**name == "*" || name.ends_with(".*"))
        {
            return self.star(name);
        }
        if let Expr::Call { function, args, .. } = expr
            && &**function == COLUMNS
        {
            return Ok(args.iter().map(|arg| self.named(arg)).collect::<Result<Vec<_>>>()?.concat());
        }
        let typed = self.resolve(expr)?;
        let attribute = match (&typed.kind, expr) {
            (Kind::Attribute(id, name), Expr::Name(_) | Expr::Attribute(..)) => {
                let mut attribute = self.attributes.iter().find(|a| a.id == *id).cloned().unwrap_or_else(|| fresh(expr, &typed, None));
                attribute.field.name = name.clone();
                attribute
            }
            _ => fresh(expr, &typed, self.metadata(expr, &typed)),
        };
        Ok(vec![Named { expr: typed, attribute }])
    }

    /// The columns that `*` or `t.*` stands for.
    ///
    /// # Errors
    /// As [`resolve`](Self::resolve).
    pub fn star(&self, name: &str) -> Result<Vec<Named>> {
        let hidden = |a: &Attribute| a.name().starts_with('\0');
        let keep =
            |a: &&Attribute| name == "*" && !hidden(a) || a.qualifier.as_deref().is_some_and(|q| same_name(q, &name[..name.len() - 2]));
        let found: Vec<Named> = self.attributes.iter().filter(keep).map(Named::from).collect();
        if !found.is_empty() || name == "*" {
            return Ok(found);
        }
        let parent = self.name(&name[..name.len() - 2]).map_err(|_| {
            let names: Vec<&str> = self.attributes.iter().map(Attribute::name).collect();
            let text = format!("Cannot resolve {name}: there is no such table or struct column. Available: {}.", names.join(", "));
            Error::analysis(text).with_condition("CANNOT_RESOLVE_STAR_EXPAND")
        })?;
        let DataType::Struct(fields) = parent.data_type.clone() else {
            return Err(unresolved(name, self.attributes.iter().map(Attribute::name)));
        };
        fields
            .into_iter()
            .map(|field| {
                let name = Typed::literal(Value::String(field.name.clone()));
                let expr = make_call("getfield", vec![parent.clone(), name], false)?;
                let attribute = Attribute::new(Field { nullable: expr.nullable, ..field });
                Ok(Named { expr, attribute })
            })
            .collect()
    }

    /// A column keeps its metadata under a new name; anything else has what its alias or its Rust function says.
    fn metadata(&self, expr: &Expr, typed: &Typed) -> Option<Metadata> {
        match expr {
            Expr::Alias { metadata: Some(metadata), .. } => Some(metadata.clone()),
            Expr::Alias { child, .. } => self.metadata(child, typed),
            Expr::Native(native) => native.field.metadata.clone(),
            _ => match &typed.kind {
                Kind::Attribute(id, _) => self.attributes.iter().find(|a| a.id == *id).and_then(|a| a.field.metadata.clone()),
                _ => None,
            },
        }
    }

    /// A sort order; ascending when nothing else is said.
    ///
    /// # Errors
    /// As [`resolve`](Self::resolve), and for types without an order.
    pub fn order(&self, expr: &Expr) -> Result<(Typed, SortOrder)> {
        let order = match expr {
            Expr::Sort { order, .. } => *order,
            _ => SortOrder::ASCENDING,
        };
        let typed = self.resolve(expr)?;
        if matches!(typed.data_type, DataType::Map(..) | DataType::Vector | DataType::Matrix) || typed.data_type.has_variant() {
            return Err(Error::analysis(format!("Can't sort by {expr}: type \"{}\" has no order.", typed.data_type.sql()))
                .with_condition("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE"));
        }
        Ok((typed, order))
    }
}

/// How Spark shows the comparator of `array_sort` when none is given.
const NATURAL_ORDER: &str = "lambdafunction((IF(((namedlambdavariable() IS NULL) AND (namedlambdavariable() IS NULL)), 0, \
     (IF((namedlambdavariable() IS NULL), 1, (IF((namedlambdavariable() IS NULL), -1, (IF((namedlambdavariable() < namedlambdavariable()), \
     -1, (IF((namedlambdavariable() > namedlambdavariable()), 1, 0)))))))))), namedlambdavariable(), namedlambdavariable())";

/// What `assert_true` says when nothing else is given.
fn untrue(condition: &Expr) -> String {
    format!("'{condition}' is not true!")
}

/// # Errors
/// `UNSUPPORTED_TIME_TYPE` when one of them was made a time by a cast, and the type is switched off.
fn casts_checked(args: &[Typed]) -> Result<()> {
    let cast = |a: &&Typed| matches!(a.kind, Kind::Cast { .. });
    args.iter().filter(cast).try_for_each(|a| crate::time_type::checked(&a.data_type))
}

/// A call of a known function over resolved arguments.
pub(crate) fn make_call(name: &str, mut args: Vec<Typed>, distinct: bool) -> Result<Typed> {
    let name = match crate::functions::time_operator(name, &mut args)? {
        Some(name) => name,
        None => name,
    };
    let function = lookup(name).ok_or_else(|| declare_unknown(name))?;
    crate::functions::with_database(function.name, &mut args);
    // Times of the day are counted for them.
    if let ("percentile" | "percentile_approx" | "median", Some(DataType::Time(precision))) =
        (function.name, args.first().map(|a| &a.data_type))
    {
        let precision = Typed::literal(Value::Int(i32::from(*precision)));
        args[0] = make_call(crate::functions::NANOS, vec![args[0].clone()], false)?;
        let found = make_call(name, args, distinct)?;
        return make_call(crate::functions::OF_NANOS, vec![found, precision], false);
    }
    if let ("getitem" | "getfield", Some(DataType::Variant)) = (function.name, args.first().map(|a| &a.data_type)) {
        let text = format!(
            "Can't extract a value from \"{}\". Need a complex type [STRUCT, ARRAY, MAP] but got \"VARIANT\".",
            crate::coerce::text(&args[0])
        );
        return Err(Error::analysis(text).with_condition("INVALID_EXTRACT_BASE_FIELD_TYPE"));
    }
    if let Some(rows) = crate::functions::rows_of(function.name) {
        args = vec![make_call(rows, args, false)?];
    }
    if function.name == "convert_timezone"
        && args.len() == 2
        && let Some(zone) = crate::zone::name()
    {
        args.insert(0, Typed::literal(Value::String(zone)));
    }
    if function.name == "getfield" && matches!(args.first().map(|a| &a.data_type), Some(DataType::Map(..))) {
        return make_call("getitem", args, distinct);
    }
    // A name picks the field of each struct of an array.
    if function.name == "getitem"
        && let [container, key] = &args[..]
        && matches!(&container.data_type, DataType::Array(element, _) if matches!(**element, DataType::Struct(_)))
        && key.data_type == DataType::String
    {
        return make_call("getfield", args, distinct);
    }
    // Options in SQL text: map('mode', 'FAILFAST').
    if function.params.iter().position(|p| p.name == "options") == args.len().checked_sub(1)
        && let Some(options) = args.last_mut()
        && let Kind::Call { function, args: parts, .. } = &options.kind
        && function.name == "map"
    {
        let plain = |part: &Typed| if let Kind::Literal(value) = &part.kind { Some(value.clone()) } else { None };
        if let Some(parts) = parts.iter().map(plain).collect::<Option<Vec<_>>>() {
            let entries = parts.as_chunks::<2>().0.iter().map(|[key, value]| (key.clone(), value.clone()));
            *options = Typed::literal(Value::Map(entries.collect()));
        }
    }
    let outcome = (function.resolve)(&mut args)?;
    casts_checked(&args)?;
    if let Some(error) = crate::functions::refused(function.name, &args) {
        return Err(error);
    }
    let kind = match (function.name, &args[..]) {
        ("getitem", [container, _]) if matches!(container.data_type, DataType::Struct(_)) => {
            Kind::Call { function: lookup("getfield").unwrap_or(function), args, distinct }
        }
        _ => return crate::zone::zoned(function, args, outcome, distinct),
    };
    Ok(Typed { kind, data_type: outcome.data_type, nullable: outcome.nullable })
}

fn fresh(expr: &Expr, typed: &Typed, metadata: Option<Metadata>) -> Attribute {
    let name = match expr {
        Expr::Name(_) => expr.column_name(),
        _ => normalized(expr, typed).column_name(),
    };
    Attribute::new(Field::new(name, typed.data_type.clone(), typed.nullable).with_metadata(metadata))
}

/// What argument `i` of a function is where it is left out, if that is known.
pub fn default_of(function: &str, i: usize) -> Option<Value> {
    let (place, values) = defaults(function)?;
    values.into_iter().nth(i.checked_sub(place)?)
}

/// What Spark shows for arguments that were left out: the function, the place of the first of them, their values.
fn defaults(function: &str) -> Option<(usize, Vec<Value>)> {
    let (place, value) = match function {
        "regexp_replace" => (3, Value::Int(1)),
        "regexp_extract" | "regexp_extract_all" | "locate" | "position" | "percentile" => (2, Value::Int(1)),
        "split" => (2, Value::Int(-1)),
        "lpad" | "rpad" => (2, Value::from(" ")),
        "percentile_approx" => (2, Value::Int(10_000)),
        "months_between" => (2, Value::Boolean(true)),
        "sort_array" | "variant_strip_nulls" => (1, Value::Boolean(true)),
        "variant_set" | "try_variant_set" => (3, Value::Boolean(true)),
        "round" | "bround" => (1, Value::Int(0)),
        "unix_timestamp" | "to_unix_timestamp" | "from_unixtime" => (1, Value::from("yyyy-MM-dd HH:mm:ss")),
        "regexp_instr" => (2, Value::Int(0)),
        "listagg" | "string_agg" => (1, Value::Null),
        "hmac" => (2, Value::from("SHA-256")),
        "substr" => (2, Value::Int(i32::MAX)),
        "instr" => (3, Value::Int(1)),
        "time_bucket" => (2, Value::Timestamp(0)),
        "overlay" => (3, Value::Int(-1)),
        "current_time" => (0, Value::Int(6)),
        "hll_sketch_agg" => (1, Value::Int(12)),
        "hll_union_agg" => (1, Value::Boolean(false)),
        "hll_union" => (2, Value::Boolean(false)),
        "theta_sketch_agg" | "theta_union_agg" => (1, Value::Int(12)),
        "theta_union" => (2, Value::Int(12)),
        "tuple_sketch_agg_double" | "tuple_sketch_agg_integer" => return Some((2, vec![Value::Int(12), "sum".into()])),
        "tuple_union_agg_double" | "tuple_union_agg_integer" => return Some((1, vec![Value::Int(12), "sum".into()])),
        "tuple_union_double" | "tuple_union_integer" | "tuple_union_theta_double" | "tuple_union_theta_integer" => {
            return Some((2, vec![Value::Int(12), "sum".into()]));
        }
        "tuple_intersection_agg_double"
        | "tuple_intersection_agg_integer"
        | "tuple_sketch_summary_double"
        | "tuple_sketch_summary_integer" => (1, "sum".into()),
        "tuple_intersection_double"
        | "tuple_intersection_integer"
        | "tuple_intersection_theta_double"
        | "tuple_intersection_theta_integer" => (2, "sum".into()),
        "make_dt_interval" => return Some((0, zeros(3))),
        "make_interval" | "try_make_interval" => return Some((0, zeros(6))),
        "make_ym_interval" => return Some((0, vec![Value::Int(0); 2])),
        "aes_encrypt" => return Some((2, vec!["GCM".into(), "DEFAULT".into(), "".into(), "".into()])),
        "aes_decrypt" | "try_aes_decrypt" => return Some((2, vec!["GCM".into(), "DEFAULT".into(), "".into()])),
        "sentences" => return Some((1, vec!["".into(), "".into()])),
        "str_to_map" => return Some((1, vec![",".into(), ":".into()])),
        "mask" => return Some((1, vec!["X".into(), "x".into(), "n".into(), Value::Null])),
        _ => return None,
    };
    Some((place, vec![value]))
}

/// Adds what Spark shows for arguments that were left out.
fn complete(function: &str, args: &mut Vec<Arc<Expr>>) {
    let Some((place, values)) = defaults(function).filter(|(place, _)| args.len() >= *place) else { return };
    let given = args.len() - place;
    args.extend(values.into_iter().skip(given).map(|value| Arc::new(Expr::Literal(value))));
}

/// The call with the arguments that were left out.
fn whole(call: &Arc<Expr>) -> Arc<Expr> {
    let Expr::Call { function, args, distinct } = &**call else { return call.clone() };
    let mut args = args.clone();
    complete(function, &mut args);
    Expr::Call { function: function.clone(), args, distinct: *distinct }.into()
}

/// Whole zeros, and the seconds of an interval after them.
fn zeros(whole: usize) -> Vec<Value> {
    let mut values = vec![Value::Int(0); whole];
    values.push(Value::Decimal { unscaled: 0, precision: 8, scale: 6 });
    values
}

/// The expression under the names that Spark prints: `count(1)` for `count(*)`, a field of a struct as `s.q`.
fn normalized(expr: &Expr, typed: &Typed) -> Expr {
    if let Some(inner) = crate::zone::unzoned(typed) {
        return normalized(expr, inner);
    }
    if let (Kind::Cast { child, .. }, false) = (&typed.kind, matches!(expr, Expr::Cast { .. })) {
        return normalized(expr, child);
    }
    if let (Expr::Call { function, args, .. }, Kind::Call { function: known, args: typed_args, .. }) = (expr, &typed.kind)
        && let Some(made) = time_syntax(function, args, known.name, typed_args)
    {
        return made;
    }
    // A form that stands for something else keeps its own parts.
    if let Expr::Call { function, args, .. } = expr
        && args.len() != typed.children().len()
        && !matches!(&typed.kind, Kind::Call { function: known, .. } if lookup(function).is_some_and(|f| f.name == known.name))
    {
        return Expr::clone(&expr_names(&Arc::new(expr.clone())));
    }
    let typed_args = typed.children();
    let inner = |i: usize, e: &Arc<Expr>| match typed_args.get(i) {
        Some(typed) => Arc::new(normalized(e, typed)),
        None => e.clone(),
    };
    match expr {
        // As it is called, whatever table it was taken from.
        Expr::Name(name) => crate::variables::shown(name, typed).unwrap_or_else(|| crate::coerce::syntax(typed)),
        Expr::Window(window) => crate::window::normalized(window, typed, &|e, t| Arc::new(normalized(e, t))),
        Expr::Filtered { .. } => match Expr::clone(&expr_names(&Arc::new(expr.clone()))) {
            Expr::Filtered { child, condition } => Expr::Filtered { child: whole(&child), condition },
            other => other,
        },
        Expr::Call { function, args, distinct } => {
            let is_time =
                |t: &Typed| matches!(t.data_type, DataType::Date | DataType::Time(_) | DataType::Timestamp | DataType::TimestampNtz);
            let name = match &**function {
                "to_char" | "to_varchar" if typed_args.first().is_some_and(|t| is_time(t)) => "date_format",
                "mean" => "avg",
                "dateadd" => "date_add",
                "current_database" => "current_schema",
                "curdate" => "current_date",
                "localtime" => "current_time",
                "array_agg" => "collect_list",
                "create_map" => "map",
                "getitem" if matches!(&typed.kind, Kind::Call { function, .. } if function.name == "getfield") => "getfield",
                "getfield" if matches!(&typed.kind, Kind::Call { function, .. } if function.name == "getitem") => "getitem",
                // A function of the notebook's own has the name that it was given.
                name => match &typed.kind {
                    Kind::Native { name, .. } => name,
                    _ => name,
                },
            };
            let mut args: Vec<Arc<Expr>> = match (name, args.as_slice()) {
                ("count", [star]) if !distinct && matches!(&**star, Expr::Name(n) if &**n == "*") => {
                    vec![Expr::Literal(Value::Int(1)).into()]
                }
                (_, args) if args.iter().any(|a| matches!(&**a, Expr::Name(star) if &**star == "*")) => {
                    typed_args.iter().map(|a| crate::coerce::syntax(a).into()).collect()
                }
                (_, args) => args.iter().enumerate().map(|(i, a)| inner(i, a)).collect(),
            };
            complete(name, &mut args);
            match (name, args.len()) {
                ("aggregate" | "reduce", 3) => {
                    let same = Expr::Lambda { params: vec!["x".into()], body: Arc::new(Expr::Variable("x".into())) };
                    args.push(same.into());
                }
                ("array_sort", 1) => args.push(Expr::Name(NATURAL_ORDER.into()).into()),
                // Spark names a map of JSON so, whatever it is made of.
                ("from_json", _) if matches!(typed.data_type, DataType::Map(..)) => return Expr::Name("entries".into()),
                _ => {}
            }
            if name == "convert_timezone" && args.len() == 2 {
                args.insert(0, Expr::Call { function: "current_timezone".into(), args: Vec::new(), distinct: false }.into());
            }
            if name == "assert_true" && args.len() == 1 {
                args.push(Expr::Literal(untrue(&args[0]).into()).into());
            }
            Expr::Call { function: name.into(), args, distinct: *distinct }
        }
        Expr::Cast { child, to, to_null } => {
            let child = match &typed.kind {
                Kind::Cast { child: typed, .. } => Arc::new(normalized(child, typed)),
                _ => Arc::new(normalized(child, typed)),
            };
            Expr::Cast { child, to: to.clone(), to_null: *to_null }
        }
        Expr::Case { branches, otherwise } => Expr::Case {
            branches: branches.iter().enumerate().map(|(i, (c, v))| (inner(2 * i, c), inner(2 * i + 1, v))).collect(),
            otherwise: otherwise.as_ref().map(|o| inner(2 * branches.len(), o)),
        },
        Expr::Lambda { params, body } => Expr::Lambda { params: params.clone(), body: inner(0, body) },
        other => other.clone(),
    }
}

/// Arithmetic of times and intervals as Spark shows it: the time before the interval, the interval before the number.
fn time_syntax(sign: &str, args: &[Arc<Expr>], known: &'static str, typed: &[Typed]) -> Option<Expr> {
    let ([left, right], [first, second]) = (args, typed) else { return None };
    if !matches!(sign, "+" | "-" | "*" | "/") || sign == known {
        return None;
    }
    let shown = |e: &Arc<Expr>, t: &Typed| Arc::new(normalized(e, t));
    let args = match crate::functions::unswapped(known) {
        Some(_) => vec![shown(right, first), shown(left, second)],
        None => vec![shown(left, first), shown(right, second)],
    };
    Some(Expr::Call { function: crate::functions::unswapped(known).unwrap_or(known).into(), args, distinct: false })
}

/// The expression with columns as they are called, whatever table they are taken from.
fn expr_names(expr: &Arc<Expr>) -> Arc<Expr> {
    expr.rewrite(&|part| match part {
        Expr::Name(name) if &**name == "*" => Some(Expr::Literal(Value::Int(1))),
        Expr::Name(_) => Some(Expr::Name(part.column_name().into())),
        _ => None,
    })
}

/// Whether the expression has an aggregate in it.
pub(crate) fn has_aggregate(expr: &Typed) -> bool {
    expr.any(&|part| matches!(&part.kind, Kind::Call { function, .. } if function.aggregate().is_some()))
}

/// Whether the expression is `explode` or the like.
pub(crate) fn is_generator(expr: &Typed) -> bool {
    matches!(&expr.kind, Kind::Call { function, .. } if matches!(function.body, Body::Generator { .. }))
}
