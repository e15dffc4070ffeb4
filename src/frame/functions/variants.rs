//! The functions of variants: Spark's `variantExpressions.scala`.

use kindling_partition::{Error, ErrorKind, Result};

use super::collection::inline;
use super::declare::{Aggregate, Body, Cells, Cold, Function, Outcome, Param, params};
use crate::Schema;
use crate::cast::cast_mismatch;
use crate::coerce::{described, expect, wrong_type};
use crate::typed::{Kind, Typed};
use crate::types::{DataType, Field};
use crate::value::{Row, Value};
use crate::variant::{Edit, Node, Step, Tree, View, cast_from, printed, readable, schema_of, storable};
use crate::zone::within;

/// What `variant_explode` is as a table function, which it is alone; not names that anybody can write.
pub(super) const EXPLODE: &str = "table:variant_explode";
pub(super) const EXPLODE_OUTER: &str = "table:variant_explode_outer";
/// What they give before it is made into rows.
pub(super) const PARTS: &str = "variant_explode:rows";

/// A table function's name to the engine.
pub fn table_name(name: &str) -> &str {
    match name {
        "variant_explode" => EXPLODE,
        "variant_explode_outer" => EXPLODE_OUTER,
        name => name,
    }
}

const PLACE_AND_VALUE: &[Param] = params!("v", "=path", "value");

