//! What the page asks about without running anything: completion, help, and the stages that guided forms offer.

use std::ops::Range;

use kindling_ml::param::Limit;
use kindling_ml::{ParamKind, Role};
use kindling_python::{Interpreter, Member, MemberKind};

use crate::protocol::{
    CellSource, Completion, CompletionKind, Documentation, Occurrence, ParamInfo, ParamType, Problem, ReferenceEntry, ReferenceModule,
    SignatureHelp, StageInfo,
};

/// Where the completed word begins (UTF-16 units), and what can stand there.
pub(crate) fn complete(interpreter: &mut Interpreter, above: &str, source: &str, cursor: u32) -> (u32, Vec<Completion>) {
    let found = interpreter.complete(above, source, byte_offset(source, cursor));
    (utf16_offset(source, found.from), found.options.into_iter().map(completion).collect())
}

pub(crate) fn inspect(interpreter: &mut Interpreter, above: &str, source: &str, cursor: u32) -> Option<Documentation> {
    let found = interpreter.inspect(above, source, byte_offset(source, cursor))?;
    Some(Documentation { signature: format!("{}{}", found.name, found.signature), text: found.doc })
}

pub(crate) fn signature_help(interpreter: &mut Interpreter, above: &str, source: &str, cursor: u32) -> Option<SignatureHelp> {
    let found = interpreter.signature_help(above, source, byte_offset(source, cursor))?;
    let active = found.active.and_then(|active| u32::try_from(active).ok());
    Some(SignatureHelp { name: found.name, parameters: found.parameters, active, text: found.doc })
}

pub(crate) fn problems(interpreter: &mut Interpreter, cells: &[CellSource]) -> Vec<Problem> {
    // A cell of SQL binds no names and is no Python.
    let python = |source: &'_ str| kindling_pyspark::sql_cell(source).is_none();
    let sources: Vec<&str> = cells.iter().map(|cell| if python(&cell.source) { cell.source.as_str() } else { "" }).collect();
    let problems = interpreter.problems(&sources).into_iter().map(|found| {
        let CellSource { cell, source } = &cells[found.cell];
        let (from, to) = utf16_range(source, &found.range);
        Problem { cell: cell.clone(), from, to, message: found.message, fatal: found.fatal }
    });
    problems.collect()
}

pub(crate) fn occurrences(interpreter: &mut Interpreter, cells: &[CellSource], cell: &str, cursor: u32) -> Vec<Occurrence> {
    let Some(index) = cells.iter().position(|known| known.cell == cell) else { return Vec::new() };
    let sources: Vec<&str> = cells.iter().map(|cell| cell.source.as_str()).collect();
    let found = interpreter.occurrences(&sources, index, byte_offset(sources[index], cursor)).into_iter().map(|found| {
        let CellSource { cell, source } = &cells[found.cell];
        let (from, to) = utf16_range(source, &found.range);
        Occurrence { cell: cell.clone(), from, to, binds: found.binds }
    });
    found.collect()
}

/// The packages beside Spark's whose modules the page lists.
const BESIDE: [&str; 5] = ["sklearn", "imblearn", "statsmodels", "shap", "matplotlib"];

/// Spark's modules and Kindling's own, and those of [`BESIDE`] that can be had, with all that is in them.
pub(crate) fn reference(interpreter: &mut Interpreter) -> Vec<ReferenceModule> {
    let entry = |member: Member, members: Vec<ReferenceEntry>| {
        let Completion { label, kind, detail, documentation } = completion(member);
        ReferenceEntry { name: label, kind, signature: detail, text: documentation, members }
    };
    interpreter.load_library(&BESIDE);
    let roots: Vec<&str> = ["pyspark", "xgboost", "kindling", "mlflow"].into_iter().chain(BESIDE).collect();
    let modules = interpreter.reference(&roots).into_iter();
    let modules = modules.map(|(name, entries)| {
        let entries = entries.into_iter().map(|(member, members)| {
            let members = members.into_iter().map(|member| entry(member, Vec::new())).collect();
            entry(member, members)
        });
        ReferenceModule { name, entries: entries.collect() }
    });
    modules.filter(|module| !module.entries.is_empty()).collect()
}

/// The classes of `pyspark.ml` that a form can fill in.
pub(crate) fn stages() -> Vec<StageInfo> {
    kindling_pyspark::stages().into_iter().map(stage).collect()
}

fn completion(member: Member) -> Completion {
    let kind = match member.kind {
        MemberKind::Class => CompletionKind::Class,
        MemberKind::Function => CompletionKind::Function,
        MemberKind::Method => CompletionKind::Method,
        MemberKind::Property => CompletionKind::Property,
        MemberKind::Variable => CompletionKind::Variable,
        MemberKind::Module => CompletionKind::Module,
        MemberKind::Keyword => CompletionKind::Keyword,
        MemberKind::Parameter => CompletionKind::Parameter,
        MemberKind::Column => CompletionKind::Column,
        MemberKind::Value => CompletionKind::Value,
    };
    Completion { label: member.name, kind, detail: member.signature, documentation: member.doc }
}

