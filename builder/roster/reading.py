"""Reading a list of people from a CSV file: encodings, delimiters and limits; problems name places, never people."""

import codecs
import csv
import io
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from builder.problems import InputError, Problem
from builder.roster import NAMED
from builder.roster.columns import Columns, columns_of, looks_like_headings, name_in
from builder.strict import UNPRINTABLE, UNPRINTABLE_HINT, clean

MOST_BYTES = 1_000_000
MOST_PEOPLE = 400
LONGEST_NAME = 80
PLACE = "roster"

_DELIMITERS = (",", ";", "\t")
_MOST_PLACES = 8
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAVE_AS = "Open it in the spreadsheet program and save it as CSV (best: CSV UTF-8)."


@dataclass(frozen=True, slots=True)
class Roster:
    """The names of a list of people, in its order, and what to know about how they were read.

    `path` is for the one question whether the list lies in the kit's folder; it is never told. None: from no file.
    """

    names: Sequence[str]
    notes: Sequence[Problem]
    path: Path | None = None


def read(path: Path) -> Roster:
    """The people of a CSV file; raises InputError, which names lines and columns but no path and no person."""
    return replace(read_bytes(_bytes(path)), path=path)


def read_bytes(content: bytes) -> Roster:
    """The people in a CSV file's bytes; raises InputError, which names lines and columns and no person."""
    _check(content)
    text, notes = _text(content)
    rows = _rows(text)
    if not rows:
        raise _refuse("roster-empty", "the list of people is empty.", "Put a line of headings above the names.")
    (line, headings), people = rows[0], rows[1:]
    columns = columns_of(headings)
    if not columns.used:
        raise _no_names(headings, line)
    names, more = _read(people, columns, len(headings))
    return Roster(names, [*notes, *more])


def _refuse(code: str, message: str, hint: str, line: int | None = None, column: int | None = None) -> InputError:
    return InputError([Problem(code, message, PLACE, line, column, hint=hint)])


# ------------------------------------------------------------ bytes and text


def _bytes(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise _refuse("not-a-file", "the list of people is not a file.", "Name a CSV file with --roster.")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise _refuse("no-such-file", "there is no such file.", "Check the path after --roster.") from None
    except (OSError, ValueError):
        raise _refuse("unreadable", "the list of people cannot be read.", "Check the file after --roster.") from None
    if path.suffix.lower() in {".xlsx", ".xls", ".ods", ".numbers"}:
        raise _spreadsheet()
    return content


def _check(content: bytes) -> None:
    """Refuse what is no CSV file by its first bytes, or too large."""
    if content.startswith(_SPREADSHEETS):
        raise _spreadsheet()
    if len(content) > MOST_BYTES:
        message = f"the list of people is larger than {MOST_BYTES:,} bytes."
        raise _refuse("roster-too-large", message, "Keep the column of names, and delete the others.")


def _spreadsheet() -> InputError:
    return _refuse("roster-spreadsheet", "this is a spreadsheet and not a CSV file.", _SAVE_AS)


def _text(content: bytes) -> tuple[str, list[Problem]]:
    """The text in the encodings that spreadsheet programs write; a guess is told."""
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)), None) or _without_mark(
        content
    )
    try:
        return content.decode(encoding), []
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise _refuse("roster-encoding", "the list of people is no text that can be read.", _SAVE_AS) from None
    message = "the list of people is not in UTF-8 and was read as Windows-1252."
    hint = "Look at the letters with accents on the badges; if they are wrong, save the list as CSV UTF-8."
    return text, [Problem("roster-encoding", message, PLACE, hint=hint, severity="warning")]


def _without_mark(content: bytes) -> str:
    """UTF-8, or UTF-16 where every other byte is zero, as in English text."""
    start = content[:400]
    if len(start) % 2 == 0 and start:
        zeros = [sum(byte == 0 for byte in start[place::2]) * 2 / len(start) for place in (0, 1)]
        if max(zeros) > 0.5:
            return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    return "utf-8"


# ------------------------------------------------------------ rows


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Each line that holds something, with its number; the delimiter is the one that shows most names and columns."""
    text, first = _without_hint(text)
    candidates = [_parsed(text, delimiter, first) for delimiter in _DELIMITERS]
    rows, broken = max(candidates, key=lambda each: _how_likely(*each))
    if broken is not None:
        message = "a quotation mark is not closed, or something stands behind it."
        hint = "A quotation mark opens a cell and another one closes it; inside a cell it is written twice."
        raise _refuse("roster-quotes", message, hint, broken)
    return rows


def _without_hint(text: str) -> tuple[str, int]:
    """The text without the line "sep=;" that some programs put first, and the number of its first line."""
    head, mark, rest = text.partition("\n")
    return (rest, 2) if mark and head.strip().lower().startswith("sep=") else (text, 1)


def _how_likely(rows: Sequence[tuple[int, Sequence[str]]], broken: int | None) -> tuple[bool, int, bool]:
    headings = rows[0][1] if rows else []
    return bool(columns_of(headings).used), len(headings), broken is None


def _parsed(text: str, delimiter: str, first: int) -> tuple[list[tuple[int, list[str]]], int | None]:
    """The rows by one delimiter, and the line at which they break off, None where they do not."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = first
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, row))
            line = reader.line_num + first
    except csv.Error:
        return rows, line
    return rows, None


