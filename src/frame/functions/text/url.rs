//! The parts of URLs: Spark's `ParseUrl`, over Java's `URI`.

use kindling_partition::{Error, Result};

use super::super::declare::{Cells, Function, Outcome, params};
use crate::coerce::expect;
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows(
        "parse_url",
        "A part of a URL: HOST, PATH, QUERY, REF, PROTOCOL, FILE, AUTHORITY or USERINFO.",
        params!("url", "partToExtract", "~key"),
        |a| resolve("parse_url", a),
        |c| match split(c.text(0)) {
            Some(url) => Ok(part(&url, c)),
            None => {
                let text =
                    format!("The url is invalid: {}. Use `try_parse_url` to tolerate invalid URL and return NULL instead.", c.text(0));
                Err(Error::illegal_argument(text).with_condition("INVALID_URL"))
            }
        },
    ),
    Function::rows(
        "try_parse_url",
        "As parse_url, but null for what is no URL.",
        params!("url", "partToExtract", "~key"),
        |a| resolve("try_parse_url", a),
        |c| Ok(split(c.text(0)).map_or(Value::Null, |url| part(&url, c))),
    ),
];

fn resolve(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    for i in 0..args.len() {
        expect(name, args, i, &DataType::String)?;
    }
    Ok(Outcome::new(DataType::String, true))
}

#[derive(Default)]
struct Url<'a> {
    scheme: Option<&'a str>,
    authority: Option<&'a str>,
    path: &'a str,
    query: Option<&'a str>,
    fragment: Option<&'a str>,
}

/// The parts by RFC 2396; none when a character stands there that may not.
fn split(text: &str) -> Option<Url<'_>> {
    let allowed = |c: char| !c.is_whitespace() && !c.is_control() && !"\"<>\\^`{|}".contains(c);
    let escaped = |at: usize| text.get(at + 1..at + 3).is_some_and(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
    if text.is_empty() || !text.chars().all(allowed) || text.match_indices('%').any(|(at, _)| !escaped(at)) {
        return None;
    }
    let mut url = Url::default();
    let (rest, fragment) = text.split_once('#').map_or((text, None), |(a, b)| (a, Some(b)));
    url.fragment = fragment;
    let (rest, query) = rest.split_once('?').map_or((rest, None), |(a, b)| (a, Some(b)));
    url.query = query;
    let scheme = rest.split_once(':').filter(|(s, _)| {
        s.starts_with(|c: char| c.is_ascii_alphabetic()) && s.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    });
    let rest = match scheme {
        Some((scheme, rest)) => {
            url.scheme = Some(scheme);
            rest
        }
        None => rest,
    };
    match rest.strip_prefix("//") {
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            url.authority = Some(&rest[..end]).filter(|a| !a.is_empty());
            url.path = &rest[end..];
        }
        None => url.path = rest,
    }
    Some(url)
}

fn part(url: &Url<'_>, c: &Cells<'_>) -> Value {
    let host = || {
        let authority = url.authority?;
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let bare = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).map_or(host, |(host, _)| host);
        Some(bare).filter(|h| !h.is_empty())
    };
    let file = || match url.query {
        Some(query) => format!("{}?{query}", url.path),
        None => url.path.to_owned(),
    };
    let key = c.values.get(2).map(|_| c.text(2));
    match (c.text(1), key) {
        ("QUERY", Some(key)) => {
            let found = url.query.into_iter().flat_map(|q| q.split('&')).find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='));
            found.into()
        }
        (_, Some(_)) => Value::Null,
        ("HOST", None) => host().into(),
        ("PATH", None) => Value::from(url.path),
        ("QUERY", None) => url.query.into(),
        ("REF", None) => url.fragment.into(),
        ("PROTOCOL", None) => url.scheme.into(),
        ("FILE", None) => file().into(),
        ("AUTHORITY", None) => url.authority.into(),
        ("USERINFO", None) => url.authority.and_then(|a| a.rsplit_once('@')).map(|(user, _)| user).into(),
        _ => Value::Null,
    }
}
