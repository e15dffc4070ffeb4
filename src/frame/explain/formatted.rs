//! `explain(mode="formatted")`: the outline with numbers, then what there is to say of each step.

use super::tree::{Node, branches};

pub(super) fn text(root: &Node) -> String {
    let (mut out, mut steps) = (String::new(), Vec::new());
    let mut count = 0;
    let numbered = number(root, &mut count);
    outline(&numbered, "", "", &mut out);
    collect(&numbered, &mut steps);
    steps.sort_by_key(|step| step.0);
    out.push_str("\n\n");
    for (number, node) in steps {
        let piece = node.stage.map_or_else(String::new, |stage| format!(" [codegen id : {stage}]"));
        out.push_str(&format!("({number}) {}{piece}\n", node.name));
        node.details.iter().for_each(|line| out.push_str(&format!("{line}\n")));
        out.push('\n');
    }
    out
}

/// A step and its number: those below come first.
struct Numbered<'a> {
    number: usize,
    node: &'a Node,
    children: Vec<Numbered<'a>>,
}

fn number<'a>(node: &'a Node, count: &mut usize) -> Numbered<'a> {
    let children = node.children.iter().map(|c| number(c, count)).collect();
    *count += 1;
    Numbered { number: *count, node, children }
}

fn outline(step: &Numbered<'_>, first: &str, rest: &str, out: &mut String) {
    let star = if step.node.stage.is_some() { "* " } else { "" };
    // A join says how it joins.
    let how = step.node.details.iter().find_map(|line| line.strip_prefix("Join type: ")).map_or_else(String::new, |kind| {
        let build = ["BuildLeft", "BuildRight"].into_iter().find(|b| step.node.line.contains(b));
        format!(" {kind}{}", build.map_or_else(String::new, |b| format!(" {b}")))
    });
    out.push_str(&format!("{first}{star}{}{how} ({})\n", step.node.name, step.number));
    let mut children = step.children.iter();
    branches(step.node, rest, |_, first, rest| {
        if let Some(child) = children.next() {
            outline(child, first, rest, out);
        }
    });
}

fn collect<'a>(step: &Numbered<'a>, into: &mut Vec<(usize, &'a Node)>) {
    into.push((step.number, step.node));
    step.children.iter().for_each(|c| collect(c, into));
}
