//! A document as nodes in document order, as the JDK's parser makes them: without namespaces, attributes by their names.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Bad;
use crate::xml::{is_allowed, is_name, predefined};

/// A node's place in document order; the document itself is 0.
pub(super) type Id = usize;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Root,
    Element,
    Attribute,
    Namespace,
    Text,
    Comment,
    Instruction,
}

struct Node {
    kind: Kind,
    parent: Id,
    /// The place after all that is within it.
    end: Id,
    name: String,
    value: String,
    /// How many bytes of a text are its first node in the JDK's own tree, in which sections of CDATA are nodes of their own; none: all.
    first: Option<usize>,
}

pub(super) struct Document(Vec<Node>);

impl Document {
    /// # Errors
    /// What is wrong with the text.
    pub fn read(xml: &str) -> Result<Self, Bad> {
        let root = Node { kind: Kind::Root, parent: 0, end: 1, name: String::new(), value: String::new(), first: None };
        let mut builder = Builder { nodes: vec![root], open: vec![0], entities: Vec::new(), expanded: 0 };
        builder.content(xml, &mut Vec::new())?;
        if builder.nodes.iter().all(|node| node.kind != Kind::Element) {
            return Err("Premature end of file.".into());
        }
        builder.nodes[0].end = builder.nodes.len();
        Ok(Self(builder.nodes))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn kind(&self, id: Id) -> Kind {
        self.0[id].kind
    }

    pub fn parent(&self, id: Id) -> Option<Id> {
        (id > 0).then(|| self.0[id].parent)
    }

    pub fn end(&self, id: Id) -> Id {
        self.0[id].end
    }

    /// With its prefix.
    pub fn name(&self, id: Id) -> &str {
        &self.0[id].name
    }

    pub fn local_name(&self, id: Id) -> &str {
        let name = self.name(id);
        name.split_once(':').map_or(name, |(_, local)| local)
    }

    /// XPath's string-value: of an element all texts within it.
    pub fn text(&self, id: Id) -> String {
        match self.kind(id) {
            Kind::Root | Kind::Element => {
                self.0[id..self.end(id)].iter().filter(|node| node.kind == Kind::Text).map(|node| node.value.as_str()).collect()
            }
            _ => self.0[id].value.clone(),
        }
    }

    /// The DOM's `nodeValue`: an element has none, and a text ends where a section of CDATA begins or ends.
    pub fn own_value(&self, id: Id) -> Option<&str> {
        let node = &self.0[id];
        (!matches!(node.kind, Kind::Root | Kind::Element)).then(|| &node.value[..node.first.unwrap_or(node.value.len())])
    }
}

/// As many references to entities as the JDK follows, and as much text as they may make.
const MOST_EXPANSIONS: usize = 64_000;
const MOST_EXPANDED: usize = 50_000_000;

struct Builder {
    nodes: Vec<Node>,
    /// The elements that are not closed yet, the document first.
    open: Vec<Id>,
    /// What the document declares; external ones have no text.
    entities: Vec<(String, String)>,
    expanded: usize,
}

impl Builder {
    /// A document, or the text of the innermost of the entities that are being put in.
    fn content(&mut self, xml: &str, within: &mut Vec<String>) -> Result<(), Bad> {
        if xml.starts_with('\u{feff}') {
            return Err("Content is not allowed in prolog.".into());
        }
        let mut reader = Reader::from_str(xml);
        reader.config_mut().check_comments = true;
        reader.config_mut().expand_empty_elements = true;
        let depth = self.open.len();
        loop {
            let at_start = reader.buffer_position() == 0 && within.is_empty();
            let event = reader.read_event().map_err(|error| error.to_string())?;
            let outside = self.open.len() == 1;
            match event {
                Event::Start(tag) if outside && self.nodes.iter().any(|node| node.kind == Kind::Element) => {
                    return Err(format!("The markup in the document following the root element must be well-formed: <{}>.", name_of(&tag)));
                }
                Event::Start(tag) => self.start(&tag, within)?,
                Event::End(_) | Event::Empty(_) => self.close(),
                Event::Text(text) if outside && text.bytes().all(|b| b.is_ascii_whitespace()) => {}
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) if outside => {
                    return Err("Content is not allowed outside of the root element.".into());
                }
                Event::Text(text) if text.contains("]]>") => {
                    return Err(
                        "The character sequence \"]]>\" must not appear in content unless used to mark the end of a CDATA section.".into(),
                    );
                }
                Event::Text(text) => self.text(&allowed(&text.xml10_content())?),
                Event::CData(text) => self.section(&allowed(&text.xml10_content())?),
                Event::GeneralRef(name) => match character(&name)? {
                    Some(c) => self.text(c.encode_utf8(&mut [0; 4])),
                    None => self.entity(&name, within, Self::content)?,
                },
                Event::Comment(text) => self.leaf(Kind::Comment, "", allowed(&text.xml10_content())?),
                Event::PI(instruction) => {
                    let target = instruction.target();
                    if target.eq_ignore_ascii_case("xml") || !is_name(target) {
                        return Err("The processing instruction target matching \"[xX][mM][lL]\" is not allowed.".into());
                    }
                    self.leaf(Kind::Instruction, target, allowed(instruction.content().trim_start())?);
                }
                Event::Decl(declared) if at_start => {
                    let version = declared.version().map_err(|error| error.to_string())?;
                    if !matches!(&*version, "1.0" | "1.1") {
                        return Err(format!("XML version \"{version}\" is not supported, only XML 1.0 is supported."));
                    }
                }
                Event::Decl(_) => return Err("The processing instruction target matching \"[xX][mM][lL]\" is not allowed.".into()),
                Event::DocType(text) if outside && within.is_empty() => self.declarations(&text)?,
                Event::DocType(_) => return Err("DOCTYPE is not allowed in content.".into()),
                Event::Eof if self.open.len() == depth => return Ok(()),
                Event::Eof => return Err("XML document structures must start and end within the same entity.".into()),
            }
        }
    }

