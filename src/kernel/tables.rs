//! Frames that the page shows as tables and may ask more of: other rows, another order, a column at a glance.

use std::collections::VecDeque;

use kindling_frame::{ColumnProfile, DataFrame, FilterTest, Spread, TableFilter, TableQuery, TableRows, TableSort};
use kindling_partition::Result;

use crate::protocol;

/// Tables that can be asked for more rows; older ones keep what they show.
const MOST: usize = 30;

/// The frames shown last, each under a name of its own among all kernels.
pub(crate) struct Tables {
    /// Tells this kernel's tables from those of one that ran before.
    prefix: String,
    shown: u32,
    frames: VecDeque<(String, DataFrame)>,
    /// The rows that were read last, so that scrolling computes nothing.
    found: Option<(String, protocol::TableQuery, TableRows)>,
}

impl Tables {
    pub fn new(entropy: u64) -> Self {
        Self { prefix: format!("{entropy:x}"), shown: 0, frames: VecDeque::new(), found: None }
    }

    /// Keeps a frame, and gives its name.
    pub fn add(&mut self, frame: DataFrame) -> String {
        if self.frames.len() == MOST {
            self.frames.pop_front();
        }
        self.shown += 1;
        let name = format!("{}-{}", self.prefix, self.shown);
        self.frames.push_back((name.clone(), frame));
        name
    }

    /// Frees what was computed for a table: a cell may need the memory.
    pub fn forget_rows(&mut self) {
        self.found = None;
    }

    pub fn read(&mut self, table: &str, query: &protocol::TableQuery, from: u32, count: u32) -> protocol::TableAnswer {
        let Some(frame) = self.frame(table) else { return protocol::TableAnswer::Gone };
        if self.found.as_ref().is_none_or(|(known, asked, _)| known != table || asked != query) {
            let frame = frame.clone();
            self.found = None;
            match frame.table_rows(&asked(query)) {
                Ok(rows) => self.found = Some((table.to_owned(), query.clone(), rows)),
                Err(error) => return protocol::TableAnswer::Failed { message: error.message().to_owned() },
            }
        }
        let Some((_, _, rows)) = &self.found else { return protocol::TableAnswer::Gone };
        protocol::TableAnswer::Rows { total: size(rows.len()), rows: rows.read(from as usize, count as usize) }
    }

    pub fn profile(&self, table: &str, column: u32) -> Option<Result<protocol::ColumnProfile>> {
        let frame = self.frame(table)?;
        Some(frame.profile(column as usize).map(told))
    }

    fn frame(&self, table: &str) -> Option<&DataFrame> {
        self.frames.iter().find(|(name, _)| name == table).map(|(_, frame)| frame)
    }
}

fn size(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn asked(query: &protocol::TableQuery) -> TableQuery {
    use protocol::FilterTest as P;
    let filter = |filter: &protocol::TableFilter| TableFilter {
        column: filter.column as usize,
        test: match filter.test {
            P::Contains => FilterTest::Contains,
            P::Equal => FilterTest::Equal,
            P::NotEqual => FilterTest::NotEqual,
            P::Less => FilterTest::Less,
            P::LessOrEqual => FilterTest::LessOrEqual,
            P::Greater => FilterTest::Greater,
            P::GreaterOrEqual => FilterTest::GreaterOrEqual,
            P::Null => FilterTest::Null,
            P::NotNull => FilterTest::NotNull,
        },
        value: filter.value.clone(),
    };
    TableQuery {
        sort: query.sort.map(|sort| TableSort { column: sort.column as usize, descending: sort.descending }),
        search: query.search.clone(),
        filters: query.filters.iter().map(filter).collect(),
    }
}

fn told(profile: ColumnProfile) -> protocol::ColumnProfile {
    protocol::ColumnProfile {
        rows: size(profile.rows),
        nulls: size(profile.nulls),
        distinct: profile.distinct.map(size),
        min: profile.min,
        max: profile.max,
        mean: profile.mean.map(kindling_python::float_repr),
        stddev: profile.stddev.map(kindling_python::float_repr),
        spread: match profile.spread {
            Spread::Histogram(counts) => protocol::Spread::Histogram { counts: counts.into_iter().map(size).collect() },
            Spread::Top(values) => protocol::Spread::Top {
                values: values.into_iter().map(|(value, rows)| protocol::ValueCount { value, rows: size(rows) }).collect(),
            },
            Spread::Unknown => protocol::Spread::Unknown,
        },
    }
}
