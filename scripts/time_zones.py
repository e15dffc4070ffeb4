"""Writes src/frame/dates/zones.txt and zones.bin, the rules of the world's time zones, from the IANA database in Python's `tzdata` package.

zones.txt has a line for each set of rules: the zones' names, the kinds of time (offset in seconds, 1 for summer time, abbreviation) and the
POSIX rule that holds after the last change. zones.bin has for each line the number of changes, then for each the kind that begins (a byte),
then the seconds from one change to the next (four bytes, little-endian), the first counted from 1900-01-01. Changes that the POSIX rule
gives are left out. Usage: time_zones.py, with tzdata installed.
"""

import datetime
import importlib.resources
import pathlib
import re
import struct
import zoneinfo

HERE = pathlib.Path(__file__).parent
START = int(datetime.datetime(1900, 1, 1, tzinfo=datetime.timezone.utc).timestamp())


def read(name):
    """The changes [(moment, kind)], kinds [(offset, summer, abbreviation)] and rule of a zone's file."""
    data = importlib.resources.files("tzdata.zoneinfo").joinpath(*name.split("/")).read_bytes()

    def header(at):
        assert data[at : at + 4] == b"TZif"
        return struct.unpack(">6l", data[at + 20 : at + 44])

    utc, std, leaps, times, types, chars = header(0)
    at = 44 + times * 5 + types * 6 + chars + leaps * 8 + std + utc
    utc, std, leaps, times, types, chars = header(at)
    at += 44
    moments = struct.unpack(f">{times}q", data[at : at + 8 * times])
    at += 8 * times
    kinds = data[at : at + times]
    at += times
    rows = [struct.unpack(">lbb", data[at + 6 * i : at + 6 * i + 6]) for i in range(types)]
    at += 6 * types
    names = data[at : at + chars]
    at += chars + leaps * 12 + std + utc
    rule = data[at:].strip().decode()
    text = lambda i: names[i : names.index(b"\0", i)].decode()
    return list(zip(moments, kinds)), [(offset, dst, text(i)) for offset, dst, i in rows], rule


def rules(name):
    changes, kinds, rule = read(name)
    # What holds before 1900 holds from the start.
    before = [kind for moment, kind in changes if moment <= START]
    first = before[-1] if before else 0
    changes = [(moment, kind) for moment, kind in changes if moment > START]
    # With a rule of summer time the changes of its years say the same; its first year stays, so that the rule begins with a change.
    if "," in rule:
        tail = len(changes)
        last_year = datetime.datetime.fromtimestamp(changes[-1][0], datetime.timezone.utc).year
        by_rule = expected(rule, range(1980, last_year + 1))
        while tail > 0 and by_rule.get(changes[tail - 1][0]) == kinds[changes[tail - 1][1]][0]:
            tail -= 1
        changes = changes[: tail + 1]
    used = sorted({first} | {kind for _, kind in changes}, key=lambda k: (k != first, k))
    place = {kind: i for i, kind in enumerate(used)}
    return [(moment, place[kind]) for moment, kind in changes], [kinds[k] for k in used], rule


def expected(rule, years):
    """The moments at which a POSIX rule changes the time, each with the offset that begins."""
    names, start, end = rule.split(",")
    offsets = offsets_of(names)
    found = {}
    for year in years:
        found[moment(start, year, offsets[0])] = offsets[1]
        found[moment(end, year, offsets[1])] = offsets[0]
    return found


def offsets_of(names):
    part = r"(<[^>]+>|[A-Za-z]+)([-+]?[0-9:]*)"
    (_, standard), (_, summer) = re.findall(part, names)[:2]

    def seconds(text):
        sign = -1 if text.startswith("-") else 1
        fields = [int(f) for f in text.lstrip("+-").split(":")]
        return -sign * sum(f * 60 ** (2 - i) for i, f in enumerate(fields))

    standard = seconds(standard)
    return standard, seconds(summer) if summer else standard + 3600


def moment(rule, year, offset):
    day, _, time = rule.partition("/")
    sign = -1 if time.startswith("-") else 1
    fields = [int(f) for f in (time or "2").lstrip("+-").split(":")]
    seconds = sign * sum(f * 60 ** (2 - i) for i, f in enumerate(fields))
    if day.startswith("M"):
        month, week, weekday = (int(f) for f in day[1:].split("."))
        first = datetime.date(year, month, 1)
        date = first + datetime.timedelta((weekday - first.isoweekday()) % 7 + 7 * (week - 1))
        while date.month != month:
            date -= datetime.timedelta(7)
    else:
        raise ValueError(rule)
    return int(datetime.datetime(date.year, date.month, date.day, tzinfo=datetime.timezone.utc).timestamp()) + seconds - offset


def main():
    groups = {}
    for name in sorted(zoneinfo.available_timezones()):
        if name.startswith(("posix/", "right/")) or name in ("Factory", "localtime"):
            continue
        changes, kinds, rule = rules(name)
        key = (tuple(changes), tuple(kinds), rule)
        groups.setdefault(key, []).append(name)
    # Alike beside alike.
    ordered = sorted(groups.items(), key=lambda item: (item[0][2], item[0][1], item[1]))
    lines, data = [], b""
    for (changes, kinds, rule), names in ordered:
        shown = ",".join(f"{offset} {dst} {text}" for offset, dst, text in kinds)
        lines.append(f"{' '.join(names)};{shown};{rule}")
        moments = [START] + [moment for moment, _ in changes]
        data += struct.pack("<H", len(changes)) + bytes(kind for _, kind in changes)
        data += b"".join(struct.pack("<I", b - a) for a, b in zip(moments, moments[1:]))
    folder = HERE.parent / "src" / "frame" / "dates"
    (folder / "zones.txt").write_text("\n".join(lines) + "\n")
    (folder / "zones.bin").write_bytes(data)
    print(len(lines), "sets of rules,", len(data), "bytes of changes")


if __name__ == "__main__":
    main()
