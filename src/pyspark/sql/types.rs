//! `pyspark.sql.types`: data types as Python objects.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use kindling_frame::{DataType, Field, Schema};
use kindling_python::{ClassBuilder, NativeObject, Operator, PyClass, PyModule, PyResult, Value, Vm};
use serde_json::{Map, Value as Json};

use crate::args;
use crate::errors::{OrRaise, not_expected, spark_error};

const MODULE: &str = "pyspark.sql.types";

/// A data type. A `StructType` grows by `add`.
pub(crate) struct TypeObject(RefCell<DataType>);

/// A `StructField`.
pub(crate) struct FieldObject(Field);

pub(crate) fn type_value(data_type: DataType) -> Value {
    Value::native(TypeObject(RefCell::new(data_type)))
}

pub(crate) fn schema_value(schema: &Schema) -> Value {
    type_value(DataType::Struct(schema.fields().to_vec()))
}

/// The data type that a type object is, with the widths of CHAR and VARCHAR.
pub(crate) fn type_object(value: &Value) -> Option<DataType> {
    value.as_native::<TypeObject>().map(|object| object.0.borrow().clone())
}

/// The data type of an argument: a type object, or a text such as `"double"`.
pub(crate) fn data_type(vm: &mut Vm, value: &Value, name: &str) -> PyResult<DataType> {
    declared_type(vm, value, name).map(|found| found.plain())
}

/// As [`data_type`], with the widths of CHAR and VARCHAR.
pub(super) fn declared_type(vm: &mut Vm, value: &Value, name: &str) -> PyResult<DataType> {
    if let Some(object) = value.as_native::<TypeObject>() {
        return Ok(object.0.borrow().clone());
    }
    // `cast(IntegerType)` without the parentheses is a common slip.
    match value.as_str() {
        // Names with types are a struct.
        Some(text) => match (DataType::parse_whole(text), Schema::parse_whole(text)) {
            (Err(_), Ok(schema)) => Ok(DataType::Struct(schema.fields().to_vec())),
            (found, _) => found.or_raise(),
        },
        None => Err(not_expected(vm, name, "DataType or str", value)),
    }
}

fn class_name(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Null => "NullType",
        DataType::Boolean => "BooleanType",
        DataType::Byte => "ByteType",
        DataType::Short => "ShortType",
        DataType::Int => "IntegerType",
        DataType::Long => "LongType",
        DataType::Float => "FloatType",
        DataType::Double => "DoubleType",
        DataType::Decimal(..) => "DecimalType",
        DataType::String => "StringType",
        DataType::Binary => "BinaryType",
        DataType::Date => "DateType",
        DataType::Timestamp => "TimestampType",
        DataType::TimestampNtz => "TimestampNTZType",
        DataType::Time(_) => "TimeType",
        DataType::Char(_) => "CharType",
        DataType::Varchar(_) => "VarcharType",
        DataType::DayTimeInterval(..) => "DayTimeIntervalType",
        DataType::YearMonthInterval(..) => "YearMonthIntervalType",
        DataType::CalendarInterval => "CalendarIntervalType",
        DataType::Array(..) => "ArrayType",
        DataType::Map(..) => "MapType",
        DataType::Struct(_) => "StructType",
        DataType::Variant => "VariantType",
        DataType::Vector => "VectorUDT",
        DataType::Matrix => "MatrixUDT",
    }
}

/// As PySpark prints a type: `StructType([StructField('id', IntegerType(), True)])`.
pub(crate) fn repr(data_type: &DataType) -> String {
    let truth = |value: bool| if value { "True" } else { "False" };
    let inside = match data_type {
        DataType::Decimal(precision, scale) => format!("{precision},{scale}"),
        DataType::Time(precision) => precision.to_string(),
        DataType::Char(length) | DataType::Varchar(length) => length.to_string(),
        DataType::DayTimeInterval(from, to) | DataType::YearMonthInterval(from, to) => format!("{from}, {to}"),
        DataType::Array(element, nulls) => format!("{}, {}", repr(element), truth(*nulls)),
        DataType::Map(key, value, nulls) => format!("{}, {}, {}", repr(key), repr(value), truth(*nulls)),
        DataType::Struct(fields) => format!("[{}]", fields.iter().map(field_repr).collect::<Vec<_>>().join(", ")),
        _ => String::new(),
    };
    format!("{}({inside})", class_name(data_type))
}

