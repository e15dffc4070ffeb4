//! The text of a cell, for tracebacks.

/// One piece of source text under a name.
pub struct Source {
    pub file_name: String,
    pub text: String,
    line_starts: Vec<u32>,
    /// Modules of the library: their frames don't appear in tracebacks.
    pub internal: bool,
}

/// A place in a source: line from 1, column in characters from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: u32,
    pub column: u32,
}

impl Source {
    pub fn new(file_name: &str, text: &str, internal: bool) -> Source {
        let mut line_starts = vec![0];
        line_starts.extend(text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(at, _)| at as u32 + 1));
        Source { file_name: file_name.into(), text: text.into(), line_starts, internal }
    }

    /// The line of a byte offset, from 1.
    pub fn line_of(&self, offset: u32) -> u32 {
        self.line_starts.partition_point(|&start| start <= offset) as u32
    }

    pub fn place(&self, offset: u32) -> Place {
        let line = self.line_of(offset);
        let start = self.line_starts[line as usize - 1] as usize;
        let end = (offset as usize).min(self.text.len());
        let column = self.text.get(start..end).map_or(0, |text| text.chars().count()) as u32;
        Place { line, column }
    }

    /// Where the text of a line (from 1) begins and ends.
    pub fn line_span(&self, line: u32) -> (u32, u32) {
        let text = self.line(line);
        let start = self.line_starts.get((line as usize).wrapping_sub(1)).copied().unwrap_or_default();
        let indent = (text.len() - text.trim_start().len()) as u32;
        (start + indent, start + text.trim_end().len() as u32)
    }

    /// The text of a line (from 1), without its end.
    pub fn line(&self, line: u32) -> &str {
        let Some(&start) = self.line_starts.get((line as usize).wrapping_sub(1)) else { return "" };
        let end = self.line_starts.get(line as usize).map_or(self.text.len(), |&next| next as usize - 1);
        self.text[start as usize..end].trim_end_matches('\r')
    }

    pub fn line_start(&self, line: u32) -> u32 {
        self.line_starts.get((line as usize).wrapping_sub(1)).copied().unwrap_or(0)
    }
}
