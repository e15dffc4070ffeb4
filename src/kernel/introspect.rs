//! What the page asks about without running anything: completion, help, and the stages that guided forms offer.

use kindling_ml::param::Limit;
use kindling_ml::{ParamKind, Role};
use kindling_python::{Interpreter, Member, MemberKind};

use crate::protocol::{Completion, CompletionKind, Documentation, ParamInfo, ParamType, StageInfo};

/// Where the completed word begins (UTF-16 units), and what can stand there.
pub(crate) fn complete(interpreter: &mut Interpreter, source: &str, cursor: u32) -> (u32, Vec<Completion>) {
    let found = interpreter.complete(source, byte_offset(source, cursor));
    (utf16_offset(source, found.from), found.options.into_iter().map(completion).collect())
}

pub(crate) fn inspect(interpreter: &mut Interpreter, source: &str, cursor: u32) -> Option<Documentation> {
    let found = interpreter.inspect(source, byte_offset(source, cursor))?;
    Some(Documentation { signature: format!("{}{}", found.name, found.signature), text: found.doc })
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
        name: param.name.to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_cross_from_the_page_and_back() {
        let source = "a😀é.x";
        for (utf16, byte) in [(0, 0), (1, 1), (3, 5), (4, 7), (5, 8), (6, 9)] {
            assert_eq!(byte_offset(source, utf16), byte);
            assert_eq!(utf16_offset(source, byte), utf16);
        }
    }
}