fn field_repr(field: &Field) -> String {
    let nullable = if field.nullable { "True" } else { "False" };
    format!("StructField('{}', {}, {nullable})", field.name, repr(&field.data_type))
}

/// JSON with its keys in order, as PySpark writes it.
fn sorted(json: Json) -> Json {
    match json {
        Json::Object(map) => {
            let mut entries: Vec<(String, Json)> = map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Json::Object(entries.into_iter().collect::<Map<_, _>>())
        }
        Json::Array(items) => Json::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

/// JSON as Python's dicts and lists.
pub(crate) fn json_value(json: &Json) -> Value {
    match json {
        Json::Null => Value::None,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap_or(f64::NAN)), Value::Int),
        Json::String(text) => Value::str(text.as_str()),
        Json::Array(items) => Value::list(items.iter().map(json_value).collect::<Vec<_>>()),
        Json::Object(map) => Value::dict(map.iter().map(|(key, value)| (key.as_str(), json_value(value)))),
    }
}

/// A dict of texts, numbers, lists and dicts as JSON.
pub(crate) fn to_json(vm: &mut Vm, value: &Value) -> PyResult<Json> {
    Ok(match value.base() {
        Value::None => Json::Null,
        Value::Bool(v) => Json::Bool(*v),
        Value::Int(v) => Json::from(*v),
        Value::Float(v) => Json::from(*v),
        Value::Str(text) => Json::from(text.as_str()),
        Value::List(_) | Value::Tuple(_) => {
            let items = value.as_sequence().unwrap_or_default();
            Json::Array(items.iter().map(|item| to_json(vm, item)).collect::<PyResult<_>>()?)
        }
        Value::Dict(dict) => {
            let mut map = Map::new();
            for (key, item) in dict.items() {
                map.insert(vm.str(&key)?, to_json(vm, &item)?);
            }
            Json::Object(map)
        }
        other => return Err(not_expected(vm, "metadata", "dict of plain values", other)),
    })
}

impl TypeObject {
    fn fields(&self) -> Option<Vec<Field>> {
        match &*self.0.borrow() {
            DataType::Struct(fields) => Some(fields.clone()),
            _ => None,
        }
    }
}

impl NativeObject for TypeObject {
    fn class_name(&self) -> &str {
        class_name(&self.0.borrow())
    }

    fn get_attr(&self, _vm: &mut Vm, _this: &Value, name: &str) -> PyResult<Option<Value>> {
        Ok(match (&*self.0.borrow(), name) {
            (DataType::Array(element, _), "elementType") => Some(type_value((**element).clone())),
            (DataType::DayTimeInterval(from, _) | DataType::YearMonthInterval(from, _), "startField") => Some(Value::Int(i64::from(*from))),
            (DataType::DayTimeInterval(_, to) | DataType::YearMonthInterval(_, to), "endField") => Some(Value::Int(i64::from(*to))),
            (DataType::Array(_, nulls), "containsNull") => Some(Value::Bool(*nulls)),
            (DataType::Map(key, _, _), "keyType") => Some(type_value((**key).clone())),
            (DataType::Map(_, value, _), "valueType") => Some(type_value((**value).clone())),
            (DataType::Map(_, _, nulls), "valueContainsNull") => Some(Value::Bool(*nulls)),
            (DataType::Decimal(precision, _) | DataType::Time(precision), "precision") => Some(Value::Int(i64::from(*precision))),
            (DataType::Decimal(_, scale), "scale") => Some(Value::Int(i64::from(*scale))),
            (DataType::Char(length) | DataType::Varchar(length), "length") => Some(Value::Int(i64::from(*length))),
            (DataType::Struct(fields), "fields") => Some(Value::list(fields.iter().map(field_value).collect::<Vec<_>>())),
            (DataType::Struct(fields), "names") => Some(Value::list(fields.iter().map(|f| Value::str(&*f.name)).collect::<Vec<_>>())),
            _ => None,
        })
    }

    fn binary(&self, _vm: &mut Vm, _this: &Value, operator: Operator, other: &Value, _reflected: bool) -> PyResult<Option<Value>> {
        let Some(other) = other.as_native::<Self>() else { return Ok(None) };
        let same = *self.0.borrow() == *other.0.borrow();
        Ok(match operator {
            Operator::Eq => Some(Value::Bool(same)),
            Operator::Ne => Some(Value::Bool(!same)),
            _ => None,
        })
    }

