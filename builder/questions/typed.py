"""Reading what somebody typed: times, numbers of people, dates, contacts. Pure; a wrong answer gives a Problem."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.questions.shape import wrong

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.problems import Problem

DAY = 24 * 60
HALF_DAY = 12 * 60
SHORTEST, LONGEST = 30, 480
FEWEST, MOST = 4, 200
LAST_MINUTE = 59

_TIME = r"(\d{1,2})(?:[:.h](\d{2})|h)?\s*([ap]\.?m\.?)?"
_HOURS = r"(?P<hours>\d{1,2}(?:[.,]\d{1,2})?)\s*h(?:ours?|rs?)?\.?"
_LENGTH = rf"(?:{_HOURS})?\s*(?:(?P<minutes>\d{{1,3}})\s*(?:m|mins?\.?|minutes)?)?"
_FROM_TO = re.compile(rf"(?:from\s+)?{_TIME}\s*(?:-+|–|—|→|to|till?|until|and)\s*{_TIME}")
_FROM_FOR = re.compile(rf"(?:from\s+|at\s+)?{_TIME}\s*(?:,|;|for|\+|\s)\s*{_LENGTH}")
_FOR = re.compile(rf"(?:for\s+)?{_LENGTH}")
_EXAMPLE = "Write from–to, such as 10:00-11:30, or the minutes, such as 90."


@dataclass(frozen=True, slots=True)
class Times:
    """A start (minutes after midnight, None where only a length was typed) and a length in minutes."""

    start: int | None
    minutes: int


def clock(minute: int) -> str:
    """The time of day, HH:MM, of a minute after midnight."""
    return f"{minute % DAY // 60:02}:{minute % 60:02}"


def length(minutes: int) -> str:
    """So many minutes as people say it: `90 minutes`, `8 hours`, `2 hours 15 minutes`."""
    hours, rest = divmod(minutes, 60)
    if hours < 2 or minutes == 90:
        return f"{minutes} minutes"
    return f"{hours} hours" + (f" {rest} minutes" if rest else "")


def read_times(text: str) -> Times | Problem:
    """From-to (`10:00-11:30`, `10 to 11:30`, `2-3:30pm`, over midnight too) or a length (`90`, `1 h 30`)."""
    words = " ".join(text.lower().split())
    if match := _FOR.fullmatch(words):
        minutes = _minutes(match)
        return wrong("That is no time.", _EXAMPLE) if minutes is None else _in_range(Times(None, minutes))
    if match := _FROM_TO.fullmatch(words):
        return _from_to(match.groups()[:3], match.groups()[3:])
    if (match := _FROM_FOR.fullmatch(words)) and (minutes := _minutes(match)) is not None:
        starts = _readings(*match.groups()[:3])
        return _in_range(Times(starts[0], minutes)) if starts else _no_such_time()
    return wrong(f"“{text.strip()}” is not understood.", _EXAMPLE)


def read_clock(text: str, start: int, minutes: int) -> int | Problem:
    """The minute of the day that a time such as `12:30` or `2.30pm` means, within `minutes` from `start` on."""
    words = " ".join(text.lower().split()).removeprefix("at ")
    span = f"{clock(start)} to {clock(start + minutes)}"
    example = f"Write a time such as {clock(start + minutes // 2)}."
    match = re.fullmatch(_TIME, words)
    readings = _readings(*match.groups()) if match else []
    if not readings:
        return wrong(f"“{text.strip()}” is no time of day.", example)
    if match and not match[3] and int(match[1]) <= HALF_DAY // 60:
        readings = [readings[0], (readings[0] + HALF_DAY) % DAY]
    within = [minute for minute in readings if (minute - start) % DAY < minutes]
    return within[0] if within else wrong(f"{clock(readings[0])} is not within {span}.", example)


def _minutes(match: re.Match[str]) -> int | None:
    hours, minutes = match["hours"], match["minutes"]
    if hours is None and minutes is None:
        return None
    return round(float((hours or "0").replace(",", ".")) * 60) + int(minutes or 0)


def _readings(hour: str, minute: str | None, half: str | None) -> list[int]:
    """The minute of the day that a time means, in a list that is empty where there is no such time."""
    hours, minutes = int(hour), int(minute or 0)
    if hours > 24 or minutes > LAST_MINUTE or (hours == 24 and minutes):
        return []
    if half is None or hours > 12 or hours == 0:
        return [(hours * 60 + minutes) % DAY]
    return [hours % 12 * 60 + minutes + (HALF_DAY if half.startswith("p") else 0)]


def _from_to(start: Sequence[str], end: Sequence[str]) -> Times | Problem:
    """The shortest time between the two, where only one of them says am or pm."""
    starts, ends = _readings(*start), _readings(*end)
    if not starts or not ends:
        return _no_such_time()
    if end[2] and not start[2]:
        starts = [starts[0], (starts[0] + HALF_DAY) % DAY]
    if start[2] and not end[2]:
        ends = [ends[0], (ends[0] + HALF_DAY) % DAY]
    minutes, begin = min(((last - first) % DAY or DAY, first) for first in starts for last in ends)
    return _in_range(Times(begin, minutes))


def _no_such_time() -> Problem:
    return wrong("There is no such time of day.", _EXAMPLE)


def _in_range(times: Times) -> Times | Problem:
    if SHORTEST <= times.minutes <= LONGEST:
        return times
    if times.start is None:
        fault = "short" if times.minutes < SHORTEST else "long"
        return wrong(f"{times.minutes} minutes is too {fault}; a workshop takes 30 minutes to 8 hours.", _EXAMPLE)
    end = times.start + times.minutes
    span = f"{clock(times.start)} to {clock(end)} is {length(times.minutes)}"
    other = (times.minutes - HALF_DAY) % DAY
    hint = f"Did you mean {clock(times.start)}-{clock(end - HALF_DAY)}?" if SHORTEST <= other <= LONGEST else _EXAMPLE
    return wrong(f"{span}; a workshop takes 30 minutes to 8 hours.", hint)


def read_people(text: str) -> tuple[int, int] | Problem:
    """How many are expected and at the most, from `18`, `16-20`, `16 to 20` or `18 people`."""
    numbers = sorted(int(number) for number in re.findall(r"\d{1,6}", text))
    example = "Write a number, such as 18, or expected and at the most, such as 16-20."
    if not 1 <= len(numbers) <= 2:
        return wrong(f"“{text.strip()}” is not a number of people.", example)
    if numbers[0] < FEWEST or numbers[-1] > MOST:
        return wrong(f"A workshop is planned for {FEWEST} to {MOST} people.", example)
    return numbers[0], numbers[-1]


def read_number(text: str, least: int, most: int, what: str) -> int | Problem:
    """A whole number from `least` to `most`; `what` it counts is named where it is wrong."""
    match = re.fullmatch(rf"(\d{{1,6}})\s*(?:%|{what})?", text.strip())
    if match is None or not least <= int(match[1]) <= most:
        return wrong(f"Write a whole number of {what} from {least} to {most}.")
    return int(match[1])


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?([a-z]{3,9})\.?,?\s+(\d{4})")
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")


def read_date(text: str) -> str | Problem:
    """A day as `2026-12-01`, from that or from `1 December 2026` or `December 1, 2026`."""
    words = text.strip().lower()
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words):
        year, month, day = (int(part) for part in match.groups())
    elif (match := _DAY_MONTH.fullmatch(words)) and match[2][:3] in _MONTHS:
        year, month, day = int(match[3]), _MONTHS.index(match[2][:3]) + 1, int(match[1])
    elif (match := _MONTH_DAY.fullmatch(words)) and match[1][:3] in _MONTHS:
        year, month, day = int(match[3]), _MONTHS.index(match[1][:3]) + 1, int(match[2])
    else:
        return wrong(f"“{text.strip()}” is not understood.", "Write year-month-day, such as 2026-12-01.")
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return wrong("There is no such day.", "Write year-month-day, such as 2026-12-01.")


def read_contact(text: str) -> dict[str, str] | Problem:
    """A contact from `name, role, how to reach them`."""
    parts = [part.strip() for part in re.split(r"[,;]", text, maxsplit=2)]
    if len(parts) < 3 or not all(parts):
        example = "Such as: Ana Pereira, equity adviser, ana@example.org"
        return wrong("A contact needs a name, a role and how to reach them, with commas between.", example)
    return dict(zip(("name", "role", "reach"), parts, strict=True))
