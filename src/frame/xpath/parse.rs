//! The grammar of XPath 1.0, with the errors of Xalan's `XPathParser`.

use super::Bad;
use super::functions::{Core, core};
use super::lex::{Kind, Token, tokens};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    Ancestor,
    AncestorOrSelf,
    Attribute,
    Child,
    Descendant,
    DescendantOrSelf,
    Following,
    FollowingSibling,
    Namespace,
    Parent,
    Preceding,
    PrecedingSibling,
    Itself,
}

const AXES: [(&str, Axis); 13] = [
    ("ancestor", Axis::Ancestor),
    ("ancestor-or-self", Axis::AncestorOrSelf),
    ("attribute", Axis::Attribute),
    ("child", Axis::Child),
    ("descendant", Axis::Descendant),
    ("descendant-or-self", Axis::DescendantOrSelf),
    ("following", Axis::Following),
    ("following-sibling", Axis::FollowingSibling),
    ("namespace", Axis::Namespace),
    ("parent", Axis::Parent),
    ("preceding", Axis::Preceding),
    ("preceding-sibling", Axis::PrecedingSibling),
    ("self", Axis::Itself),
];

#[derive(Debug)]
pub(super) enum Test {
    Node,
    Text,
    Comment,
    Instruction(Option<String>),
    /// `*`
    Any,
    Name(String),
    /// A name with a prefix, which no namespace belongs to.
    Nothing,
}

#[derive(Debug)]
pub(super) struct Step {
    pub axis: Axis,
    pub test: Test,
    pub predicates: Vec<Expr>,
}

#[derive(Debug)]
pub(super) enum Start {
    Context,
    Root,
    /// `(expression)[predicate]`
    Of(Box<Expr>, Vec<Expr>),
}

#[derive(Debug)]
pub(super) enum Expr {
    Number(f64),
    Text(String),
    Binary(Op, Box<Expr>, Box<Expr>),
    Negative(Box<Expr>),
    Union(Vec<Expr>),
    Call(&'static Core, Vec<Expr>),
    /// A variable or a function with a prefix: nobody declares any.
    Unknown(String),
    Path(Start, Vec<Step>),
}

/// # Errors
/// What Xalan says of a path that is none.
pub(super) fn parse(path: &str) -> Result<Expr, Bad> {
    let mut parser = Parser { tokens: tokens(path)?, at: 0, depth: 0 };
    if parser.tokens.is_empty() {
        return Err("Empty expression!".into());
    }
    let expr = parser.expr()?;
    let rest: Vec<String> = parser.tokens[parser.at..].iter().map(|token| format!("'{}'", token.text)).collect();
    if rest.is_empty() { Ok(expr) } else { Err(format!("Extra illegal tokens: {}", rest.join(", "))) }
}

/// How deep expressions may nest, and how many operators of one rank may follow each other.
const DEEPEST: usize = 100;
const LONGEST: usize = 500;

/// The operators, those that bind least first.
const RANKS: [&[(&str, Op)]; 6] = [
    &[("or", Op::Or)],
    &[("and", Op::And)],
    &[("=", Op::Equal), ("!=", Op::NotEqual)],
    &[("<=", Op::LessOrEqual), (">=", Op::GreaterOrEqual), ("<", Op::Less), (">", Op::Greater)],
    &[("+", Op::Add), ("-", Op::Subtract)],
    &[("*", Op::Multiply), ("div", Op::Divide), ("mod", Op::Modulo)],
];

struct Parser<'p> {
    tokens: Vec<Token<'p>>,
    at: usize,
    depth: usize,
}

