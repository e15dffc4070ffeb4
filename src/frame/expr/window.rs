use std::fmt;
use std::sync::Arc;

use super::Expr;

/// A function and the window that it is computed over.
#[derive(Clone, Debug)]
pub struct Window {
    /// The call; with a filter around it where there is one.
    pub function: Arc<Expr>,
    /// `IGNORE NULLS`, for `lag`, `lead` and `nth_value`.
    pub ignore_nulls: bool,
    pub spec: Arc<WindowSpec>,
}

/// `PARTITION BY … ORDER BY … ROWS BETWEEN … AND …`
#[derive(Clone, Debug, Default)]
pub struct WindowSpec {
    /// A window of the query's `WINDOW` clause that this one goes on from.
    pub base: Option<Arc<str>>,
    pub partition: Vec<Arc<Expr>>,
    /// Each an [`Expr::Sort`], or ascending.
    pub orders: Vec<Arc<Expr>>,
    /// Without one: all rows up to the current one and its equals when there is an order, else all.
    pub frame: Option<WindowFrame>,
}

#[derive(Clone, Debug)]
pub struct WindowFrame {
    pub kind: FrameKind,
    pub start: FrameBound,
    pub end: FrameBound,
}

/// How bounds are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameKind {
    Rows,
    /// By the value that the window is ordered by.
    Range,
}

#[derive(Clone, Debug)]
pub enum FrameBound {
    UnboundedPreceding,
    Preceding(Arc<Expr>),
    CurrentRow,
    Following(Arc<Expr>),
    UnboundedFollowing,
}

impl FrameBound {
    /// A bound as `rowsBetween` takes it: negative before the current row, 0 the row itself, and the ends of 64 bits without bound.
    pub fn at(offset: i64) -> Self {
        match offset {
            i64::MIN => Self::UnboundedPreceding,
            i64::MAX => Self::UnboundedFollowing,
            0 => Self::CurrentRow,
            n => Self::Following(Expr::Literal(i32::try_from(n).map_or_else(|_| n.into(), Into::into)).into()),
        }
    }
}

impl WindowSpec {
    /// The window with `change` tried on its expressions.
    pub(crate) fn rewrite(&self, change: &impl Fn(&Expr) -> Option<Expr>) -> Self {
        let all = |exprs: &[Arc<Expr>]| exprs.iter().map(|e| e.rewrite(change)).collect();
        Self { base: self.base.clone(), partition: all(&self.partition), orders: all(&self.orders), frame: self.frame.clone() }
    }
}

/// As Spark names a column of it: `sum(x) OVER (PARTITION BY k ORDER BY t ASC NULLS FIRST RANGE BETWEEN … AND …)`.
impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match &*self.function {
            Expr::Call { function, .. } => &**function,
            _ => "",
        };
        match (&*self.function, name) {
            (_, "rank" | "dense_rank" | "percent_rank") => write!(f, "{}()", name.to_uppercase())?,
            (function, _) => write!(f, "{function}")?,
        }
        if self.ignore_nulls && name == "nth_value" {
            f.write_str(" ignore nulls")?;
        }
        write!(f, " OVER {}", self.spec)
    }
}

impl fmt::Display for WindowSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        let mut space = "";
        for (words, exprs) in [("PARTITION BY ", &self.partition), ("ORDER BY ", &self.orders)] {
            for (i, expr) in exprs.iter().enumerate() {
                f.write_str(if i == 0 { space } else { ", " })?;
                if i == 0 {
                    f.write_str(words)?;
                }
                match &**expr {
                    Expr::Sort { .. } => write!(f, "{expr}")?,
                    expr if words.starts_with('O') => write!(f, "{expr} ASC NULLS FIRST")?,
                    expr => write!(f, "{expr}")?,
                }
                space = " ";
            }
        }
        if let Some(frame) = &self.frame {
            let kind = if frame.kind == FrameKind::Rows { "ROWS" } else { "RANGE" };
            write!(f, "{space}{kind} BETWEEN {} AND {}", frame.start, frame.end)?;
        }
        f.write_str(")")
    }
}

impl fmt::Display for FrameBound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnboundedPreceding => f.write_str("UNBOUNDED PRECEDING"),
            Self::Preceding(n) => write!(f, "{n} PRECEDING"),
            Self::CurrentRow => f.write_str("CURRENT ROW"),
            Self::Following(n) => write!(f, "{n} FOLLOWING"),
            Self::UnboundedFollowing => f.write_str("UNBOUNDED FOLLOWING"),
        }
    }
}
