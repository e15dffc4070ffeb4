use std::cell::RefCell;
use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::DataFrame;
use crate::analyze::make_call;
use crate::coerce::text;
use crate::column::Column;
use crate::expr::{Attribute, AttributeId, Expr};
use crate::plan::{Plan, Side};
use crate::typed::{Kind, Named, Typed};

/// How two frames are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    Inner,
    Left,
    Right,
    Full,
    LeftSemi,
    LeftAnti,
    Cross,
}

impl JoinKind {
    /// The kind by one of the names that Spark knows it by: `left_outer`, `semi`, `anti` …
    ///
    /// # Errors
    /// When there is no such kind.
    pub fn parse(name: &str) -> Result<Self> {
        Ok(match name.to_lowercase().replace('_', "").as_str() {
            "inner" => Self::Inner,
            "cross" => Self::Cross,
            "outer" | "full" | "fullouter" => Self::Full,
            "left" | "leftouter" => Self::Left,
            "right" | "rightouter" => Self::Right,
            "semi" | "leftsemi" => Self::LeftSemi,
            "anti" | "leftanti" => Self::LeftAnti,
            _ => {
                return Err(Error::analysis(format!(
                    "Unsupported join type '{name}'. Supported join types include: inner, outer, full, fullouter, full_outer, leftouter, left, left_outer, rightouter, right, right_outer, leftsemi, left_semi, semi, leftanti, left_anti, anti, cross."
                ))
                .with_condition("UNSUPPORTED_JOIN_TYPE"));
            }
        })
    }
}

/// What two frames are joined on.
#[derive(Clone, Debug)]
pub enum JoinOn {
    /// Equal values in columns of these names, which come out once.
    Names(Vec<String>),
    Condition(Column),
}

impl DataFrame {
    /// # Errors
    /// Whatever is wrong with the names or the condition.
    pub fn join(&self, other: &DataFrame, on: &JoinOn, kind: JoinKind) -> Result<DataFrame> {
        let (right, moved) = renewed_where_shared(self, other);
        match on {
            JoinOn::Names(names) => self.join_names(&right, names, kind),
            JoinOn::Condition(column) => {
                super::generators::outside_select(column.expr(), "Join")?;
                let (left, right_output) = (self.plan.output(), right.output());
                let expr = place(column.expr(), self, other, &moved)?;
                let all: Vec<Attribute> = left.iter().chain(&right_output).cloned().collect();
                let condition = self.scope(&all).condition(&expr)?;
                let kind = if kind == JoinKind::Cross { JoinKind::Inner } else { kind };
                self.joined(right, kind, Some(condition))
            }
        }
    }

    /// Every row with every row.
    ///
    /// # Errors
    /// None today.
    pub fn cross_join(&self, other: &DataFrame) -> Result<DataFrame> {
        let (right, _) = renewed_where_shared(self, other);
        self.joined(right, JoinKind::Cross, None)
    }

    /// `df.zip(other)`: the columns of both side by side, row by row, of two frames that choose from the columns of one.
    ///
    /// # Errors
    /// `ZIP_PLANS_NOT_MERGEABLE` when the frames don't come from one by choosing columns alone.
    pub fn zip(&self, other: &DataFrame) -> Result<DataFrame> {
        let ((base, mut columns), (other_base, others)) = (chosen(&self.plan), chosen(&other.plan));
        if !Arc::ptr_eq(&base, &other_base) {
            let text =
                "zip() puts together frames that come from one frame by select() and withColumn() alone: here rows can't be matched.";
            return Err(Error::analysis(text).with_condition("ZIP_PLANS_NOT_MERGEABLE"));
        }
        for mut column in others {
            if columns.iter().any(|c| c.attribute.id == column.attribute.id) {
                column.attribute = Attribute { qualifier: column.attribute.qualifier.clone(), ..Attribute::new(column.attribute.field) };
            }
            columns.push(column);
        }
        Ok(self.over(Plan::Project { child: base, columns }))
    }

