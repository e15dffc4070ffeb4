use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::expr::{Attribute, AttributeId, NativeFn};
use crate::functions::Function;
use crate::types::DataType;
use crate::value::Value;
use crate::window::Over;

/// An analyzed expression: every name resolved, every type known, every coercion written out as a cast.
#[derive(Clone, Debug)]
pub struct Typed {
    pub kind: Kind,
    pub data_type: DataType,
    pub nullable: bool,
}

#[derive(Clone)]
pub enum Kind {
    Attribute(AttributeId, Arc<str>),
    Literal(Value),
    Call {
        function: &'static Function,
        args: Vec<Typed>,
        distinct: bool,
    },
    Cast {
        child: Box<Typed>,
        to_null: bool,
    },
    Case {
        branches: Vec<(Typed, Typed)>,
        otherwise: Option<Box<Typed>>,
    },
    Native {
        name: Arc<str>,
        args: Vec<Typed>,
        func: Arc<NativeFn>,
        on_driver: bool,
    },
    /// A parameter of a lambda: a column of the elements that its body is computed over.
    Variable(AttributeId, Arc<str>),
    /// The type is the body's.
    Lambda {
        params: Vec<AttributeId>,
        body: Box<Typed>,
    },
    /// Computed by a plan's window step, never row by row.
    Window(Box<Over>),
}

/// An expression that makes a column of a plan.
#[derive(Clone, Debug)]
pub struct Named {
    pub expr: Typed,
    pub attribute: Attribute,
}

/// A column passed on as it is.
impl From<Attribute> for Named {
    fn from(attribute: Attribute) -> Self {
        Self { expr: Typed::attribute(&attribute), attribute }
    }
}

impl From<&Attribute> for Named {
    fn from(attribute: &Attribute) -> Self {
        attribute.clone().into()
    }
}

impl Typed {
    pub fn attribute(attribute: &Attribute) -> Self {
        Self {
            kind: Kind::Attribute(attribute.id, attribute.field.name.clone()),
            data_type: attribute.field.data_type.clone(),
            nullable: attribute.field.nullable,
        }
    }

    pub fn literal(value: Value) -> Self {
        Self { data_type: value.data_type(), nullable: value.is_null(), kind: Kind::Literal(value) }
    }

    /// The expression's direct parts.
    pub fn children(&self) -> Vec<&Typed> {
        match &self.kind {
            Kind::Attribute(..) | Kind::Literal(_) | Kind::Variable(..) => Vec::new(),
            Kind::Lambda { body, .. } => vec![body],
            Kind::Call { args, .. } | Kind::Native { args, .. } => args.iter().collect(),
            Kind::Cast { child, .. } => vec![child],
            Kind::Window(over) => over.children().collect(),
            Kind::Case { branches, otherwise } => branches.iter().flat_map(|(c, v)| [c, v]).chain(otherwise.as_deref()).collect(),
        }
    }

    /// Adds the columns that the expression reads, the parameters of lambdas around it among them.
    pub fn references(&self, into: &mut BTreeSet<AttributeId>) {
        match &self.kind {
            Kind::Attribute(id, _) | Kind::Variable(id, _) => {
                into.insert(*id);
            }
            Kind::Lambda { params, body } => {
                let mut inner = BTreeSet::new();
                body.references(&mut inner);
                into.extend(inner.into_iter().filter(|id| !params.contains(id)));
            }
            _ => self.children().into_iter().for_each(|c| c.references(into)),
        }
    }

    /// Whether some part of the expression satisfies `test`.
    pub fn any(&self, test: &impl Fn(&Typed) -> bool) -> bool {
        test(self) || self.children().into_iter().any(|c| c.any(test))
    }

    /// Calls `visit` with every part of the expression, from the top.
    pub fn each(&self, visit: &mut dyn FnMut(&Typed)) {
        visit(self);
        self.children().into_iter().for_each(|c| c.each(visit));
    }

    /// Whether some part of the expression can be computed on the driver's thread only.
    pub fn needs_driver(&self) -> bool {
        self.any(&|part| matches!(part.kind, Kind::Native { on_driver: true, .. }))
    }

    /// The expression with `change` tried on every part from the top: where it gives another expression, that takes the part's place.
    #[must_use]
    pub fn rewrite(&self, change: &mut impl FnMut(&Typed) -> Option<Typed>) -> Self {
        self.rewrite_dyn(change)
    }

    fn rewrite_dyn(&self, change: &mut dyn FnMut(&Typed) -> Option<Typed>) -> Self {
        match change(self) {
            Some(changed) => changed,
            None => self.map_children(&mut |child| child.rewrite_dyn(change)),
        }
    }

    /// The expression with its direct parts changed.
    #[must_use]
    pub fn map_children(&self, change: &mut dyn FnMut(&Typed) -> Typed) -> Self {
        let kind = match &self.kind {
            leaf @ (Kind::Attribute(..) | Kind::Literal(_) | Kind::Variable(..)) => leaf.clone(),
            Kind::Lambda { params, body } => Kind::Lambda { params: params.clone(), body: Box::new(change(body)) },
            Kind::Call { function, args, distinct } => {
                Kind::Call { function, args: args.iter().map(change).collect(), distinct: *distinct }
            }
            Kind::Native { name, args, func, on_driver } => {
                let args = args.iter().map(change).collect();
                Kind::Native { name: name.clone(), args, func: func.clone(), on_driver: *on_driver }
            }
            Kind::Window(over) => Kind::Window(Box::new(over.map(&mut |e| change(e)))),
            Kind::Cast { child, to_null } => Kind::Cast { child: Box::new(change(child)), to_null: *to_null },
            Kind::Case { branches, otherwise } => Kind::Case {
                branches: branches.iter().map(|(c, v)| (change(c), change(v))).collect(),
                otherwise: otherwise.as_ref().map(|o| Box::new(change(o))),
            },
        };
        Self { kind, data_type: self.data_type.clone(), nullable: self.nullable }
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attribute(id, name) => write!(f, "{name}{id}"),
            Self::Literal(value) => write!(f, "{value}"),
            Self::Call { function, args, .. } => f.debug_tuple(function.name).field(args).finish(),
            Self::Cast { child, .. } => f.debug_tuple("cast").field(child).finish(),
            Self::Case { branches, otherwise } => f.debug_tuple("case").field(branches).field(otherwise).finish(),
            // Two functions may have one name.
            Self::Native { name, args, func, .. } => f.debug_tuple(name).field(&Arc::as_ptr(func).addr()).field(args).finish(),
            Self::Window(over) => write!(f, "{over:?}"),
            // Without the identity, which is another each time that the lambda is analyzed.
            Self::Variable(_, name) => f.write_str(name),
            Self::Lambda { body, .. } => f.debug_tuple("lambda").field(body).finish(),
        }
    }
}
