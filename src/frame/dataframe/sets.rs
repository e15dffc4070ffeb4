use kindling_partition::{Error, Result};

use super::{DataFrame, JoinKind, cast_all};
use crate::analyze::make_call;
use crate::coerce::wider;
use crate::column::Column;
use crate::expr::{Attribute, Expr, Window, WindowSpec};
use crate::functions::set_operation;
use crate::plan::Plan;
use crate::typed::{Named, Typed};
use crate::types::Field;

impl DataFrame {
    /// The different rows that both have.
    ///
    /// # Errors
    /// `NUM_COLUMNS_MISMATCH`, `INCOMPATIBLE_COLUMN_TYPE`
    pub fn intersect(&self, other: &DataFrame) -> Result<DataFrame> {
        let (left, right) = self.aligned(other, "INTERSECT")?;
        left.distinct()?.matched(&right, JoinKind::LeftSemi)
    }

    /// The rows that both have, each as often as in the one that has it less often.
    ///
    /// # Errors
    /// As [`intersect`](Self::intersect).
    pub fn intersect_all(&self, other: &DataFrame) -> Result<DataFrame> {
        let (left, right) = self.aligned(other, "INTERSECT ALL")?;
        left.numbered()?.matched(&right.numbered()?, JoinKind::LeftSemi)?.without_last()
    }

    /// The different rows that the other doesn't have (`EXCEPT`).
    ///
    /// # Errors
    /// As [`intersect`](Self::intersect).
    pub fn subtract(&self, other: &DataFrame) -> Result<DataFrame> {
        let (left, right) = self.aligned(other, "EXCEPT")?;
        left.distinct()?.matched(&right, JoinKind::LeftAnti)
    }

    /// The rows without those of the other, each taken away as often as it is there (`EXCEPT ALL`).
    ///
    /// # Errors
    /// As [`intersect`](Self::intersect).
    pub fn except_all(&self, other: &DataFrame) -> Result<DataFrame> {
        let (left, right) = self.aligned(other, "EXCEPT ALL")?;
        left.numbered()?.matched(&right.numbered()?, JoinKind::LeftAnti)?.without_last()
    }

    /// Both with columns of the same types, the other's with new identities.
    fn aligned(&self, other: &DataFrame, what: &str) -> Result<(DataFrame, DataFrame)> {
        let (left, right) = (self.plan.output(), other.plan.output());
        if left.len() != right.len() {
            let text = format!(
                "{what} can only be performed on inputs with the same number of columns, but the first input has {} columns and the second input has {} columns.",
                left.len(),
                right.len()
            );
            return Err(Error::analysis(text).with_condition("NUM_COLUMNS_MISMATCH"));
        }
        set_operation(left.iter().chain(&right).map(|a| &a.field))?;
        let mut types = Vec::with_capacity(left.len());
        for (a, b) in left.iter().zip(&right) {
            types.push(wider(&a.field.data_type, &b.field.data_type).ok_or_else(|| {
                let (a_type, b_type) = (a.field.data_type.sql(), b.field.data_type.sql());
                let text = format!(
                    "{what} can only be performed on columns of compatible types: '{}' is \"{a_type}\", '{}' is \"{b_type}\".",
                    a.name(),
                    b.name()
                );
                Error::analysis(text).with_condition("INCOMPATIBLE_COLUMN_TYPE")
            })?);
        }
        let with = |frame: &DataFrame, plan| DataFrame { outer: frame.outer.clone(), ..DataFrame::new(frame.session.clone(), plan) };
        let right = with(other, cast_all(&other.plan, &types));
        Ok((with(self, cast_all(&self.plan, &types)), right.over(right.plan.renewed())))
    }

    /// The rows that have, or don't have, an equal in the other; nulls are equal.
    fn matched(&self, other: &DataFrame, kind: JoinKind) -> Result<DataFrame> {
        let pairs = self.plan.output().into_iter().zip(other.plan.output());
        let equal = pairs.map(|(a, b)| make_call("<=>", vec![Typed::attribute(&a), Typed::attribute(&b)], false));
        let condition = equal.reduce(|all, one| make_call("and", vec![all?, one?], false)).transpose()?;
        Ok(self.over(Plan::Join { left: self.plan.clone(), right: other.plan.clone(), kind, condition, broadcast: None }))
    }

    /// With the number of each row among its equals.
    fn numbered(&self) -> Result<DataFrame> {
        let output = self.plan.output();
        let all: Vec<_> = output.iter().map(|a| std::sync::Arc::new(Expr::Attribute(a.clone(), self.id))).collect();
        let spec = WindowSpec { partition: all.clone(), orders: all, ..WindowSpec::default() };
        let function = Expr::Call { function: "row_number".into(), args: Vec::new(), distinct: false };
        let number = Expr::Window(Window { function: function.into(), ignore_nulls: false, spec: spec.into() });
        let expr = self.scope(&output).resolve(&number)?;
        let attribute = Attribute::new(Field::new("_number", expr.data_type.clone(), false));
        let same = output.iter().map(Named::from);
        Ok(self.over(self.plan.projected(same.chain([Named { expr, attribute }]).collect())))
    }

    fn without_last(&self) -> Result<DataFrame> {
        let output = self.plan.output();
        let kept: Vec<Column> = output[..output.len() - 1].iter().map(|a| Column::attribute(a.clone(), self.id)).collect();
        self.select(&kept)
    }
}