    fn push(&mut self, kind: Kind, name: &str, value: String) {
        let parent = self.open.last().copied().unwrap_or(0);
        let end = self.nodes.len() + 1;
        self.nodes.push(Node { kind, parent, end, name: name.to_owned(), value, first: None });
    }

    fn leaf(&mut self, kind: Kind, name: &str, value: String) {
        self.push(kind, name, value);
    }

    /// The text before, if nothing stands between.
    fn last_text(&mut self) -> Option<&mut Node> {
        let parent = self.open.last().copied();
        self.nodes.last_mut().filter(|node| node.kind == Kind::Text && Some(node.parent) == parent)
    }

    fn text(&mut self, text: &str) {
        match self.last_text() {
            Some(node) => node.value.push_str(text),
            None => self.push(Kind::Text, "", text.to_owned()),
        }
    }

    fn section(&mut self, text: &str) {
        if let Some(node) = self.last_text() {
            node.first.get_or_insert(node.value.len());
            node.value.push_str(text);
            return;
        }
        self.push(Kind::Text, "", text.to_owned());
        if let Some(node) = self.nodes.last_mut() {
            node.first = Some(text.len());
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, within: &mut Vec<String>) -> Result<(), Bad> {
        let name = name_of(tag);
        if !is_name(&name) {
            return Err("The markup in the document must be well-formed: an element's name must follow '<'.".into());
        }
        let mut attributes = attributes(tag.attributes_raw(), &name)?;
        attributes.sort();
        if let Some([(twice, _), _]) = attributes.array_windows().find(|[a, b]| a.0 == b.0) {
            return Err(format!("Attribute \"{twice}\" was already specified for element \"{name}\"."));
        }
        let is_root = self.open.len() == 1;
        self.push(Kind::Element, &name, String::new());
        self.open.push(self.nodes.len() - 1);
        for (attribute, raw) in attributes {
            let mut value = String::new();
            self.attribute_value(raw, &mut value, within)?;
            match attribute.strip_prefix("xmlns").filter(|rest| rest.is_empty() || rest.starts_with(':')) {
                Some(prefix) => self.leaf(Kind::Namespace, prefix.trim_start_matches(':'), value),
                None => self.leaf(Kind::Attribute, attribute, value),
            }
        }
        if is_root {
            self.leaf(Kind::Namespace, "xml", "http://www.w3.org/XML/1998/namespace".into());
        }
        Ok(())
    }

    fn close(&mut self) {
        if let Some(closed) = self.open.pop() {
            self.nodes[closed].end = self.nodes.len();
        }
    }

    /// Blanks are spaces, but those that a reference names.
    fn attribute_value(&mut self, raw: &str, value: &mut String, within: &mut Vec<String>) -> Result<(), Bad> {
        let raw = allowed(&raw.replace("\r\n", "\n"))?;
        let mut rest = raw.as_str();
        while let Some(at) = rest.find(['<', '&']) {
            value.push_str(&rest[..at].replace(['\n', '\r', '\t'], " "));
            if rest[at..].starts_with('<') {
                return Err("The value of an attribute must not contain the '<' character.".into());
            }
            let (name, after) = rest[at + 1..].split_once(';').ok_or("A reference to an entity must end with the ';' delimiter.")?;
            match character(name)? {
                Some(c) => value.push(c),
                None => self.entity(name, within, |builder, text, within| builder.attribute_value(text, value, within))?,
            }
            rest = after;
        }
        value.push_str(&rest.replace(['\n', '\r', '\t'], " "));
        Ok(())
    }

    /// Puts in what an entity stands for.
    fn entity(
        &mut self,
        name: &str,
        within: &mut Vec<String>,
        put: impl FnOnce(&mut Self, &str, &mut Vec<String>) -> Result<(), Bad>,
    ) -> Result<(), Bad> {
        if !is_name(name) {
            return Err("The entity name must immediately follow the '&' in the entity reference.".into());
        }
        let known = self.entities.iter().find(|(known, _)| known == name);
        let text = known.ok_or_else(|| format!("The entity \"{name}\" was referenced, but not declared."))?.1.clone();
        if within.iter().any(|outer| outer == name) {
            return Err(format!("Recursive entity reference \"{name}\"."));
        }
        self.expanded += text.len() + MOST_EXPANDED / MOST_EXPANSIONS;
        if self.expanded > MOST_EXPANDED || within.len() > 100 {
            return Err("The document refers to too many entities.".into());
        }
        within.push(name.to_owned());
        put(self, &text, within)?;
        within.pop();
        Ok(())
    }

    /// What stands in `<!DOCTYPE …>`: entities are known from then on. What is outside of the document is not read.
    fn declarations(&mut self, text: &str) -> Result<(), Bad> {
        let (head, inner) = match text.split_once('[') {
            Some((head, inner)) => (head, inner.trim_end().strip_suffix(']').ok_or("The document type declaration must end.")?),
            None => (text, ""),
        };
        if head.split_whitespace().nth(1).is_some() {
            return Err("The document type declaration points to a file, which isn't read here.".into());
        }
        let mut rest = inner.trim_start();
        while !rest.is_empty() {
            let end = match rest {
                comment if comment.starts_with("<!--") => comment.find("-->").map(|at| at + 3),
                other => end_of_declaration(other),
            };
            let (declaration, after) = rest.split_at(end.ok_or("The markup declarations of the document type must be well-formed.")?);
            if let Some(entity) = declaration.strip_prefix("<!ENTITY") {
                self.declare(entity.trim_end_matches('>').trim())?;
            } else if declaration.starts_with("<!ATTLIST") {
                return Err("Attributes that a document type declares (ATTLIST) are not read here.".into());
            }
            rest = after.trim_start();
        }
        Ok(())
    }

    /// `name "text"`, or `name SYSTEM "file"`; those of the declarations themselves (`% name`) are passed over.
    fn declare(&mut self, entity: &str) -> Result<(), Bad> {
        let (name, value) = entity.split_once(|c: char| c.is_ascii_whitespace()).ok_or("An entity's declaration has no text.")?;
        let value = value.trim();
        if name == "%" || self.entities.iter().any(|(known, _)| known == name) {
            return Ok(());
        }
        let quoted = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let text = match quoted {
            None => String::new(),
            Some(quote) => {
                let inner = value[1..].strip_suffix(quote).ok_or("An entity's text must end with its quote.")?;
                // References to characters are put in now, those to entities when this one is.
                let mut text = String::new();
                let mut rest = inner;
                while let Some((before, after)) = rest.split_once("&#") {
                    let (number, after) = after.split_once(';').ok_or("A reference to a character must end with the ';' delimiter.")?;
                    text.push_str(before);
                    text.extend(character(&format!("#{number}"))?);
                    rest = after;
                }
                text + rest
            }
        };
        self.entities.push((name.to_owned(), text));
        Ok(())
    }
}

/// The place after the `>` that ends a declaration, which quoted texts may have too.
fn end_of_declaration(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '>' => return Some(at + 1),
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None => {}
        }
    }
    None
}

