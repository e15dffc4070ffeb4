//! Queries as they are written, before any name is known.

use super::hint::Hint;
use super::pipe::Step;
use super::routine::Written;
use super::sample::Sample;
use super::show::Whose;
use super::unpivot::Unpivot;
use super::variable::{Assigned, Declared, Immediate};
use crate::save::{Save, SaveMode};
use crate::types::Field;
use std::sync::Arc;

use crate::dataframe::JoinKind;
use crate::expr::{Expr, WindowSpec};

/// A query with its common table expressions, order and limits.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query {
    pub ctes: Vec<Cte>,
    /// `WITH RECURSIVE`
    pub recursive: bool,
    pub body: Body,
    pub orders: Orders,
    /// `SORT BY`: within each partition.
    pub sorts: Vec<Arc<Expr>>,
    pub limit: Option<Arc<Expr>>,
    pub offset: Option<Arc<Expr>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Cte {
    pub name: Arc<str>,
    pub columns: Vec<Arc<str>>,
    /// `MAX RECURSION LEVEL`
    pub levels: Option<usize>,
    pub query: Arc<Query>,
}

#[derive(Clone, Debug, Default)]
pub(crate) enum Orders {
    #[default]
    None,
    /// `ORDER BY ALL` with its direction.
    All(crate::expr::SortOrder),
    By(Vec<Arc<Expr>>),
}

#[derive(Clone, Debug)]
pub(crate) enum Body {
    Select(Box<Select>),
    Values(Vec<Vec<Arc<Expr>>>),
    /// `TABLE name`
    Table(Arc<str>),
    Query(Arc<Query>),
    /// `left |> SET …`, `left |> AGGREGATE …`
    Piped {
        left: Box<Body>,
        step: Step,
    },
    Set {
        op: SetOp,
        all: bool,
        left: Box<Body>,
        right: Box<Body>,
    },
}

