//! One error for everything below the notebook: its kind, what was expected, and where.

use std::fmt;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, told to the person who wrote the cell. Boxed, so that a `Result` stays small.
#[derive(Clone, Debug, PartialEq)]
pub struct Error(Box<Repr>);

#[derive(Clone, Debug, PartialEq)]
struct Repr {
    kind: ErrorKind,
    condition: Option<&'static str>,
    message: String,
    position: Option<Position>,
}

/// Where in a file the error is, both counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    pub path: String,
    pub line: u64,
    pub column: u64,
}

/// The exception a PySpark user would catch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The plan can't be made: an unknown column, a type that doesn't fit.
    Analysis,
    /// SQL text or an expression string that doesn't parse.
    Parse,
    /// A parameter outside its range, a setting that doesn't exist.
    IllegalArgument,
    /// A value of the wrong Python type.
    Type,
    /// A value of the right type that makes no sense.
    Value,
    /// Overflow or division by zero under ANSI rules.
    Arithmetic,
    /// A string that isn't the number it should be.
    NumberFormat,
    /// A string that isn't the date or timestamp it should be.
    DateTime,
    /// An index outside an array.
    ArrayIndex,
    /// Data in a file or column that can't be used.
    Runtime,
    /// A Python function of rows raised an exception.
    Python,
    /// No such file.
    FileNotFound,
    /// Part of Spark that Kindling doesn't have.
    Unsupported,
    /// The reader pressed Stop.
    Cancelled,
    /// The job needs more memory than there is.
    OutOfMemory,
}

impl ErrorKind {
    /// The name of the Python exception class.
    pub fn class_name(self) -> &'static str {
        match self {
            Self::Analysis => "AnalysisException",
            Self::Parse => "ParseException",
            Self::IllegalArgument => "IllegalArgumentException",
            Self::Type => "PySparkTypeError",
            Self::Value => "PySparkValueError",
            Self::Arithmetic => "ArithmeticException",
            Self::Python => "PythonException",
            Self::NumberFormat => "NumberFormatException",
            Self::DateTime => "DateTimeException",
            Self::ArrayIndex => "ArrayIndexOutOfBoundsException",
            Self::Runtime => "SparkRuntimeException",
            Self::FileNotFound => "AnalysisException",
            Self::Unsupported => "NotImplementedError",
            Self::Cancelled => "KeyboardInterrupt",
            Self::OutOfMemory => "MemoryError",
        }
    }
}

impl Error {
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Repr { kind, condition: None, message: message.into(), position: None }))
    }

    pub fn analysis(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Analysis, message)
    }

    pub fn illegal_argument(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::IllegalArgument, message)
    }

    pub fn type_error(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Type, message)
    }

    pub fn value_error(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Value, message)
    }

    pub fn runtime(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Runtime, message)
    }

    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unsupported, message)
    }

    pub fn cancelled() -> Self {
        Self::new(ErrorKind::Cancelled, "")
    }

    /// Names the condition of Spark's error documentation, for example `UNRESOLVED_COLUMN.WITH_SUGGESTION`.
    #[must_use]
    pub fn with_condition(mut self, condition: &'static str) -> Self {
        self.0.condition = Some(condition);
        self
    }

    /// Says where in a file the error is.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>, line: u64, column: u64) -> Self {
        self.0.position = Some(Position { path: path.into(), line, column });
        self
    }

    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Spark's name of the error condition, where Spark has the same error.
    pub fn condition(&self) -> Option<&'static str> {
        self.0.condition
    }

    pub fn message(&self) -> &str {
        &self.0.message
    }

    pub fn position(&self) -> Option<&Position> {
        self.0.position.as_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(condition) = self.0.condition {
            write!(f, "[{condition}] ")?;
        }
        if let Some(Position { path, line, column }) = &self.0.position {
            write!(f, "{path}, line {line}, column {column}: ")?;
        }
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_says_where_and_what() {
        let error = Error::runtime("expected a number, found 'abc'").at("/files/a.csv", 3, 2);
        assert_eq!(error.to_string(), "/files/a.csv, line 3, column 2: expected a number, found 'abc'");
    }

    #[test]
    fn the_condition_comes_first() {
        let error = Error::analysis("no").with_condition("UNRESOLVED_COLUMN");
        assert_eq!(error.to_string(), "[UNRESOLVED_COLUMN] no");
    }
}
