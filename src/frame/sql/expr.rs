//! The grammar of expressions, by precedence: `or`, `and`, `not`, predicates, comparisons, `|`, `^`, `&`, shifts, sums, products, signs.

use std::sync::Arc;

use kindling_partition::Result;

use super::lex::TokenKind;
use super::parser::Parser;
use super::subquery::Asked;
use crate::expr::{Expr, FrameBound, FrameKind, SortOrder, Subquery, SubqueryKind, Window, WindowFrame, WindowSpec};
use crate::interval::Interval;
use crate::types::DataType;
use crate::value::Value;
use crate::variant::Step;

/// Words that end an expression, and so name no column without back-quotes.
const RESERVED: [&str; 37] = [
    "select",
    "from",
    "where",
    "group",
    "having",
    "order",
    "sort",
    "limit",
    "offset",
    "union",
    "intersect",
    "except",
    "minus",
    "on",
    "using",
    "join",
    "cross",
    "inner",
    "natural",
    "lateral",
    "qualify",
    "when",
    "then",
    "else",
    "end",
    "and",
    "or",
    "not",
    "in",
    "between",
    "is",
    "as",
    "case",
    "like",
    "ilike",
    "rlike",
    "distinct",
];

/// Binary operators from the loosest to the tightest, each with the function that computes it.
const LEVELS: [&[(&str, &str)]; 7] = [
    &[("=", "="), ("==", "="), ("<=>", "<=>"), ("<>", "<>"), ("!=", "<>"), ("<=", "<="), ("<", "<"), (">=", ">="), (">", ">")],
    &[("|", "|")],
    &[("^", "^")],
    &[("&", "&")],
    &[("<<", "<<"), (">>>", ">>>"), (">>", ">>")],
    &[("+", "+"), ("-", "-"), ("||", "concat")],
    &[("*", "*"), ("/", "/"), ("%", "%"), ("div", "div")],
];

pub(super) fn call(function: &str, args: impl IntoIterator<Item = Arc<Expr>>) -> Arc<Expr> {
    Expr::Call { function: function.into(), args: args.into_iter().collect(), distinct: false }.into()
}

/// Whether a word is a unit that `timestampadd` counts.
fn is_time_unit(word: &str) -> bool {
    const UNITS: [&str; 11] =
        ["year", "quarter", "month", "week", "day", "dayofyear", "hour", "minute", "second", "millisecond", "microsecond"];
    UNITS.iter().any(|unit| unit.eq_ignore_ascii_case(word))
}

pub(super) fn literal(value: impl Into<Value>) -> Arc<Expr> {
    Expr::Literal(value.into()).into()
}

/// A name whose parts are quoted where a dot or a space would be taken for something else.
pub(super) fn name(parts: &[Arc<str>]) -> Arc<Expr> {
    let plain = |part: &str| part.chars().all(|c| c.is_alphanumeric() || c == '_');
    let parts: Vec<String> = parts.iter().map(|p| if plain(p) { p.to_string() } else { crate::dataframe::quoted(p) }).collect();
    Expr::Name(parts.join(".").into()).into()
}