    fn len(&self, _vm: &mut Vm) -> PyResult<Option<usize>> {
        Ok(self.fields().map(|fields| fields.len()))
    }

    fn truth(&self, _vm: &mut Vm) -> PyResult<Option<bool>> {
        Ok(Some(self.fields().is_none_or(|fields| !fields.is_empty())))
    }

    fn iter(&self, vm: &mut Vm, _this: &Value) -> PyResult<Option<Value>> {
        match self.fields() {
            Some(fields) => vm.iter(&Value::list(fields.iter().map(field_value).collect::<Vec<_>>())).map(Some),
            None => Ok(None),
        }
    }

    fn get_item(&self, vm: &mut Vm, _this: &Value, key: &Value) -> PyResult<Option<Value>> {
        let Some(fields) = self.fields() else { return Ok(None) };
        let Some(name) = key.as_str() else {
            return vm.get_item(&Value::list(fields.iter().map(field_value).collect::<Vec<_>>()), key).map(Some);
        };
        match fields.iter().find(|field| &*field.name == name) {
            Some(field) => Ok(Some(field_value(field))),
            None => {
                let near = kindling_partition::did_you_mean(name, fields.iter().map(|f| &*f.name));
                Err(spark_error("PySparkKeyError", "KEY_NOT_EXISTS", format!("Key `{name}` is not exists.{near}")))
            }
        }
    }

    fn repr(&self, _vm: &mut Vm) -> PyResult<String> {
        Ok(repr(&self.0.borrow()))
    }

    fn hash(&self, vm: &mut Vm) -> PyResult<Option<i64>> {
        let text = Value::str(repr(&self.0.borrow()));
        vm.hash(&text).map(Some)
    }
}

fn field_value(field: &Field) -> Value {
    Value::native(FieldObject(field.clone()))
}

impl NativeObject for FieldObject {
    fn class_name(&self) -> &str {
        "StructField"
    }

    fn get_attr(&self, _vm: &mut Vm, _this: &Value, name: &str) -> PyResult<Option<Value>> {
        Ok(Some(match name {
            "name" => Value::str(&*self.0.name),
            "dataType" => type_value(self.0.data_type.clone()),
            "nullable" => Value::Bool(self.0.nullable),
            "metadata" => {
                self.0.metadata.as_ref().map_or_else(|| Value::dict::<&str>([]), |map| json_value(&Json::Object((**map).clone())))
            }
            _ => return Ok(None),
        }))
    }

    fn binary(&self, _vm: &mut Vm, _this: &Value, operator: Operator, other: &Value, _reflected: bool) -> PyResult<Option<Value>> {
        let Some(other) = other.as_native::<Self>() else { return Ok(None) };
        Ok(match operator {
            Operator::Eq => Some(Value::Bool(self.0 == other.0)),
            Operator::Ne => Some(Value::Bool(self.0 != other.0)),
            _ => None,
        })
    }

    fn repr(&self, _vm: &mut Vm) -> PyResult<String> {
        Ok(field_repr(&self.0))
    }
}

