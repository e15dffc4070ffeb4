//! What Rust lends to Python: objects with operators, classes with signatures, exceptions, modules; and what it gets back.

use std::cell::Cell;
use std::rc::Rc;

use kindling_python::{
    ClassBuilder, Host, Interpreter, Member, MemberKind, NativeObject, Operator, PyError, PyModule, PyResult, Stream, Types, UnaryOperator,
    Value, Vm,
};

/// Counts polls, and interrupts after some.
struct Quiet {
    output: Rc<Cell<String>>,
    polls_left: u32,
}

impl Host for Quiet {
    fn write(&mut self, _: Stream, text: &str) {
        let mut output = self.output.take();
        output.push_str(text);
        self.output.set(output);
    }
    fn poll(&mut self) -> bool {
        self.polls_left = self.polls_left.saturating_sub(1);
        self.polls_left == 0
    }
    fn now(&self) -> f64 {
        0.0
    }
    fn sleep(&mut self, _: f64) -> bool {
        true
    }
    fn entropy(&mut self) -> u64 {
        1
    }
}

/// An expression over a column, as Spark's `Column` is one.
#[derive(Clone)]
struct Column(String);

impl NativeObject for Column {
    fn class_name(&self) -> &str {
        "Column"
    }
    fn binary(&self, vm: &mut Vm, _: &Value, operator: Operator, other: &Value, reflected: bool) -> PyResult<Option<Value>> {
        let other = match other.as_native::<Column>() {
            Some(column) => column.0.clone(),
            None => vm.repr(other)?,
        };
        let (left, right) = if reflected { (&other, &self.0) } else { (&self.0, &other) };
        Ok(Some(Value::native(Column(format!("({left} {} {right})", operator.symbol())))))
    }
    fn unary(&self, _: &mut Vm, _: &Value, _: UnaryOperator) -> PyResult<Option<Value>> {
        Ok(Some(Value::native(Column(format!("NOT {}", self.0)))))
    }
    fn truth(&self, _: &mut Vm) -> PyResult<Option<bool>> {
        Err(PyError::value_error("Cannot convert column into bool"))
    }
    fn repr(&self, _: &mut Vm) -> PyResult<String> {
        Ok(format!("Column<'{}'>", self.0))
    }
}

/// A table, as Spark's `DataFrame` is one, of its columns' names.
struct Frame(&'static [&'static str]);

impl NativeObject for Frame {
    fn class_name(&self) -> &str {
        "DataFrame"
    }
    fn members(&self) -> Vec<Member> {
        let column = |name: &&str| Member { name: (*name).into(), kind: MemberKind::Column, signature: String::new(), doc: String::new() };
        self.0.iter().map(column).collect()
    }
}

fn interpreter(polls: u32) -> (Interpreter, Rc<Cell<String>>) {
    let output = Rc::new(Cell::new(String::new()));
    let mut interpreter = Interpreter::new(Quiet { output: output.clone(), polls_left: polls });
    let class = ClassBuilder::new("Column", "pyspark.sql")
        .constructor("(name, *, quoted=False)", |_, _, values| Ok(Value::native(Column(values[0].as_str().unwrap_or("").into()))))
        .doc("An expression over columns.")
        .method("alias(self, name: str, metadata=None) -> Column", "The same under another name.", |_, values| {
            Ok(Value::native(Column(format!(
                "{} AS {}",
                values[0].as_native::<Column>().map_or("", |c| &c.0),
                values[1].as_str().unwrap_or("")
            ))))
        })
        .property("width", "int: how long the expression is", |_, this| {
            Ok(Value::from(this.as_native::<Column>().map_or(0, |c| c.0.len())))
        })
        .build();
    interpreter.vm().register_class(&class);
    let error = ClassBuilder::exception("AnalysisException", "pyspark.errors", &Types::get().exception_named("Exception")).build();
    let raised = error.clone();
    interpreter.add_module(
        PyModule::new("pyspark.sql.functions")
            .with("Column", class)
            .with(
                "col",
                Value::function("col(col: str) -> Column", "A column by its name.", |_, values| {
                    Ok(Value::native(Column(values[0].as_str().unwrap_or("").into())))
                }),
            )
            .with("people", Value::native(Frame(&["age", "name"])))
            .with("places", Value::native(Frame(&["area", "name"])))
            .with("fail", Value::function("fail()", "", move |_, _| Err(PyError::of(&raised, vec![Value::str("no such column")])))),
    );
    interpreter.add_module(PyModule::new("pyspark.errors").with("AnalysisException", error));
    (interpreter, output)
}