    fn joined(&self, right: Arc<Plan>, kind: JoinKind, condition: Option<Typed>) -> Result<DataFrame> {
        if let Some(drawn) = condition.as_ref().filter(|c| !crate::optimize::deterministic(c)) {
            let text = format!("The operator expects a deterministic expression, but the actual expression is \"{}\".", text(drawn));
            return Err(Error::analysis(text).with_condition("INVALID_NON_DETERMINISTIC_EXPRESSIONS"));
        }
        let broadcast = match (hinted(&self.plan), hinted(&right)) {
            (_, true) => Some(Side::Right),
            (true, _) => Some(Side::Left),
            _ => None,
        };
        Ok(self.over(Plan::Join { left: self.plan.clone(), right, kind, condition, broadcast }))
    }

    /// `F.broadcast(df)`: when joined, this frame is the one that goes to every task.
    #[must_use]
    pub fn broadcast(&self) -> DataFrame {
        let output = self.plan.output();
        self.over(Plan::Alias { child: self.plan.clone(), output, name: BROADCAST.into() })
    }

    fn join_names(&self, right: &Arc<Plan>, names: &[String], kind: JoinKind) -> Result<DataFrame> {
        let (left_output, right_output) = (self.plan.output(), right.output());
        let right_schema = right.schema();
        let mut condition: Option<Typed> = None;
        let mut keys = Vec::new();
        for name in names {
            let side = |which: &str, found: Result<usize>| {
                found.map_err(|error| {
                    let condition = match error.condition() {
                        Some("AMBIGUOUS_REFERENCE") => "AMBIGUOUS_REFERENCE",
                        _ => "UNRESOLVED_USING_COLUMN_FOR_JOIN",
                    };
                    Error::analysis(format!("join on '{name}': on the {which} side, {}", error.message())).with_condition(condition)
                })
            };
            let (l, r) = (side("left", self.schema.index_of(name))?, side("right", right_schema.index_of(name))?);
            let (l, r) = (left_output[l].clone(), right_output[r].clone());
            let equal = make_call("=", vec![Typed::attribute(&l), Typed::attribute(&r)], false)?;
            condition = Some(match condition {
                Some(before) => make_call("and", vec![before, equal], false)?,
                None => equal,
            });
            keys.push((l, r));
        }
        let kind = if kind == JoinKind::Cross && condition.is_some() { JoinKind::Inner } else { kind };
        let joined = self.joined(right.clone(), kind, condition)?;
        let output = joined.plan.output();
        if matches!(kind, JoinKind::LeftSemi | JoinKind::LeftAnti) {
            // The keys come first here too.
            let (first, rest): (Vec<_>, Vec<_>) = output.iter().partition(|a| keys.iter().any(|(l, _)| l.id == a.id));
            let first = keys.iter().filter_map(|(l, _)| first.iter().find(|a| a.id == l.id).copied());
            let columns = first.chain(rest).map(Named::from).collect();
            return Ok(joined.over(Plan::Project { child: joined.plan.clone(), columns }));
        }
        let pass = |id: AttributeId| output.iter().find(|a| a.id == id).map(Named::from);
        let mut columns = Vec::new();
        for (l, r) in &keys {
            columns.extend(match kind {
                JoinKind::Right => pass(r.id),
                JoinKind::Full => {
                    let sides =
                        [l.id, r.id].into_iter().filter_map(|id| output.iter().find(|a| a.id == id).map(Typed::attribute)).collect();
                    let expr = make_call("coalesce", sides, false)?;
                    let mut attribute = Attribute::new(l.field.clone());
                    attribute.field.data_type = expr.data_type.clone();
                    attribute.field.nullable = l.field.nullable || r.field.nullable;
                    Some(Named { expr, attribute })
                }
                _ => pass(l.id),
            });
        }
        let is_key = |id: AttributeId| keys.iter().any(|(l, r)| l.id == id || r.id == id);
        columns.extend(left_output.iter().chain(&right_output).filter(|a| !is_key(a.id)).filter_map(|a| pass(a.id)));
        Ok(joined.over(Plan::Project { child: joined.plan.clone(), columns }))
    }
}

