//! Plans as drawn trees.

/// A step of a plan as it is printed.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// What the step is: `HashAggregate`.
    pub name: String,
    /// The step in one line: `HashAggregate(keys=[k#1], functions=[sum(v#2)])`.
    pub line: String,
    /// What `formatted` tells of it, line by line.
    pub details: Vec<String>,
    /// Whether Spark would compile the step together with its neighbours.
    pub fuses: bool,
    /// Whether the step gives columns where the next ones want rows.
    pub gives_columns: bool,
    /// The number of the compiled piece that the step is in.
    pub stage: Option<usize>,
    pub output: Vec<String>,
    pub children: Vec<Node>,
}

impl Node {
    pub fn new(name: impl Into<String>, line: impl Into<String>, output: Vec<String>, children: Vec<Node>) -> Self {
        Self {
            name: name.into(),
            line: line.into(),
            details: Vec::new(),
            fuses: false,
            gives_columns: false,
            stage: None,
            output,
            children,
        }
    }

    /// A step that Spark compiles.
    pub fn fusing(mut self) -> Self {
        self.fuses = true;
        self
    }

    pub fn with(mut self, details: impl IntoIterator<Item = String>) -> Self {
        self.details.extend(details);
        self
    }

    pub fn any(&self, test: &impl Fn(&Node) -> bool) -> bool {
        test(self) || self.children.iter().any(|c| c.any(test))
    }
}

/// The tree, a line for each step, the last one first.
pub(super) fn drawn(node: &Node) -> String {
    let mut out = String::new();
    draw(node, "", "", &mut out);
    out
}

fn draw(node: &Node, first: &str, rest: &str, out: &mut String) {
    let star = node.stage.map_or_else(String::new, |n| format!("*({n}) "));
    out.push_str(&format!("{first}{star}{}\n", node.line));
    branches(node, rest, |child, first, rest| draw(child, first, rest, out));
}

/// Each child with what is drawn before its line and before those below it.
pub(super) fn branches(node: &Node, rest: &str, mut each: impl FnMut(&Node, &str, &str)) {
    // What is kept hangs deeper, as another plan.
    let indent = if node.name.starts_with("InMemory") { "   " } else { "" };
    for (i, child) in node.children.iter().enumerate() {
        let (branch, below) = if i + 1 == node.children.len() { ("+- ", "   ") } else { (":- ", ":  ") };
        each(child, &format!("{rest}{indent}{branch}"), &format!("{rest}{indent}{below}"));
    }
}
