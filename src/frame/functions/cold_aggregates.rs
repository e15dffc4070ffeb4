use kindling_partition::Result;

use super::declare::{Aggregate, Body, Cold, Function, Outcome, Param, Regression, params};
use crate::coerce::{adjusted_decimal, cast_to, expect, literal, wrong_type};
use crate::typed::{Kind, Typed};
use crate::types::{DataType, Field};

macro_rules! regression {
    ($name:literal, $doc:literal, $part:ident) => {
        Function {
            name: $name,
            doc: $doc,
            params: params!("y", "x"),
            resolve: |args| {
                expect($name, args, 0, &DataType::Double)?;
                expect($name, args, 1, &DataType::Double)?;
                Ok(match Regression::$part {
                    Regression::Count => Outcome::new(DataType::Long, false),
                    _ => Outcome::new(DataType::Double, true),
                })
            },
            body: Body::Aggregate(Aggregate::Regression(Regression::$part)),
        }
    };
}

macro_rules! bits {
    ($name:literal, $doc:literal, $cold:ident) => {
        declare($name, $doc, params!("col"), Cold::$cold, |args| {
            if !args[0].data_type.is_integral() {
                return Err(wrong_type($name, args, 0, "INTEGRAL"));
            }
            Ok(Outcome::new(args[0].data_type.clone(), true))
        })
    };
}

macro_rules! bitmaps {
    ($name:literal, $doc:literal, $cold:ident) => {
        declare($name, $doc, params!("col"), Cold::$cold, |args| {
            if Cold::$cold == Cold::BitmapConstruct {
                expect($name, args, 0, &DataType::Long)?;
            } else if args[0].data_type != DataType::Binary {
                return Err(wrong_type($name, args, 0, "BINARY"));
            }
            Ok(Outcome::new(DataType::Binary, false))
        })
    };
}

/// `listagg(col, delimiter) WITHIN GROUP (ORDER BY …)`
pub(crate) const ORDERED_TEXTS: &str = "listagg within";

