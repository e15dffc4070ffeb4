//! `pyspark.sql.Column`.

use std::rc::Rc;
use std::sync::Arc;

use kindling_frame::{Column, SortOrder, Value as Cell};
use kindling_python::{ClassBuilder, Name, NativeObject, Operator, PyClass, PyResult, UnaryOperator, Value, Vm};
use serde_json::Value as Json;

use super::{column_repr, types};
use crate::args;
use crate::convert::literal;
use crate::errors::{OrRaise, not_expected, spark_error};

/// An expression that a frame will compute.
pub(crate) struct ColumnObject(pub(crate) Column);

pub(crate) fn column_value(column: Column) -> Value {
    Value::native(ColumnObject(column))
}

/// A column, or the name of one.
pub(crate) fn column_or_name(vm: &mut Vm, value: &Value, name: &str) -> PyResult<Column> {
    if let Some(column) = value.as_native::<ColumnObject>() {
        return Ok(column.0.clone());
    }
    match value.as_str() {
        Some(text) => Ok(Column::name(text)),
        None => Err(not_expected(vm, name, "Column or str", value)),
    }
}

/// A column and nothing else.
pub(crate) fn only_column(vm: &mut Vm, value: &Value, name: &str, expected: &str) -> PyResult<Column> {
    match value.as_native::<ColumnObject>() {
        Some(column) => Ok(column.0.clone()),
        None => Err(not_expected(vm, name, expected, value)),
    }
}

/// A column, or a plain value as a literal.
pub(crate) fn column_or_literal(vm: &mut Vm, value: &Value) -> PyResult<Column> {
    match value.as_native::<ColumnObject>() {
        Some(column) => Ok(column.0.clone()),
        None => match value {
            // As in PySpark a list is an array of columns.
            Value::List(_) => {
                let items = value.as_sequence().unwrap_or_default();
                Ok(Column::call("array", items.iter().map(|item| column_or_literal(vm, item)).collect::<PyResult<Vec<_>>>()?))
            }
            _ => literal(vm, value).map(Column::lit),
        },
    }
}

impl NativeObject for ColumnObject {
    fn class_name(&self) -> &str {
        "Column"
    }

    /// A field of a struct column.
    fn get_attr(&self, vm: &mut Vm, _this: &Value, name: &str) -> PyResult<Option<Value>> {
        if name.starts_with("__") || vm.native_class("Column").lookup(&Name::new(name)).is_some() {
            return Ok(None);
        }
        Ok(Some(column_value(self.0.get_field(name))))
    }

    fn binary(&self, vm: &mut Vm, _this: &Value, operator: Operator, other: &Value, reflected: bool) -> PyResult<Option<Value>> {
        let this = &self.0;
        let other = column_or_literal(vm, other)?;
        let (left, right) = if reflected { (&other, this) } else { (this, &other) };
        Ok(Some(column_value(match operator {
            // As in PySpark the reflected forms of what commutes put the column first.
            Operator::Add => this.add(&other),
            Operator::Mul => this.mul(&other),
            Operator::BitAnd => this.and(&other),
            Operator::BitOr => this.or(&other),
            Operator::Sub => left.sub(right),
            Operator::Div => left.div(right),
            Operator::Mod => left.rem(right),
            Operator::Pow => left.pow(right),
            Operator::Eq => this.eq(&other),
            Operator::Ne => this.ne(&other),
            Operator::Lt => {
                if reflected {
                    this.gt(&other)
                } else {
                    this.lt(&other)
                }
            }
            Operator::Le => {
                if reflected {
                    this.ge(&other)
                } else {
                    this.le(&other)
                }
            }
            Operator::Gt => {
                if reflected {
                    this.lt(&other)
                } else {
                    this.gt(&other)
                }
            }
            Operator::Ge => {
                if reflected {
                    this.le(&other)
                } else {
                    this.ge(&other)
                }
            }
            _ => return Ok(None),
        })))
    }

    fn unary(&self, _vm: &mut Vm, _this: &Value, operator: UnaryOperator) -> PyResult<Option<Value>> {
        Ok(match operator {
            UnaryOperator::Invert => Some(column_value(self.0.not())),
            UnaryOperator::Neg => Some(column_value(self.0.neg())),
            UnaryOperator::Pos => None,
        })
    }

    fn iter(&self, _vm: &mut Vm, _this: &Value) -> PyResult<Option<Value>> {
        Err(spark_error("PySparkTypeError", "NOT_ITERABLE", "Column is not iterable."))
    }

    fn get_item(&self, vm: &mut Vm, _this: &Value, key: &Value) -> PyResult<Option<Value>> {
        if let Value::Slice(slice) = key {
            let (start, length) = (column_or_literal(vm, &slice.start)?, column_or_literal(vm, &slice.stop)?);
            return Ok(Some(column_value(Column::call("substr", [self.0.clone(), start, length]))));
        }
        let key = column_or_literal(vm, key)?;
        Ok(Some(column_value(self.0.get_item(&key))))
    }