/// Makes the module and its classes.
pub(crate) fn install(vm: &mut Vm, row: &Rc<PyClass>) {
    let mut module = PyModule::new(MODULE).doc("The types of columns.").with("Row", row.clone());
    let root = register(vm, with_methods(ClassBuilder::new("DataType", MODULE)));
    let parents = [
        ("AtomicType", "DataType"),
        ("NumericType", "AtomicType"),
        ("IntegralType", "NumericType"),
        ("FractionalType", "NumericType"),
        ("UserDefinedType", "DataType"),
    ];
    let mut classes = vec![root];
    let find =
        |classes: &[Rc<PyClass>], name: &str| classes.iter().find(|class| &**class.name.borrow() == name).unwrap_or(&classes[0]).clone();
    for (name, parent) in parents {
        let class = register(vm, ClassBuilder::new(name, MODULE).base(&find(&classes, parent)));
        classes.push(class);
    }
    let plain = [
        (DataType::Null, "DataType", "The type of None."),
        (DataType::Boolean, "AtomicType", "True or false."),
        (DataType::Byte, "IntegralType", "An integer of 8 bits."),
        (DataType::Short, "IntegralType", "An integer of 16 bits."),
        (DataType::Int, "IntegralType", "An integer of 32 bits."),
        (DataType::Long, "IntegralType", "An integer of 64 bits."),
        (DataType::Float, "FractionalType", "A number of 32 bits."),
        (DataType::Double, "FractionalType", "A number of 64 bits."),
        (DataType::String, "AtomicType", "Text."),
        (DataType::Binary, "AtomicType", "Bytes."),
        (DataType::Date, "AtomicType", "A day."),
        (DataType::Timestamp, "AtomicType", "A moment."),
        (DataType::TimestampNtz, "AtomicType", "A time on a wall clock without a zone."),
        (DataType::Variant, "AtomicType", "Values whose types each row has for itself."),
        (DataType::CalendarInterval, "DataType", "Months, days and microseconds, each for itself."),
    ];
    for (data_type, parent, doc) in plain {
        let made = data_type.clone();
        let builder = ClassBuilder::new(class_name(&data_type), MODULE).base(&find(&classes, parent)).doc(doc);
        let class = register(vm, builder.constructor("()", move |_, _, _| Ok(type_value(made.clone()))));
        classes.push(class);
    }
    for (data_type, doc) in [(DataType::Vector, "The type of vectors."), (DataType::Matrix, "The type of matrices.")] {
        let made = data_type.clone();
        register(
            vm,
            ClassBuilder::new(class_name(&data_type), "pyspark.ml.linalg")
                .base(&find(&classes, "UserDefinedType"))
                .doc(doc)
                .constructor("()", move |_, _, _| Ok(type_value(made.clone()))),
        );
    }
    classes.extend(intervals(vm, &find(&classes, "AtomicType")));
    classes.extend(composite(vm, &find(&classes, "DataType"), &find(&classes, "AtomicType"), &find(&classes, "FractionalType")));
    classes.push(register(vm, super::variant::class()));
    for class in &classes {
        let name = class.name.borrow().to_string();
        module = module.with(&name, class.clone());
    }
    module.set(
        "_parse_datatype_string",
        Value::function("_parse_datatype_string(s)", "The type of a DDL text.", |vm, values| {
            declared_type(vm, &values[0], "s").map(type_value)
        }),
    );
    module.set(
        "_make_type_verifier",
        Value::function(
            "_make_type_verifier(dataType, nullable=True, name=None)",
            "A function that refuses values that aren't of a type.",
            |vm, values| {
                let (kind, nullable) = (data_type(vm, &values[0], "dataType")?, vm.truth(&values[1])?);
                let name = args::optional_text(vm, &values[2], "name")?.unwrap_or_default();
                Ok(Value::function("verify(obj)", "Refuses a value that isn't of the type.", move |vm, values| {
                    match (&kind, &values[0]) {
                        // Texts are not made of other values here.
                        (DataType::String, _) => {}
                        (DataType::Struct(_), Value::None) if nullable => {}
                        (kind, value) => {
                            crate::convert::cell_of(vm, value, &Field::new(name.as_str(), kind.clone(), nullable))?;
                        }
                    }
                    Ok(Value::None)
                }))
            },
        ),
    );
    vm.add_module(module);
}

/// The types of `INTERVAL '1 02:03:04' DAY TO SECOND` and of `INTERVAL '1-2' YEAR TO MONTH`.
fn intervals(vm: &mut Vm, parent: &Rc<PyClass>) -> Vec<Rc<PyClass>> {
    type Make = fn(u8, u8) -> DataType;
    let kinds: [(&str, &[&str], Make, &str); 2] = [
        ("DayTimeIntervalType", &["DAY", "HOUR", "MINUTE", "SECOND"], DataType::DayTimeInterval, "A span of days to seconds."),
        ("YearMonthIntervalType", &["YEAR", "MONTH"], DataType::YearMonthInterval, "A span of years and months."),
    ];
    let made = kinds.map(|(name, units, make, doc)| {
        let last = units.len() as i64 - 1;
        let builder =
            ClassBuilder::new(name, MODULE).base(parent).doc(doc).constructor("(startField=None, endField=None)", move |vm, _, values| {
                let mut field = |i: usize, otherwise: i64| match &values[i] {
                    Value::None => Ok(otherwise),
                    value => args::int(vm, value, "startField"),
                };
                let (start, end) = match (&values[0], &values[1]) {
                    (Value::None, Value::None) => (0, last),
                    _ => field(0, 0).and_then(|start| Ok((start, field(1, start)?)))?,
                };
                if !(0..=last).contains(&start) || !(0..=last).contains(&end) {
                    return Err(spark_error(
                        "PySparkRuntimeError",
                        "INVALID_INTERVAL_CASTING",
                        format!("Interval {start} to {end} is invalid."),
                    ));
                }
                Ok(type_value(make(start as u8, end as u8)))
            });
        units.iter().enumerate().fold(builder, |builder, (i, unit)| builder.attribute(unit, Value::Int(i as i64)))
    });
    made.into_iter().map(|builder| register(vm, builder)).collect()
}