impl Default for Body {
    fn default() -> Self {
        Self::Values(Vec::new())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SetOp {
    Union,
    Intersect,
    Except,
}

impl SetOp {
    /// By the word in small letters.
    pub fn named(word: &str) -> Self {
        match word {
            "union" => Self::Union,
            "intersect" => Self::Intersect,
            _ => Self::Except,
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Select {
    pub hints: Vec<Hint>,
    pub distinct: bool,
    pub items: Vec<Item>,
    pub from: Option<Relation>,
    pub views: Vec<LateralView>,
    pub filter: Option<Arc<Expr>>,
    pub grouping: Option<Grouping>,
    pub having: Option<Arc<Expr>>,
    pub qualify: Option<Arc<Expr>>,
    /// `WINDOW name AS (…)`
    pub windows: Vec<(Arc<str>, WindowSpec)>,
}

/// One entry of a select list.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub expr: Arc<Expr>,
    /// `* EXCEPT (…)`
    pub except: Vec<Arc<str>>,
    /// `AS (a, b)` for what makes several columns.
    pub names: Vec<Arc<str>>,
}

#[derive(Clone, Debug)]
pub(crate) enum Grouping {
    /// `GROUP BY ALL`
    All,
    /// The keys, and the sets of them to group by: one with all of them when nothing else is said.
    Sets { keys: Vec<Arc<Expr>>, sets: Option<Vec<Vec<Arc<Expr>>>> },
}

#[derive(Clone, Debug)]
pub(crate) struct LateralView {
    pub outer: bool,
    pub generator: Arc<Expr>,
    pub table: Option<Arc<str>>,
    pub columns: Vec<Arc<str>>,
}

/// `AS t(a, b)`
#[derive(Clone, Debug, Default)]
pub(crate) struct TableAlias {
    pub name: Option<Arc<str>>,
    pub columns: Vec<Arc<str>>,
}

#[derive(Clone, Debug)]
pub(crate) enum Relation {
    Table {
        name: Arc<str>,
        /// `WITH (header = true)`: of the files that it names or has.
        options: Vec<(String, String)>,
        alias: TableAlias,
    },
    Query {
        query: Arc<Query>,
        lateral: bool,
        alias: TableAlias,
    },
    /// A table function, such as `range(10)`.
    Function {
        name: Arc<str>,
        args: Vec<Arc<Expr>>,
        alias: TableAlias,
    },
    Join {
        left: Box<Relation>,
        right: Box<Relation>,
        kind: JoinKind,
        on: On,
    },
    Pivot {
        child: Box<Relation>,
        pivot: Box<Pivot>,
        alias: TableAlias,
    },
    Unpivot {
        child: Box<Relation>,
        unpivot: Box<Unpivot>,
        alias: TableAlias,
    },
    /// What is before `|>`, with the tables' names that it has.
    Piped(Box<Body>),
    /// `TABLESAMPLE (…)`
    Sampled {
        child: Box<Relation>,
        sample: Sample,
        alias: TableAlias,
    },
    /// A relation in parentheses under a name.
    Aliased {
        child: Box<Relation>,
        alias: TableAlias,
    },
    /// Tables a comma after each other with views over them all.
    Viewed {
        child: Box<Relation>,
        views: Vec<LateralView>,
    },
}

#[derive(Clone, Debug)]
pub(crate) enum On {
    Nothing,
    Natural,
    Using(Vec<Arc<str>>),
    Condition(Arc<Expr>),
}

#[derive(Clone, Debug)]
pub(crate) struct Pivot {
    pub aggregates: Vec<Arc<Expr>>,
    pub column: Arc<Expr>,
    /// Each value, and the name that its columns get.
    pub values: Vec<(Arc<Expr>, Option<Arc<str>>)>,
}

/// A statement: a query, or what is about tables.
#[derive(Clone, Debug)]
pub(crate) enum Statement {
    Query(Query),
    CreateView {
        name: Arc<str>,
        columns: Vec<Arc<str>>,
        replace: bool,
        query: Query,
    },
    /// `CREATE VIEW`: one that is saved, with the text of its query.
    SaveView {
        name: Arc<str>,
        columns: Vec<Arc<str>>,
        mode: SaveMode,
        query: String,
        properties: Vec<(String, String)>,
        comment: Option<String>,
    },
    CreateDatabase {
        name: Arc<str>,
        if_not_exists: bool,
        comment: Option<String>,
    },
    DropDatabase {
        name: Arc<str>,
        if_exists: bool,
        cascade: bool,
    },
    /// `CREATE TABLE`: of a query's rows, or of no rows yet.
    CreateTable {
        name: Arc<str>,
        columns: Vec<Field>,
        query: Option<Query>,
        save: Save,
    },
    /// `CREATE TABLE name LIKE source`; without a format it is the source's.
    CreateLike {
        name: Arc<str>,
        source: Arc<str>,
        save: Save,
    },
    Insert(Box<Insert>),
    Truncate(Arc<str>, Option<PartitionSpec>),
    DropView {
        name: Arc<str>,
        /// `DROP TABLE`: a saved table too.
        table: bool,
        if_exists: bool,
    },
    Describe(Described),
    DescribeDatabase {
        name: Arc<str>,
        extended: bool,
    },
    DescribeFunction {
        name: Arc<str>,
        extended: bool,
    },
    Comment {
        on: CommentOn,
        text: Option<String>,
    },
    Analyze(Analyze),
    /// `REFRESH TABLE name`; a path, of which there are no tables but those that are saved, when there is no name.
    Refresh(Option<Arc<str>>),
    /// What Spark's tables of files don't do.
    Change(Box<Change>),
    DescribeQuery(Query),
    Explain(Query, crate::explain::ExplainMode),
    /// Of a database, the current one unless another is named.
    ShowTables(Option<Arc<str>>, Option<String>),
    ShowViews(Option<Arc<str>>, Option<String>),
    ShowColumns(Arc<str>, Option<Arc<str>>),
    ShowDatabases(Option<String>),
    ShowCatalogs(Option<String>),
    ShowFunctions {
        whose: Whose,
        within: Option<Arc<str>>,
        pattern: Option<String>,
    },
    ShowCreate(Arc<str>),
    ShowPartitions(Arc<str>, Option<PartitionSpec>),
    /// All, or one by its name.
    ShowProperties(Arc<str>, Option<String>),
    Use(Arc<str>),
    Cache {
        name: Arc<str>,
        query: Option<Query>,
    },
    Uncache {
        name: Arc<str>,
        if_exists: bool,
    },
    ClearCache,
    /// `ALTER TABLE name …`, `ALTER VIEW name …`
    Alter {
        name: Arc<str>,
        view: bool,
        change: Alter,
    },
    Set(Option<(String, Option<String>)>),
    Declare(Declared),
    SetVariables(Assigned),
    DropVariable {
        name: Arc<str>,
        if_exists: bool,
    },
    Execute(Box<Immediate>),
    CreateFunction(Box<Written>),
    DropFunction {
        name: Arc<str>,
        temporary: bool,
        if_exists: bool,
    },
}

/// `INSERT INTO` and `INSERT OVERWRITE`, into all columns unless some are named.
#[derive(Clone, Debug)]
pub(crate) struct Insert {
    pub name: Arc<str>,
    pub columns: Vec<Arc<str>>,
    /// `BY NAME`: the rows' columns go where the table's have their names.
    pub by_name: bool,
    /// `PARTITION (year = 2024, month)`: the columns of the folders, with the values that all rows have in them.
    pub partition: OpenSpec,
    /// Nothing is written when the partition is there.
    pub if_not_exists: bool,
    pub overwrite: bool,
    pub query: Query,
}

/// `DESCRIBE [EXTENDED] name [PARTITION (…)] [column]`
#[derive(Clone, Debug)]
pub(crate) struct Described {
    pub name: Arc<str>,
    pub extended: bool,
    pub partition: Option<PartitionSpec>,
    /// The parts of its name.
    pub column: Option<Vec<Arc<str>>>,
}

#[derive(Clone, Debug)]
pub(crate) enum CommentOn {
    Table(Arc<str>),
    Database(Arc<str>),
    Column { table: Arc<str>, column: Arc<str> },
}

/// `ANALYZE TABLE name COMPUTE STATISTICS …`, `ANALYZE TABLES …`
#[derive(Clone, Debug)]
pub(crate) struct Analyze {
    /// None: all of a database, the current one unless another is named.
    pub table: Option<Arc<str>>,
    pub database: Option<Arc<str>>,
    pub partition: Option<OpenSpec>,
    /// `NOSCAN`: the files' bytes alone.
    pub no_scan: bool,
    pub columns: Vec<Arc<str>>,
}

/// `UPDATE`, `DELETE FROM` and `MERGE INTO`: what they read must be there all the same.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// Spark's word for what the table doesn't support.
    pub what: &'static str,
    pub target: Relation,
    /// The name of the table that is changed.
    pub name: Arc<str>,
    pub source: Option<Relation>,
    /// Columns of the target and what they get.
    pub assigned: Vec<(Arc<Expr>, Arc<Expr>)>,
    pub conditions: Vec<Arc<Expr>>,
}

/// `(year = 2024, month = 1)`: some folders of a table.
pub(crate) type PartitionSpec = Vec<(Arc<str>, Arc<Expr>)>;

/// As [`PartitionSpec`], also without values: `(year = 2024, month)`.
pub(crate) type OpenSpec = Vec<(Arc<str>, Option<Arc<Expr>>)>;

/// What is changed of a saved table or view.
#[derive(Clone, Debug)]
pub(crate) enum Alter {
    Rename(Arc<str>),
    /// Of a view, with its text.
    Query(String, Query),
    SetProperties(Vec<(String, String)>),
    UnsetProperties(Vec<String>),
    Add(Vec<Field>),
    /// `ADD PARTITION (k = 1)`; those that are there stay as they are, or are an error.
    AddPartitions {
        specs: Vec<PartitionSpec>,
        if_not_exists: bool,
    },
    DropPartitions {
        specs: Vec<PartitionSpec>,
        if_exists: bool,
    },
    /// Folders are found when they are read: only a table without any is an error.
    RecoverPartitions,
    Location(String),
    Comment {
        column: Arc<str>,
        text: Option<String>,
    },
    /// `SET DEFAULT`, with its text, and `DROP DEFAULT`.
    Default {
        column: Arc<str>,
        text: Option<String>,
    },
    RenamePartition {
        from: PartitionSpec,
        to: PartitionSpec,
    },
    Type {
        column: Arc<str>,
        to: crate::types::DataType,
    },
    /// What Spark's tables of files don't do, of columns that must be there.
    Refused {
        columns: Vec<Arc<str>>,
        what: &'static str,
    },
}