fn stage(described: kindling_pyspark::StageDescription) -> StageInfo {
    let role = match described.role {
        Role::Estimator => "estimator",
        Role::Transformer => "transformer",
        Role::Evaluator => "evaluator",
        Role::Model | Role::Summary => "model",
    };
    let params = described.params.into_iter();
    let params = params.map(|param| ParamInfo {
        name: param.name,
        doc: param.doc.to_owned(),
        value: param_type(param.kind),
        default: param.default,
    });
    StageInfo {
        name: described.name.to_owned(),
        module: described.module,
        role: role.to_owned(),
        doc: described.doc.to_owned(),
        params: params.collect(),
    }
}

fn param_type(kind: ParamKind) -> ParamType {
    match kind {
        ParamKind::Boolean => ParamType::Boolean,
        ParamKind::Int(range) => ParamType::Integer { min: bound(range.low), max: bound(range.high) },
        ParamKind::Long => ParamType::Integer { min: None, max: None },
        ParamKind::Float(range) => ParamType::Number {
            min: bound(range.low),
            max: bound(range.high),
            min_exclusive: matches!(range.low, Limit::Exclusive(_)),
            max_exclusive: matches!(range.high, Limit::Exclusive(_)),
        },
        ParamKind::Choice { options, .. } => ParamType::Choice { options: options.iter().map(|&option| option.to_owned()).collect() },
        ParamKind::Text => ParamType::Text,
        ParamKind::Column => ParamType::Column,
        ParamKind::Columns => ParamType::Columns,
        ParamKind::OutputColumn => ParamType::OutputColumn,
        ParamKind::OutputColumns => ParamType::OutputColumns,
        ParamKind::TextList => ParamType::TextList,
        ParamKind::FloatList(_) | ParamKind::IntList(_) => ParamType::NumberList,
        _ => ParamType::Other,
    }
}

fn bound(limit: Limit) -> Option<f64> {
    match limit {
        Limit::Open => None,
        Limit::Inclusive(bound) | Limit::Exclusive(bound) => Some(bound),
    }
}

/// A place in the page's text, counted in UTF-16 units, as a byte offset.
fn byte_offset(source: &str, cursor: u32) -> usize {
    let mut units = 0;
    let at = source.char_indices().find(|(_, c)| {
        let here = units >= cursor;
        units += c.len_utf16() as u32;
        here
    });
    at.map_or(source.len(), |(at, _)| at)
}

fn utf16_offset(source: &str, byte: usize) -> u32 {
    source.get(..byte).unwrap_or(source).chars().map(|c| c.len_utf16() as u32).sum()
}

fn utf16_range(source: &str, range: &Range<usize>) -> (u32, u32) {
    (utf16_offset(source, range.start), utf16_offset(source, range.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_has_what_the_engine_declares() {
        struct Silent;
        impl kindling_python::Host for Silent {
            fn write(&mut self, _: kindling_python::Stream, _: &str) {}
            fn now(&self) -> f64 {
                0.0
            }
            fn sleep(&mut self, _: f64) -> bool {
                true
            }
            fn entropy(&mut self) -> u64 {
                0
            }
        }
        let mut interpreter = Interpreter::new(Silent);
        kindling_pyspark::install(interpreter.vm(), &kindling_frame::Session::in_memory(1), None);
        let modules = reference(&mut interpreter);
        let entry = |module: &str, name: &str| {
            let module = modules.iter().find(|known| known.name == module).expect("the module");
            module.entries.iter().find(|entry| entry.name == name).unwrap_or_else(|| panic!("{name} is in {}", module.name))
        };
        for stage in stages() {
            let found = entry(&stage.module, &stage.name);
            for param in &stage.params {
                assert!(found.text.contains(&format!("\n{}: ", param.name)), "{}.{}", stage.name, param.name);
            }
        }
        let select = entry("pyspark.sql", "DataFrame").members.iter().any(|member| member.name == "select");
        assert!(select && entry("pyspark.sql.functions", "col").signature == "(col)");
        // What a cell above would make is known by what the declarations say that they return.
        let above = "from pyspark.sql import functions as F\ndf = spark.read.csv('a.csv').filter(F.col('x') > 1)\nc = F.col('a')\nrow = df.first()\n\
             from pyspark.ml.classification import LogisticRegression\nmodel = LogisticRegression(maxIter=5).setRegParam(0.1).fit(df)";
        let mut labels = |source: &str| -> Vec<String> {
            let (_, options) = complete(&mut interpreter, above, source, source.len() as u32);
            options.into_iter().map(|option| option.label).collect()
        };
        assert_eq!(labels("df.sele"), ["select", "selectExpr"]);
        assert_eq!(labels("df.write.cs"), ["csv"]);
        assert_eq!(labels("F.col(1).isNotN"), ["isNotNull"]);
        assert_eq!(labels("c.isNotN"), ["isNotNull"]);
        assert_eq!(labels("row.asD"), ["asDict"]);
        assert_eq!(labels("model.coef"), ["coefficientMatrix", "coefficients"]);
        assert_eq!(labels("model.transform(df).sele"), ["select", "selectExpr"]);
        // Names that only stand for others are listed once.
        let frames = modules.iter().flat_map(|module| &module.entries).filter(|entry| entry.name == "DataFrame");
        assert_eq!(frames.count(), 1);
    }

    #[test]
    fn offsets_cross_from_the_page_and_back() {
        let source = "a😀é.x";
        for (utf16, byte) in [(0, 0), (1, 1), (3, 5), (4, 7), (5, 8), (6, 9)] {
            assert_eq!(byte_offset(source, utf16), byte);
            assert_eq!(utf16_offset(source, byte), utf16);
        }
    }
}