fn composite(vm: &mut Vm, root: &Rc<PyClass>, atomic: &Rc<PyClass>, fractional: &Rc<PyClass>) -> Vec<Rc<PyClass>> {
    let decimal = ClassBuilder::new("DecimalType", MODULE)
        .base(fractional)
        .doc("A decimal number: all its digits, and those after the point.")
        .constructor("(precision=10, scale=0)", |vm, _, values| {
            let (precision, scale) = (args::int(vm, &values[0], "precision")?, args::int(vm, &values[1], "scale")?);
            Ok(type_value(DataType::Decimal(precision.clamp(1, 38) as u8, scale.clamp(0, 38) as i8)))
        });
    let array = ClassBuilder::new("ArrayType", MODULE).base(root).doc("A list of values of one type.").constructor(
        "(elementType, containsNull=True)",
        |vm, _, values| {
            let element = declared_type(vm, &values[0], "elementType")?;
            Ok(type_value(DataType::Array(Box::new(element), vm.truth(&values[1])?)))
        },
    );
    let map = ClassBuilder::new("MapType", MODULE).base(root).doc("Keys of one type with values of one type.").constructor(
        "(keyType, valueType, valueContainsNull=True)",
        |vm, _, values| {
            let (key, value) = (declared_type(vm, &values[0], "keyType")?, declared_type(vm, &values[1], "valueType")?);
            Ok(type_value(DataType::Map(Box::new(key), Box::new(value), vm.truth(&values[2])?)))
        },
    );
    let field = ClassBuilder::new("StructField", MODULE).base(root).doc("A named column of a StructType.").constructor(
        "(name, dataType, nullable=True, metadata=None)",
        |vm, _, values| {
            let name = args::text(vm, &values[0], "name")?;
            let data_type = declared_type(vm, &values[1], "dataType")?;
            make_field(vm, &name, data_type, &values[2], &values[3]).map(|field| field_value(&field))
        },
    );
    let structure = ClassBuilder::new("StructType", MODULE)
        .base(root)
        .doc("Columns in order: the schema of a DataFrame.")
        .constructor("(fields=None)", |vm, _, values| {
            let mut fields = Vec::new();
            for item in values[0].as_sequence().unwrap_or_default() {
                match item.as_native::<FieldObject>() {
                    Some(field) => fields.push(field.0.clone()),
                    None => return Err(not_expected(vm, "fields", "list of StructField", &item)),
                }
            }
            Ok(type_value(DataType::Struct(fields)))
        })
        .method(
            "add(self, field, data_type=None, nullable=True, metadata=None)",
            "Adds a column: a StructField, or a name and a type.",
            |vm, values| {
                let added = match values[1].as_native::<FieldObject>() {
                    Some(field) => field.0.clone(),
                    None => {
                        let name = args::text(vm, &values[1], "field")?;
                        if values[2].is_none() {
                            return Err(spark_error(
                                "PySparkValueError",
                                "ARGUMENT_REQUIRED",
                                "Argument `dataType` is required when passing name of struct_field to add.",
                            ));
                        }
                        let data_type = declared_type(vm, &values[2], "data_type")?;
                        make_field(vm, &name, data_type, &values[3], &values[4])?
                    }
                };
                if let Some(object) = values[0].as_native::<TypeObject>()
                    && let DataType::Struct(fields) = &mut *object.0.borrow_mut()
                {
                    fields.push(added);
                }
                Ok(values[0].clone())
            },
        )
        .method("fieldNames(self)", "The names of the columns.", |vm, values| vm.get_attr_str(&values[0], "names"))
        .method("treeString(self)", "As printSchema() prints it.", |_, values| {
            let fields = values[0].as_native::<TypeObject>().and_then(TypeObject::fields).unwrap_or_default();
            Ok(Value::str(Schema::new(fields).tree_string()))
        });
    let time = ClassBuilder::new("TimeType", MODULE)
        .base(atomic)
        .doc("A time of the day, with so many digits after the second.")
        .constructor("(precision=6)", |vm, _, values| {
            let precision = args::int(vm, &values[0], "precision")?;
            Ok(type_value(DataType::Time(precision.clamp(0, 9) as u8)))
        });
    type Make = fn(u32) -> DataType;
    let widths: [(&str, Make, &str); 2] = [
        ("CharType", DataType::Char, "A text of so many characters, in the columns of tables."),
        ("VarcharType", DataType::Varchar, "A text of at most so many characters, in the columns of tables."),
    ];
    let [char, varchar] = widths.map(|(name, make, doc)| {
        ClassBuilder::new(name, MODULE).base(atomic).doc(doc).constructor("(length)", move |vm, _, values| {
            let length = args::int(vm, &values[0], "length")?;
            Ok(type_value(make(u32::try_from(length).unwrap_or(0))))
        })
    });
    [decimal, time, char, varchar, array, map, field, structure].into_iter().map(|builder| register(vm, builder)).collect()
}