impl Parser<'_> {
    pub fn expr(&mut self) -> Result<Arc<Expr>> {
        self.deeper(|parser| {
            let mut left = parser.and()?;
            while parser.take_word("or") {
                left = call("or", [left, parser.and()?]);
            }
            Ok(left)
        })
    }

    fn and(&mut self) -> Result<Arc<Expr>> {
        let mut left = self.not()?;
        while self.take_word("and") {
            left = call("and", [left, self.not()?]);
        }
        Ok(left)
    }

    fn not(&mut self) -> Result<Arc<Expr>> {
        if self.take_word("not") || self.take("!") {
            let child = self.deeper(Self::not)?;
            return Ok(call("not", [child]));
        }
        if self.is_word("exists") && self.ahead(1).is("(") && self.starts_query(2) {
            self.skip(2);
            let query = self.query()?;
            self.need(")")?;
            return Ok(Subquery::asked(SubqueryKind::Exists, Asked::Text(query)).into());
        }
        let value = self.operators(0)?;
        self.predicate(value)
    }

    /// Whether a query starts so many tokens on, within any number of parentheses.
    pub fn starts_query(&self, mut places: usize) -> bool {
        while self.ahead(places).is("(") {
            places += 1;
        }
        let first = self.ahead(places);
        let called = self.ahead(places + 1).is("(");
        first.is_word("select")
            || first.is_word("values")
            || first.is_word("from")
            || (first.is_word("with") || first.is_word("table")) && !called
    }

    fn operators(&mut self, level: usize) -> Result<Arc<Expr>> {
        let Some(operators) = LEVELS.get(level) else { return self.sign() };
        let mut left = self.operators(level + 1)?;
        while let Some((_, function)) = operators.iter().find(|(sign, _)| self.is(sign) || self.is_word(sign)) {
            self.skip(1);
            let right = self.operators(level + 1)?;
            left = match *function {
                "<>" => call("not", [call("=", [left, right])]),
                function => call(function, [left, right]),
            };
        }
        Ok(left)
    }

    fn sign(&mut self) -> Result<Arc<Expr>> {
        if self.is("-") && self.ahead(1).kind == TokenKind::Number {
            self.skip(1);
            let number = self.number(true)?;
            return self.postfix(number);
        }
        let Some(sign) = ["-", "+", "~"].into_iter().find(|sign| self.take(sign)) else {
            let primary = self.primary()?;
            return self.postfix(primary);
        };
        let child = self.deeper(Self::sign)?;
        Ok(match sign {
            "~" => call("bitwise_not", [child]),
            sign => call(sign, [child]),
        })
    }

    /// What may follow a value once: `BETWEEN`, `IN`, `LIKE`, `IS` …
    fn predicate(&mut self, value: Arc<Expr>) -> Result<Arc<Expr>> {
        let negated = self.is_word("not") || self.is("!");
        let word = self.ahead(usize::from(negated)).clone();
        let is = |words: &[&str]| words.iter().any(|w| word.is_word(w));
        if !is(&["between", "in", "like", "ilike", "rlike", "regexp"]) {
            return if self.is_word("is") { self.is_what(value) } else { Ok(value) };
        }
        self.skip(1 + usize::from(negated));
        let found = if is(&["between"]) {
            self.take_word("asymmetric");
            let low = self.operators(1)?;
            self.need_word("and")?;
            let high = self.operators(1)?;
            call("between", [value, low, high])
        } else if is(&["in"]) {
            self.membership(value)?
        } else {
            let function = if is(&["regexp"]) { "rlike".to_owned() } else { word.text.to_lowercase() };
            if function != "rlike"
                && let Some(quantifier) = self.take_one_of(&["any", "some", "all"])
            {
                return self.like_each(&value, &function, quantifier == "all", negated);
            }
            let pattern = self.operators(1)?;
            let escape = if self.take_word("escape") { Some(literal(self.string()?)) } else { None };
            call(&function, [value, pattern].into_iter().chain(escape))
        };
        Ok(if negated { call("not", [found]) } else { found })
    }

    /// `LIKE ANY (…)`, `NOT LIKE ALL (…)`
    fn like_each(&mut self, value: &Arc<Expr>, function: &str, all: bool, negated: bool) -> Result<Arc<Expr>> {
        let patterns = self.parenthesized(Self::expr)?;
        let one = |pattern| {
            let like = call(function, [value.clone(), pattern]);
            if negated { call("not", [like]) } else { like }
        };
        let joined = patterns.into_iter().map(one).reduce(|a, b| call(if all { "and" } else { "or" }, [a, b]));
        joined.ok_or_else(|| self.unexpected())
    }

    fn membership(&mut self, value: Arc<Expr>) -> Result<Arc<Expr>> {
        if self.is("(") && self.starts_query(1) {
            self.skip(1);
            let query = self.query()?;
            self.need(")")?;
            // `(a, b) IN (SELECT …)` compares several columns.
            let values = match &*value {
                Expr::Call { function, args, .. } if &**function == "struct" => args.clone(),
                _ => vec![value],
            };
            return Ok(Subquery::asked(SubqueryKind::In(values), Asked::Text(query)).into());
        }
        self.need("(")?;
        let options = self.list(Self::expr)?;
        self.need(")")?;
        Ok(call("in", std::iter::once(value).chain(options)))
    }

    fn is_what(&mut self, value: Arc<Expr>) -> Result<Arc<Expr>> {
        self.need_word("is")?;
        let negated = self.take_word("not");
        let found = if self.take_word("null") {
            return Ok(call(if negated { "isnotnull" } else { "isnull" }, [value]));
        } else if self.take_words(&["distinct", "from"]) {
            let same = call("<=>", [value, self.operators(1)?]);
            return Ok(if negated { same } else { call("not", [same]) });
        } else if self.take_word("true") {
            call("<=>", [value, literal(true)])
        } else if self.take_word("false") {
            call("<=>", [value, literal(false)])
        } else if self.take_word("unknown") {
            return Ok(call(if negated { "isnotnull" } else { "isnull" }, [value]));
        } else {
            return Err(self.unexpected());
        };
        Ok(if negated { call("not", [found]) } else { found })
    }

    /// Fields, elements and `::type` after a value.
    fn postfix(&mut self, mut value: Arc<Expr>) -> Result<Arc<Expr>> {
        loop {
            value = if self.take("[") {
                let key = self.operators(1)?;
                self.need("]")?;
                call("getitem", [value, key])
            } else if self.is(".") && !self.ahead(1).is("*") {
                self.skip(1);
                let field = self.identifier()?;
                call("getitem", [value, literal(Value::String(field))])
            } else if self.is(":") && (self.ahead(1).is("[") || matches!(self.ahead(1).kind, TokenKind::Word | TokenKind::Quoted(_))) {
                self.skip(1);
                self.within_variant(value)?
            } else if self.take("::") {
                let to = self.data_type()?;
                Expr::Cast { child: value, to, to_null: false }.into()
            } else {
                return Ok(value);
            };
        }
    }

    /// `a.b[0]['c']` after the colon in `v:a.b[0]['c']`, under the last of its names.
    fn within_variant(&mut self, value: Arc<Expr>) -> Result<Arc<Expr>> {
        let mut steps = Vec::new();
        loop {
            if self.take("[") {
                let index = self.peek().text.parse().ok().map(Step::Index);
                steps.push(match index {
                    Some(index) => {
                        self.skip(1);
                        index
                    }
                    None => Step::Key(self.string()?.into()),
                });
                self.need("]")?;
            } else if steps.is_empty() || self.is(".") && !self.ahead(1).is("*") {
                self.take(".");
                steps.push(Step::Key(self.identifier()?));
            } else {
                break;
            }
        }
        let path = literal(Step::text(&steps));
        let child = call(":", [value, path]);
        let name = steps.into_iter().rev().find_map(|step| if let Step::Key(key) = step { Some(key) } else { None });
        Ok(name.map_or_else(|| child.clone(), |name| Expr::Alias { child: child.clone(), name, metadata: None }.into()))
    }

    /// A value as it is written, with no operators but a sign.
    pub fn written_value(&mut self) -> Result<Arc<Expr>> {
        if self.is("-") && self.ahead(1).kind == TokenKind::Number {
            self.skip(1);
            return self.number(true);
        }
        self.primary()
    }

    fn primary(&mut self) -> Result<Arc<Expr>> {
        let token = self.peek().clone();
        match &token.kind {
            TokenKind::Number => self.number(false),
            TokenKind::Text(_) => self.string().map(literal),
            TokenKind::Quoted(_) => self.named(),
            TokenKind::Symbol => match token.text {
                "(" => self.parentheses(),
                "*" => {
                    self.skip(1);
                    Ok(Expr::Name("*".into()).into())
                }
                ":" | "?" => {
                    self.skip(1);
                    self.parameter(&token)
                }
                _ => Err(self.unexpected()),
            },
            TokenKind::Word => self.word(),
            TokenKind::End => Err(self.unexpected()),
        }
    }

    /// A value, several values (a struct) or a query in parentheses.
    fn parentheses(&mut self) -> Result<Arc<Expr>> {
        if self.starts_query(1) {
            self.need("(")?;
            let query = self.query()?;
            self.need(")")?;
            return Ok(Subquery::asked(SubqueryKind::Scalar, Asked::Text(query)).into());
        }
        self.need("(")?;
        let first = self.expr()?;
        if !self.is(",") {
            self.need(")")?;
            return Ok(first);
        }
        let mut values = vec![first];
        while self.take(",") {
            values.push(self.expr()?);
        }
        self.need(")")?;
        Ok(call("struct", values))
    }

    /// What starts with a word: a literal, a special form, a call, or a name.
    fn word(&mut self) -> Result<Arc<Expr>> {
        let token = self.peek().clone();
        let lower = token.text.to_lowercase();
        let after = self.ahead(1).clone();
        if after.is("(") {
            if let Some(found) = self.special(&lower)? {
                return Ok(found);
            }
            return self.named();
        }
        if matches!(after.kind, TokenKind::Text(_))
            && matches!(&*lower, "date" | "time" | "timestamp" | "timestamp_ntz" | "timestamp_ltz" | "x")
        {
            self.skip(1);
            let text = self.string()?;
            return super::literal::typed(self, &token, &lower, &text);
        }
        match &*lower {
            "null" => Ok(self.constant(Value::Null)),
            "true" => Ok(self.constant(Value::Boolean(true))),
            "false" => Ok(self.constant(Value::Boolean(false))),
            "case" => self.case(),
            "interval" if matches!(after.kind, TokenKind::Text(_) | TokenKind::Number) || after.is("-") || after.is("+") => {
                self.skip(1);
                self.interval()
            }
            "current_date" | "current_time" | "current_timestamp" | "current_user" | "current_timezone" if !after.is(".") => {
                self.skip(1);
                Ok(call(&lower, []))
            }
            reserved if RESERVED.contains(&reserved) => Err(self.unexpected()),
            _ if after.is("->") => self.lambda(),
            _ => self.named(),
        }
    }

    fn constant(&mut self, value: Value) -> Arc<Expr> {
        self.skip(1);
        literal(value)
    }

    /// Calls with a grammar of their own.
    fn special(&mut self, function: &str) -> Result<Option<Arc<Expr>>> {
        Ok(Some(match function {
            "cast" | "try_cast" => {
                self.skip(2);
                let child = self.expr()?;
                self.need_word("as")?;
                let to = self.data_type()?;
                self.need(")")?;
                Expr::Cast { child, to, to_null: function == "try_cast" }.into()
            }
            "extract" => {
                self.skip(2);
                let field = match &self.peek().kind {
                    TokenKind::Text(text) => {
                        let text = Arc::from(text.as_str());
                        self.skip(1);
                        text
                    }
                    _ => self.identifier()?,
                };
                self.need_word("from")?;
                let source = self.expr()?;
                self.need(")")?;
                call("extract", [literal(Value::String(field)), source])
            }
            "timestampadd" | "timestampdiff" | "dateadd" | "date_add" | "datediff" | "date_diff" if is_time_unit(self.ahead(2).text) => {
                return Ok(self.attempt(|parser| parser.counted(function)));
            }
            "identifier" => {
                let parts = self.identifier_clause()?;
                return match (self.is("("), parts.last()) {
                    (true, Some(function)) => self.function(&function.to_lowercase()).map(Some),
                    _ => Ok(Some(name(&parts))),
                };
            }
            "trim" => return self.trim().map(Some),
            "substring" | "substr" | "overlay" | "position" => return Ok(self.attempt(|parser| parser.worded(function))),
            "case" => self.case()?,
            "not" | "in" | "and" | "or" | "on" | "using" | "select" | "from" | "where" | "values" => return Err(self.unexpected()),
            _ => return Ok(None),
        }))
    }

    /// `trim(BOTH 'x' FROM s)`; none when it is an ordinary call.
    fn trim(&mut self) -> Result<Arc<Expr>> {
        let found = self.attempt(|parser| {
            parser.skip(2);
            let function = match parser.take_one_of(&["both", "leading", "trailing"]) {
                Some("leading") => "ltrim",
                Some("trailing") => "rtrim",
                _ => "trim",
            };
            let characters = if parser.is_word("from") { None } else { Some(parser.expr()?) };
            parser.need_word("from")?;
            let source = parser.expr()?;
            parser.need(")")?;
            Ok(call(function, std::iter::once(source).chain(characters)))
        });
        found.map_or_else(|| self.named(), Ok)
    }

    /// `timestampadd(DAY, 1, t)`; with two arguments a unit is the name of a column.
    fn counted(&mut self, function: &str) -> Result<Arc<Expr>> {
        self.skip(2);
        let unit = self.identifier()?.to_uppercase();
        self.need(",")?;
        let first = self.expr()?;
        self.need(",")?;
        let second = self.expr()?;
        self.need(")")?;
        Ok(call(if function.ends_with("add") { "timestamp_add" } else { "timestamp_diff" }, [literal(unit), first, second]))
    }

    /// `substring(s FROM 2 FOR 3)`, `position('a' IN s)`, `overlay(s PLACING r FROM 2 FOR 3)`
    fn worded(&mut self, function: &str) -> Result<Arc<Expr>> {
        self.skip(2);
        let mut args = vec![self.operators(1)?];
        if function == "position" {
            self.need_word("in")?;
            args.push(self.operators(1)?);
        } else {
            if function == "overlay" {
                self.need_word("placing")?;
                args.push(self.operators(1)?);
            }
            self.need_word("from")?;
            args.push(self.operators(1)?);
            if self.take_word("for") {
                args.push(self.operators(1)?);
            } else if function != "overlay" {
                args.push(literal(i32::MAX));
            }
        }
        self.need(")")?;
        Ok(call(if function == "position" { "locate" } else { function }, args))
    }

    fn case(&mut self) -> Result<Arc<Expr>> {
        self.need_word("case")?;
        let of = if self.is_word("when") { None } else { Some(self.expr()?) };
        let mut branches = Vec::new();
        while self.take_word("when") {
            let when = self.expr()?;
            self.need_word("then")?;
            let condition = match &of {
                Some(value) => call("=", [value.clone(), when]),
                None => when,
            };
            branches.push((condition, self.expr()?));
        }
        if branches.is_empty() {
            return Err(self.unexpected());
        }
        let otherwise = if self.take_word("else") { Some(self.expr()?) } else { None };
        self.need_word("end")?;
        Ok(Expr::Case { branches, otherwise }.into())
    }

    fn lambda(&mut self) -> Result<Arc<Expr>> {
        let params = if self.is("(") { self.parenthesized(Self::identifier)? } else { vec![self.identifier()?] };
        self.need("->")?;
        let outer = self.variables.len();
        let params: Vec<Arc<str>> = params.iter().map(|p| p.to_lowercase().into()).collect();
        self.variables.extend(params.iter().cloned());
        let body = self.expr();
        self.variables.truncate(outer);
        Ok(Expr::Lambda { params, body: body? }.into())
    }

    /// A name, all columns of one, or a call.
    fn named(&mut self) -> Result<Arc<Expr>> {
        let mut parts = vec![self.identifier()?];
        while self.is(".") && !self.ahead(1).is("*") && matches!(self.ahead(1).kind, TokenKind::Word | TokenKind::Quoted(_)) {
            self.skip(1);
            parts.push(self.identifier()?);
        }
        if self.is(".") && self.ahead(1).is("*") {
            self.skip(2);
            let Expr::Name(of) = &*name(&parts) else { return Err(self.unexpected()) };
            return Ok(Expr::Name(format!("{of}.*").into()).into());
        }
        if self.is("(") {
            return self.function(&parts[parts.len() - 1].to_lowercase());
        }
        if self.variables.iter().any(|v| v.eq_ignore_ascii_case(&parts[0])) {
            let fields = parts[1..].iter();
            let variable: Arc<Expr> = Expr::Variable(parts[0].to_lowercase().into()).into();
            return Ok(fields.fold(variable, |value, field| call("getitem", [value, literal(Value::String(field.clone()))])));
        }
        Ok(name(&parts))
    }

    /// An argument: an expression, perhaps under a name, or a lambda.
    fn argument(&mut self) -> Result<Arc<Expr>> {
        if self.is("(") && (self.ahead(2).is(",") || self.ahead(2).is(")")) {
            let mut places = 1;
            while !self.ahead(places).is(")") && self.ahead(places).kind != TokenKind::End {
                places += 1;
            }
            if self.ahead(places + 1).is("->") {
                return self.lambda();
            }
        }
        if self.ahead(1).is("=>") {
            // Named arguments stand in the order of the parameters.
            self.skip(2);
        }
        let value = self.expr()?;
        if self.take_word("as") || self.is_alias() && (self.ahead(1).is(",") || self.ahead(1).is(")")) {
            let name = self.identifier()?;
            return Ok(Expr::Alias { child: value, name, metadata: None }.into());
        }
        Ok(value)
    }

    fn function(&mut self, function: &str) -> Result<Arc<Expr>> {
        self.need("(")?;
        let distinct = self.take_word("distinct");
        if !distinct && self.is_word("all") && !self.ahead(1).is(")") {
            self.skip(1);
        }
        let mut args = Vec::new();
        if !self.take(")") {
            let by_name = crate::variables::routine(function).is_some();
            args = self.list(|parser| {
                let name = if by_name && parser.ahead(1).is("=>") { Some(parser.identifier()?) } else { None };
                // Other functions' named arguments stand in the order of the parameters.
                let unnamed = name.is_some() && parser.take("=>");
                let value = if unnamed { parser.expr()? } else { parser.argument()? };
                Ok(name.map_or(value.clone(), |name| Expr::Alias { child: value, name, metadata: None }.into()))
            })?;
            self.need(")")?;
        }
        let mut ignore_nulls = false;
        if self.is_words(&["ignore", "nulls"]) || self.is_words(&["respect", "nulls"]) {
            ignore_nulls = self.is_word("ignore");
            self.skip(2);
        }
        let picks = matches!(function, "first" | "last" | "first_value" | "last_value" | "any_value");
        if ignore_nulls && picks {
            args.push(literal(true));
            ignore_nulls = false;
        }
        let mut made = self.aggregate_call(function, args, distinct)?;
        if self.is_word("filter") && self.ahead(1).is("(") && self.ahead(2).is_word("where") {
            self.skip(3);
            let condition = self.expr()?;
            self.need(")")?;
            made = Expr::Filtered { child: made, condition }.into();
        }
        if !self.take_word("over") {
            return Ok(made);
        }
        let spec = if self.is("(") { self.window_spec()? } else { WindowSpec { base: Some(self.identifier()?), ..WindowSpec::default() } };
        Ok(Expr::Window(Window { function: made, ignore_nulls, spec: spec.into() }).into())
    }

    /// `(PARTITION BY … ORDER BY … ROWS BETWEEN … AND …)`
    pub fn window_spec(&mut self) -> Result<WindowSpec> {
        self.need("(")?;
        let mut spec = WindowSpec::default();
        let starts = ["partition", "distribute", "cluster", "order", "sort", "rows", "range"];
        if !self.is(")") && !starts.iter().any(|w| self.is_word(w)) {
            spec.base = Some(self.identifier()?);
        }
        if self.take_words(&["partition", "by"]) || self.take_words(&["distribute", "by"]) {
            spec.partition = self.list(Self::expr)?;
        }
        if self.take_words(&["order", "by"]) || self.take_words(&["sort", "by"]) {
            spec.orders = self.list(Self::sort_item)?;
        }
        if let Some(kind) = self.take_one_of(&["rows", "range"]) {
            let kind = if kind == "rows" { FrameKind::Rows } else { FrameKind::Range };
            let (start, end) = if self.take_word("between") {
                let start = self.frame_bound()?;
                self.need_word("and")?;
                (start, self.frame_bound()?)
            } else {
                (self.frame_bound()?, FrameBound::CurrentRow)
            };
            spec.frame = Some(WindowFrame { kind, start, end });
        }
        self.need(")")?;
        Ok(spec)
    }

    fn frame_bound(&mut self) -> Result<FrameBound> {
        if self.take_words(&["current", "row"]) {
            return Ok(FrameBound::CurrentRow);
        }
        if self.take_word("unbounded") {
            return match self.take_one_of(&["preceding", "following"]) {
                Some("preceding") => Ok(FrameBound::UnboundedPreceding),
                Some(_) => Ok(FrameBound::UnboundedFollowing),
                None => Err(self.unexpected()),
            };
        }
        let offset = self.operators(1)?;
        match self.take_one_of(&["preceding", "following"]) {
            Some("preceding") => Ok(FrameBound::Preceding(offset)),
            Some(_) => Ok(FrameBound::Following(offset)),
            None => Err(self.unexpected()),
        }
    }

    /// `x DESC NULLS LAST`
    pub fn sort_item(&mut self) -> Result<Arc<Expr>> {
        let child = self.expr()?;
        let order = self.direction()?;
        Ok(Expr::Sort { child, order }.into())
    }

    pub fn direction(&mut self) -> Result<SortOrder> {
        let mut order = match self.take_one_of(&["asc", "desc"]) {
            Some("desc") => SortOrder::DESCENDING,
            _ => SortOrder::ASCENDING,
        };
        if self.take_word("nulls") {
            order.nulls_first = match self.take_one_of(&["first", "last"]) {
                Some(place) => place == "first",
                None => return Err(self.unexpected()),
            };
        }
        Ok(order)
    }

    /// A type, such as `decimal(10, 2)` or `array<struct<a: int>>`.
    pub fn data_type(&mut self) -> Result<DataType> {
        self.whole_type().map(|found| found.plain())
    }

    /// A type with the widths of CHAR and VARCHAR.
    pub fn whole_type(&mut self) -> Result<DataType> {
        let first = self.peek().clone();
        if !matches!(first.kind, TokenKind::Word) {
            return Err(self.unexpected());
        }
        self.skip(1);
        let mut end = first.end();
        let mut depth = 0;
        if self.is("(") || self.is("<") {
            loop {
                let token = self.next();
                end = token.end();
                depth += match token.text {
                    "(" | "<" => 1,
                    ")" | ">" => -1,
                    ">>" => -2,
                    ">>>" => -3,
                    _ if token.kind == TokenKind::End => return Err(self.unexpected()),
                    _ => 0,
                };
                if depth <= 0 {
                    break;
                }
            }
        }
        if first.is_word("interval") && Interval::is_unit(self.peek().text) {
            end = self.next().end();
            if self.take_word("to") {
                end = self.next().end();
            }
        }
        if first.is_word("time") && self.take_word("without") {
            self.need_word("time")?;
            end = self.peek().end();
            self.need_word("zone")?;
        }
        let text = &self.text[first.start..end];
        DataType::parse_whole(text).map_err(|error| {
            if matches!(error.condition(), Some("UNSUPPORTED_TIME_PRECISION" | "DATATYPE_MISSING_SIZE")) {
                return error;
            }
            let shown = text.to_uppercase();
            self.error_at(&first, "UNSUPPORTED_DATATYPE", &format!("Unsupported data type \"{shown}\". SQLSTATE: 0A000"))
        })
    }

    /// `INTERVAL 1 DAY 2 HOURS`, `INTERVAL '1-2' YEAR TO MONTH`
    fn interval(&mut self) -> Result<Arc<Expr>> {
        let start = self.peek().clone();
        let invalid = |parser: &Self| {
            parser.error_at(
                &start,
                "INVALID_INTERVAL_FORMAT.INTERVAL_PARSING",
                "Error parsing an interval: write it as INTERVAL 3 DAYS. SQLSTATE: 22006",
            )
        };
        let mut interval = Interval::default();
        let mut any = false;
        loop {
            let signed = self.is("-") || self.is("+");
            let negative = self.is("-");
            // After the first part only a number with its unit goes on.
            let after = self.ahead(usize::from(signed) + 1);
            if any && !(after.kind == TokenKind::Word && Interval::is_unit(after.text)) {
                break;
            }
            self.skip(usize::from(signed));
            let text = match &self.peek().kind {
                TokenKind::Text(text) => text.clone(),
                TokenKind::Number => self.peek().text.to_owned(),
                _ if any => break,
                _ => return Err(self.unexpected()),
            };
            self.skip(1);
            any = true;
            let unit = match &self.peek().kind {
                TokenKind::Word if Interval::is_unit(self.peek().text) => Some(self.next().text),
                _ => None,
            };
            let to = if unit.is_some() && self.take_word("to") { Some(self.identifier()?) } else { None };
            let mut part = Interval::default();
            part.add_text(&text, unit, to.as_deref()).ok_or_else(|| invalid(self))?;
            interval.add_interval(&if negative { part.negated() } else { part }).ok_or_else(|| invalid(self))?;
        }
        interval.value().map(literal).ok_or_else(|| {
            let text = "Cannot mix year-month and day-time fields in an interval: use make_interval() for one. SQLSTATE: 22006";
            self.error_at(&start, "INVALID_INTERVAL_FORMAT.INTERVAL_PARSING", text)
        })
    }
}
