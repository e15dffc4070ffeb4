//! The grammar of queries.

use std::sync::Arc;

use kindling_partition::{Error, ErrorKind, Result};

use super::ast::{Body, Cte, Grouping, Item, LateralView, On, Orders, Pivot, Query, Relation, Select, SetOp, TableAlias};
use super::lex::TokenKind;
use super::parser::Parser;
use crate::dataframe::JoinKind;
use crate::expr::Expr;
use crate::functions::table_name;

/// Words that go on with a query, and so are no alias without `AS`.
const AFTER_TABLE: [&str; 38] = [
    "where",
    "group",
    "having",
    "order",
    "sort",
    "cluster",
    "distribute",
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
    "left",
    "right",
    "full",
    "natural",
    "lateral",
    "qualify",
    "window",
    "anti",
    "semi",
    "pivot",
    "unpivot",
    "tablesample",
    "from",
    "select",
    "set",
    "with",
    "values",
    "as",
    "grouping",
    "then",
];

impl Parser<'_> {
    pub fn query(&mut self) -> Result<Query> {
        self.deeper(|parser| {
            let mut query = Query::default();
            if parser.take_word("with") {
                query.recursive = parser.is_word("recursive") && !parser.ahead(1).is_word("as") && !parser.ahead(1).is("(");
                parser.skip(usize::from(query.recursive));
                query.ctes = parser.list(Self::cte)?;
            }
            let body = parser.set_operation(0)?;
            query.body = parser.piped(body)?;
            parser.organization(&mut query)?;
            Ok(query)
        })
    }

    fn cte(&mut self) -> Result<Cte> {
        let name = self.identifier()?;
        let columns = if self.is("(") { self.parenthesized(Self::identifier)? } else { Vec::new() };
        let levels = if self.take_words(&["max", "recursion", "level"]) {
            let number = self.peek().text.parse().map_err(|_| self.unexpected())?;
            self.skip(1);
            Some(number)
        } else {
            None
        };
        self.take_word("as");
        self.need("(")?;
        let query = self.query()?.into();
        self.need(")")?;
        Ok(Cte { name, columns, levels, query })
    }

    /// `INTERSECT` binds tighter than `UNION` and `EXCEPT`.
    fn set_operation(&mut self, level: usize) -> Result<Body> {
        if level == 2 {
            return self.query_term();
        }
        let words: &[&str] = if level == 0 { &["union", "except", "minus"] } else { &["intersect"] };
        let mut left = self.set_operation(level + 1)?;
        while let Some(word) = self.take_one_of(words) {
            let all = self.take_word("all");
            if !all {
                self.take_word("distinct");
            }
            let right = self.set_operation(level + 1)?.into();
            let op = SetOp::named(word);
            left = Body::Set { op, all, left: left.into(), right };
        }
        Ok(left)
    }

    pub(super) fn query_term(&mut self) -> Result<Body> {
        if self.take("(") {
            let query = self.query()?;
            self.need(")")?;
            return Ok(Body::Query(query.into()));
        }
        if self.take_word("values") {
            return Ok(Body::Values(self.values()?));
        }
        if self.is_word("table") {
            self.skip(1);
            return Ok(Body::Table(self.table_name()?));
        }
        Ok(Body::Select(self.select()?.into()))
    }

    /// The rows of `VALUES`; a row of one value needs no parentheses.
    fn values(&mut self) -> Result<Vec<Vec<Arc<Expr>>>> {
        self.list(|parser| {
            let row = parser.expr()?;
            Ok(match &*row {
                Expr::Call { function, args, .. } if &**function == "struct" => args.clone(),
                _ => vec![row],
            })
        })
    }

    /// What comes after the body: order and limits.
    pub(super) fn organization(&mut self, query: &mut Query) -> Result<()> {
        if self.take_words(&["order", "by"]) {
            query.orders = if self.is_word("all") && !self.ahead(1).is(".") && !self.ahead(1).is("(") {
                self.skip(1);
                Orders::All(self.direction()?)
            } else {
                Orders::By(self.list(Self::sort_item)?)
            };
        } else if self.take_words(&["sort", "by"]) {
            query.sorts = self.list(Self::sort_item)?;
        } else if self.take_words(&["cluster", "by"]) || self.take_words(&["distribute", "by"]) {
            // Where rows lie tells nothing of what they are.
            self.list(Self::expr)?;
            if self.take_words(&["sort", "by"]) {
                query.sorts = self.list(Self::sort_item)?;
            }
        }
        if self.take_word("limit") && !self.take_word("all") {
            query.limit = Some(self.expr()?);
        }
        if self.take_word("offset") {
            query.offset = Some(self.expr()?);
        }
        Ok(())
    }

    fn select(&mut self) -> Result<Select> {
        let mut select = Select::default();
        // Hive's order: FROM t SELECT x
        if self.is_word("from") {
            self.sources(&mut select)?;
            if !self.take_word("select") {
                // All columns, for steps to go on with.
                while self.is_words(&["lateral", "view"]) {
                    select.views.push(self.lateral_view()?);
                }
                select.items = vec![super::pipe::star()];
                return Ok(select);
            }
            self.items(&mut select)?;
        } else {
            self.need_word("select")?;
            self.items(&mut select)?;
            if self.is_word("from") {
                self.sources(&mut select)?;
            }
        }
        while self.is_word("lateral") && self.ahead(1).is_word("view") {
            select.views.push(self.lateral_view()?);
        }
        if self.take_word("where") {
            select.filter = Some(self.expr()?);
        }
        if self.take_words(&["group", "by"]) {
            select.grouping = Some(self.grouping()?);
        }
        if self.take_word("having") {
            select.having = Some(self.expr()?);
        }
        if self.take_word("qualify") {
            select.qualify = Some(self.expr()?);
        }
        self.windows(&mut select)?;
        Ok(select)
    }

    /// `WINDOW name AS (…)`
    pub(super) fn windows(&mut self, select: &mut Select) -> Result<()> {
        if self.take_word("window") {
            select.windows = self.list(|parser| {
                let name = parser.identifier()?;
                parser.need_word("as")?;
                Ok((name, parser.window_spec()?))
            })?;
        }
        Ok(())
    }

    pub(super) fn items(&mut self, select: &mut Select) -> Result<()> {
        select.hints = self.hints()?;
        select.distinct = self.take_word("distinct");
        if !select.distinct && self.is_word("all") && !self.ahead(1).is(",") {
            self.skip(1);
        }
        select.items = self.list(Self::item)?;
        Ok(())
    }

    /// One entry of a select list, also of `selectExpr`.
    pub fn item(&mut self) -> Result<Item> {
        let expr = self.expr()?;
        let mut item = Item { expr, except: Vec::new(), names: Vec::new() };
        let star = matches!(&*item.expr, Expr::Name(name) if &**name == "*" || name.ends_with(".*"));
        if star && self.is_word("except") && self.ahead(1).is("(") && !self.starts_query(2) {
            self.skip(1);
            item.except = self.parenthesized(Self::identifier)?;
            return Ok(item);
        }
        if self.take_word("as") {
            if self.is("(") {
                item.names = self.parenthesized(Self::identifier)?;
                return Ok(item);
            }
            let name = self.identifier()?;
            item.expr = Expr::Alias { child: item.expr, name, metadata: None }.into();
        } else if self.is_alias() && !self.is_word("into") {
            let name = self.identifier()?;
            item.expr = Expr::Alias { child: item.expr, name, metadata: None }.into();
        }
        Ok(item)
    }

    /// Whether a name comes next that needs no `AS`.
    pub(super) fn is_alias(&self) -> bool {
        match &self.peek().kind {
            TokenKind::Quoted(_) => true,
            TokenKind::Word => !AFTER_TABLE.iter().any(|word| self.is_word(word)),
            _ => false,
        }
    }

    fn sources(&mut self, select: &mut Select) -> Result<()> {
        self.need_word("from")?;
        let mut from = self.relation()?;
        while self.take(",") {
            let right = self.relation()?;
            from = Relation::Join { left: from.into(), right: right.into(), kind: JoinKind::Inner, on: On::Nothing };
        }
        select.from = Some(from);
        Ok(())
    }

    /// A table and what it is joined with.
    fn relation(&mut self) -> Result<Relation> {
        let left = self.primary_relation()?;
        self.joined(left)
    }

    /// What a relation is joined with.
    pub(super) fn joined(&mut self, mut left: Relation) -> Result<Relation> {
        loop {
            let natural = self.take_word("natural");
            let Some(kind) = self.join_kind()? else {
                if natural {
                    return Err(self.unexpected());
                }
                if self.is_words(&["lateral", "view"]) {
                    let mut views = Vec::new();
                    while self.is_words(&["lateral", "view"]) {
                        views.push(self.lateral_view()?);
                    }
                    left = Relation::Viewed { child: left.into(), views };
                    continue;
                }
                return Ok(left);
            };
            let right = self.primary_relation()?;
            let on = if natural {
                On::Natural
            } else if self.take_word("on") {
                On::Condition(self.expr()?)
            } else if self.take_word("using") {
                On::Using(self.parenthesized(Self::identifier)?)
            } else {
                On::Nothing
            };
            left = Relation::Join { left: left.into(), right: right.into(), kind, on };
        }
    }

    /// `LEFT OUTER JOIN` and the like; none when no join comes next.
    fn join_kind(&mut self) -> Result<Option<JoinKind>> {
        let Some(word) = self.take_one_of(&["join", "inner", "cross", "left", "right", "full", "semi", "anti"]) else { return Ok(None) };
        let kind = match word {
            "join" => return Ok(Some(JoinKind::Inner)),
            "inner" => JoinKind::Inner,
            "cross" => JoinKind::Cross,
            "semi" => JoinKind::LeftSemi,
            "anti" => JoinKind::LeftAnti,
            "left" if self.take_word("semi") => JoinKind::LeftSemi,
            "left" if self.take_word("anti") => JoinKind::LeftAnti,
            outer => {
                self.take_word("outer");
                match outer {
                    "left" => JoinKind::Left,
                    "right" => JoinKind::Right,
                    _ => JoinKind::Full,
                }
            }
        };
        self.need_word("join")?;
        Ok(Some(kind))
    }

    pub(super) fn primary_relation(&mut self) -> Result<Relation> {
        let lateral = self.take_word("lateral");
        let relation = if self.is("(") {
            self.deeper(|parser| parser.parenthesized_relation(lateral))?
        } else if self.is_word("values") && !self.ahead(1).is(".") {
            self.skip(1);
            let query = Query { body: Body::Values(self.values()?), ..Query::default() };
            Relation::Query { query: query.into(), lateral, alias: self.table_alias()? }
        } else if self.ahead(1).is("(") && self.peek().kind == TokenKind::Word && !self.is_identifier_clause() {
            let name = self.identifier()?;
            // `name => value`
            let args = self.parenthesized(|parser| {
                if !parser.ahead(1).is("=>") {
                    return parser.expr();
                }
                let name = parser.identifier()?;
                parser.need("=>")?;
                Ok(Expr::Alias { child: parser.expr()?, name, metadata: None }.into())
            })?;
            if lateral && crate::variables::routine(&name).is_some() {
                let from = Relation::Function { name, args, alias: TableAlias::default() };
                let select = Select { items: vec![super::pipe::star()], from: Some(from), ..Select::default() };
                let query = Query { body: Body::Select(Box::new(select)), ..Query::default() };
                Relation::Query { query: query.into(), lateral, alias: self.table_alias()? }
            } else if lateral {
                // Its arguments are columns of the row beside it, as a query's may be.
                let expr = Expr::Call { function: table_name(&name.to_lowercase()).into(), args, distinct: false }.into();
                let items = vec![Item { expr, except: Vec::new(), names: Vec::new() }];
                let query = Query { body: Body::Select(Box::new(Select { items, ..Select::default() })), ..Query::default() };
                Relation::Query { query: query.into(), lateral, alias: self.table_alias()? }
            } else {
                Relation::Function { name, args, alias: self.table_alias()? }
            }
        } else {
            if AFTER_TABLE.iter().any(|word| self.is_word(word)) && !self.ahead(1).is(".") {
                return Err(self.unexpected());
            }
            let name = self.table_name()?;
            let options = if self.is_word("with") && self.ahead(1).is("(") { self.options()? } else { Vec::new() };
            self.sampled(|alias| Relation::Table { name, options, alias })?
        };
        if self.is_word("pivot") && self.ahead(1).is("(") {
            return self.pivot(relation);
        }
        if self.is_unpivot() {
            return self.unpivot(relation);
        }
        Ok(relation)
    }

    fn parenthesized_relation(&mut self, lateral: bool) -> Result<Relation> {
        self.need("(")?;
        let query = self.attempt(|parser| {
            if !parser.starts_query(0) && !parser.is("(") {
                return Err(parser.unexpected());
            }
            let query = parser.query()?;
            parser.need(")")?;
            Ok(query)
        });
        if let Some(query) = query {
            return self.sampled(|alias| Relation::Query { query: query.into(), lateral, alias });
        }
        if self.starts_query(0) {
            // Read once more for its error.
            self.query()?;
            return Err(self.unexpected());
        }
        let child = self.relation()?;
        self.need(")")?;
        self.sampled(|alias| Relation::Aliased { child: child.into(), alias })
    }

    /// `WITH (header = true)`
    fn options(&mut self) -> Result<Vec<(String, String)>> {
        self.skip(1);
        if self.ahead(1).is(")") {
            self.skip(1);
            return Err(self.unexpected());
        }
        let options = self.properties()?;
        let twice = options.iter().enumerate().find(|(i, (name, _))| options[..*i].iter().any(|(before, _)| before == name));
        twice.map_or(Ok(()), |(_, (name, _))| {
            Err(Error::new(ErrorKind::Parse, format!("Found duplicate keys `{name}`.")).with_condition("DUPLICATE_KEY"))
        })?;
        Ok(options)
    }

    pub(super) fn table_alias(&mut self) -> Result<TableAlias> {
        let named = self.take_word("as");
        if !named && !self.is_alias() {
            return Ok(TableAlias::default());
        }
        let name = Some(self.identifier()?);
        let columns = if self.is("(") { self.parenthesized(Self::identifier)? } else { Vec::new() };
        Ok(TableAlias { name, columns })
    }

    fn lateral_view(&mut self) -> Result<LateralView> {
        self.skip(2);
        let outer = self.take_word("outer");
        let generator = self.expr()?;
        let table = if !self.is_word("as") && self.is_alias() { Some(self.identifier()?) } else { None };
        let columns = if self.take_word("as") { self.list(Self::identifier)? } else { Vec::new() };
        Ok(LateralView { outer, generator, table, columns })
    }

    fn grouping(&mut self) -> Result<Grouping> {
        if self.is_word("all") && !self.ahead(1).is(",") && !self.ahead(1).is(".") {
            self.skip(1);
            return Ok(Grouping::All);
        }
        // Each entry is a list of sets of keys; those of several entries are combined with each other.
        let mut entries: Vec<Vec<Vec<Arc<Expr>>>> = Vec::new();
        let mut analytic = false;
        loop {
            let (sets, special) = self.grouping_entry()?;
            analytic |= special;
            entries.push(sets);
            if !self.take(",") {
                break;
            }
        }
        let mut keys: Vec<Arc<Expr>> = Vec::new();
        let text = |e: &Arc<Expr>| e.to_string();
        for key in entries.iter().flatten().flatten() {
            if !analytic || !keys.iter().any(|k| text(k) == text(key)) {
                keys.push(key.clone());
            }
        }
        if self.take_words(&["with", "rollup"]) {
            return Ok(Grouping::Sets { sets: Some(rollup(&single(&keys))), keys });
        }
        if self.take_words(&["with", "cube"]) {
            return Ok(Grouping::Sets { sets: Some(cube(&single(&keys))), keys });
        }
        if self.is_words(&["grouping", "sets"]) {
            let (sets, _) = self.grouping_entry()?;
            return Ok(Grouping::Sets { keys, sets: Some(sets) });
        }
        let sets = analytic.then(|| {
            entries.into_iter().fold(vec![Vec::new()], |before: Vec<Vec<Arc<Expr>>>, sets| {
                before.iter().flat_map(|b| sets.iter().map(|s| b.iter().chain(s).cloned().collect())).collect()
            })
        });
        Ok(Grouping::Sets { keys, sets })
    }

    /// The sets that one entry of `GROUP BY` stands for, and whether it is more than a key.
    fn grouping_entry(&mut self) -> Result<(Vec<Vec<Arc<Expr>>>, bool)> {
        if self.take_words(&["grouping", "sets"]) {
            self.need("(")?;
            let mut sets = Vec::new();
            loop {
                if self.is("(") {
                    sets.push(self.parenthesized(Self::expr)?);
                } else if self.is_words(&["grouping", "sets"]) || self.is_word("rollup") || self.is_word("cube") {
                    sets.extend(self.deeper(Self::grouping_entry)?.0);
                } else {
                    sets.push(vec![self.expr()?]);
                }
                if !self.take(",") {
                    break;
                }
            }
            self.need(")")?;
            return Ok((sets, true));
        }
        let kind = ["rollup", "cube"].into_iter().find(|word| self.is_word(word) && self.ahead(1).is("("));
        if let Some(kind) = kind {
            self.skip(1);
            let parts = self.parenthesized(|parser| {
                let part = parser.expr()?;
                Ok(match &*part {
                    Expr::Call { function, args, .. } if &**function == "struct" => args.clone(),
                    _ => vec![part],
                })
            })?;
            return Ok((if kind == "rollup" { rollup(&parts) } else { cube(&parts) }, true));
        }
        if self.is("(") && self.ahead(1).is(")") {
            self.skip(2);
            return Ok((vec![Vec::new()], true));
        }
        let key = self.expr()?;
        Ok(match &*key {
            Expr::Call { function, args, .. } if &**function == "struct" => (vec![args.clone()], false),
            _ => (vec![vec![key]], false),
        })
    }

    pub(super) fn pivot(&mut self, child: Relation) -> Result<Relation> {
        self.skip(2);
        let alias = |parser: &mut Self| -> Result<Option<Arc<str>>> {
            if parser.take_word("as") || parser.is_alias() && !parser.is_word("for") { parser.identifier().map(Some) } else { Ok(None) }
        };
        let aggregates = self.list(|parser| {
            let aggregate = parser.expr()?;
            Ok(match alias(parser)? {
                Some(name) => Expr::Alias { child: aggregate, name, metadata: None }.into(),
                None => aggregate,
            })
        })?;
        self.need_word("for")?;
        let columns = if self.is("(") { self.parenthesized(Self::expr)? } else { vec![super::expr::name(&[self.identifier()?])] };
        let column = match columns.as_slice() {
            [one] => one.clone(),
            _ => super::expr::call("struct", columns),
        };
        self.need_word("in")?;
        let values = self.parenthesized(|parser| Ok((parser.expr()?, alias(parser)?)))?;
        self.need(")")?;
        let pivot = Pivot { aggregates, column, values }.into();
        Ok(Relation::Pivot { child: child.into(), pivot, alias: self.table_alias()? })
    }
}

fn single(keys: &[Arc<Expr>]) -> Vec<Vec<Arc<Expr>>> {
    keys.iter().map(|k| vec![k.clone()]).collect()
}

/// All keys, then one part less each time.
pub(crate) fn rollup(parts: &[Vec<Arc<Expr>>]) -> Vec<Vec<Arc<Expr>>> {
    (0..=parts.len()).rev().map(|n| parts[..n].concat()).collect()
}

/// Every choice of the parts, the fullest first.
pub(crate) fn cube(parts: &[Vec<Arc<Expr>>]) -> Vec<Vec<Arc<Expr>>> {
    let Some((first, rest)) = parts.split_first() else { return vec![Vec::new()] };
    let rest = cube(rest);
    let with = rest.iter().map(|set| first.iter().chain(set).cloned().collect());
    with.chain(rest.iter().cloned()).collect()
}