pub(super) const FUNCTIONS: &[Function] = &[
    Function::rows(
        "parse_json",
        "A text of JSON as a variant; text that is no JSON is an error.",
        params!("col"),
        |args| {
            text("parse_json", args, 0)?;
            Ok(Outcome::strict(DataType::Variant, args))
        },
        |c| parsed(c.text(0)),
    ),
    Function::rows(
        "try_parse_json",
        "A text of JSON as a variant; null for text that is no JSON.",
        params!("col"),
        |args| {
            text("try_parse_json", args, 0)?;
            Ok(Outcome::new(DataType::Variant, true))
        },
        |c| Ok(parsed(c.text(0)).unwrap_or(Value::Null)),
    ),
    Function::rows_with_nulls(
        "is_variant_null",
        "Whether the variant is a null of its own, not one of SQL.",
        params!("v"),
        |args| {
            variant("is_variant_null", args)?;
            Ok(Outcome::new(DataType::Boolean, false))
        },
        |c| match &c.values[0] {
            Value::Variant(v) => Ok((v.value.first() == Some(&0)).into()),
            _ => Ok(false.into()),
        },
    ),
    Function::rows(
        "is_valid_variant",
        "Whether the bytes of the variant are a variant.",
        params!("v"),
        |args| {
            variant("is_valid_variant", args)?;
            Ok(Outcome::strict(DataType::Boolean, args))
        },
        |c| Ok(view(c).and_then(schema_of).is_ok().into()),
    ),
    Function::rows(
        "schema_of_variant",
        "The type that is in the variant, as SQL text.",
        params!("v"),
        |args| {
            variant("schema_of_variant", args)?;
            Ok(Outcome::strict(DataType::String, args))
        },
        |c| Ok(printed(&schema_of(view(c)?)?).into()),
    ),
    Function {
        name: "schema_of_variant_agg",
        doc: "The type that all variants fit, as SQL text.",
        params: params!("v"),
        resolve: |args| {
            variant("schema_of_variant_agg", args)?;
            Ok(Outcome::new(DataType::String, false))
        },
        body: Body::Aggregate(Aggregate::Cold(Cold::VariantSchema)),
    },
    Function::rows(
        "to_variant_object",
        "An array, map or struct as a variant; maps and structs become objects.",
        params!("col"),
        |args| {
            let given = &args[0].data_type;
            if !matches!(given, DataType::Array(..) | DataType::Map(..) | DataType::Struct(_)) || !storable(given, true) {
                return Err(not_storable("to_variant_object", args, 0));
            }
            Ok(Outcome::strict(DataType::Variant, args))
        },
        |c| made(&Tree::from_value(&c.values[0])?, "to_variant_object"),
    ),
    get(
        "variant_get",
        "What lies at a path of the variant, as a type; null where nothing does.",
        |a| resolve_get("variant_get", a),
        |c| found(c, "variant_get", false),
    ),
    get(
        "try_variant_get",
        "What lies at a path of the variant, as a type; null where nothing does, or what isn't of the type.",
        |a| resolve_get("try_variant_get", a),
        |c| found(c, "try_variant_get", true),
    ),
    Function::rows(
        "variant_insert",
        "The variant with a new member or element at a path; an error where a member is.",
        PLACE_AND_VALUE,
        |args| resolve_edit("variant_insert", args, false),
        |c| edited(c, "variant_insert", Edit::Insert(tree(c, 2)?)),
    ),
    Function::rows(
        "try_variant_insert",
        "The variant with a new member or element at a path; null where a member is.",
        PLACE_AND_VALUE,
        |args| resolve_edit("try_variant_insert", args, true),
        |c| edited(c, "try_variant_insert", Edit::Insert(tree(c, 2)?)),
    ),
    Function::rows(
        "variant_set",
        "The variant with a value at a path; one that isn't there is made unless create_if_missing is false.",
        params!("v", "=path", "value", "?create_if_missing"),
        |args| resolve_edit("variant_set", args, false),
        |c| edited(c, "variant_set", Edit::Set(tree(c, 2)?, told(c, 3))),
    ),
    Function::rows(
        "try_variant_set",
        "As variant_set, with null where the path doesn't fit the variant.",
        params!("v", "=path", "value", "?create_if_missing"),
        |args| resolve_edit("try_variant_set", args, true),
        |c| edited(c, "try_variant_set", Edit::Set(tree(c, 2)?, told(c, 3))),
    ),
    Function::rows(
        "variant_array_append",
        "The variant with a value at the end of the array at a path.",
        PLACE_AND_VALUE,
        |args| resolve_edit("variant_array_append", args, false),
        |c| edited(c, "variant_array_append", Edit::Append(tree(c, 2)?)),
    ),
    Function::rows(
        "try_variant_array_append",
        "As variant_array_append, with null where the path leads to no array.",
        PLACE_AND_VALUE,
        |args| resolve_edit("try_variant_array_append", args, true),
        |c| edited(c, "try_variant_array_append", Edit::Append(tree(c, 2)?)),
    ),
    Function::rows_with_nulls(
        "variant_delete",
        "The variant without what lies at the paths, one after the other; paths that are null are passed over.",
        params!("v", "+paths"),
        |args| {
            if args.len() < 2 {
                let text = format!("The `variant_delete` requires > 1 parameters but the actual number is {}.", args.len());
                return Err(Error::analysis(text).with_condition("WRONG_NUM_ARGS.WITHOUT_SUGGESTION"));
            }
            variant("variant_delete", args)?;
            (1..args.len()).try_for_each(|i| text("variant_delete", args, i))?;
            Ok(Outcome::new(DataType::Variant, args[0].nullable))
        },
        |c| {
            if c.is_null(0) {
                return Ok(Value::Null);
            }
            let mut kept = tree(c, 0)?;
            for path in c.values[1..].iter().filter_map(Value::as_str) {
                Edit::Delete.apply(&mut kept, &steps(path, "variant_delete", false)?, path, "variant_delete")?;
            }
            made(&kept, "variant_delete")
        },
    ),
    Function::rows(
        "variant_strip_nulls",
        "The variant without members that are null, and unless include_arrays is false without such elements.",
        params!("v", "?include_arrays"),
        |args| {
            variant("variant_strip_nulls", args)?;
            expect("variant_strip_nulls", args, 1, &DataType::Boolean)?;
            Ok(Outcome::strict(DataType::Variant, args))
        },
        |c| {
            let mut kept = tree(c, 0)?;
            kept.strip_nulls(told(c, 1));
            made(&kept, "variant_strip_nulls")
        },
    ),
    Function::rows(
        PARTS,
        "The parts of a variant as an array of structs.",
        params!("v"),
        |args| {
            variant("variant_explode", args)?;
            let fields = [("pos", DataType::Int, false), ("key", DataType::String, true), ("value", DataType::Variant, false)];
            let parts = DataType::Struct(fields.map(|(name, data_type, nullable)| Field::new(name, data_type, nullable)).into());
            Ok(Outcome::strict(DataType::Array(parts.into(), false), args))
        },
        parts,
    ),
    inline(EXPLODE, "The members of an object or the elements of an array as rows of pos, key and value.", false),
    inline(EXPLODE_OUTER, "As variant_explode, with a row of nulls for what has no parts.", true),
];

