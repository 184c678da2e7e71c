"""Who approved which state of a pack, and when: records in `approvals/`, each by its fingerprint, none ever changed."""

import datetime
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.folder import disk, safe_name
from builder.model.fields import Date, Frozen, Line
from builder.packs.layers import Layer
from builder.problems import InputError, Problem, UsageError, did_you_mean
from builder.strict import check, clean, read_yaml

FOLDER = "approvals"
MOST_RECORDS = 1_000
MOST_BYTES = 10_000
SHORT = 12


class Record(Frozen):
    """One approval: a role, the day, and the state of the pack that it is for."""

    role: Line
    date: Date
    version: Line
    parent: Line
    fingerprint: Line


@dataclass(frozen=True, slots=True)
class Approval:
    """Whether a pack's approval still matches it: `given` are the latest records of its roles."""

    roles: tuple[str, ...]
    given: tuple[Record, ...]
    fingerprint: str

    @property
    def valid(self) -> tuple[Record, ...]:
        """The approvals of the pack as it is."""
        return tuple(each for each in self.given if each.fingerprint == self.fingerprint)

    @property
    def is_whole(self) -> bool:
        """Whether every role approved the pack as it is."""
        return bool(self.roles) and len(self.valid) == len(self.roles)

    @property
    def told(self) -> str:
        """One line for papers and screens."""
        if not self.given:
            return "not approved"
        if not self.valid:
            return f"changed since its approval on {_days(self.given)}"
        count = f"{len(self.valid)} of {len(self.roles)} role{'s' if len(self.roles) != 1 else ''}"
        text = f"approved by {count} on {_days(self.valid)}, unchanged since"
        old = [each.role for each in self.given if each not in self.valid]
        return f"{text}; changed since the approval by {' and '.join(old)}" if old else text


def _days(records: Sequence[Record]) -> str:
    days = sorted({str(each.date) for each in records})
    return " and ".join(filter(None, (", ".join(days[:-1]), days[-1])))


def approval_of(layer: Layer) -> Approval:
    """The state of a pack's approval, from its roles and its records."""
    roles = tuple(each.role for each in layer.pack.approvers) if layer.pack else ()
    latest: dict[str, Record] = {}
    for record in sorted(read_records(layer.folder)[0], key=lambda each: (each.date, _is_of(each, layer))):
        latest[record.role.casefold()] = record
    given = tuple(latest[role.casefold()] for role in roles if role.casefold() in latest)
    return Approval(roles, given, layer.fingerprint)


def _is_of(record: Record, layer: Layer) -> bool:
    return record.fingerprint == layer.fingerprint


def read_records(folder: Path) -> tuple[list[Record], list[Problem]]:
    """The records of a pack, and a warning for each file there that is none; links and the like are not followed."""
    found: list[Record] = []
    problems: list[Problem] = []
    for number, path in enumerate(_files(folder / FOLDER)):
        if number >= MOST_RECORDS:
            message = f"more than {MOST_RECORDS:,} approvals; the rest was not read."
            problems.append(Problem("approval", message, path.parent.as_posix(), severity="warning"))
            break
        content = disk.read(path) if not path.is_symlink() and path.stat().st_size <= MOST_BYTES else None
        text = clean(content.decode("utf-8-sig", errors="replace")) if content is not None else ""
        marked, wrong = read_yaml(text, path.as_posix())
        record = None if wrong else check(Record, marked, "an approval")[0]
        if record is None:
            hint = "Take it out. 'workshop pack approve --record ROLE=DATE' writes these."
            problems.append(Problem("approval", "is no record of an approval.", path.as_posix(), 1, 1, hint, "warning"))
        else:
            found.append(record)
    return found, problems


def _files(folder: Path) -> Iterator[Path]:
    try:
        if not stat.S_ISDIR(folder.lstat().st_mode):
            return
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if not entry.name.startswith("."))
    except OSError:
        return
    yield from (folder / name for name in names)


# ------------------------------------------------------------ a new record


def read_pairs(pairs: Sequence[str], layer: Layer, today: datetime.date) -> Mapping[str, datetime.date]:
    """The roles and days that `--record ROLE=DATE` gives; raises UsageError where one cannot be."""
    roles = {each.role.casefold(): each.role for each in layer.pack.approvers} if layer.pack else {}
    found: dict[str, datetime.date] = {}
    for pair in map(clean, pairs):
        role, _, written = (part.strip() for part in pair.rpartition("="))
        if role.casefold() not in roles:
            hint = did_you_mean(role, roles.values()) if roles else "Name the roles in pack.yaml, under 'approvers'."
            raise UsageError([Problem("unknown-role", f"--record {pair}: the pack has no such approver.", hint=hint)])
        try:
            day = datetime.date.fromisoformat(written)
        except ValueError:
            message = f"--record {pair}: '{written}' is not a date."
            hint = "Such as --record 'Head of people=2026-11-18'."
            raise UsageError([Problem("date", message, hint=hint)]) from None
        if day > today:
            message = f"--record {pair}: this day is yet to come."
            raise UsageError([Problem("date", message, hint="Record an approval once it was given.")])
        found[roles[role.casefold()]] = day
    return found


def new_records(given: Mapping[str, datetime.date], layer: Layer) -> Mapping[str, str]:
    """The files to write, by their paths in the pack; a record that is there already is not written again."""
    pack, there = layer.pack, read_records(layer.folder)[0]
    if pack is None:
        raise InputError(layer.problems)
    taken = {path.name for path in _files(layer.folder / FOLDER)}
    found: dict[str, str] = {}
    for role, day in given.items():
        parent = f"{pack.parent.name} {pack.parent.version}"
        record = Record(role=role, date=day, version=pack.version, parent=parent, fingerprint=layer.fingerprint)
        if record in there:
            continue
        name = f"{day}-{safe_name(role)}"
        tried = (f"{name}{f'-{number}' if number else ''}.yaml" for number in range(MOST_RECORDS))
        free = next(each for each in tried if each not in taken)
        taken.add(free)
        found[f"{FOLDER}/{free}"] = _written(record)
    return found


def _written(record: Record) -> str:
    import json

    def line(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    return (
        "# Written by 'workshop pack approve --record'. A change of the pack's text makes it another fingerprint.\n"
        f"role: {line(record.role)}\ndate: {record.date}\nversion: {line(record.version)}\n"
        f"parent: {line(record.parent)}\nfingerprint: {record.fingerprint}\n"
    )
