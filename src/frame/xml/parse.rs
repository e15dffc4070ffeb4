//! Events as values of a type: Spark's `StaxXmlParser`.

use super::events::{Broken, Event, Events, Tag, is_blank};
use super::members::Members;
use super::options::XmlOptions;
use super::values::value_of;
use super::variant::{text_variant, variant_of};
use crate::schema::same_name;
use crate::types::{DataType, Field};
use crate::value::{Row, Value};

/// Why a record has no row, or only a part of one.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The text is no XML.
    Broken(Broken),
    /// Something of it doesn't fit its type.
    Unfit,
    /// So does something within an element: what else was found.
    Partial(Vec<Value>),
}

impl From<Broken> for Failure {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

type Found<T> = Result<T, Failure>;

/// Fits events to types. Where something doesn't fit, the next event is read as if it belonged to what is around it, as Spark's parser
/// does: what stands before the failure is there, what comes after it mostly isn't.
#[derive(Clone, Copy)]
pub(crate) struct Parser<'o> {
    pub options: &'o XmlOptions,
}

/// A column while its element is read.
#[derive(Clone)]
enum Cell {
    One(Value),
    /// Of an array, whose items may stand apart.
    Many(Vec<Value>),
}

impl Parser<'_> {
    /// A text that is one record.
    ///
    /// # Errors
    /// When it is no XML, or doesn't fit.
    pub fn record(self, text: &str, fields: &[Field]) -> Found<Vec<Value>> {
        let mut events = Events::new(text);
        match events.next()? {
            Event::Start(tag) => self.row(&mut events, fields, &tag),
            _ => Err(Failure::Unfit),
        }
    }

    /// The next record of a file; none when there is no other.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    pub fn next_record(self, events: &mut Events<'_>, fields: &[Field]) -> Found<Option<Vec<Value>>> {
        match next_row_tag(events, self.options)? {
            Some(tag) => self.row(events, fields, &tag).map(Some),
            None => Ok(None),
        }
    }

    fn row(self, events: &mut Events<'_>, fields: &[Field], tag: &Tag) -> Found<Vec<Value>> {
        if self.options.single_variant_column.is_none() {
            return self.object(events, fields, &tag.attributes);
        }
        let variant = variant_of(events, &tag.attributes, self.options)?;
        Ok(fields.iter().map(|f| if f.data_type == DataType::Variant { variant.clone() } else { Value::Null }).collect())
    }

    fn object(self, events: &mut Events<'_>, fields: &[Field], attributes: &[(String, String)]) -> Found<Vec<Value>> {
        let mut cells = vec![Cell::One(Value::Null); fields.len()];
        self.attributes(fields, attributes, |i, value| cells[i] = Cell::One(value))?;
        let mut partial = false;
        loop {
            match events.next()? {
                Event::Start(tag) => partial |= self.member(events, fields, &mut cells, &tag).is_err(),
                Event::Text(text) if is_blank(&text) => {}
                Event::Text(text) => {
                    if let Some(i) = fields.iter().position(|f| *f.name == *self.options.value_tag) {
                        match &fields[i].data_type {
                            DataType::Array(element, _) => add(&mut cells[i], self.text(&text, element)?),
                            data_type => cells[i] = Cell::One(self.text(&text, data_type)?),
                        }
                    }
                }
                Event::End(_) | Event::Done => break,
            }
        }
        let value = |cell| match cell {
            Cell::One(value) => value,
            Cell::Many(items) => Value::Array(items.into()),
        };
        let values = cells.into_iter().map(value).collect();
        if partial { Err(Failure::Partial(values)) } else { Ok(values) }
    }

    /// One element of an object.
    fn member(self, events: &mut Events<'_>, fields: &[Field], cells: &mut [Cell], tag: &Tag) -> Found<()> {
        let name = self.options.name(&tag.name);
        let Some(i) = fields.iter().position(|f| same_name(&f.name, name)) else {
            return match fields.iter().position(|f| *f.name == *self.options.wildcard_column) {
                Some(any) => {
                    let value = self.field(events, &DataType::String, &[])?;
                    match &fields[any].data_type {
                        DataType::String => cells[any] = Cell::One(value),
                        DataType::Array(element, _) if **element == DataType::String => add(&mut cells[any], value),
                        _ => return Err(Failure::Unfit),
                    }
                    Ok(())
                }
                None => Ok(events.skip()?),
            };
        };
        match &fields[i].data_type {
            DataType::Struct(fields) => cells[i] = Cell::One(self.element(events, fields, tag)?),
            DataType::Array(element, _) => {
                let item = match &**element {
                    DataType::Struct(fields) => self.element(events, fields, tag)?,
                    DataType::Variant => variant_of(events, &tag.attributes, self.options)?,
                    element => self.field(events, element, &[])?,
                };
                add(&mut cells[i], item);
            }
            DataType::Variant => cells[i] = Cell::One(variant_of(events, &tag.attributes, self.options)?),
            data_type => cells[i] = Cell::One(self.field(events, data_type, &tag.attributes)?),
        }
        Ok(())
    }

    /// An element as a struct, its attributes included.
    fn element(self, events: &mut Events<'_>, fields: &[Field], tag: &Tag) -> Found<Value> {
        let mut found = Vec::new();
        self.attributes(fields, &tag.attributes, |i, value| found.push((i, value)))?;
        let mut values = match events.peek()? {
            Event::End(_) => {
                events.next()?;
                vec![Value::Null; fields.len()]
            }
            _ => self.object(events, fields, &[])?,
        };
        found.into_iter().for_each(|(i, value)| values[i] = value);
        Ok(structure(fields, values))
    }

    fn attributes(self, fields: &[Field], attributes: &[(String, String)], mut take: impl FnMut(usize, Value)) -> Found<()> {
        for (name, value) in self.options.attributes(attributes) {
            if let Some(i) = fields.iter().position(|f| same_name(&f.name, &name)) {
                let value = value.map_or(Ok(Value::Null), |value| self.text(&value, &fields[i].data_type))?;
                take(i, value);
            }
        }
        Ok(())
    }

    /// What stands in an element, whose start was the last event; its end is passed over.
    fn field(self, events: &mut Events<'_>, data_type: &DataType, attributes: &[(String, String)]) -> Found<Value> {
        if *data_type == DataType::Variant {
            return variant_of(events, &[], self.options);
        }
        loop {
            match (events.peek()?, data_type) {
                (Event::End(_), _) => {
                    events.next()?;
                    let empty = *data_type == DataType::String && self.options.null_value.as_deref() != Some("");
                    return Ok(if empty { Value::from("") } else { Value::Null });
                }
                (Event::Start(_) | Event::Text(_), DataType::Struct(fields)) => {
                    return Ok(structure(fields, self.object(events, fields, &[])?));
                }
                (Event::Start(_) | Event::Text(_), DataType::String) => {
                    let text = self.whole(events)?;
                    return self.text(&text, &DataType::String);
                }
                (Event::Start(_), DataType::Map(key, value, _)) if **key == DataType::String => return self.map(events, value, attributes),
                (Event::Start(_), DataType::Array(element, _)) => return self.field(events, element, &[]),
                (Event::Text(text), DataType::Array(element, _)) => {
                    let text = text.clone();
                    events.next()?;
                    let value = self.text(&text, element)?;
                    end(events)?;
                    return Ok(value);
                }
                (Event::Text(text), _) if is_blank(text) => {
                    events.next()?;
                }
                (Event::Text(text), _) => {
                    let value = self.text(text, data_type)?;
                    events.next()?;
                    end(events)?;
                    return Ok(value);
                }
                _ => return Err(Failure::Unfit),
            }
        }
    }

    fn map(self, events: &mut Events<'_>, value_type: &DataType, attributes: &[(String, String)]) -> Found<Value> {
        let mut members = Members::default();
        for (name, value) in attributes {
            members.set(format!("{}{name}", self.options.attribute_prefix), self.text(value, value_type)?);
        }
        loop {
            match events.next()? {
                Event::Start(tag) => {
                    let value = self.field(events, value_type, &[])?;
                    members.set(self.options.name(&tag.name).to_owned(), value);
                }
                Event::Text(text) if is_blank(&text) => {}
                Event::Text(text) => members.set(self.options.value_tag.clone(), self.text(&text, value_type)?),
                Event::End(_) | Event::Done => return Ok(members.into_map()),
            }
        }
    }

    /// All that stands in an element as it could be written, but for what was quoted.
    fn whole(self, events: &mut Events<'_>) -> Found<String> {
        let mut out = String::new();
        let mut depth = 0;
        loop {
            match events.next()? {
                Event::Start(Tag { name, attributes }) => {
                    out.push('<');
                    out.push_str(&name);
                    for (name, value) in attributes {
                        out.extend([" ", &name, "=\"", &value, "\""]);
                    }
                    out.push('>');
                    depth += 1;
                }
                Event::End(_) if depth == 0 => return Ok(out),
                Event::End(name) => {
                    out.extend(["</", &name, ">"]);
                    depth -= 1;
                }
                Event::Text(text) => out.push_str(&text),
                Event::Done => return Err(Failure::Unfit),
            }
        }
    }

    fn text(self, text: &str, data_type: &DataType) -> Found<Value> {
        match data_type {
            DataType::Variant => text_variant(text, self.options),
            _ => value_of(text, data_type, self.options).ok_or(Failure::Unfit),
        }
    }
}

