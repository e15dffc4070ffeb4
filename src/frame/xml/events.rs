//! A text of XML as events, one after the other: what `javax.xml.stream`'s reader gives Spark, which is stricter than the crate below it.

use std::fmt;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event as Raw};

/// Spark's reader goes no deeper.
const MOST_DEPTH: usize = 1000;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Event {
    Start(Tag),
    End(String),
    /// Text with what it refers to put in, sections of CDATA included.
    Text(String),
    /// The document is over.
    Done,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
}

/// The text is no XML.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Broken {
    /// The position in the text.
    pub at: usize,
    pub why: String,
    /// Whether the text ends before the document does.
    pub at_end: bool,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

/// Comments and processing instructions are passed over; they part texts. After what is broken nothing comes but the same error.
pub(crate) struct Events<'x> {
    reader: Reader<&'x [u8]>,
    /// Read from the text but not yet part of an event.
    ahead: Option<Raw<'x>>,
    peeked: Option<Event>,
    depth: usize,
    has_root: bool,
    broken: Option<Broken>,
}

impl<'x> Events<'x> {
    pub fn new(text: &'x str) -> Self {
        let mut reader = Reader::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
        let config = reader.config_mut();
        config.check_comments = true;
        config.expand_empty_elements = true;
        config.trim_markup_names_in_closing_tags = true;
        Self { reader, ahead: None, peeked: None, depth: 0, has_root: false, broken: None }
    }

    /// The next event, which stays the next.
    ///
    /// # Errors
    /// When the text is no XML.
    pub fn peek(&mut self) -> Result<&Event, Broken> {
        let event = match self.peeked.take() {
            Some(event) => event,
            None => self.read()?,
        };
        Ok(self.peeked.insert(event))
    }

    /// # Errors
    /// When the text is no XML.
    pub fn next(&mut self) -> Result<Event, Broken> {
        match self.peeked.take() {
            Some(event) => Ok(event),
            None => self.read(),
        }
    }

    /// Passes over what stands in an element whose start was the last event, its end included.
    ///
    /// # Errors
    /// When the text is no XML.
    pub fn skip(&mut self) -> Result<(), Broken> {
        let mut within = 0_usize;
        loop {
            match self.next()? {
                Event::Start(_) => within += 1,
                Event::End(_) if within == 0 => return Ok(()),
                Event::End(_) => within -= 1,
                Event::Text(_) => {}
                Event::Done => return Err(self.fail("the document ends within an element")),
            }
        }
    }

    /// How far the text is read.
    pub fn position(&self) -> usize {
        self.reader.buffer_position() as usize
    }

    fn fail(&mut self, why: impl Into<String>) -> Broken {
        self.stop(why.into(), false)
    }

    fn stop(&mut self, why: String, at_end: bool) -> Broken {
        self.broken.get_or_insert(Broken { at: self.reader.buffer_position() as usize, why, at_end }).clone()
    }