    fn contains(&self, _vm: &mut Vm, _item: &Value) -> PyResult<Option<bool>> {
        let text = "Cannot apply 'in' operator against a column: please use 'contains' in a string column or 'array_contains' function for an array column.";
        Err(spark_error("PySparkValueError", "CANNOT_APPLY_IN_FOR_COLUMN", text))
    }

    fn truth(&self, _vm: &mut Vm) -> PyResult<Option<bool>> {
        let text = format!(
            "Cannot convert column into bool (offending column: {}): please use '&' for 'and', '|' for 'or', '~' for 'not' when building DataFrame boolean expressions.",
            column_repr::text(self.0.expr())
        );
        Err(spark_error("PySparkValueError", "CANNOT_CONVERT_COLUMN_INTO_BOOL", text))
    }

    fn repr(&self, _vm: &mut Vm) -> PyResult<String> {
        Ok(column_repr::repr(&self.0))
    }
}

fn this(value: &Value) -> Column {
    value.as_native::<ColumnObject>().map_or_else(|| Column::lit(Cell::Null), |object| object.0.clone())
}

/// Makes the class.
pub(crate) fn install(vm: &mut Vm) -> Rc<PyClass> {
    let mut builder =
        ClassBuilder::new("Column", "pyspark.sql").doc("A column of a DataFrame: an expression that is computed when an action needs it.");
    builder = naming(builder);
    builder = comparing(builder);
    builder = text_methods(builder);
    let class = ordering(builder).build();
    vm.register_class(&class);
    class
}

fn naming(builder: ClassBuilder) -> ClassBuilder {
    let alias = |vm: &mut Vm, values: Vec<Value>| {
        let names = values[1].as_sequence().unwrap_or_default();
        if names.is_empty() {
            return Err(spark_error("PySparkValueError", "", "alias() needs a name."));
        }
        // What makes several columns takes a name for each.
        let names = names.iter().map(|name| args::text(vm, name, "alias")).collect::<PyResult<Vec<_>>>()?;
        let name = names.join("\0");
        let column = match types::to_json(vm, &values[2])? {
            Json::Object(map) => this(&values[0]).alias_with_metadata(name, Arc::new(map)),
            _ => this(&values[0]).alias(name),
        };
        Ok(column_value(column))
    };
    let cast = |vm: &mut Vm, values: Vec<Value>| {
        let to = types::data_type(vm, &values[1], "dataType")?;
        Ok(column_value(this(&values[0]).cast(to)))
    };
    builder
        .method("alias(self, *alias, metadata=None)", "The same values under another name.", alias)
        .method("name(self, *alias, metadata=None)", "As alias().", alias)
        .method(
            "cast(self, dataType)",
            "The values as another type, a DataType or a text such as \"double\"; what can't be cast is an error.",
            cast,
        )
        .method("astype(self, dataType)", "As cast().", cast)
        .method("try_cast(self, dataType)", "As cast(), with null for what can't be cast.", |vm, values| {
            let to = types::data_type(vm, &values[1], "dataType")?;
            Ok(column_value(this(&values[0]).try_cast(to)))
        })
        .method("getField(self, name)", "A field of a struct.", |vm, values| {
            let name = args::text(vm, &values[1], "name")?;
            Ok(column_value(this(&values[0]).get_field(&name)))
        })
        .method("getItem(self, key)", "An element of an array by position, or of a map by key.", |vm, values| {
            let key = column_or_literal(vm, &values[1])?;
            Ok(column_value(this(&values[0]).get_item(&key)))
        })
        .method("outer(self) -> Column", "A column of the frame around: within exists(), scalar() and lateralJoin().", |_, values| {
            Ok(column_value(super::asked::outer(&this(&values[0]))))
        })
        .method("over(self, window) -> Column", "Computes over a window, such as Window.partitionBy(\"k\").", |vm, values| {
            let spec = super::window::spec_of(vm, &values[1])?;
            Ok(column_value(super::window::over(&this(&values[0]), spec)))
        })
        .method("withField(self, fieldName, col)", "A struct with a field of this name and value.", |vm, values| {
            let name = args::text(vm, &values[1], "fieldName")?;
            let value = only_column(vm, &values[2], "col", "Column")?;
            Ok(column_value(with_field(&this(&values[0]), &name, &value)))
        })
        .method("dropFields(self, *fieldNames)", "A struct without fields of these names.", |vm, values| {
            let mut column = this(&values[0]);
            for name in values[1].as_sequence().unwrap_or_default() {
                let name = args::text(vm, &name, "fieldNames")?;
                column = without_field(&column, &name);
            }
            Ok(column_value(column))
        })
        .method("transform(self, f)", "What a function makes of the column: df.x.transform(F.upper).", |vm, values| {
            let (column, function) = (values[0].clone(), values[1].clone());
            let made = vm.call(&function, kindling_python::Args::new([column]))?;
            match made.as_native::<ColumnObject>() {
                Some(_) => Ok(made),
                None => {
                    let text = format!("Function `f` should return Column, got {}.", vm.type_name(&made));
                    Err(spark_error("PySparkTypeError", "NOT_COLUMN", text))
                }
            }
        })
}

