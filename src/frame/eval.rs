//! Computes analyzed expressions over one batch, column by column.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BooleanArray, UInt32Array};
use arrow_buffer::BooleanBuffer;
use kindling_partition::{Error, Executor, Result};

use crate::batch::{Batch, array_of, gather, value_at};
use crate::cast::cast;
use crate::expr::AttributeId;
use crate::functions::{Arg, Args, Body, Cells, Context, Function, HigherOrder};
use crate::typed::{Kind, Typed};
use crate::types::DataType;
use crate::value::Value;

/// A batch with the identities of its columns, on behalf of one partition's task.
pub(crate) struct Evaluator<'a> {
    context: Context<'a>,
    attributes: Cow<'a, [AttributeId]>,
    batch: Cow<'a, Batch>,
}

impl<'a> Evaluator<'a> {
    pub fn new(executor: &'a Executor, partition: usize, attributes: &'a [AttributeId], batch: &'a Batch) -> Self {
        Self { context: Context { executor, partition }, attributes: Cow::Borrowed(attributes), batch: Cow::Borrowed(batch) }
    }

    /// The expression's value for each row.
    pub fn column(&self, expr: &Typed) -> Result<ArrayRef> {
        self.arg(expr)?.expand(self.batch.rows)
    }

    /// The expression's value for each row, or once when it is the same for all.
    pub fn arg(&self, expr: &Typed) -> Result<Arg> {
        let rows = self.batch.rows;
        self.context.executor.check()?;
        let full = |array| Arg { array, scalar: false, data_type: expr.data_type.clone() };
        match &expr.kind {
            Kind::Attribute(id, name) | Kind::Variable(id, name) => {
                let i = self.attributes.iter().position(|a| a == id);
                let i = i.ok_or_else(|| Error::runtime(format!("The plan lost the column {name}{id}.")))?;
                Ok(full(self.batch.columns[i].clone()))
            }
            Kind::Literal(value) => Ok(Arg { array: array_of(&expr.data_type, [value])?, scalar: true, data_type: expr.data_type.clone() }),
            Kind::Cast { child, to_null } => {
                let arg = self.arg(child)?;
                let array = cast(&arg.array, &arg.data_type, &expr.data_type, *to_null)?;
                Ok(Arg { array, scalar: arg.scalar, data_type: expr.data_type.clone() })
            }
            Kind::Call { function, args, .. } => match function.body {
                Body::Scalar(kernel) => {
                    let args = if rows > 0 && matches!(function.name, "and" | "or") && can_fail(&args[1]) {
                        self.short_circuit(function, args)?
                    } else {
                        args.iter().map(|a| self.arg(a)).collect::<Result<Vec<_>>>()?
                    };
                    let scalar = args.iter().all(|a| a.scalar);
                    let rows = if scalar { 1 } else { rows };
                    let array = kernel(&Args { args: &args, rows, result: &expr.data_type, context: &self.context })?;
                    Ok(Arg { array, scalar, data_type: expr.data_type.clone() })
                }
                Body::Nondeterministic(kernel) => {
                    let args = args.iter().map(|a| self.arg(a)).collect::<Result<Vec<_>>>()?;
                    kernel(&Args { args: &args, rows, result: &expr.data_type, context: &self.context }).map(full)
                }
                Body::Rows { strict, kernel } => self.rows(args, &expr.data_type, strict, kernel),
                Body::HigherOrder { kernel, .. } => {
                    let (lambdas, given): (Vec<&Typed>, Vec<&Typed>) = args.iter().partition(|a| matches!(a.kind, Kind::Lambda { .. }));
                    let args = given.into_iter().map(|a| self.arg(a)).collect::<Result<Vec<_>>>()?;
                    kernel(&HigherOrder { args, lambdas, rows, result: &expr.data_type, evaluator: self }).map(full)
                }
                Body::Aggregate(_) | Body::Generator { .. } => {
                    Err(Error::runtime(format!("The function {} can't be computed row by row.", function.name)))
                }
            },
            Kind::Window(_) => Err(Error::analysis("A window function can stand in a select, not here.")
                .with_condition("WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE")),
            Kind::Case { branches, otherwise } => self.case(branches, otherwise.as_deref(), &expr.data_type).map(full),
            Kind::Native { name, args, func, .. } => {
                let columns = args.iter().map(|a| Ok(crate::time_type::told(self.column(a)?, &a.data_type))).collect::<Result<Vec<_>>>()?;
                let array = func(self.context.executor, &columns, rows)?;
                if array.len() != rows {
                    return Err(Error::runtime(format!("{name} gave {} values for {rows} rows.", array.len())));
                }
                Ok(full(array))
            }
            Kind::Lambda { .. } => Err(Error::runtime("A lambda has no value of its own.")),
        }
    }

