//! The value of an expression over a document.

use super::Bad;
use super::dom::{Document, Id, Kind};
use super::parse::{Axis, Expr, Op, Start, Step, Test};

/// A value of XPath 1.0. Nodes are in document order, each once.
#[derive(Debug)]
pub(super) enum Found {
    Nodes(Vec<Id>),
    Truth(bool),
    Number(f64),
    Text(String),
}

impl Found {
    /// # Errors
    /// When it is no set of nodes.
    pub fn nodes(self) -> Result<Vec<Id>, Bad> {
        let is = match self {
            Self::Nodes(nodes) => return Ok(nodes),
            Self::Truth(_) => "BOOLEAN",
            Self::Number(_) => "NUMBER",
            Self::Text(_) => "STRING",
        };
        Err(format!("com.sun.org.apache.xpath.internal.XPathException: Can not convert #{is} to a NodeList!"))
    }

    pub fn truth(&self) -> bool {
        match self {
            Self::Nodes(nodes) => !nodes.is_empty(),
            Self::Truth(truth) => *truth,
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::Text(text) => !text.is_empty(),
        }
    }

    pub fn number(&self, document: &Document) -> f64 {
        match self {
            Self::Nodes(_) => number(&self.text(document)),
            Self::Truth(truth) => f64::from(u8::from(*truth)),
            Self::Number(number) => *number,
            Self::Text(text) => number(text),
        }
    }