pub(super) const FUNCTIONS: &[Function] = &[
    bits!("bit_and", "All values' bits put together by and.", BitAnd),
    bits!("bit_or", "All values' bits put together by or.", BitOr),
    bits!("bit_xor", "All values' bits put together by exclusive or.", BitXor),
    regression!("regr_count", "How many pairs have no null.", Count),
    regression!("regr_avgx", "The mean of x over pairs without nulls.", AvgX),
    regression!("regr_avgy", "The mean of y over pairs without nulls.", AvgY),
    regression!("regr_slope", "The slope of the regression line of y over x.", Slope),
    regression!("regr_intercept", "Where the regression line of y over x meets the axis.", Intercept),
    regression!("regr_r2", "The coefficient of determination of y over x.", R2),
    regression!("regr_sxx", "The sum of the squares of x's distances from its mean.", Sxx),
    regression!("regr_sxy", "The sum of the products of both distances from their means.", Sxy),
    regression!("regr_syy", "The sum of the squares of y's distances from its mean.", Syy),
    declare("listagg", "The values that aren't null as one text.", params!("col", "?delimiter"), Cold::ListAgg, |a| texts("listagg", a)),
    declare("string_agg", "The values that aren't null as one text.", params!("col", "?delimiter"), Cold::ListAgg, |a| {
        texts("string_agg", a)
    }),
    declare(
        ORDERED_TEXTS,
        "The texts of structs, which begin with them, in the order of the rest.",
        params!("col", "=delimiter", "=order"),
        Cold::OrderedListAgg,
        |args| {
            let Kind::Call { args: members, .. } = &mut args[0].kind else { return Err(wrong_type(ORDERED_TEXTS, args, 0, "STRUCT")) };
            let mut pair = vec![members[0].clone(), args[1].clone()];
            let outcome = texts("listagg", &mut pair)?;
            if let (Kind::Call { args: members, .. }, DataType::Struct(fields)) = (&mut args[0].kind, &mut args[0].data_type) {
                members[0] = pair.remove(0);
                fields[0].data_type = outcome.data_type.clone();
                args[1] = pair.remove(0);
            }
            Ok(outcome)
        },
    ),
    declare("try_sum", "The sum; null when it is too large.", params!("col"), Cold::TrySum, |args| {
        if args[0].data_type.is_ansi_interval() {
            return Ok(Outcome::new(args[0].data_type.clone(), true));
        }
        number("try_sum", args)?;
        let result = match args[0].data_type {
            DataType::Decimal(p, s) => adjusted_decimal(i16::from(p) + 10, i16::from(s)),
            ref t if t.is_integral() => DataType::Long,
            _ => DataType::Double,
        };
        Ok(Outcome::new(result, true))
    }),
    declare("try_avg", "The mean; null when the sum is too large.", params!("col"), Cold::TryAvg, |args| {
        if let Some(interval) = super::aggregates::whole_interval(&args[0].data_type) {
            return Ok(Outcome::new(interval, true));
        }
        number("try_avg", args)?;
        let result = match args[0].data_type {
            DataType::Decimal(p, s) => adjusted_decimal(i16::from(p) + 4, i16::from(s) + 4),
            _ => DataType::Double,
        };
        Ok(Outcome::new(result, true))
    }),
    declare(
        "histogram_numeric",
        "A histogram of so many bins: their centres and heights.",
        params!("col", "=nBins"),
        Cold::Histogram,
        |args| {
            expect("histogram_numeric", args, 1, &DataType::Int)?;
            literal("histogram_numeric", args, 1)?;
            if !args[0].data_type.is_numeric() {
                return Err(wrong_type("histogram_numeric", args, 0, "NUMERIC"));
            }
            let fields = vec![Field::new("x", args[0].data_type.clone(), true), Field::new("y", DataType::Double, true)];
            Ok(Outcome::new(DataType::Array(DataType::Struct(fields).into(), true), true))
        },
    ),
    declare("collect_union", "The different elements of all arrays.", params!("col"), Cold::CollectUnion, |args| {
        match &args[0].data_type {
            DataType::Array(element, _) => Ok(Outcome::new(DataType::Array(element.clone(), false), false)),
            _ => Err(wrong_type("collect_union", args, 0, "ARRAY")),
        }
    }),
    bitmaps!("bitmap_construct_agg", "A bitmap with the bits at the positions that the values say.", BitmapConstruct),
    bitmaps!("bitmap_or_agg", "All bitmaps put together by or.", BitmapOr),
    bitmaps!("bitmap_and_agg", "All bitmaps put together by and.", BitmapAnd),
    declare("vector_sum", "The sum of arrays of floats, place by place.", params!("col"), Cold::VectorSum, |a| floats("vector_sum", a)),
    declare("vector_avg", "The mean of arrays of floats, place by place.", params!("col"), Cold::VectorAvg, |a| floats("vector_avg", a)),
    declare(
        "aggregate_metrics",
        "Metrics of vectors, feature by feature, in a struct: those that are named in a text with commas.",
        params!("features", "weight", "=metrics"),
        Cold::VectorMetrics,
        |args| {
            if args[0].data_type != DataType::Vector {
                return Err(wrong_type("aggregate_metrics", args, 0, "VECTOR"));
            }
            expect("aggregate_metrics", args, 1, &DataType::Double)?;
            let metrics = literal("aggregate_metrics", args, 2)?.and_then(|v| v.as_str()).unwrap_or_default();
            let member = |name: &str| Field::new(name, if name == "count" { DataType::Long } else { DataType::Vector }, false);
            Ok(Outcome::new(DataType::Struct(metrics.split(',').map(member).collect()), false))
        },
    ),
];

const fn declare(
    name: &'static str,
    doc: &'static str,
    params: &'static [Param],
    cold: Cold,
    resolve: fn(&mut [Typed]) -> Result<Outcome>,
) -> Function {
    Function { name, doc, params, resolve, body: Body::Aggregate(Aggregate::Cold(cold)) }
}

fn texts(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    if args[0].data_type != DataType::Binary {
        expect(name, args, 0, &DataType::String)?;
    }
    let same = args[0].data_type.clone();
    if args.get(1).is_some_and(|a| a.data_type != DataType::Null) {
        expect(name, args, 1, &same)?;
    }
    literal(name, args, 1)?;
    Ok(Outcome::new(same, true))
}

fn number(name: &str, args: &mut [Typed]) -> Result<()> {
    if matches!(args[0].data_type, DataType::String | DataType::Null) {
        cast_to(&mut args[0], &DataType::Double);
    }
    if args[0].data_type.is_numeric() { Ok(()) } else { Err(wrong_type(name, args, 0, "NUMERIC")) }
}

fn floats(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    if !matches!(&args[0].data_type, DataType::Array(element, _) if **element == DataType::Float) {
        return Err(wrong_type(name, args, 0, "ARRAY<FLOAT>"));
    }
    Ok(Outcome::new(DataType::Array(DataType::Float.into(), false), true))
}