def _no_names(headings: Sequence[str], line: int) -> InputError:
    """What to call the column: the headings are told only where they surely are headings, and nobody's name."""
    hint = "Call the column 'name', or two columns 'first name' and 'last name'."
    if looks_like_headings(headings):
        shown = ", ".join(f"'{' '.join(clean(heading).split())[:40]}'" for heading in headings[:12])
        return _refuse("roster-columns", f"no column holds names. Columns found: {shown}.", hint, line)
    count = f"{len(headings)} columns" if len(headings) != 1 else "one column"
    message = f"the first line has {count}, and none has a heading for names that is known."
    return _refuse("roster-columns", message, f"Put a line of headings above the names. {hint}", line)


# ------------------------------------------------------------ people


def _read(
    people: Sequence[tuple[int, list[str]]], columns: Columns, width: int
) -> tuple[Sequence[str], Sequence[Problem]]:
    """The names, and what to know about them."""
    if len(people) > MOST_PEOPLE:
        message = f"the list has {len(people)} people, and {MOST_PEOPLE} is the most."
        raise _refuse("roster-too-long", message, "Make a list for each workshop.", people[MOST_PEOPLE][0])
    found, empty = [], []
    for line, row in people:
        name = name_in([clean(cell) for cell in row], columns)
        _check_length(name, line)
        found += [(line, name)] if name else []
        empty += [] if name else [line]
    if not found:
        raise _refuse("roster-empty", "the list has headings and no name below them.", "Add a line for each person.")
    notes = list(_notes(people, found, empty, columns))
    unused = width - len(columns.used)
    if unused > 0:
        which = f"{unused} other columns were" if unused != 1 else "one other column was"
        notes.append(Problem("roster-other-columns", f"{which} not used, and nothing of it is kept.", severity="note"))
    return tuple(name for _, name in found), notes


def _check_length(name: str, line: int) -> None:
    if len(name) > LONGEST_NAME:
        message = f"a name has {len(name)} characters, and {LONGEST_NAME} is the most."
        hint = "Shorten it; where several lines ran together, look for a quotation mark."
        raise _refuse("roster-long-name", message, hint, line)


def _notes(
    people: Sequence[tuple[int, Sequence[str]]],
    found: Sequence[tuple[int, str]],
    empty: Sequence[int],
    columns: Columns,
) -> Iterator[Problem]:
    for line, row in people:
        for column in columns.used:
            cell = row[column] if column < len(row) else ""
            if clean(cell) != cell.replace("\r\n", "\n").replace("\r", "\n"):
                yield Problem("unprintable", UNPRINTABLE, PLACE, line, column + 1, UNPRINTABLE_HINT, "warning")
    if empty:
        yield _note("roster-no-name", f"{_lines(empty)} without a name: no badge for it.", "Fill in the name.")
    counts = Counter(name.casefold() for _, name in found)
    twice = [line for line, name in found if counts[name.casefold()] > 1]
    if twice:
        message = f"{_lines(twice)} with the same name as another: each has a badge."
        yield _note("roster-twice", message, "If two are one person, delete a line; if not, add an initial.")
    commas = [line for line, name in found if "," in name]
    if commas:
        message = f"{_lines(commas)} with a comma in the name: it is printed as it stands."
        yield _note("roster-comma", message, "To print 'Ada Lovelace', use columns 'first name' and 'last name'.")


def _note(code: str, message: str, hint: str) -> Problem:
    return Problem(code, message, PLACE, hint=hint, severity="warning")


def _lines(lines: Sequence[int]) -> str:
    """Where they stand: "3 lines (4, 9, 12)"."""
    shown = ", ".join(map(str, lines[:_MOST_PLACES])) + (", …" if len(lines) > _MOST_PLACES else "")
    return f"{len(lines)} line{'s' if len(lines) != 1 else ''} ({shown})"


# ------------------------------------------------------------ what a folder holds


def about_names(
    roster: Roster | None, folder: Path, made: Sequence[str], removed: Sequence[str], before: Iterable[str]
) -> Iterator[Problem]:
    """What to say after a build: how the list was read, papers with names that went, and those that should go.

    `made` are the files of this build, `removed` those that it took away, `before` all that were there.
    """
    if roster:
        yield from roster.notes
        if roster.path and roster.path.resolve().parent == folder.resolve():
            message = "the list of people itself lies in the kit's folder."
            hint = "Keep it elsewhere: whoever gets this folder gets every column of it."
            yield Problem("roster-in-kit", message, hint=hint, severity="warning")
    gone = [name for name in removed if _is_named(name)]
    if gone:
        message = f"{' and '.join(gone)} held names and {'were' if len(gone) > 1 else 'was'} removed."
        hint = "This build had no --roster; give it again to have them."
        yield Problem("names-removed", message, hint=hint, severity="note")
    for name in before:
        if _is_named(name) and name not in {*made, *removed}:
            message = f"'{name}' holds names and stays: it is not as this program wrote it."
            hint = "Delete it before you pass this folder on."
            yield Problem("names-stay", message, hint=hint, severity="warning")


def _is_named(name: str) -> bool:
    return name.casefold().split(".")[0] in {paper.split(".")[0] for paper in NAMED}
