//! Time zones without rules: UTC under its names, and fixed offsets.

/// The offset in seconds of a zone: `Z`, `UTC`, `GMT`, `UT`, `+2`, `-08:00`, `+0530`, `UTC+2`, `GMT-08:00` and Java's three short names of
/// fixed offsets. None for anything else: a region's offset depends on rules that Kindling doesn't carry.
pub fn zone_offset(zone: &str) -> Option<i32> {
    match zone {
        "Z" | "z" | "UTC" | "GMT" | "UT" | "Etc/UTC" | "Etc/GMT" | "Etc/UCT" | "UCT" | "Zulu" | "Universal" | "Greenwich" => {
            return Some(0);
        }
        "EST" => return Some(-5 * 3600),
        "MST" => return Some(-7 * 3600),
        "HST" => return Some(-10 * 3600),
        _ => {}
    }
    let offset = zone.strip_prefix("UTC").or_else(|| zone.strip_prefix("GMT")).or_else(|| zone.strip_prefix("UT")).unwrap_or(zone);
    let (sign, digits) = match offset.as_bytes() {
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let n = |a: u8, b: u8| (a.is_ascii_digit() && b.is_ascii_digit()).then(|| i32::from(a - b'0') * 10 + i32::from(b - b'0'));
    let (hours, minutes, seconds) = match *digits {
        [h] => (n(b'0', h)?, 0, 0),
        [h, b':', m, m2] => (n(b'0', h)?, n(m, m2)?, 0),
        [h, h2] => (n(h, h2)?, 0, 0),
        [h, h2, b':', m] => (n(h, h2)?, n(b'0', m)?, 0),
        [h, b':', m] => (n(b'0', h)?, n(b'0', m)?, 0),
        [h, h2, m, m2] | [h, h2, b':', m, m2] => (n(h, h2)?, n(m, m2)?, 0),
        [h, h2, m, m2, s, s2] | [h, h2, b':', m, m2, b':', s, s2] => (n(h, h2)?, n(m, m2)?, n(s, s2)?),
        _ => return None,
    };
    let total = hours * 3600 + minutes * 60 + seconds;
    (minutes < 60 && seconds < 60 && total <= 18 * 3600).then_some(sign * total)
}
