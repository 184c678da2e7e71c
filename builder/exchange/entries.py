"""Fields as an overlay writes them: prose, and lists whose entries stand in a table of the document. Pure."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from builder.exchange.gathered import SINGLE, Part
from builder.exchange.inline import by_sentence
from builder.exchange.lines import Lines, text_of, words_of

_LONG: Final = 100
_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./-]*[A-Za-z0-9.]|[A-Za-z0-9]")
_WORDS: Final = re.compile(r"[a-z0-9]+")
_ALIKE: Final = 0.4  # of the words of both


def prose_of(lines: Lines) -> str:
    """A field's text: everything that stands there, as one paragraph."""
    return " ".join(words_of(lines).split())


def prose(key: str, text: str) -> str:
    """A field of the front matter, a sentence on each line where it is long."""
    return "\n".join(_keyed(key, text, "")) + "\n"


def entries_of(part: Part, lines: Lines) -> tuple[list[dict[str, Any]], list[str]]:
    """The entries that a table says, each with the keys of its own that are not shown; and what is no row of it."""
    table = next((line for line in lines if line.kind == "table"), None)
    rest = [words_of((line,)) for line in lines if line is not table]
    if table is None:
        return [], rest
    rows = [tuple(map(text_of, row)) for row in table.rows[1:]]
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if part.part == SINGLE:
        rest += [" | ".join(row) for row in rows[1:]]
        rows = rows[:1]
    keys = list(part.columns)
    before = [tuple(str(entry.get(key, "")) for key in keys) for entry in part.entries]
    found = [_entry(part, keys, row, old) for row, old in _matched(rows, before)]
    return found, [text for text in rest if text]


def _matched(
    rows: Sequence[tuple[str, ...]], before: Sequence[tuple[str, ...]]
) -> Iterator[tuple[tuple[str, ...], int]]:
    """Each row with the number of the entry that it was: the same one, else the one most alike; -1 for a new one."""
    free = dict.fromkeys(range(len(before)))
    same: dict[int, int] = {}
    for at, row in enumerate(rows):
        number = next((i for i in free if _same(before[i], row)), None)
        if number is not None:
            same[at] = number
            del free[number]
    for at, row in enumerate(rows):
        if at in same:
            continue
        alike = [(_alike(row, before[i]), -abs(i - at), i) for i in free]
        best = max(alike, default=(0.0, 0, -1))
        if best[0] >= _ALIKE:
            same[at] = best[2]
            del free[best[2]]
    yield from ((row, same.get(at, -1)) for at, row in enumerate(rows))


def _same(one: Sequence[str], other: Sequence[str]) -> bool:
    return [" ".join(each.split()) for each in one] == [" ".join(each.split()) for each in other]


def _alike(row: Sequence[str], old: Sequence[str]) -> float:
    if row and old and row[0] and row[0] == old[0]:
        return 1.0
    one, other = set(" ".join(row).casefold().split()), set(" ".join(old).casefold().split())
    return len(one & other) / max(len(one | other), 1)


def _entry(part: Part, keys: Sequence[str], row: Sequence[str], old: int) -> dict[str, Any]:
    """One entry: what the row says, and what the entry said beyond it."""
    known = part.entries[old] if old >= 0 else _fresh(part, row)
    found: dict[str, Any] = dict(known)
    for key, text in zip(keys, row, strict=False):
        said = " ".join(text.split())
        if said and said != " ".join(str(known.get(key, "")).split()):
            found[key] = said
        elif not said:
            found.pop(key, None)
    return found


def _fresh(part: Part, row: Sequence[str]) -> dict[str, Any]:
    """What a new entry needs beyond its row."""
    if part.part == "teaches":
        words = _WORDS.findall((row[0] if row else "").lower())
        return {"id": "-".join(words[:4]) or "outcome"}
    if part.part == "readings":
        return {"holder": "", "constructed": "true"}
    return dict.fromkeys(part.columns, "")


def listed(part: Part, entries: Sequence[Mapping[str, Any]]) -> str:
    """The field with these entries, as an overlay writes it."""
    if part.part == SINGLE:
        return (
            "\n".join([f"{part.part}:", *(row for key, text in entries[0].items() for row in _keyed(key, text, "  "))])
            + "\n"
        )
    rows = [f"{part.part}:"]
    for entry in entries:
        own = [row for key, value in entry.items() for row in _keyed(key, value, "    ")]
        rows += [f"  - {own[0].lstrip()}", *own[1:]] if own else []
    return "\n".join(rows) + "\n" if entries else f"{part.part}: []\n"


def _keyed(key: str, value: Any, indent: str) -> Iterator[str]:
    """One key of the front matter with its value, in as many rows as it needs."""
    if isinstance(value, str) and len(value) > _LONG and _folds(value):
        yield f"{indent}{key}: >-"
        yield from (f"{indent}  {row}" for row in by_sentence(value).split("\n"))
    elif isinstance(value, str) and _PLAIN.fullmatch(value) and ": " not in value:
        yield f"{indent}{key}: {value}"
    else:
        yield f"{indent}{key}: {json.dumps(value, ensure_ascii=False)}"


def _folds(text: str) -> bool:
    """Whether a text may stand in rows that are read as one: no row begins with a space, none is empty."""
    return "\n" not in text and text == " ".join(text.split()) and all(by_sentence(text).split("\n"))


def names(part: str, values: Sequence[str]) -> str:
    """A list of names in one row of the front matter."""
    return f"{part}: [{', '.join(_name(value) for value in values)}]\n"


def reasons(values: Mapping[str, str]) -> str:
    """The reasons, a row each."""
    return "".join(
        ["because:\n", *(f"  {_name(key)}: {json.dumps(text, ensure_ascii=False)}\n" for key, text in values.items())]
    )


def _name(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
