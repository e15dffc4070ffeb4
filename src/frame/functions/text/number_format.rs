//! The number formats of `to_number` and `to_char`, such as `$9,999.00MI`, as Spark's `ToNumberParser` reads them.

use kindling_partition::{Error, Result};

use crate::types::DataType;
use crate::value::Value;

#[derive(Clone, Copy, PartialEq)]
enum Token {
    /// A run of `0` and `9`: when it begins with 0 before the point, it stands for exactly so many digits, else for at most so many.
    Digits {
        count: usize,
        exact: bool,
    },
    Separator,
    Point,
    Dollar,
    /// `S`
    PlusOrMinus,
    /// `MI`
    Minus,
    /// Both ends of `PR`.
    Open,
    Close,
    Unknown(char),
}

/// A format in its tokens: digits with their separators in groups, each other one by itself.
pub(super) struct Format(Vec<Part>);

enum Part {
    Group(Vec<Token>),
    Sign(Token),
}

impl Part {
    fn is(&self, token: Token) -> bool {
        matches!(self, Self::Sign(own) if *own == token)
    }
}

impl Format {
    /// # Errors
    /// `INVALID_FORMAT`: no digit, a sign twice or where it can't stand, separators without digits around them.
    pub fn new(text: &str) -> Result<Self> {
        let format = Self(parts(tokens(&text.to_uppercase())));
        let bad =
            |condition, what: &str| Err(Error::analysis(format!("The format is invalid: '{text}'. {what}")).with_condition(condition));
        if text.is_empty() {
            return bad("INVALID_FORMAT.EMPTY", "The number format string cannot be empty.");
        }
        let place = |token: Token| format.0.iter().position(|part| part.is(token));
        let Some(digit) = format.0.iter().position(|part| matches!(part, Part::Group(tokens) if tokens.iter().any(is_digits))) else {
            return bad("INVALID_FORMAT.WRONG_NUM_DIGIT", "The format string requires at least one number digit.");
        };
        let (dollar, point) = (place(Token::Dollar), place(Token::Point));
        if dollar.is_some_and(|dollar| digit < dollar) {
            let what = "Currency characters must appear before digits in the number format.";
            return bad("INVALID_FORMAT.CUR_MUST_BEFORE_DIGIT", what);
        }
        if dollar.zip(point).is_some_and(|(dollar, point)| point < dollar) {
            let what = "Currency characters must appear before any decimal point in the number format.";
            return bad("INVALID_FORMAT.CUR_MUST_BEFORE_DEC", what);
        }
        for (i, part) in format.0.iter().enumerate() {
            let Part::Group(tokens) = part else { continue };
            let whole = point.is_none_or(|point| i < point);
            let alone = |j: usize| {
                tokens[j] == Token::Separator && !(j > 0 && is_digits(&tokens[j - 1]) && tokens.get(j + 1).is_some_and(is_digits))
            };
            if whole && (0..tokens.len()).any(alone) {
                let what = "Thousands separators (, or G) must have digits in between them in the number format.";
                return bad("INVALID_FORMAT.CONT_THOUSANDS_SEPS", what);
            }
            if !whole && tokens.contains(&Token::Separator) {
                let what = "Thousands separators (, or G) may not appear after the decimal point in the number format.";
                return bad("INVALID_FORMAT.THOUSANDS_SEPS_MUST_BEFORE_DEC", what);
            }
        }
        for token in [Token::Point, Token::PlusOrMinus, Token::Minus, Token::Dollar, Token::Close] {
            if format.0.iter().filter(|part| part.is(token)).count() > 1 {
                let what = format!("At most one {} is allowed in the number format.", name(token));
                return bad("INVALID_FORMAT.WRONG_NUM_TOKEN", &what);
            }
        }
        if let Some(part) = format.unexpected() {
            let token = match part {
                Part::Group(_) => "digits".to_owned(),
                Part::Sign(token) => name(*token),
            };
            let what = format!(
                "Found the unexpected {token} in the format string; the structure of the format string must match: `[MI|S]` `[$]` `[0|9|G|,]*` `[.|D]` `[0|9]*` `[$]` `[PR|MI|S]`."
            );
            return bad("INVALID_FORMAT.UNEXPECTED_TOKEN", &what);
        }
        Ok(format)
    }