/// The start of the next record, passed over; none when there is no other, also where the text ends before the document does.
///
/// # Errors
/// When the text is no XML.
pub(super) fn next_row_tag(events: &mut Events<'_>, options: &XmlOptions) -> Result<Option<Tag>, Broken> {
    loop {
        match events.next() {
            Ok(Event::Start(tag)) if options.name(&tag.name) == options.row_tag => return Ok(Some(tag)),
            Ok(Event::Done) => return Ok(None),
            Ok(_) => {}
            Err(broken) if broken.at_end => return Ok(None),
            Err(broken) => return Err(broken),
        }
    }
}

fn add(cell: &mut Cell, item: Value) {
    match cell {
        Cell::Many(items) => items.push(item),
        Cell::One(_) => *cell = Cell::Many(vec![item]),
    }
}

pub(super) fn structure(fields: &[Field], values: Vec<Value>) -> Value {
    Value::Struct(Row { names: fields.iter().map(|f| f.name.clone()).collect(), values })
}

/// Passes over an end, and blanks before it.
fn end(events: &mut Events<'_>) -> Found<()> {
    loop {
        match events.next()? {
            Event::End(_) => return Ok(()),
            Event::Text(text) if is_blank(&text) => {}
            _ => return Err(Failure::Unfit),
        }
    }
}