    fn rows(&self, args: &[Typed], result: &DataType, strict: bool, kernel: fn(&Cells<'_>) -> Result<Value>) -> Result<Arg> {
        let types: Vec<DataType> = args.iter().map(|a| a.data_type.clone()).collect();
        let args = args.iter().map(|a| self.arg(a)).collect::<Result<Vec<_>>>()?;
        let scalar = args.iter().all(|a| a.scalar);
        let rows = if scalar { 1 } else { self.batch.rows };
        let mut values: Vec<Value> =
            args.iter().map(|a| if a.scalar { value_at(&a.array, &a.data_type, 0) } else { Value::Null }).collect();
        let mut results = Vec::with_capacity(rows);
        for row in 0..rows {
            if row % 1024 == 0 {
                self.context.executor.check()?;
            }
            if strict && args.iter().any(|a| a.is_null(row)) {
                results.push(Value::Null);
                continue;
            }
            for (value, arg) in values.iter_mut().zip(&args).filter(|(_, arg)| !arg.scalar) {
                *value = value_at(&arg.array, &arg.data_type, row);
            }
            results.push(kernel(&Cells { values: &values, types: &types, result, context: &self.context })?);
        }
        Ok(Arg { array: array_of(result, &results)?, scalar, data_type: result.clone() })
    }

    /// A lambda's body over `bound`, columns of elements that its parameters stand for; `parents` is the row that each element is of.
    pub fn lambda(&self, lambda: &Typed, bound: Vec<ArrayRef>, parents: &[u32]) -> Result<ArrayRef> {
        let Kind::Lambda { params, body } = &lambda.kind else { return Err(Error::runtime("A lambda that is none.")) };
        let mut needed = BTreeSet::new();
        body.references(&mut needed);
        let rows = UInt32Array::from(parents.to_vec());
        let (mut attributes, mut columns) = (Vec::new(), Vec::new());
        for (id, column) in self.attributes.iter().zip(&self.batch.columns).filter(|(id, _)| needed.contains(id)) {
            attributes.push(*id);
            columns.push(crate::select::take(column, &rows)?);
        }
        attributes.extend(params);
        columns.extend(bound.into_iter().take(params.len()));
        let context = Context { executor: self.context.executor, partition: self.context.partition };
        Evaluator { context, attributes: Cow::Owned(attributes), batch: Cow::Owned(Batch::new(columns, parents.len())) }.column(body)
    }

    /// The rows where the condition is true.
    pub fn selection(&self, condition: &Typed) -> Result<BooleanArray> {
        let column = self.column(condition)?;
        let truths = arrow_array::cast::AsArray::as_boolean(&column);
        Ok(match truths.nulls() {
            Some(nulls) => BooleanArray::new(truths.values() & nulls.inner(), None),
            None => truths.clone(),
        })
    }

    /// The same columns, only these rows. Only what the expressions read is kept.
    fn restricted(&self, keep: &BooleanArray, exprs: &[&Typed]) -> Result<Evaluator<'a>> {
        let mut needed = BTreeSet::new();
        exprs.iter().for_each(|e| e.references(&mut needed));
        let (mut attributes, mut columns) = (Vec::new(), Vec::new());
        for (id, column) in self.attributes.iter().zip(&self.batch.columns) {
            if needed.contains(id) {
                attributes.push(*id);
                columns.push(column.clone());
            }
        }
        let batch = Batch::new(columns, self.batch.rows).filter(keep)?;
        let context = Context { executor: self.context.executor, partition: self.context.partition };
        Ok(Evaluator { context, attributes: Cow::Owned(attributes), batch: Cow::Owned(batch) })
    }

    /// Computes the right side of `and`/`or` only where the left doesn't decide: the reader may have guarded a division so.
    fn short_circuit(&self, function: &Function, args: &[Typed]) -> Result<Vec<Arg>> {
        let rows = self.batch.rows;
        let left = self.arg(&args[0])?;
        let decisive = function.name == "or";
        let truths = left.expand(rows)?;
        let truths = arrow_array::cast::AsArray::as_boolean(&truths);
        let open = BooleanBuffer::collect_bool(rows, |i| truths.is_null(i) || truths.value(i) != decisive);
        if open.count_set_bits() == rows {
            return Ok(vec![left, self.arg(&args[1])?]);
        }
        let open = BooleanArray::new(open, None);
        let some = self.restricted(&open, &[&args[1]])?.column(&args[1])?;
        let filler: ArrayRef = Arc::new(BooleanArray::from(vec![decisive]));
        let right = scatter(&[some, filler], rows, |i| if open.value(i) { Piece::Next(0) } else { Piece::Only(1) })?;
        Ok(vec![left, Arg { array: right, scalar: false, data_type: DataType::Boolean }])
    }

