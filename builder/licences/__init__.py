"""Which licences go together in one paper: facts from `licences.toml`, which names their source, and pure answers."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations

from builder.problems import Problem, did_you_mean

__all__ = ["Licence", "find", "known", "problems", "reason_against"]


@dataclass(frozen=True, slots=True)
class Licence:
    """One licence by its SPDX id; `may_become` are the kinds of licence that an adapted work may have."""

    id: str
    name: str
    url: str
    kind: str
    adapt: bool
    share_alike: bool
    non_commercial: bool
    may_become: frozenset[str]


@cache
def known() -> Mapping[str, Licence]:
    """Every licence that the program knows, by its SPDX id."""
    facts = tomllib.loads(files("builder.licences").joinpath("licences.toml").read_text(encoding="utf-8"))
    kinds = {key: {**kind, "may_become": frozenset(kind["may_become"])} for key, kind in facts["kinds"].items()}
    return {key: Licence(key, **entry, **kinds[entry["kind"]]) for key, entry in facts["licences"].items()}


def find(text: str) -> Licence | None:
    """The licence that a lesson names by its SPDX id, in whatever case and with spaces or hyphens; None if unknown."""
    wanted = "-".join(text.split()).casefold()
    return next((licence for key, licence in known().items() if key.casefold() == wanted), None)


def reason_against(first: Licence, second: Licence) -> str | None:
    """Why works under these two licences cannot become one paper, None where they can."""
    if first.may_become & second.may_become:
        return None
    closed = next((licence for licence in (first, second) if not licence.adapt), None)
    if closed is not None:
        return f"{closed.id} lets nobody share a changed version, and a paper made from lessons is one"
    strict, other = (first, second) if first.share_alike else (second, first)
    if other.share_alike:
        return f"{strict.id} and {other.id} each ask that the whole paper be under their own licence"
    return f"{strict.id} asks that the whole paper be under it, and {other.id} forbids commercial use, which it allows"


def problems(lessons: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    """What is wrong with a paper that holds these lessons: their titles by the licence that they name.

    An error for each two licences that cannot be combined; a warning for each that nobody checked.
    """
    found = {text: find(text) for text in lessons}
    sure = [(text, licence) for text, licence in found.items() if licence is not None]
    several = [(text, licence) for text, licence in sure if len(lessons[text]) > 1]
    for (one, first), (two, second) in [*combinations(sure, 2), *((entry, entry) for entry in several)]:
        reason = reason_against(first, second)
        if reason is not None:
            yield _clash(lessons, one, two, reason)
    for text in (text for text, licence in found.items() if licence is None):
        message = (
            f"nobody checked whether '{text}', the licence of {_named(lessons[text])}, can be combined with others."
        )
        hint = f"Read it before you print. {did_you_mean(text, known())}"
        yield Problem("unknown-licence", message, hint=hint, severity="warning")


def _clash(lessons: Mapping[str, Sequence[str]], one: str, two: str, reason: str) -> Problem:
    hint = "Leave the lessons of one of the two out ('leave_out'), or ask their authors for another licence."
    both = " and ".join(f"{_named(lessons[text])} ({text})" for text in dict.fromkeys((one, two)))
    return Problem("licences", f"{both} cannot be combined in one paper: {reason}.", hint=hint)


def _named(titles: Sequence[str]) -> str:
    return ", ".join(f"'{title}'" for title in titles)