    /// The first part that stands out of order.
    fn unexpected(&self) -> Option<&Part> {
        let signs = [Token::Minus, Token::PlusOrMinus];
        let allowed: [&[Token]; 8] = [
            &[Token::Open],
            &signs,
            &[Token::Dollar],
            &[],
            &[Token::Point],
            &[],
            &[Token::Dollar],
            &[Token::Minus, Token::PlusOrMinus, Token::Close],
        ];
        let mut next = 0;
        for tokens in allowed {
            let fits = |part: &Part| match part {
                Part::Group(_) => tokens.is_empty(),
                Part::Sign(token) => tokens.contains(token),
            };
            next += usize::from(self.0.get(next).is_some_and(fits));
        }
        self.0.get(next)
    }

    /// How many digits the format has before the point, and behind it.
    pub fn digits(&self) -> (usize, usize) {
        let count = |parts: &[Part]| {
            parts.iter().map(|part| if let Part::Group(tokens) = part { tokens.iter().map(digits).sum() } else { 0 }).sum()
        };
        let point = self.0.iter().position(|part| part.is(Token::Point)).unwrap_or(self.0.len());
        (count(&self.0[..point]), count(&self.0[point..]))
    }

    /// The number of a text; none when the text doesn't fit.
    pub fn read(&self, text: &str, result: &DataType) -> Option<Value> {
        let DataType::Decimal(precision, scale) = result else { return None };
        let mut rest = text;
        let (mut whole, mut fraction) = (String::new(), String::new());
        let (mut behind, mut negative, mut opened, mut closed) = (false, false, false, false);
        for part in &self.0 {
            let Part::Sign(token) = part else {
                let Part::Group(tokens) = part else { continue };
                rest = read_group(tokens, rest, if behind { &mut fraction } else { &mut whole })?;
                continue;
            };
            let Some(first) = rest.chars().next() else { continue };
            let taken = match (token, first) {
                (Token::Point, '.') => {
                    behind = true;
                    true
                }
                (Token::Dollar, '$') | (Token::PlusOrMinus, '+') => true,
                (Token::Dollar, _) => return None,
                (Token::PlusOrMinus | Token::Minus, '-') => {
                    negative = !negative;
                    true
                }
                (Token::Open, '<') => {
                    opened = true;
                    true
                }
                (Token::Close, '>') if !opened => return None,
                (Token::Close, '>') => {
                    (closed, negative) = (true, !negative);
                    true
                }
                _ => false,
            };
            if taken {
                rest = &rest[first.len_utf8()..];
            }
        }
        if !rest.is_empty() || opened != closed || whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let digits = format!("{whole}{fraction:0<width$}", width = usize::try_from(*scale).unwrap_or(0));
        let unscaled = digits.parse().ok().filter(|n: &i128| *n < 10_i128.pow(u32::from(*precision)))?;
        Some(Value::Decimal { unscaled: if negative { -unscaled } else { unscaled }, precision: *precision, scale: *scale })
    }

    /// The text of a number; `#` for each digit when it has more than the format.
    pub fn write(&self, unscaled: i128, scale: i8) -> String {
        let plain = crate::value::decimal_text(unscaled, scale);
        let (before, after) = plain.split_once('.').unwrap_or((&plain, ""));
        let (before, after) = (before.trim_start_matches(['-', '0']), after.trim_end_matches('0'));
        let (width, places) = self.digits();
        let (before, after) = if width < before.len() || places < after.len() {
            ("#".repeat(width), "#".repeat(places))
        } else {
            (format!("{before:>width$}"), format!("{after:0<places$}"))
        };
        let (mut before, mut after) = (before.chars(), after.chars());
        let negative = unscaled < 0;
        let mut behind = false;
        let mut out: Vec<char> = Vec::new();
        for part in &self.0 {
            match part {
                Part::Group(tokens) => {
                    for token in tokens {
                        match token {
                            Token::Digits { count, .. } if behind => out.extend(after.by_ref().take(*count)),
                            Token::Digits { count, exact } => before.by_ref().take(*count).for_each(|digit| match digit {
                                ' ' if *exact => out.push('0'),
                                ' ' => add_blank(&mut out),
                                digit => out.push(digit),
                            }),
                            _ if out.last().is_some_and(char::is_ascii_digit) => out.push(','),
                            _ => add_blank(&mut out),
                        }
                    }
                }
                Part::Sign(Token::Point) => {
                    // A number without an integer part gets its zero here.
                    if let Some(last @ ' ') = out.last_mut() {
                        *last = '0';
                    }
                    out.push('.');
                    behind = true;
                }
                Part::Sign(Token::Dollar) => out.push('$'),
                Part::Sign(Token::PlusOrMinus) => {
                    strip_lone_point(&mut out);
                    add_sign(&mut out, if negative { '-' } else { '+' });
                }
                Part::Sign(Token::Minus) if negative => {
                    strip_lone_point(&mut out);
                    add_sign(&mut out, '-');
                }
                Part::Sign(Token::Minus) => out.push(' '),
                Part::Sign(Token::Open) => out.extend(negative.then_some('<')),
                Part::Sign(Token::Close) => {
                    strip_lone_point(&mut out);
                    if negative {
                        add_sign(&mut out, '>');
                    } else {
                        out.extend([' ', ' ']);
                    }
                }
                Part::Sign(_) => {}
            }
        }
        strip_lone_point(&mut out);
        match out.as_slice() {
            [] | ['+' | '-'] => "0".into(),
            text => text.iter().collect(),
        }
    }
}

