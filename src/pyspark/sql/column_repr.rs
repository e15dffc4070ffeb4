//! A column as PySpark prints it: `Column<'and(>(a, 3), =(b, 'x'))'>`.

use kindling_frame::{Column, Expr, Value};

pub(super) fn repr(column: &Column) -> String {
    format!("Column<'{}'>", text(column.expr()))
}

/// The expression with every operator as a call.
pub(super) fn text(expr: &Expr) -> String {
    match expr {
        Expr::Name(name) => name.to_string(),
        Expr::Attribute(attribute, _) => attribute.name().to_owned(),
        Expr::Literal(Value::String(text)) => format!("'{text}'"),
        Expr::Literal(value) => value.to_string(),
        Expr::Alias { child, name, .. } => format!("{} AS {name}", text(child)),
        Expr::Cast { child, to, to_null } => format!("{}({} AS {})", if *to_null { "TRY_CAST" } else { "CAST" }, text(child), to.sql()),
        Expr::Case { branches, otherwise } => {
            let mut out = String::from("CASE");
            for (condition, value) in branches {
                out.push_str(&format!(" WHEN {} THEN {}", text(condition), text(value)));
            }
            if let Some(otherwise) = otherwise {
                out.push_str(&format!(" ELSE {}", text(otherwise)));
            }
            out + " END"
        }
        Expr::Sort { child, order } => {
            let direction = if order.descending { "DESC" } else { "ASC" };
            format!("{} {direction} NULLS {}", text(child), if order.nulls_first { "FIRST" } else { "LAST" })
        }
        Expr::Call { function, args, distinct } => {
            let name = match &**function {
                "not" => "!",
                "isnull" => "isNull",
                "isnotnull" => "isNotNull",
                "isnan" => "isNaN",
                other => other,
            };
            let args: Vec<String> = args.iter().map(|arg| text(arg)).collect();
            match (name, args.as_slice()) {
                ("getitem" | "getfield", [child, key]) => format!("{child}[{}]", key.trim_matches('\'')),
                _ => format!("{name}({}{})", if *distinct { "DISTINCT " } else { "" }, args.join(", ")),
            }
        }
        Expr::Variable(name) => name.to_string(),
        Expr::Lambda { params, body } => format!("lambdafunction({}, {})", text(body), params.join(", ")),
        other => other.to_string(),
    }
}