fn output(source: &str) -> String {
    let (mut interpreter, output) = interpreter(u32::MAX);
    if let Err(error) = interpreter.run_cell("<cell>", source) {
        panic!("{}", interpreter.traceback(&error).text);
    }
    output.take()
}

#[test]
fn operators_reach_native_objects_from_both_sides() {
    let source =
        "import pyspark.sql.functions as F\nage = F.col('age')\nprint(age > 30, 1 + age, ~(age == 'x'), (age > 1) & (age < 5), -age)\n";
    assert_eq!(
        output(source),
        "Column<'(age > 30)'> Column<'(1 + age)'> Column<'NOT (age == 'x')'> Column<'((age > 1) & (age < 5))'> Column<'NOT age'>\n"
    );
}

#[test]
fn methods_properties_and_isinstance_come_from_the_declared_class() {
    let source = "from pyspark.sql.functions import Column, col as c\nx = Column('a', quoted=True).alias(name='b')\nprint(x, x.width, isinstance(x, Column), type(c('q')) is Column, Column)\n";
    assert_eq!(output(source), "Column<'a AS b'> 6 True True <class 'pyspark.sql.Column'>\n");
}

#[test]
fn binding_errors_are_those_of_python() {
    let source = "from pyspark.sql.functions import col\nfor call in (lambda: col(), lambda: col('a', 2), lambda: col(x=1), lambda: col('a').alias()):\n    try:\n        call()\n    except TypeError as e:\n        print(e)\n";
    assert_eq!(
        output(source),
        "col() missing 1 required positional argument: 'col'\ncol() takes 1 positional argument but 2 were given\ncol() got an unexpected keyword argument 'x'\nColumn.alias() missing 1 required positional argument: 'name'\n"
    );
}

#[test]
fn native_exceptions_are_caught_by_class_and_shown_with_their_module() {
    let source = "from pyspark.sql.functions import fail\nfrom pyspark.errors import AnalysisException\ntry:\n    fail()\nexcept AnalysisException as e:\n    print('caught', e)\n";
    assert_eq!(output(source), "caught no such column\n");
    let (mut interpreter, _) = interpreter(u32::MAX);
    let error = interpreter.run_cell("<cell 2>", "import pyspark.sql.functions as F\nF.fail()\n").expect_err("it fails");
    let traceback = interpreter.traceback(&error);
    assert_eq!(
        traceback.text,
        "Traceback (most recent call last):\n  File \"<cell 2>\", line 2, in <module>\n    F.fail()\npyspark.errors.AnalysisException: no such column\n"
    );
    assert_eq!((traceback.frames[0].line, traceback.frames[0].column, traceback.frames[0].end_column), (2, 0, 8));
}

#[test]
fn a_syntax_error_has_its_place_for_a_frame() {
    let (mut interpreter, _) = interpreter(u32::MAX);
    let error = interpreter.run_cell("<cell 3>", "x = 1\nprint(x y)").expect_err("it can't be read");
    let traceback = interpreter.traceback(&error);
    assert_eq!(traceback.message, "invalid syntax. Perhaps you forgot a comma?");
    let place = &traceback.frames[0];
    assert_eq!((place.file_name.as_str(), place.line, place.column, place.end_line, place.end_column), ("<cell 3>", 2, 6, 2, 9));
    assert_eq!(output("e = SyntaxError('bad')\nprint(e)\ne.lineno = 3\nprint(e)"), "bad\nbad (line 3)\n");
}

#[test]
fn a_column_has_no_truth() {
    let (mut interpreter, _) = interpreter(u32::MAX);
    let error = interpreter.run_cell("<cell>", "from pyspark.sql.functions import col\nif col('a') and 1: pass").expect_err("no truth");
    assert_eq!(error.message(), "Cannot convert column into bool");
}