fn make_field(vm: &mut Vm, name: &str, data_type: DataType, nullable: &Value, metadata: &Value) -> PyResult<Field> {
    let field = Field::new(name, data_type, vm.truth(nullable)?);
    Ok(match to_json(vm, metadata)? {
        Json::Object(map) => field.with_metadata(Some(Arc::new(map))),
        _ => field,
    })
}

/// The type with nulls allowed everywhere.
fn nullable(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Array(element, _) => DataType::Array(nullable(element).into(), true),
        DataType::Map(key, value, _) => DataType::Map(nullable(key).into(), nullable(value).into(), true),
        DataType::Struct(fields) => DataType::Struct(
            fields.iter().map(|f| Field::new(f.name.clone(), nullable(&f.data_type), true).with_metadata(f.metadata.clone())).collect(),
        ),
        other => other.clone(),
    }
}

fn with_methods(builder: ClassBuilder) -> ClassBuilder {
    fn of(value: &Value) -> DataType {
        value.as_native::<TypeObject>().map_or(DataType::Null, |object| object.0.borrow().clone())
    }
    builder
        .method("simpleString(self)", "Spark's short name of the type: `bigint`.", |_, values| {
            Ok(Value::str(match values[0].as_native::<FieldObject>() {
                Some(field) => format!("{}:{}", field.0.name, field.0.data_type),
                None => of(&values[0]).simple_string(),
            }))
        })
        .method("typeName(self)", "The name in printSchema(): `long`.", |_, values| {
            Ok(Value::str(match of(&values[0]) {
                DataType::Time(_) => "time".to_owned(),
                DataType::Char(_) => "char".to_owned(),
                DataType::Varchar(_) => "varchar".to_owned(),
                other => other.type_name(),
            }))
        })
        .method("json(self)", "The type as JSON text.", |_, values| Ok(Value::str(sorted(of(&values[0]).to_json()).to_string())))
        .static_method("fromDDL(ddl)", "The type that a DDL text such as \"a INT, b STRING\" describes.", |vm, values| {
            let ddl = declared_type(vm, &values[0], "ddl")?;
            Ok(type_value(ddl))
        })
        .static_method("fromJson(json)", "The type of JSON values, as jsonValue() gives them.", |vm, values| {
            let json = to_json(vm, &values[0])?;
            DataType::from_json(&json).or_raise().map(type_value)
        })
        .method("toNullable(self)", "The same type, in which everything may be null.", |_, values| {
            Ok(type_value(nullable(&of(&values[0]))))
        })
        .method("jsonValue(self)", "The type as JSON values.", |_, values| Ok(json_value(&of(&values[0]).to_json())))
}

fn register(vm: &mut Vm, builder: ClassBuilder) -> Rc<PyClass> {
    let class = builder.build();
    vm.register_class(&class);
    class
}