/// `a.b.c`: within the struct `b` of the struct.
fn with_field(column: &Column, name: &str, value: &Column) -> Column {
    let (first, value) = match name.split_once('.') {
        Some((first, rest)) => (first, with_field(&column.get_field(first), rest, value)),
        None => (name, value.clone()),
    };
    Column::call("with_field", [column.clone(), Column::lit(first), value])
}

fn without_field(column: &Column, name: &str) -> Column {
    match name.split_once('.') {
        Some((first, rest)) => with_field(column, first, &without_field(&column.get_field(first), rest)),
        None => Column::call("drop_fields", [column.clone(), Column::lit(name)]),
    }
}

fn comparing(builder: ClassBuilder) -> ClassBuilder {
    builder
        .method("isNull(self)", "Whether the value is null.", |_, values| Ok(column_value(this(&values[0]).is_null())))
        .method("isNotNull(self)", "Whether the value is not null.", |_, values| Ok(column_value(this(&values[0]).is_not_null())))
        .method("isNaN(self)", "Whether the value is NaN.", |_, values| Ok(column_value(this(&values[0]).is_nan())))
        .method("eqNullSafe(self, other)", "Equal, with null equal to null.", |vm, values| {
            let other = column_or_literal(vm, &values[1])?;
            Ok(column_value(this(&values[0]).eq_null_safe(&other)))
        })
        .method("between(self, lowerBound, upperBound)", "Whether the value is in a range, both ends included.", |vm, values| {
            let (low, high) = (column_or_literal(vm, &values[1])?, column_or_literal(vm, &values[2])?);
            Ok(column_value(this(&values[0]).between(&low, &high)))
        })
        .method("isin(self, *cols)", "Whether the value is one of these.", |vm, values| {
            let mut options = values[1].as_sequence().unwrap_or_default();
            if let Some(asked) = super::asked::is_in_frame(&this(&values[0]), &options) {
                return Ok(column_value(asked));
            }
            if let [only] = options.as_slice()
                && matches!(only, Value::List(_) | Value::Tuple(_) | Value::Set(_) | Value::FrozenSet(_))
            {
                options = vm.collect(only)?;
            }
            let options = options.iter().map(|option| column_or_literal(vm, option)).collect::<PyResult<Vec<_>>>()?;
            Ok(column_value(this(&values[0]).is_in(options)))
        })
        .method("when(self, condition, value)", "A further branch of F.when().", |vm, values| {
            let condition = only_column(vm, &values[1], "condition", "Column")?;
            let value = column_or_literal(vm, &values[2])?;
            this(&values[0]).and_when(&condition, &value).or_raise().map(column_value)
        })
        .method("otherwise(self, value)", "The value where no branch of F.when() holds.", |vm, values| {
            let value = column_or_literal(vm, &values[1])?;
            this(&values[0]).otherwise(&value).or_raise().map(column_value)
        })
        .method("bitwiseAND(self, other)", "The bits that both have.", |vm, values| call_with(vm, "&", &values))
        .method("bitwiseOR(self, other)", "The bits that either has.", |vm, values| call_with(vm, "|", &values))
        .method("bitwiseXOR(self, other)", "The bits that one of them has.", |vm, values| call_with(vm, "^", &values))
}

fn text_methods(builder: ClassBuilder) -> ClassBuilder {
    builder
        .method("like(self, other)", "Whether the text matches an SQL pattern: % is any text, _ any character.", |vm, values| {
            call_with(vm, "like", &values)
        })
        .method("ilike(self, other)", "As like(), upper and lower case the same.", |vm, values| call_with(vm, "ilike", &values))
        .method("rlike(self, other)", "Whether a regular expression is found in the text.", |vm, values| call_with(vm, "rlike", &values))
        .method("contains(self, other)", "Whether the text has the other within it.", |vm, values| call_with(vm, "contains", &values))
        .method("startswith(self, other)", "Whether the text starts with the other.", |vm, values| call_with(vm, "startswith", &values))
        .method("endswith(self, other)", "Whether the text ends with the other.", |vm, values| call_with(vm, "endswith", &values))
        .method("substr(self, startPos, length)", "So many characters from a position, counted from 1.", |vm, values| {
            let (start, length) = (column_or_literal(vm, &values[1])?, column_or_literal(vm, &values[2])?);
            Ok(column_value(Column::call("substr", [this(&values[0]), start, length])))
        })
}

fn call_with(vm: &mut Vm, function: &'static str, values: &[Value]) -> PyResult<Value> {
    let other = column_or_literal(vm, &values[1])?;
    Ok(column_value(Column::call(function, [this(&values[0]), other])))
}

fn ordering(builder: ClassBuilder) -> ClassBuilder {
    let orders = [
        ("asc", false, true),
        ("asc_nulls_first", false, true),
        ("asc_nulls_last", false, false),
        ("desc", true, false),
        ("desc_nulls_first", true, true),
        ("desc_nulls_last", true, false),
    ];
    orders.into_iter().fold(builder, |builder, (name, descending, nulls_first)| {
        builder.method(&format!("{name}(self)"), "An order for orderBy().", move |_, values| {
            Ok(column_value(this(&values[0]).sort(SortOrder { descending, nulls_first })))
        })
    })
}
