"""What pack.yaml must keep beyond its keys: answers that fit a brief, terms that are free, a letterhead of its own."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath, PureWindowsPath
from typing import Any

from builder import questions
from builder.markdown import PLACEHOLDERS
from builder.model import Brief, Library
from builder.packs.layers import Layer
from builder.problems import Problem, did_you_mean
from builder.strict import Loc, Marked, check, shortened

NOT_A_DEFAULT = ("title", "packs", "letterhead")
TERMS_OF_ITS_OWN = "colleague_network"


def pack_problems(layer: Layer, library: Library) -> Iterator[Problem]:
    """Everything wrong with one pack.yaml that its keys alone do not show."""
    yield from _defaults(layer, library)
    yield from _terms(layer)
    yield from _letterhead(layer)
    yield from _contacts(layer)


def _defaults(layer: Layer, library: Library) -> Iterator[Problem]:
    answers = _within(layer.marked, "defaults")
    for key in NOT_A_DEFAULT:
        if key in answers.values:
            message = f"defaults: '{key}' is not answered by a pack."
            hint = "Write 'letterhead: …' beside 'defaults'." if key == "letterhead" else "Take it out."
            yield answers.problem("not-a-default", message, (key,), hint, at_key=True)
    for problem in check(Brief, answers, "a brief")[1]:
        if problem.code != "missing-key":
            yield replace(problem, message=f"defaults: {problem.message}")
    for problem in questions.references(answers, library):
        yield replace(problem, message=f"defaults: {problem.message}")


def _within(marked: Marked, key: str) -> Marked:
    """What stands under one key, with its places."""
    values: Any = marked.values.get(key)

    def below(places: Any) -> dict[Loc, Any]:
        return {loc[1:]: place for loc, place in places.items() if loc[:1] == (key,)}

    found = values if isinstance(values, dict) else {}
    return Marked(found, marked.path, below(marked.places), below(marked.keys))


def _terms(layer: Layer) -> Iterator[Problem]:
    terms = layer.marked.values.get("terms")
    for name in terms if isinstance(terms, dict) else ():
        if name in PLACEHOLDERS and name != TERMS_OF_ITS_OWN:
            source = {"organisation": "'organisation'", "reporting_contact": "'contacts'"}.get(name, "the brief")
            message = f"terms: '{name}' comes from {source}."
            yield layer.marked.problem("term-taken", message, ("terms", name), "Take it out here.", at_key=True)


def _letterhead(layer: Layer) -> Iterator[Problem]:
    name = layer.marked.values.get("letterhead")
    if not isinstance(name, str):
        return
    if PurePath(name).name != name or PureWindowsPath(name).name != name or name in {"", ".", ".."}:
        message = f"letterhead: '{shortened(name)}' does not lie in the pack's own folder."
        yield layer.marked.problem("letterhead", message, ("letterhead",), "Put the Word file beside pack.yaml.")
    elif not name.lower().endswith(".docx"):
        message = f"letterhead: '{shortened(name)}' is not a Word file (.docx)."
        hint = "Save it in Word as 'Word Document (.docx)', without macros."
        yield layer.marked.problem("letterhead", message, ("letterhead",), hint)
    elif not (layer.folder / name).is_file() or (layer.folder / name).is_symlink():
        message = f"letterhead: there is no file '{shortened(name)}' in the pack."
        near = did_you_mean(name, [path.name for path in layer.folder.glob("*.docx")])
        yield layer.marked.problem("letterhead", message, ("letterhead",), near)


def _contacts(layer: Layer) -> Iterator[Problem]:
    """Two contacts of one role: nobody would know which."""
    seen: set[str] = set()
    for number, contact in enumerate(layer.pack.contacts if layer.pack else ()):
        if contact.role.casefold() in seen:
            message = f"the contact '{contact.role}' stands twice."
            yield layer.marked.problem("twice", message, ("contacts", number, "role"), "Take one out, or rename it.")
        seen.add(contact.role.casefold())