const fn get(
    name: &'static str,
    doc: &'static str,
    resolve: fn(&mut [Typed]) -> Result<Outcome>,
    kernel: fn(&Cells<'_>) -> Result<Value>,
) -> Function {
    Function::rows(name, doc, params!("v", "=path", "?targetType"), resolve, kernel)
}

fn variant(name: &str, args: &mut [Typed]) -> Result<()> {
    match args[0].data_type {
        DataType::Variant => Ok(()),
        DataType::Null => expect(name, args, 0, &DataType::Variant),
        _ => Err(wrong_type(name, args, 0, "VARIANT")),
    }
}

/// Of no other type is anything cast to a text by itself here.
fn text(name: &str, args: &mut [Typed], i: usize) -> Result<()> {
    match args[i].data_type {
        DataType::String | DataType::Null => expect(name, args, i, &DataType::String),
        _ => Err(wrong_type(name, args, i, "STRING")),
    }
}

fn not_storable(name: &str, args: &[Typed], i: usize) -> Error {
    cast_mismatch(described(name, args).trim_matches('"'), &args[i].data_type, &DataType::Variant)
}

fn view<'a>(c: &'a Cells<'_>) -> Result<View<'a>> {
    match &c.values[0] {
        Value::Variant(variant) => Ok(variant.view()),
        _ => Err(Error::runtime("A variant is a variant.")),
    }
}

fn tree(c: &Cells<'_>, i: usize) -> Result<Tree> {
    Tree::from_value(&c.values[i])
}

/// A flag that is true when it is left out.
fn told(c: &Cells<'_>, i: usize) -> bool {
    c.values.get(i).and_then(Value::as_bool).unwrap_or(true)
}

fn made(tree: &Tree, function: &str) -> Result<Value> {
    tree.encode(function).map(Value::Variant)
}

fn parsed(text: &str) -> Result<Value> {
    let wrong = || {
        let text = format!(
            "Malformed records are detected in record parsing: {text}. Parse Mode: FAILFAST. To process malformed records as null result, try setting the option 'mode' as 'PERMISSIVE'."
        );
        Error::new(ErrorKind::Runtime, text).with_condition("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION")
    };
    match made(&Tree::parse(text).ok_or_else(wrong)?, "parse_json") {
        Err(error) if error.condition() == Some("VARIANT_DUPLICATE_KEY") => Err(wrong()),
        made => made,
    }
}

fn resolve_get(name: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    variant(name, args)?;
    text(name, args, 1)?;
    let to = match args.get(2).map(|a| &a.kind) {
        None => DataType::Variant,
        Some(Kind::Literal(Value::String(text))) => {
            let fields = |error| Schema::parse_whole(text).map(|s| DataType::Struct(s.fields().to_vec())).map_err(|_| error);
            crate::widths::as_strings(&DataType::parse_whole(text).or_else(fields)?)?
        }
        Some(_) => {
            let text = format!(
                "The input schema \"{}\" is not a valid schema string. The input expression must be string literal and not null.",
                crate::coerce::text(&args[2])
            );
            return Err(Error::analysis(text).with_condition("INVALID_SCHEMA.NON_STRING_LITERAL"));
        }
    };
    if !readable(&to) {
        return Err(cast_mismatch(described(name, args).trim_matches('"'), &DataType::Variant, &to));
    }
    Ok(Outcome::new(to, true))
}

fn found(c: &Cells<'_>, name: &str, to_null: bool) -> Result<Value> {
    let path = c.text(1);
    let steps = Step::parse(path).ok_or_else(|| {
        let text = format!("The path `{path}` is not a valid variant extraction path in ``{name}``.");
        Error::new(ErrorKind::Runtime, text).with_condition("INVALID_VARIANT_GET_PATH")
    })?;
    let mut here = view(c)?;
    for step in steps {
        let part = match (step, here.open()?) {
            (Step::Key(key), Node::Object(members)) => members.into_iter().find(|m| *m.0 == *key).map(|m| m.1),
            (Step::Index(index), Node::Array(items)) => items.get(index).copied(),
            _ => None,
        };
        let Some(part) = part else { return Ok(Value::Null) };
        here = part;
    }
    within(c.maybe_text(3), || cast_from(here, c.result, to_null))
}

fn resolve_edit(name: &'static str, args: &mut [Typed], to_null: bool) -> Result<Outcome> {
    variant(name, args)?;
    text(name, args, 1)?;
    match &args[2].data_type {
        DataType::Null => expect(name, args, 2, &DataType::Variant)?,
        given if !storable(given, false) => return Err(not_storable(name, args, 2)),
        _ => {}
    }
    expect(name, args, 3, &DataType::Boolean)?;
    Ok(Outcome::new(DataType::Variant, to_null || args.iter().any(|a| a.nullable)))
}

fn steps(path: &str, name: &str, root: bool) -> Result<Vec<Step>> {
    Step::parse(path).filter(|steps| root || !steps.is_empty()).ok_or_else(|| {
        let text = format!("The path '{path}' is not a valid `{name}` target.");
        Error::new(ErrorKind::Runtime, text).with_condition("INVALID_VARIANT_PATH")
    })
}

fn edited(c: &Cells<'_>, name: &str, edit: Edit) -> Result<Value> {
    let path = c.text(1);
    let steps = steps(path, name, matches!(edit, Edit::Append(_)))?;
    let mut changed = tree(c, 0)?;
    match edit.apply(&mut changed, &steps, path, name) {
        Err(error) if name.starts_with("try_") && error.condition() != Some("VARIANT_SIZE_LIMIT") => return Ok(Value::Null),
        done => done?,
    }
    made(&changed, name)
}

fn parts(c: &Cells<'_>) -> Result<Value> {
    let parts: Vec<(Value, View<'_>)> = match view(c)?.open()? {
        Node::Object(members) => members.into_iter().map(|(name, part)| (name.into(), part)).collect(),
        Node::Array(items) => items.into_iter().map(|part| (Value::Null, part)).collect(),
        Node::Scalar(_) => Vec::new(),
    };
    let row = |(i, (key, part)): (usize, (Value, View<'_>))| {
        Ok(Value::Struct(Row::new(["pos", "key", "value"], vec![Value::Int(i as i32), key, Value::Variant(part.owned()?)])))
    };
    Ok(Value::Array(parts.into_iter().enumerate().map(row).collect::<Result<_>>()?))
}

/// Why a call can't have the variants among its arguments; none when it has none, or can.
pub(crate) fn refused(name: &str, args: &[Typed]) -> Option<Error> {
    let bad = args.iter().position(|a| a.data_type.has_variant())?;
    let given = &args[bad].data_type;
    let (condition, why) = match name {
        "=" | "<=>" | "<" | "<=" | ">" | ">=" | "in" | "max" | "min" | "greatest" | "least" | "array_distinct" | "array_contains"
        | "array_position" | "array_remove" | "array_union" | "array_intersect" | "array_except" | "arrays_overlap" | "array_max"
        | "array_min" | "sort_array" | "array_sort" | "max_by" | "min_by" | "nullif" => {
            // What is ranked may be a variant, what it is ranked by may not.
            if matches!(name, "max_by" | "min_by") && args.get(1).is_none_or(|a| !a.data_type.has_variant()) {
                return None;
            }
            let ordered = match given {
                DataType::Array(element, _) if name.starts_with("array") => element,
                given => given,
            };
            ("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE", format!("The `{name}` does not support ordering on type \"{}\".", ordered.sql()))
        }
        "hash" | "xxhash64" | "approx_count_distinct" => {
            let text = format!("Input to the function `{name}` cannot contain elements of the \"VARIANT\" type yet.");
            ("DATATYPE_MISMATCH.HASH_VARIANT_TYPE", text)
        }
        "map" if args.iter().step_by(2).any(|a| a.data_type.has_variant()) => {
            ("DATATYPE_MISMATCH.INVALID_MAP_KEY_TYPE", "The key of map cannot be/contain \"VARIANT\".".to_owned())
        }
        "to_csv" => ("DATATYPE_MISMATCH.UNSUPPORTED_INPUT_TYPE", format!("The input of `to_csv` can't be \"{}\" type data.", given.sql())),
        _ => return None,
    };
    let text = format!("Cannot resolve {} due to data type mismatch: {why}", described(name, args));
    Some(Error::analysis(text).with_condition(condition))
}

/// # Errors
/// `UNSUPPORTED_FEATURE.SET_OPERATION_ON_VARIANT_TYPE` when there is a variant among the columns by which rows are compared.
pub(crate) fn set_operation<'a>(fields: impl IntoIterator<Item = &'a Field>) -> Result<()> {
    match fields.into_iter().find(|f| f.data_type.has_variant()) {
        None => Ok(()),
        Some(field) => {
            let text = format!(
                "The feature is not supported: Cannot have VARIANT type columns in a set operation (INTERSECT, EXCEPT, etc.), but the type of column `{}` is \"{}\".",
                field.name,
                field.data_type.sql()
            );
            Err(Error::analysis(text).with_condition("UNSUPPORTED_FEATURE.SET_OPERATION_ON_VARIANT_TYPE"))
        }
    }
}
