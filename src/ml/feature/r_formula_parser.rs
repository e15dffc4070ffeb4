//! R's formulas, as far as Spark reads them (`org.apache.spark.ml.feature.RFormulaParser`).

use std::collections::BTreeSet;

use kindling_frame::{DataType, Schema};
use kindling_partition::{Error, Result};

use crate::check::is_numeric;

/// A formula as written: a label, which may be missing, and terms.
#[derive(Clone, Debug)]
pub(super) struct Formula {
    label: String,
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq)]
enum Term {
    /// Whether there is an intercept.
    Intercept(bool),
    /// The product of columns; of one, the column.
    Product(Vec<Base>),
    Deletion(Box<Term>),
}

#[derive(Clone, Debug, PartialEq)]
enum Base {
    Column(String),
    /// All columns but the label.
    Dot,
}

/// A formula over the columns of a schema.
#[derive(Clone, Debug)]
pub(super) struct Resolved {
    pub label: String,
    /// Columns whose product each term is.
    pub terms: Vec<Vec<String>>,
    pub intercept: bool,
}

impl Formula {
    pub fn parse(text: &str) -> Result<Self> {
        let mut parser = Parser { text, at: 0 };
        parser.formula().filter(|_| parser.rest().is_empty()).ok_or_else(|| {
            let place = text.get(parser.at..).filter(|rest| !rest.trim().is_empty());
            let near = place.map(|rest| format!(" It stops making sense at '{}'.", rest.trim())).unwrap_or_default();
            Error::illegal_argument(format!("Could not parse formula: {text}.{near} A formula looks like 'label ~ a + b + a:b'."))
        })
    }

    pub fn resolve(&self, schema: &Schema) -> Resolved {
        let plain =
            |data_type: &DataType| is_numeric(data_type) || matches!(data_type, DataType::String | DataType::Boolean | DataType::Vector);
        let dot: Vec<String> =
            schema.iter().filter(|field| plain(&field.data_type) && *field.name != *self.label).map(|f| f.name.to_string()).collect();
        let mut terms: Vec<Vec<String>> = Vec::new();
        let mut intercept = true;
        for term in &self.terms {
            match term {
                Term::Intercept(on) => intercept = *on,
                Term::Product(bases) => {
                    for columns in expand(bases, &dot) {
                        if !terms.iter().any(|known| set(known) == set(&columns)) {
                            terms.push(columns);
                        }
                    }
                }
                Term::Deletion(inner) => match &**inner {
                    Term::Intercept(on) => intercept = !on,
                    Term::Product(bases) => {
                        let gone = expand(bases, &dot);
                        terms.retain(|known| !gone.iter().any(|columns| set(known) == set(columns)));
                    }
                    Term::Deletion(_) => {}
                },
            }
        }
        Resolved { label: self.label.clone(), terms, intercept }
    }
}

fn set(columns: &[String]) -> BTreeSet<&str> {
    columns.iter().map(String::as_str).collect()
}

/// The products that a term stands for, those of few columns first.
fn expand(bases: &[Base], dot: &[String]) -> Vec<Vec<String>> {
    let Some((first, rest)) = bases.split_first() else { return vec![Vec::new()] };
    let rest = expand(rest, dot);
    let heads = match first {
        Base::Column(name) => std::slice::from_ref(name),
        Base::Dot => dot,
    };
    let mut found: Vec<Vec<String>> = Vec::new();
    for head in heads {
        for tail in &rest {
            let mut columns = vec![head.clone()];
            columns.extend(tail.iter().filter(|name| *name != head).cloned());
            if !found.iter().any(|known| set(known) == set(&columns)) {
                found.push(columns);
            }
        }
    }
    found.sort_by_key(Vec::len);
    found
}

/// As `ResolvedRFormula` prints itself.
impl std::fmt::Display for Resolved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let term = |columns: &Vec<String>| if columns.len() > 1 { format!("{{{}}}", columns.join(",")) } else { columns.concat() };
        let terms: Vec<String> = self.terms.iter().map(term).collect();
        write!(f, "ResolvedRFormula(label={}, terms=[{}], hasIntercept={})", self.label, terms.join(","), self.intercept)
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn rest(&mut self) -> &'a str {
        let rest = self.text[self.at..].trim_start();
        self.at = self.text.len() - rest.len();
        rest
    }

    fn eat(&mut self, sign: char) -> bool {
        let found = self.rest().starts_with(sign);
        self.at += if found { sign.len_utf8() } else { 0 };
        found
    }

    fn formula(&mut self) -> Option<Formula> {
        let label = self.column().unwrap_or_default();
        if !self.eat('~') {
            return None;
        }
        Some(Formula { label, terms: self.sum()? })
    }

    /// `[a-zA-Z]` or a dot with a letter behind it, then letters, digits, dots and underscores.
    fn column(&mut self) -> Option<String> {
        let rest = self.rest();
        let mut letters = rest.chars();
        let fits = match letters.next()? {
            '.' => letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_'),
            first => first.is_ascii_alphabetic(),
        };
        if !fits {
            return None;
        }
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '_')).unwrap_or(rest.len());
        self.at += end;
        Some(rest[..end].to_owned())
    }

    fn sum(&mut self) -> Option<Vec<Term>> {
        let mut terms = self.cross()?;
        loop {
            if self.eat('+') {
                terms.extend(self.cross()?);
            } else if self.eat('-') {
                terms.extend(self.cross()?.into_iter().map(|term| Term::Deletion(Box::new(term))));
            } else {
                return Some(terms);
            }
        }
    }

    fn cross(&mut self) -> Option<Vec<Term>> {
        let mut terms = self.product()?;
        while self.eat('*') {
            terms = crossed(terms, &self.product()?)?;
        }
        Some(terms)
    }

    fn product(&mut self) -> Option<Vec<Term>> {
        let mut terms = self.power()?;
        while self.eat(':') {
            terms = multiplied(&terms, &self.power()?)?;
        }
        Some(terms)
    }

    fn power(&mut self) -> Option<Vec<Term>> {
        let terms = self.term()?;
        if !self.eat('^') {
            return Some(terms);
        }
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let degree: usize = rest[..end].parse().ok().filter(|degree| (1..=20).contains(degree))?;
        self.at += end;
        (1..degree).try_fold(terms.clone(), |power, _| crossed(power, &terms))
    }

    fn term(&mut self) -> Option<Vec<Term>> {
        if self.eat('(') {
            let inner = self.sum()?;
            return self.eat(')').then_some(inner);
        }
        if let Some(name) = self.column() {
            return Some(vec![Term::Product(vec![Base::Column(name)])]);
        }
        for (sign, term) in [('0', Term::Intercept(false)), ('1', Term::Intercept(true)), ('.', Term::Product(vec![Base::Dot]))] {
            if self.eat(sign) {
                return Some(vec![term]);
            }
        }
        None
    }
}

/// `a*b`: both, and their products.
fn crossed(mut left: Vec<Term>, right: &[Term]) -> Option<Vec<Term>> {
    let products = multiplied(&left, right)?;
    left.extend_from_slice(right);
    left.extend(products);
    Some(left)
}

/// `a:b`: the products of each with each.
fn multiplied(left: &[Term], right: &[Term]) -> Option<Vec<Term>> {
    let both = |a: &Term, b: &Term| match (a, b) {
        (Term::Product(a), Term::Product(b)) => Some(Term::Product(a.iter().chain(b).cloned().collect())),
        _ => None,
    };
    left.iter().flat_map(|a| right.iter().map(move |b| both(a, b))).collect()
}
