"""Which editions of the papers come out, as a form: the same keys as in a brief. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.problems import Problem
from builder.questions import QUESTIONS, so_far
from builder.questions.shape import wrong
from builder.web.forms import field_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from builder.questions import SoFar, Values
    from builder.web.forms import Field, Form

KINDS = (
    ("standard", "Standard", "In 14 points, to print."),
    ("large-print", "Large print", "In 18 points, for everybody where it is chosen alone."),
    ("html", "For a screen", "One file for phones and screen readers."),
)
_ASKED = {each.name: each for each in QUESTIONS if each.name in {"large-print", "paper"}}


def fields(so: SoFar, given: Mapping[str, str], problems: Mapping[str, Sequence[Problem]]) -> list[Field]:
    """The questions of old that stand beside the editions: copies in large print, and the size of the paper."""
    return [field_of(each, so, given=given.get(name), problems=problems.get(name, ())) for name, each in _ASKED.items()]


def answered(so: SoFar, form: Form) -> tuple[Values, dict[str, Sequence[Problem]]]:
    """The answers with what the form says, and what is wrong with it by question; a wrong part changes nothing."""
    found: dict[str, Sequence[Problem]] = {}
    picked = [kind for kind, _, _ in KINDS if kind in form.many("editions")]
    if not picked or set(form.many("editions")) - set(picked):
        found["editions"] = [wrong("Choose at least one edition.")]
    for name, question in _ASKED.items():
        values = question.answered(form.given(question), so)
        if isinstance(values, Problem):
            found[name] = [values]
        else:
            so = so_far(so.library, values)
    return ({**so.answers, "editions": picked} if "editions" not in found else so.answers), found