fn is_digits(token: &Token) -> bool {
    matches!(token, Token::Digits { .. })
}

fn digits(token: &Token) -> usize {
    if let Token::Digits { count, .. } = token { *count } else { 0 }
}

fn name(token: Token) -> String {
    match token {
        Token::Digits { .. } => "digit sequence".into(),
        Token::Separator => "',' or 'G'".into(),
        Token::Point => "'.' or 'D'".into(),
        Token::Dollar => "'$'".into(),
        Token::PlusOrMinus => "'S'".into(),
        Token::Minus => "'MI'".into(),
        Token::Open | Token::Close => "'PR'".into(),
        Token::Unknown(char) => format!("character '{char}'"),
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '0' | '9' => {
                let count = rest.len() - rest.trim_start_matches(['0', '9']).len();
                (Token::Digits { count, exact: first == '0' && !tokens.contains(&Token::Point) }, count)
            }
            '.' | 'D' => (Token::Point, 1),
            ',' | 'G' => (Token::Separator, 1),
            '$' => (Token::Dollar, 1),
            'S' => (Token::PlusOrMinus, 1),
            'M' if rest.starts_with("MI") => (Token::Minus, 2),
            'P' if rest.starts_with("PR") => {
                tokens.insert(0, Token::Open);
                (Token::Close, 2)
            }
            other => (Token::Unknown(other), other.len_utf8()),
        };
        tokens.push(token);
        rest = &rest[length..];
    }
    tokens
}

fn parts(tokens: Vec<Token>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for token in tokens {
        match (token, parts.last_mut()) {
            (Token::Digits { .. } | Token::Separator, Some(Part::Group(group))) => group.push(token),
            (Token::Digits { .. } | Token::Separator, _) => parts.push(Part::Group(vec![token])),
            _ => parts.push(Part::Sign(token)),
        }
    }
    parts
}

/// What is left of a text behind the digits of a group, which go into `found`; none when they don't fit. Blanks may stand anywhere.
fn read_group<'a>(tokens: &[Token], text: &'a str, found: &mut String) -> Option<&'a str> {
    let end = text.find(|c: char| !c.is_whitespace() && !c.is_ascii_digit() && c != ',').unwrap_or(text.len());
    let (here, rest) = text.split_at(end);
    // From the right, since the first groups of a format may be left out.
    let sizes: Vec<usize> = here.rsplit(',').map(|group| group.chars().filter(char::is_ascii_digit).count()).collect();
    let wanted: Vec<&Token> = tokens.iter().rev().filter(|t| is_digits(t)).collect();
    let fits = wanted.iter().enumerate().all(|(i, token)| {
        let size = sizes.get(i).copied().unwrap_or(0);
        if matches!(token, Token::Digits { exact: true, .. }) { size == digits(token) } else { size <= digits(token) }
    });
    found.extend(here.chars().filter(char::is_ascii_digit));
    (sizes.len() <= wanted.len() && fits).then_some(rest)
}

/// A sign stands right behind the number, before its blanks.
fn add_sign(out: &mut Vec<char>, sign: char) {
    let end = out.iter().rposition(|c| *c != ' ').map_or(0, |last| last + 1);
    out.insert(end, sign);
}

/// A blank stands before the sign that the number begins with.
fn add_blank(out: &mut Vec<char>) {
    let start = out.iter().rposition(|c| !matches!(c, '+' | '-' | '<')).map_or(0, |last| last + 1);
    out.insert(start, ' ');
}

/// A point without digits behind it is a blank.
fn strip_lone_point(out: &mut [char]) {
    if let Some(point) = out.iter().position(|c| *c == '.')
        && out.get(point + 1).is_none_or(|next| *next == ' ')
    {
        out[point] = ' ';
    }
}