#[test]
fn the_last_expression_is_the_result_unless_hidden() {
    let (mut interpreter, _) = interpreter(u32::MAX);
    let value = interpreter.run_cell("<cell>", "x = 20\nx + 1").expect("it runs").expect("a value");
    assert_eq!(value.as_i64(), Some(21));
    assert!(interpreter.run_cell("<cell>", "x + 1;").expect("it runs").is_none());
    assert!(interpreter.run_cell("<cell>", "x = 3").expect("it runs").is_none());
    assert!(interpreter.run_cell("<cell>", "None").expect("it runs").is_none());
}

#[test]
fn an_interrupt_stops_loops_in_python_and_in_rust() {
    for source in [
        "while True:\n    pass",
        "sum(range(10**15))",
        "def f():\n    for i in iter(int, 1):\n        pass\nf()",
        "max(x for x in iter(int, 1))",
    ] {
        let (mut interpreter, _) = interpreter(5);
        let error = interpreter.run_cell("<cell>", source).expect_err("interrupted");
        assert_eq!(error.class_name(), "KeyboardInterrupt", "{source}");
        assert!(interpreter.run_cell("<cell>", "x = 1").is_ok());
    }
}

#[test]
fn completion_knows_columns_inside_strings() {
    let (mut interpreter, _) = interpreter(u32::MAX);
    interpreter.run_cell("<cell>", "from pyspark.sql.functions import people, places, col").expect("it runs");
    let mut names = |source: &str| -> (usize, Vec<String>) {
        let found = interpreter.complete("", source, source.len());
        (found.from, found.options.into_iter().map(|option| option.name).collect())
    };
    let of = |from, names: &[&str]| (from, names.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(names("people.select(\"a"), of(15, &["age"]));
    assert_eq!(names("people['"), of(8, &["age", "name"]));
    assert_eq!(names("people.drop(*['age', '"), of(22, &["age", "name"]));
    // Whose column it is, nobody knows.
    assert_eq!(names("people.filter(x).select('a"), of(25, &["age", "area"]));
    assert_eq!(names("col('a"), of(5, &["age", "area"]));
    assert_eq!(names("col('"), of(5, &[]));
    assert_eq!(names("print('a"), of(7, &[]));
}

#[test]
fn completion_knows_members_parameters_names_and_modules() {
    let (mut interpreter, _) = interpreter(u32::MAX);
    interpreter
        .run_cell("<cell>", "import pyspark.sql.functions as F\nage = F.col('age')\ndef train(data, depth=3, *, seed=None): pass\n")
        .expect("it runs");
    let mut names = |source: &str| -> Vec<String> {
        interpreter.complete("", source, source.len()).options.into_iter().map(|option| option.name).collect()
    };
    assert_eq!(names("age.al"), ["alias"]);
    assert_eq!(names("F.col('x').wi"), ["width"]);
    assert_eq!(names("train(de"), ["depth=", "delattr", "def", "del"]);
    assert_eq!(names("import pyspark.sql.f"), ["functions"]);
    assert_eq!(names("from pyspark.sql.functions import Co"), ["Column"]);
    assert!(names("tra").contains(&"train".to_string()));
    assert!(names("'a'.upp").contains(&"upper".to_string()));
    for nothing in ["print('ag", "train('a')", "age['x']", "# ag"] {
        assert_eq!(names(nothing), [""; 0], "{nothing}");
    }
    let variable = interpreter.complete("", "ag", 2).options.remove(0);
    assert_eq!((variable.name.as_str(), variable.kind, variable.signature.as_str()), ("age", MemberKind::Variable, "Column"));
    let help = interpreter.inspect("", "age.alias(", 10).expect("help");
    assert_eq!((help.name.as_str(), help.kind, help.signature.as_str()), ("age.alias", MemberKind::Method, "(name: str, metadata=None)"));
    assert_eq!(help.doc, "The same under another name.");
}

#[test]
fn cells_above_that_did_not_run_tell_what_their_names_will_be() {
    let (mut interpreter, _) = interpreter(u32::MAX);
    let above = "import pyspark.sql.functions as F\nfrom pyspark.sql.functions import (\n    col as c,\n    people\n)\nage = F.col(\n    'age'\n)\nother = age.alias('b')\nq = '''\n";
    let mut names = |above: &str, source: &str| -> Vec<String> {
        interpreter.complete(above, source, source.len()).options.into_iter().map(|option| option.name).collect()
    };
    let closed = above.trim_end_matches("q = '''\n");
    assert_eq!(names(closed, "age.al"), ["alias"]);
    assert_eq!(names(closed, "other.wi"), ["width"]);
    assert_eq!(names(closed, "c('x').al"), ["alias"]);
    assert_eq!(names("", "age = 3\nage == age.al"), [""; 0]);
    assert_eq!(names(closed, "people.select('a"), ["age"]);
    assert!(names(closed, "oth").contains(&"other".to_string()));
    // The open string of a cell above is not this cell's.
    assert!(names(above, "pri").contains(&"print".to_string()));
}

#[test]
fn the_call_around_the_cursor_says_which_parameter_is_next() {
    let (mut interpreter, _) = interpreter(u32::MAX);
    let above = "import pyspark.sql.functions as F\n";
    interpreter.run_cell("<cell>", "def train(data, depth: int = 3, *rest, seed=None, **more):\n    'Trains.'").expect("it runs");
    let mut active = |source: &str| interpreter.signature_help(above, source, source.len()).map(|help| (help.name, help.active));
    let at = |active| Some(("train".to_string(), active));
    assert_eq!(active("train("), at(Some(0)));
    assert_eq!(active("train(a, [1, 2"), at(Some(1)));
    assert_eq!(active("train(a, (2, 'x, y"), at(Some(1)));
    assert_eq!(active("train(f(a, b), 2, 3, 4, "), at(Some(2)));
    assert_eq!(active("train(a, seed=1"), at(Some(3)));
    assert_eq!(active("train(a)"), None);
    assert_eq!(active("train  # ("), None);
    assert_eq!(active("F.col('x').alias("), Some(("alias".to_string(), Some(0))));
    let help = interpreter.signature_help("", "train(", 6).expect("help");
    assert_eq!(help.parameters, ["data", "depth: int = 3", "*rest", "seed=None", "**more"]);
    assert_eq!(help.doc, "Trains.");
}

fn messages(cells: &[&str]) -> Vec<String> {
    let problems = interpreter(u32::MAX).0.problems(cells);
    problems
        .iter()
        .map(|problem| format!("{}: {} {}", problem.cell, &cells[problem.cell][problem.range.clone()], problem.message))
        .collect()
}

#[test]
fn names_that_nothing_defines_are_found_and_others_not() {
    assert_eq!(
        messages(&["a = 1\nprint(a, b)", "b = later", "def later(): return a + late"]),
        ["2: late name 'late' is not defined. Did you mean: 'later'?"]
    );
    let fine = "import os.path as p, math
from itertools import *
class A:
    x = 1
    y = [x for x in range(3)]
    def f(self, *args, k=x, **more):
        global g
        g = lambda z: z + k
        return __class__, self, args, more, g
try:
    with open('a') as file, p.join('a') as (b, [c, *d]):
        del b
except (ValueError, OSError) as error:
    print(error, file, c, d, math, chain, __name__)
match A():
    case {'k': [first, *rest], **others} if (n := first): print(n, rest, others)
for i, [j] in {}: print(f'{i!r:>{j}}')
v: int
async_ = [m for l in [[1]] for m in l]
";
    assert_eq!(messages(&[fine]), Vec::<String>::new());
    assert_eq!(messages(&["[q for q in 'a']\nq"]), ["0: q name 'q' is not defined"]);
}

#[test]
fn syntax_errors_have_their_place_and_silence_the_rest() {
    assert_eq!(messages(&["unknown", "x = = 1"]), ["1: = invalid syntax"]);
    assert_eq!(messages(&["def f():\n    nonlocal x"]).len(), 1);
}

#[test]
fn a_variable_is_found_in_all_cells_and_a_local_only_in_its_function() {
    let cells = ["total = 1\ndef f(total):\n    return total", "print(total)\ntotal += 1", "x.total = 2; f(total=3)"];
    let (interpreter, _) = interpreter(u32::MAX);
    let at = |cell: usize, offset: usize| {
        let found = interpreter.occurrences(&cells, cell, offset);
        found.iter().map(|o| (o.cell, o.range.start, o.binds)).collect::<Vec<_>>()
    };
    assert_eq!(at(0, 0), [(0, 0, true), (1, 6, false), (1, 13, true)]);
    assert_eq!(at(1, 11), at(0, 3));
    assert_eq!(at(0, 16), [(0, 16, true), (0, 35, false)]);
    assert_eq!(at(0, 8), []);
}
