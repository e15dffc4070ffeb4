use super::*;

fn values(session: &Session) -> DataFrame {
    type Cells = (Option<f64>, Option<i32>, Option<&'static str>, Option<&'static str>);
    let rows: [Cells; 6] = [
        (Some(1.5), Some(-2), Some("Hello World"), Some("2024-02-29")),
        (Some(-0.5), Some(7), Some(""), Some("1999-12-31")),
        (Some(2.675), Some(0), Some(" äöü "), Some("2021-01-03")),
        (None, None, None, None),
        (Some(f64::NAN), Some(3), Some("a,b,,c"), Some("1970-01-01")),
        (Some(1e10), Some(100), Some("x"), Some("2000-03-01")),
    ];
    let rows: Vec<Vec<Value>> = rows.iter().map(|(d, i, s, t)| vec![(*d).into(), (*i).into(), (*s).into(), (*t).into()]).collect();
    let fields = [("d", DataType::Double), ("i", DataType::Int), ("s", DataType::String), ("t", DataType::String)];
    let frame = session.create_dataframe(&rows, schema(&fields)).expect("values");
    frame.with_column("t", &col("t").cast(DataType::Date)).expect("dates")
}

/// Each function's column name, type, nullability and values.
fn check(group: &str, columns: &[Column]) {
    let session = session();
    let values = values(&session);
    let mut wrong = Vec::new();
    for (i, column) in columns.iter().enumerate() {
        let name = format!("{group} {i:02}");
        let answer = expected(&name);
        let Some(table) = answer["table"].as_str() else { panic!("{name}: Spark says {answer}") };
        let frame = match values.select(std::slice::from_ref(column)) {
            Ok(frame) => frame,
            Err(error) => {
                wrong.push(format!("{name} {column}: {error}"));
                continue;
            }
        };
        let field = &frame.schema()[0];
        let found = (field.name.to_string(), field.data_type.simple_string());
        let text = |key: &str| answer[key].as_str().unwrap_or_default().to_owned();
        let wanted = (text("column"), text("type"));
        // Where Spark knows by the arguments' values that there is no null, saying there may be one is safe.
        if found != wanted || answer["nullable"].as_bool() == Some(true) && !field.nullable {
            wrong.push(format!("{name}: Spark's column is {wanted:?}, here it is {found:?}"));
        }
        let shown = frame.show_string(100, 0, false).unwrap_or_else(|e| e.to_string());
        // The last digit of a transcendental function may differ.
        if !near(&shown, table, 4e-16) {
            wrong.push(format!("{name}\nSpark:\n{table}\nhere:\n{shown}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ\n{}", wrong.len(), columns.len(), wrong.join("\n"));
}

#[test]
fn mathematical_functions() {
    let (d, i) = (|| col("d"), || col("i"));
    check(
        "math",
        &[
            call("abs", [d()]),
            call("ceil", [d()]),
            call("floor", [d()]),
            call("round", [d(), lit(2)]),
            call("bround", [d(), lit(0)]),
            call("exp", [d().div(&lit(10))]),
            call("sqrt", [d()]),
            call("ln", [d()]),
            call("log10", [d()]),
            call("log2", [d()]),
            call("log1p", [d()]),
            call("expm1", [i().div(&lit(100))]),
            call("power", [d(), lit(2)]),
            call("signum", [d()]),
            call("sin", [d()]),
            call("cos", [i()]),
            call("tan", [i()]),
            call("atan", [d()]),
            call("cbrt", [d()]),
            call("rint", [d()]),
            call("degrees", [i()]),
            call("radians", [i()]),
            call("hypot", [d(), i()]),
            call("atan2", [d(), i()]),
            call("log", [lit(3.0), d()]),
            call("tanh", [d()]),
            call("asin", [d()]),
        ],
    );
}

#[test]
fn operators_and_conditions() {
    let (d, i) = (|| col("d"), || col("i"));
    let decimal = || i().cast(DataType::Decimal(10, 2));
    let sign = Column::when(&i().gt(&lit(0)), &lit("p")).and_when(&i().lt(&lit(0)), &lit("n")).and_then(|c| c.otherwise(&lit("z")));
    check(
        "numbers",
        &[
            i().add(&lit(1)),
            i().mul(&lit(2)).sub(&d()),
            i().div(&lit(4)),
            i().rem(&lit(3)),
            call("pmod", [i(), lit(3)]),
            i().neg(),
            d().gt(&i()),
            d().eq(&d()),
            d().eq_null_safe(&d()),
            i().is_in([lit(7), lit(0)]),
            i().is_in([lit(7), lit(Value::Null)]),
            call("greatest", [d(), i()]),
            call("least", [d(), i()]),
            call("coalesce", [i(), lit(9)]),
            call("nanvl", [d(), lit(5.0)]),
            d().is_nan(),
            d().is_null(),
            sign.expect("a case"),
            i().between(&lit(0), &lit(5)),
            call("&", [i(), lit(3)]),
            call("hash", [i(), col("s")]),
            call("nullif", [i(), lit(7)]),
            call("round", [i(), lit(-1)]),
            d().cast(DataType::String),
            i().cast(DataType::Boolean),
            i().gt(&lit(1)).and(&d().gt(&lit(0))),
            i().gt(&lit(1)).or(&d().gt(&lit(0))),
            decimal().div(&lit(3)),
            decimal().mul(&i()),
            call("factorial", [call("abs", [i()])]),
        ],
    );
}

#[test]
fn text_functions() {
    let s = || col("s");
    check(
        "text",
        &[
            call("upper", [s()]),
            call("lower", [s()]),
            call("initcap", [call("lower", [s()])]),
            call("length", [s()]),
            call("trim", [s()]),
            call("ltrim", [s()]),
            call("rtrim", [s()]),
            call("reverse", [s()]),
            call("substring", [s(), lit(2), lit(3)]),
            call("substring", [s(), lit(-3), lit(2)]),
            call("concat", [s(), lit("!")]),
            call("concat_ws", [lit("-"), s(), col("i")]),
            call("lpad", [s(), lit(4), lit("ab")]),
            call("rpad", [s(), lit(8), lit("*")]),
            call("instr", [s(), lit("o")]),
            call("locate", [lit("o"), s(), lit(6)]),
            call("contains", [s(), lit("o")]),
            call("startswith", [s(), lit("H")]),
            call("like", [s(), lit("%o_%")]),
            call("rlike", [s(), lit("[a-z]$")]),
            call("regexp_replace", [s(), lit("([lo])"), lit("<$1>"), lit(1)]),
            call("regexp_extract", [s(), lit("(l+)o"), lit(1)]),
            call("split", [s(), lit(","), lit(-1)]),
            call("split", [s(), lit("o"), lit(2)]),
            call("translate", [s(), lit("lo"), lit("01")]),
            call("repeat", [s(), lit(2)]),
            call("ascii", [s()]),
            call("levenshtein", [s(), lit("Hallo")]),
            call("format_number", [col("d"), lit(2)]),
            call("left", [s(), lit(2)]),
            call("right", [s(), lit(2)]),
        ],
    );
}

#[test]
fn date_functions() {
    let t = || col("t");
    check(
        "dates",
        &[
            call("year", [t()]),
            call("quarter", [t()]),
            call("month", [t()]),
            call("dayofmonth", [t()]),
            call("dayofweek", [t()]),
            call("weekday", [t()]),
            call("dayofyear", [t()]),
            call("weekofyear", [t()]),
            call("last_day", [t()]),
            call("date_add", [t(), lit(30)]),
            call("date_sub", [t(), lit(1)]),
            call("datediff", [t(), lit("2000-01-01")]),
            call("add_months", [t(), lit(1)]),
            call("months_between", [t(), lit("2000-01-31"), lit(true)]),
            call("trunc", [t(), lit("quarter")]),
            call("date_trunc", [lit("week"), t()]),
            call("next_day", [t(), lit("Mon")]),
            t().cast(DataType::Timestamp),
            call("hour", [t().cast(DataType::Timestamp)]),
            call("date_format", [t(), lit("dd/MM/yyyy EEE")]),
            t().gt(&lit("2000-01-01")),
            call("to_date", [lit("31.12.2020"), lit("dd.MM.yyyy")]),
            call("unix_timestamp", [t(), lit("yyyy-MM-dd HH:mm:ss")]),
            call("to_timestamp", [lit("2020-05-06 07:08:09")]),
        ],
    );
}

#[test]
fn collection_functions() {
    let i = || col("i");
    let array = |items: &[Column]| Column::call("array", items.to_vec());
    check(
        "arrays",
        &[
            array(&[i(), lit(1)]),
            call("size", [array(&[i(), i()])]),
            call("array_contains", [array(&[i(), lit(7)]), lit(7)]),
            call("sort_array", [array(&[i(), lit(1), lit(-5)]), lit(false)]),
            call("array_join", [call("split", [col("s"), lit(" "), lit(-1)]), lit("+")]),
            call("array_max", [array(&[i(), lit(1)])]),
            call("array_min", [array(&[i(), lit(1)])]),
            call("array_distinct", [array(&[i(), i(), lit(0)])]),
            call("slice", [array(&[lit(1), lit(2), lit(3)]), lit(2), lit(2)]),
            call("concat", [array(&[i()]), array(&[lit(1)])]),
            call("create_map", [lit("k"), i()]),
            call("struct", [i(), col("d").alias("z")]),
            call("element_at", [array(&[i(), lit(8)]), lit(2)]),
            call("array_position", [array(&[lit(1), i()]), lit(7)]),
            call("map_keys", [call("create_map", [lit("k"), i()])]),
        ],
    );
}