/// The plan below all projections, and what they make of its columns.
fn chosen(plan: &Arc<Plan>) -> (Arc<Plan>, Vec<Named>) {
    let Plan::Project { child, columns } = &**plan else {
        let columns = plan.output().into_iter().map(Named::from);
        return (plan.clone(), columns.collect());
    };
    let (base, below) = chosen(child);
    let through = |column: &Named| {
        let expr = column.expr.rewrite(&mut |part| match part.kind {
            Kind::Attribute(id, _) => below.iter().find(|b| b.attribute.id == id).map(|b| b.expr.clone()),
            _ => None,
        });
        Named { expr, attribute: column.attribute.clone() }
    };
    (base, columns.iter().map(through).collect())
}

/// The alias that marks a frame as broadcast; no column is qualified by it.
const BROADCAST: &str = "\u{0}broadcast";

fn hinted(plan: &Plan) -> bool {
    match plan {
        Plan::Alias { name, child, .. } => &**name == BROADCAST || hinted(child),
        Plan::Project { child, .. } | Plan::Filter { child, .. } => hinted(child),
        _ => false,
    }
}

/// The right frame's plan; where it shares columns with the left one (a frame joined with one made of it), under new identities, and
/// the new identity of each.
fn renewed_where_shared(left: &DataFrame, right: &DataFrame) -> (Arc<Plan>, Vec<(AttributeId, Attribute)>) {
    let (left_output, right_output) = (left.plan.output(), right.plan.output());
    if !right_output.iter().any(|r| left_output.iter().any(|l| l.id == r.id)) {
        return (right.plan.clone(), Vec::new());
    }
    let renewed = Arc::new(right.plan.renewed());
    let moved = right_output.iter().map(|r| r.id).zip(renewed.output()).collect();
    (renewed, moved)
}

/// Points the columns of a join condition at their sides: `right["x"]` at the right frame's new column, and in `df["x"] == df["x"]`
/// the second one too.
fn place(expr: &Arc<Expr>, left: &DataFrame, right: &DataFrame, moved: &[(AttributeId, Attribute)]) -> Result<Arc<Expr>> {
    if moved.is_empty() {
        return Ok(expr.clone());
    }
    let to_right =
        |attribute: &Attribute| moved.iter().find(|(id, _)| *id == attribute.id).map(|(_, new)| Expr::Attribute(new.clone(), right.id));
    let unclear = RefCell::new(Vec::new());
    let placed = expr.rewrite(&|part| match part {
        Expr::Call { function, args, distinct } if matches!(&**function, "=" | "<=>") => {
            let [a, b] = args.as_slice() else { return None };
            let (Expr::Attribute(x, fx), Expr::Attribute(y, fy)) = (&**a, &**b) else { return None };
            let same = x.id == y.id && fx == fy;
            (same && to_right(y).is_some()).then(|| Expr::Call {
                function: function.clone(),
                args: vec![a.clone(), to_right(y).map_or_else(|| b.clone(), Arc::new)],
                distinct: *distinct,
            })
        }
        Expr::Attribute(attribute, frame) if *frame == right.id => {
            if right.id == left.id {
                unclear.borrow_mut().push(attribute.name().to_owned());
            }
            to_right(attribute)
        }
        _ => None,
    });
    let unclear = unclear.into_inner();
    if !unclear.is_empty() {
        return Err(Error::analysis(format!(
            "Column {} are ambiguous: the DataFrame is joined with itself, and nothing says which side each is of. Give both sides names, as in df.alias(\"a\").join(df.alias(\"b\"), F.col(\"a.id\") > F.col(\"b.id\")).",
            unclear.join(", ")
        )));
    }
    Ok(placed)
}