fn name_of(tag: &BytesStart<'_>) -> String {
    tag.name().as_ref().to_owned()
}

/// The names and values of a tag as they are written.
fn attributes<'x>(text: &'x str, element: &str) -> Result<Vec<(&'x str, &'x str)>, Bad> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        if trimmed.is_empty() {
            return Ok(found);
        }
        let end = trimmed.find(|c: char| c == '=' || c.is_ascii_whitespace()).unwrap_or(trimmed.len());
        let name = &trimmed[..end];
        if trimmed.len() == rest.len() || !is_name(name) {
            return Err(format!("Element type \"{element}\" must be followed by either attribute specifications, \">\" or \"/>\"."));
        }
        let value = trimmed[end..].trim_start().strip_prefix('=');
        let value = value.ok_or_else(|| {
            format!("Attribute name \"{name}\" associated with an element type \"{element}\" must be followed by the ' = ' character.")
        })?;
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let inside = quote.and_then(|quote| value[1..].split_once(quote));
        let (value, after) = inside
            .ok_or_else(|| format!("Open quote is expected for attribute \"{name}\" associated with an element type \"{element}\"."))?;
        found.push((name, value));
        rest = after;
    }
}

/// The character that a reference names, if it names one without a declaration.
fn character(name: &str) -> Result<Option<char>, Bad> {
    let Some(number) = name.strip_prefix('#') else { return Ok(predefined(name)) };
    let code = match number.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    let found = code.ok().filter(|_| !number.contains('+')).and_then(char::from_u32).filter(|c| is_allowed(*c));
    found.map(Some).ok_or_else(|| format!("Character reference \"&{name}\" is an invalid XML character."))
}

fn allowed(text: &str) -> Result<String, Bad> {
    match text.chars().find(|c| !is_allowed(*c)) {
        None => Ok(text.to_owned()),
        Some(c) => Err(format!("An invalid XML character (Unicode: 0x{:x}) was found.", c as u32)),
    }
}