    fn case(&self, branches: &[(Typed, Typed)], otherwise: Option<&Typed>, data_type: &DataType) -> Result<ArrayRef> {
        let rows = self.batch.rows;
        let null = Typed { data_type: data_type.clone(), ..Typed::literal(Value::Null) };
        let otherwise = otherwise.unwrap_or(&null);
        let careful = branches.iter().enumerate().any(|(i, (c, v))| i > 0 && can_fail(c) || can_fail(v)) || can_fail(otherwise);
        if !careful {
            let mut result = self.arg(otherwise)?;
            for (condition, value) in branches.iter().rev() {
                let chosen = self.selection(condition)?;
                let array = crate::functions::choose(&chosen, &self.arg(value)?, &result, rows)?;
                result = Arg { array, scalar: false, data_type: data_type.clone() };
            }
            return result.expand(rows);
        }
        // Each branch is computed only on the rows that reach it.
        let mut owner = vec![branches.len() as u32; rows];
        let mut open: Vec<u32> = (0..rows as u32).collect();
        let mut pieces = Vec::with_capacity(branches.len() + 1);
        for (number, (condition, value)) in branches.iter().enumerate() {
            let mask = |rows_kept: &[u32]| {
                let mut mask = arrow_buffer::BooleanBufferBuilder::new(rows);
                mask.append_n(rows, false);
                rows_kept.iter().for_each(|i| mask.set_bit(*i as usize, true));
                BooleanArray::new(mask.finish(), None)
            };
            let reached = self.restricted(&mask(&open), &[condition])?;
            let holds = reached.selection(condition)?;
            let (mut taken, mut rest) = (Vec::new(), Vec::new());
            for (k, i) in open.into_iter().enumerate() {
                if holds.value(k) { taken.push(i) } else { rest.push(i) }
            }
            open = rest;
            taken.iter().for_each(|i| owner[*i as usize] = number as u32);
            pieces.push(self.restricted(&mask(&taken), &[value])?.column(value)?);
        }
        let keep = BooleanArray::from(owner.iter().map(|o| *o as usize == branches.len()).collect::<Vec<_>>());
        pieces.push(self.restricted(&keep, &[otherwise])?.column(otherwise)?);
        scatter(&pieces, rows, |i| Piece::Next(owner[i] as usize))
    }
}

enum Piece {
    /// The next value of a piece.
    Next(usize),
    /// The one value of a piece.
    Only(usize),
}

fn scatter(pieces: &[ArrayRef], rows: usize, from: impl Fn(usize) -> Piece) -> Result<ArrayRef> {
    let mut next = vec![0; pieces.len()];
    let order = (0..rows).map(|i| match from(i) {
        Piece::Next(piece) => {
            next[piece] += 1;
            (piece, next[piece] - 1)
        }
        Piece::Only(piece) => (piece, 0),
    });
    gather(pieces, order)
}

/// Whether computing the expression on a row that a condition keeps away from it could fail (or cost much).
fn can_fail(expr: &Typed) -> bool {
    expr.any(&|part| match &part.kind {
        Kind::Native { .. } => true,
        Kind::Cast { child, to_null } => !to_null && !widens(&child.data_type, &part.data_type),
        Kind::Call { function, .. } if matches!(function.body, Body::Rows { .. } | Body::HigherOrder { .. }) => true,
        Kind::Call { function, .. } => match function.name {
            "+" | "-" | "*" | "negative" | "abs" => !matches!(part.data_type, DataType::Double | DataType::Float),
            "/" | "%" | "pmod" | "round" | "bround" | "getitem" | "element_at" | "make_date" | "raise_error" | "regexp_extract"
            | "regexp_extract_all" | "regexp_replace" | "to_date" | "to_timestamp" | "array_to_vector" | "create_map" => true,
            _ => false,
        },
        _ => false,
    })
}

fn widens(from: &DataType, to: &DataType) -> bool {
    *to == DataType::String
        || *to == DataType::Double && from.is_numeric()
        || crate::coerce::wider(from, to).as_ref() == Some(to) && *from != DataType::String
}