    fn raw(&mut self) -> Result<Raw<'x>, Broken> {
        if let Some(broken) = &self.broken {
            return Err(broken.clone());
        }
        if let Some(raw) = self.ahead.take() {
            return Ok(raw);
        }
        match self.reader.read_event() {
            Ok(raw) => Ok(raw),
            Err(quick_xml::Error::Syntax(error)) => Err(self.stop(error.to_string(), true)),
            Err(error) => Err(self.fail(error.to_string())),
        }
    }

    fn read(&mut self) -> Result<Event, Broken> {
        loop {
            let start = self.reader.buffer_position() == 0;
            let raw = self.raw()?;
            if self.depth == 0 && !matches!(raw, Raw::Start(_)) {
                match raw {
                    Raw::Eof if self.has_root => return Ok(Event::Done),
                    Raw::Eof => return Err(self.stop("there is no element".into(), true)),
                    Raw::Text(text) if is_blank(&text) => {}
                    Raw::Decl(_) if start => {}
                    Raw::DocType(_) if !self.has_root => {}
                    Raw::Comment(_) | Raw::PI(_) => {}
                    _ => return Err(self.fail("only one element may stand at the top, and nothing beside it")),
                }
                continue;
            }
            match raw {
                Raw::Start(_) if self.depth == 0 && self.has_root => return Err(self.fail("only one element may stand at the top")),
                Raw::Start(_) if self.depth == MOST_DEPTH => return Err(self.fail(format!("elements are nested deeper than {MOST_DEPTH}"))),
                Raw::Start(tag) => {
                    let tag = self.tag(&tag)?;
                    self.depth += 1;
                    self.has_root = true;
                    return Ok(Event::Start(tag));
                }
                Raw::End(tag) => {
                    self.depth -= 1;
                    return Ok(Event::End(tag.name().as_ref().to_owned()));
                }
                Raw::Comment(_) | Raw::PI(_) => {}
                Raw::Text(_) | Raw::CData(_) | Raw::GeneralRef(_) => {
                    self.ahead = Some(raw);
                    let text = self.text()?;
                    if !text.is_empty() {
                        return Ok(Event::Text(text));
                    }
                }
                Raw::Eof => return Err(self.stop("an element has no end".into(), true)),
                _ => return Err(self.fail("a declaration stands within an element")),
            }
        }
    }

    /// Texts, references and sections of CDATA that follow each other.
    fn text(&mut self) -> Result<String, Broken> {
        let mut whole = String::new();
        loop {
            match self.raw()? {
                Raw::Text(text) if text.contains("]]>") => return Err(self.fail("a text has ]]> in it")),
                Raw::Text(text) => whole.push_str(&text.xml10_content()),
                Raw::CData(text) => whole.push_str(&text.xml10_content()),
                Raw::GeneralRef(reference) => match (reference.resolve_char_ref(), predefined(&reference)) {
                    (Ok(Some(c)), _) => whole.push(c),
                    (_, Some(c)) => whole.push(c),
                    _ => return Err(self.fail(format!("the entity &{}; is unknown", &*reference))),
                },
                other => {
                    self.ahead = Some(other);
                    break;
                }
            }
        }
        match whole.chars().find(|c| !is_allowed(*c)) {
            None => Ok(whole),
            Some(c) => Err(self.fail(format!("a text has the character U+{:04X} in it", c as u32))),
        }
    }

    fn tag(&mut self, tag: &BytesStart<'_>) -> Result<Tag, Broken> {
        let name = tag.name().as_ref().to_owned();
        if !is_name(&name) {
            return Err(self.fail(format!("'{name}' is no name")));
        }
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| self.fail(error.to_string()))?;
            let name = attribute.key.as_ref();
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).map_err(|error| self.fail(error.to_string()))?;
            if !is_name(name) || attribute.value.contains('<') || !value.chars().all(is_allowed) {
                return Err(self.fail(format!("the attribute '{name}' of <{}> has no good value", tag.name().as_ref())));
            }
            attributes.push((name.to_owned(), value.into_owned()));
        }
        Ok(Tag { name, attributes })
    }
}

/// What XML itself names.
pub(crate) fn predefined(entity: &str) -> Option<char> {
    Some(match entity {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "apos" => '\'',
        "quot" => '"',
        _ => return None,
    })
}

/// Whether a text is nothing but blanks, as Java sees it.
pub(crate) fn is_blank(text: &str) -> bool {
    text.bytes().all(|b| b <= b' ')
}

/// The text without the blanks around it, as Java sees them.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(|c| c <= ' ')
}

/// Whether elements and attributes may be called so.
pub(crate) fn is_name(text: &str) -> bool {
    let starts = |c: char| c.is_alphabetic() || matches!(c, '_' | ':');
    text.starts_with(starts)
        && text.chars().all(|c| starts(c) || c.is_alphanumeric() || matches!(c, '-' | '.' | '\u{b7}' | '\u{300}'..='\u{36f}'))
}

/// Whether XML 1.0 has the character.
pub(crate) fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}