impl<'p> Parser<'p> {
    fn peek(&self) -> Option<Token<'p>> {
        self.tokens.get(self.at).copied()
    }

    /// Whether this comes next so many places on.
    fn is_ahead(&self, places: usize, text: &str) -> bool {
        self.tokens.get(self.at + places).is_some_and(|token| token.kind != Kind::Literal && token.text == text)
    }

    fn is(&self, text: &str) -> bool {
        self.is_ahead(0, text)
    }

    fn take(&mut self, text: &str) -> bool {
        let found = self.is(text);
        self.at += usize::from(found);
        found
    }

    fn need(&mut self, text: &str) -> Result<(), Bad> {
        if self.take(text) {
            return Ok(());
        }
        Err(format!("Expected {text}, but found: {}", self.peek().map_or("", |token| token.text)))
    }

    fn expr(&mut self) -> Result<Expr, Bad> {
        if self.depth == DEEPEST {
            return Err("The expression is nested too deeply.".into());
        }
        self.depth += 1;
        let expr = self.binary(0);
        self.depth -= 1;
        expr
    }

    fn binary(&mut self, rank: usize) -> Result<Expr, Bad> {
        let Some(operators) = RANKS.get(rank) else { return self.unary() };
        let mut left = self.binary(rank + 1)?;
        for _ in 0..LONGEST {
            let Some(op) = operators.iter().find(|(text, _)| self.take_operator(text)) else { return Ok(left) };
            left = Expr::Binary(op.1, left.into(), self.binary(rank + 1)?.into());
        }
        Err("The expression has too many operators.".into())
    }

    fn take_operator(&mut self, text: &str) -> bool {
        let parts: &[&str] = match text {
            "!=" => &["!", "="],
            "<=" => &["<", "="],
            ">=" => &[">", "="],
            one => &[one],
        };
        let found = parts.iter().enumerate().all(|(i, part)| self.is_ahead(i, part));
        self.at += if found { parts.len() } else { 0 };
        found
    }

    fn unary(&mut self) -> Result<Expr, Bad> {
        let negative = self.take("-");
        let mut parts = vec![self.path()?];
        while self.take("|") {
            parts.push(self.path()?);
        }
        let union = match parts.len() {
            1 => parts.remove(0),
            _ => Expr::Union(parts),
        };
        Ok(if negative { Expr::Negative(union.into()) } else { union })
    }

    fn path(&mut self) -> Result<Expr, Bad> {
        let Some(primary) = self.primary()? else { return self.location() };
        let mut predicates = Vec::new();
        while self.is("[") {
            predicates.push(self.predicate()?);
        }
        let mut steps = Vec::new();
        if self.take("/") {
            steps = self.relative()?.ok_or("A relative location path was expected following the '/' or '//' token.")?;
        }
        if predicates.is_empty() && steps.is_empty() {
            return Ok(primary);
        }
        Ok(Expr::Path(Start::Of(primary.into(), predicates), steps))
    }

    /// What a path may begin with that is no step.
    fn primary(&mut self) -> Result<Option<Expr>, Bad> {
        let Some(token) = self.peek() else { return Ok(None) };
        if token.kind == Kind::Literal {
            self.at += 1;
            return Ok(Some(Expr::Text(unquoted(token.text))));
        }
        if self.take("$") {
            let name = self.peek().map_or("", |token| token.text);
            self.at += 1;
            return Ok(Some(Expr::Unknown(format!("There is no variable ${name}."))));
        }
        if self.take("(") {
            let expr = self.expr()?;
            self.need(")")?;
            return Ok(Some(expr));
        }
        let digit = |at: usize| token.text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        if digit(0) || token.text.starts_with('.') && digit(1) {
            self.at += 1;
            let plain = token.text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            let number = token.text.parse().ok().filter(|_| plain);
            return number.map(|n| Some(Expr::Number(n))).ok_or_else(|| format!("{} could not be formatted to a number!", token.text));
        }
        if self.is_ahead(1, "(") && !token.text.ends_with(':') { self.call(token) } else { Ok(None) }
    }

    fn call(&mut self, name: Token<'p>) -> Result<Option<Expr>, Bad> {
        if matches!(name.text, "node" | "text" | "comment" | "processing-instruction") {
            return Ok(None);
        }
        let function = core(name.text);
        if function.is_none() && !name.text.contains(':') {
            return Err(format!("Could not find function: {}", name.text));
        }
        self.at += 2;
        let mut args = Vec::new();
        while self.peek().is_some() && !self.is(")") {
            if self.is(",") {
                return Err("Found ',' but no preceding argument!".into());
            }
            args.push(self.expr()?);
            if !self.is(")") {
                self.need(",")?;
                if self.is(")") {
                    return Err("Found ',' but no following argument!".into());
                }
            }
        }
        self.need(")")?;
        let Some(function) = function else { return Ok(Some(Expr::Unknown(format!("There is no function {}.", name.text)))) };
        function.check_count(args.len())?;
        Ok(Some(Expr::Call(function, args)))
    }

    fn location(&mut self) -> Result<Expr, Bad> {
        let absolute = self.take("/");
        let start = if absolute { Start::Root } else { Start::Context };
        let Some(token) = self.peek() else {
            let expected = "A location path was expected, but the end of the XPath expression was found instead.";
            return if absolute { Ok(Expr::Path(start, Vec::new())) } else { Err(expected.into()) };
        };
        match self.relative()? {
            Some(steps) => Ok(Expr::Path(start, steps)),
            None if absolute => Ok(Expr::Path(start, Vec::new())),
            None => Err(format!("A location path was expected, but the following token was encountered:  {}", token.text)),
        }
    }

    /// Steps; none, with nothing taken, when no step comes next.
    fn relative(&mut self) -> Result<Option<Vec<Step>>, Bad> {
        let mut steps = Vec::new();
        if !self.step(&mut steps)? {
            return Ok(None);
        }
        while self.take("/") {
            if !self.step(&mut steps)? {
                return Err(NO_STEP.into());
            }
        }
        Ok(Some(steps))
    }

    fn step(&mut self, steps: &mut Vec<Step>) -> Result<bool, Bad> {
        let short = |axis| Step { axis, test: Test::Node, predicates: Vec::new() };
        // The second stroke of `//`.
        let deep = self.take("/");
        if deep {
            steps.push(short(Axis::DescendantOrSelf));
        }
        if self.take(".") {
            if self.is("[") {
                return Err("'..[predicate]' or '.[predicate]' is illegal syntax.  Use 'self::node()[predicate]' instead.".into());
            }
            steps.push(short(Axis::Itself));
            return Ok(true);
        }
        if self.take("..") {
            steps.push(short(Axis::Parent));
            return Ok(true);
        }
        if !self.peek().is_some_and(|token| matches!(token.text, "*" | "@") || begins_name(token)) {
            return if deep { Err(NO_STEP.into()) } else { Ok(false) };
        }
        let mut axis = Axis::Child;
        if self.take("@") {
            axis = Axis::Attribute;
        } else if self.is_ahead(1, "::") {
            let name = self.peek().map_or("", |token| token.text);
            axis = AXES.iter().find(|(known, _)| *known == name).ok_or_else(|| format!("illegal axis name: {name}"))?.1;
            self.at += 2;
        }
        let mut step = Step { axis, test: self.test()?, predicates: Vec::new() };
        while self.is("[") {
            step.predicates.push(self.predicate()?);
        }
        steps.push(step);
        Ok(true)
    }

    fn test(&mut self) -> Result<Test, Bad> {
        if self.take("*") {
            return Ok(Test::Any);
        }
        let word = self.peek().filter(|token| begins_name(*token)).ok_or(NO_TEST)?.text;
        self.at += 1;
        if !word.ends_with(':') && self.take("(") {
            let test = match word {
                "node" => Test::Node,
                "text" => Test::Text,
                "comment" => Test::Comment,
                "processing-instruction" => {
                    let target = self.peek().filter(|token| token.kind == Kind::Literal).map(|token| unquoted(token.text));
                    self.at += usize::from(target.is_some());
                    Test::Instruction(target)
                }
                other => return Err(format!("Unknown nodetype: {other}")),
            };
            self.need(")")?;
            return Ok(test);
        }
        match word.split_once(':') {
            None => Ok(Test::Name(word.to_owned())),
            Some((_, "")) => {
                if self.take("*") {
                    Ok(Test::Nothing)
                } else {
                    Err(NO_TEST.into())
                }
            }
            Some(_) => Ok(Test::Nothing),
        }
    }

    fn predicate(&mut self) -> Result<Expr, Bad> {
        self.need("[")?;
        let expr = self.expr()?;
        self.need("]")?;
        Ok(expr)
    }
}

const NO_STEP: &str = "A location step was expected following the '/' or '//' token.";
const NO_TEST: &str = "A node test that matches either NCName:* or QName was expected.";

fn begins_name(token: Token<'_>) -> bool {
    token.kind == Kind::Word && token.text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn unquoted(literal: &str) -> String {
    literal[1..literal.len() - 1].to_owned()
}
