"""The skeleton of a new lesson: every file that the format asks for, with a to-do wherever an author has to write.

The texts are the files in `texts/`; a name behind `$` in them is filled in here.
"""

import datetime
import json
import re
from collections.abc import Collection, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from string import Template

from builder.folder import safe_name, write_fresh
from builder.library import look_through
from builder.model import ID
from builder.problems import InputError, Problem
from builder.strict import clean, not_an_id
from builder.todo import to_dos

__all__ = ["new_lesson", "start"]

SOURCES = "sources.yaml"
MOST_CHARACTERS = 60
LONGEST_TITLE = 200
DAYS_TO_REVIEW = 180

_FIRST_SOURCE = "first-source"
_NO_TITLE = "TODO: a title, in words that people would say"
_COMMON = {"activities/first-step.md": "first-step.md", "handouts/worksheet.md": "worksheet.md"}
_SHORT = {"lesson.md": "lesson-short.md", **_COMMON}
_LONG = {"lesson.md": "lesson-long.md", **_COMMON, "activities/second-step.md": "second-step.md"}
_CASE = {
    **_LONG,
    "lesson.md": "lesson-case.md",
    "cards/$id-made-up.md": "card-made-up.md",
    "cards/$id-disputed.md": "card-disputed.md",
}
_KINDS = {"opening": _SHORT, "closing": _SHORT, "case": _CASE}


def start(folder: Path, name: str, phase: str, title: str | None, day: datetime.date) -> tuple[Sequence[Path], int]:
    """Write a new lesson into a folder of lessons; gives the files written, and how many places are left to fill."""
    if (folder / "lesson.md").exists():
        hint = "Name the folder that holds your lessons, such as modules."
        raise InputError([Problem("in-a-lesson", "is itself a lesson.", folder.as_posix(), hint=hint)])
    listed = look_through(folder).library.sources if (folder / SOURCES).exists() else None
    made = new_lesson(name, phase, title, day, listed)
    write_fresh(folder, name, made)
    return [folder / path for path in sorted(made)], len(list(to_dos(made)))


def new_lesson(
    name: str, phase: str, title: str | None, day: datetime.date, sources: Collection[str] | None
) -> Mapping[str, str]:
    """The files of a new lesson by their paths inside the library; raises InputError for a name that cannot be one.

    `sources` are the works that the library lists, None where it has no list: a case then brings one.
    """
    _refuse_name(name)
    chosen = _KINDS.get(phase, _LONG)
    if phase == "case" and sources is not None and not sources:
        hint = "Add the work that the case rests on, or take the file away: then one is written for you."
        raise InputError([Problem("no-source", "lists no work that a card could cite.", SOURCES, hint=hint)])
    values = {
        "id": name,
        "phase": phase,
        "title": json.dumps(_title(title), ensure_ascii=False),
        "as_of": str(day),
        "review_by": str(day + datetime.timedelta(days=DAYS_TO_REVIEW)),
        "source": min(sources) if sources else _FIRST_SOURCE,
    }
    made = {f"{name}/{path}": text for path, text in chosen.items()}
    if phase == "case" and sources is None:
        made[SOURCES] = "sources.yaml"
    return {Template(path).substitute(values): _text(text, values) for path, text in made.items()}


def _text(name: str, values: Mapping[str, str]) -> str:
    text = files("builder.skeleton").joinpath("texts", name).read_text(encoding="utf-8")
    return Template(text).substitute(values)


def _title(title: str | None) -> str:
    """The title on one line; without one, a to-do."""
    if title is None:
        return _NO_TITLE
    plain = " ".join(clean(title).split())
    if not 0 < len(plain) <= LONGEST_TITLE:
        message = f"--title: a title has 1 to {LONGEST_TITLE} characters, and this one has {len(plain)}."
        raise InputError([Problem("title", message, hint="Leave --title out to write it later.")])
    return plain


def _refuse_name(name: str) -> None:
    """A lesson's name is that of a folder, and the beginning of the names of its cards."""
    if re.fullmatch(ID, name) is None:
        message, hint = not_an_id(name)
        raise InputError([Problem("not-an-id", message, hint=hint)])
    if len(name) > MOST_CHARACTERS:
        message = f"'{name[:20]}…' is too long: the name of a new lesson has at most {MOST_CHARACTERS} characters."
        raise InputError([Problem("not-an-id", message, hint="Choose two or three words.")])
    if safe_name(name) != name:
        message = f"'{name}' cannot be the name of a folder on every system: Windows keeps it for a device."
        raise InputError([Problem("not-an-id", message, hint=f"Write one such as '{name}-lesson'.")])