    pub fn text(&self, document: &Document) -> String {
        match self {
            Self::Nodes(nodes) => nodes.first().map(|node| document.text(*node)).unwrap_or_default(),
            Self::Truth(truth) => truth.to_string(),
            Self::Number(number) if *number == 0.0 => "0".into(),
            Self::Number(number) if number.is_infinite() => if *number > 0.0 { "Infinity" } else { "-Infinity" }.into(),
            // The shortest digits, without an exponent.
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

/// XPath's `number()` of a text: a sign `-`, digits, a point.
fn number(text: &str) -> f64 {
    let text = text.trim_matches([' ', '\t', '\n', '\r']);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') && digits.bytes().any(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| plain).unwrap_or(f64::NAN)
}

/// Where an expression is evaluated.
pub(super) struct Context<'d> {
    pub document: &'d Document,
    pub node: Id,
    pub position: usize,
    pub size: usize,
    /// Within a predicate; else there is no position.
    pub in_predicate: bool,
}

/// # Errors
/// A value that is no set of nodes where one is needed, an unknown variable.
pub(super) fn evaluate(expr: &Expr, document: &Document) -> Result<Found, Bad> {
    Context { document, node: 0, position: 0, size: 0, in_predicate: false }.value(expr)
}

impl Context<'_> {
    fn value(&self, expr: &Expr) -> Result<Found, Bad> {
        Ok(match expr {
            Expr::Number(number) => Found::Number(*number),
            Expr::Text(text) => Found::Text(text.clone()),
            Expr::Unknown(why) => return Err(format!("javax.xml.transform.TransformerException: {why}")),
            Expr::Negative(child) => Found::Number(-self.value(child)?.number(self.document)),
            Expr::Binary(Op::Or, left, right) => Found::Truth(self.value(left)?.truth() || self.value(right)?.truth()),
            Expr::Binary(Op::And, left, right) => Found::Truth(self.value(left)?.truth() && self.value(right)?.truth()),
            Expr::Binary(op, left, right) => self.binary(*op, self.value(left)?, self.value(right)?),
            Expr::Union(parts) => {
                let mut nodes = self.value(&parts[0])?.nodes()?;
                for part in &parts[1..] {
                    // Xalan takes no notice of what is no set of nodes there.
                    if let Found::Nodes(more) = self.value(part)? {
                        nodes.extend(more);
                    }
                }
                Found::Nodes(in_order(nodes))
            }
            Expr::Call(function, args) => {
                let args = args.iter().map(|arg| self.value(arg)).collect::<Result<Vec<_>, _>>()?;
                (function.run)(self, args)?
            }
            Expr::Path(start, steps) => {
                let mut nodes = match start {
                    Start::Context => vec![self.node],
                    Start::Root => vec![0],
                    Start::Of(expr, predicates) => {
                        let nodes = self.value(expr)?.nodes()?;
                        predicates.iter().try_fold(nodes, |nodes, predicate| self.kept(nodes, predicate))?
                    }
                };
                for step in steps {
                    let mut found = Vec::new();
                    for node in nodes {
                        found.extend(self.step(node, step)?);
                    }
                    nodes = in_order(found);
                }
                Found::Nodes(nodes)
            }
        })
    }

    fn step(&self, node: Id, step: &Step) -> Result<Vec<Id>, Bad> {
        let mut nodes = axis(self.document, node, step.axis);
        nodes.retain(|node| fits(self.document, *node, step));
        step.predicates.iter().try_fold(nodes, |nodes, predicate| self.kept(nodes, predicate))
    }

    /// The nodes, in the order of their axis, for which a predicate holds; a number is a position, without its fraction.
    fn kept(&self, nodes: Vec<Id>, predicate: &Expr) -> Result<Vec<Id>, Bad> {
        let (size, mut kept) = (nodes.len(), Vec::new());
        for (i, node) in nodes.into_iter().enumerate() {
            let context = Context { document: self.document, node, position: i + 1, size, in_predicate: true };
            let keep = match context.value(predicate)? {
                Found::Number(number) => number as i64 == i as i64 + 1,
                other => other.truth(),
            };
            if keep {
                kept.push(node);
            }
        }
        Ok(kept)
    }

    fn binary(&self, op: Op, left: Found, right: Found) -> Found {
        let (a, b) = match op {
            Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Modulo => (left.number(self.document), right.number(self.document)),
            _ => return Found::Truth(self.compared(op, &left, &right)),
        };
        Found::Number(match op {
            Op::Add => a + b,
            Op::Subtract => a - b,
            Op::Multiply => a * b,
            Op::Divide => a / b,
            _ => libm::fmod(a, b),
        })
    }

    /// A set of nodes is compared by each of its texts, unless with a truth.
    fn compared(&self, op: Op, left: &Found, right: &Found) -> bool {
        let document = self.document;
        let texts = |nodes: &[Id]| nodes.iter().map(|node| Found::Text(document.text(*node))).collect::<Vec<_>>();
        match (left, right) {
            (Found::Truth(_), _) | (_, Found::Truth(_)) if matches!(op, Op::Equal | Op::NotEqual) => {
                (left.truth() == right.truth()) == (op == Op::Equal)
            }
            (Found::Nodes(nodes), Found::Truth(_)) => self.compared(op, &Found::Truth(!nodes.is_empty()), right),
            (Found::Truth(_), Found::Nodes(nodes)) => self.compared(op, left, &Found::Truth(!nodes.is_empty())),
            (Found::Nodes(nodes), other) => texts(nodes).iter().any(|text| self.compared(op, text, other)),
            (other, Found::Nodes(nodes)) => texts(nodes).iter().any(|text| self.compared(op, other, text)),
            (Found::Text(a), Found::Text(b)) if matches!(op, Op::Equal | Op::NotEqual) => (a == b) == (op == Op::Equal),
            _ => {
                let (a, b) = (left.number(document), right.number(document));
                match op {
                    Op::Equal => a == b,
                    Op::NotEqual => a != b,
                    Op::Less => a < b,
                    Op::LessOrEqual => a <= b,
                    Op::Greater => a > b,
                    _ => a >= b,
                }
            }
        }
    }
}

fn in_order(mut nodes: Vec<Id>) -> Vec<Id> {
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

fn fits(document: &Document, node: Id, step: &Step) -> bool {
    let kind = document.kind(node);
    let principal = match step.axis {
        Axis::Attribute => Kind::Attribute,
        Axis::Namespace => Kind::Namespace,
        _ => Kind::Element,
    };
    match &step.test {
        Test::Node => true,
        Test::Text => kind == Kind::Text,
        Test::Comment => kind == Kind::Comment,
        Test::Instruction(target) => kind == Kind::Instruction && target.as_deref().is_none_or(|target| target == document.name(node)),
        Test::Any => kind == principal,
        Test::Name(name) => kind == principal && document.local_name(node) == name,
        Test::Nothing => false,
    }
}

/// The nodes of an axis, the nearest first.
fn axis(document: &Document, node: Id, axis: Axis) -> Vec<Id> {
    let is_child = |id: &Id| !matches!(document.kind(*id), Kind::Attribute | Kind::Namespace);
    let ancestors = |from: Option<Id>| std::iter::successors(from, |id| document.parent(*id)).collect::<Vec<_>>();
    // One beside the other from a place on; attributes stand before an element's children.
    let beside = |from: Id, end: Id| {
        let next = |id: &Id| Some(document.end(*id)).filter(|id| *id < end);
        std::iter::successors(Some(from).filter(|id| *id < end), next).filter(is_child).collect::<Vec<_>>()
    };
    let siblings = || match document.parent(node) {
        Some(parent) if is_child(&node) => beside(parent + 1, document.end(parent)),
        _ => Vec::new(),
    };
    let end = document.end(node);
    match axis {
        Axis::Itself => vec![node],
        Axis::Child => beside(node + 1, end),
        Axis::Descendant => (node + 1..end).filter(is_child).collect(),
        Axis::DescendantOrSelf => std::iter::once(node).chain((node + 1..end).filter(is_child)).collect(),
        Axis::Parent => document.parent(node).into_iter().collect(),
        Axis::Ancestor => ancestors(document.parent(node)),
        Axis::AncestorOrSelf => ancestors(Some(node)),
        Axis::FollowingSibling => siblings().into_iter().filter(|id| *id > node).collect(),
        Axis::PrecedingSibling => siblings().into_iter().filter(|id| *id < node).rev().collect(),
        Axis::Following => (end..document.len()).filter(is_child).collect(),
        Axis::Preceding => {
            let around = ancestors(Some(node));
            (1..node).rev().filter(|id| is_child(id) && !around.contains(id)).collect()
        }
        Axis::Attribute | Axis::Namespace if document.kind(node) != Kind::Element => Vec::new(),
        Axis::Attribute => own(document, node, Kind::Attribute),
        Axis::Namespace => {
            let mut found: Vec<Id> = Vec::new();
            for element in ancestors(Some(node)) {
                for id in own(document, element, Kind::Namespace) {
                    if !found.iter().any(|known| document.name(*known) == document.name(id)) {
                        found.push(id);
                    }
                }
            }
            in_order(found)
        }
    }
}

/// The attributes, or the declarations of namespaces, that an element has itself.
fn own(document: &Document, element: Id, kind: Kind) -> Vec<Id> {
    let has = |id: &Id| matches!(document.kind(*id), Kind::Attribute | Kind::Namespace);
    (element + 1..document.end(element)).take_while(has).filter(|id| document.kind(*id) == kind).collect()
}
