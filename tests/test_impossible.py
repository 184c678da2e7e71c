"""Briefs that cannot be met, a folder each, with exactly what the program says about them.

To renew what it says: RENEW=1 python -m pytest tests/test_impossible.py, then read what changed. A brief whose second
line names other lessons (`# Lessons: …`) is planned with those, in `tests/data`.
"""

import re
from pathlib import Path

import pytest
from golden import compare

from builder import questions
from builder.commands.refusal import explain, planned
from builder.library import load
from builder.problems import WorkshopError
from builder.strict import read_yaml

DATA = Path(__file__).parent / "data"
CASES = sorted(path.name for path in (DATA / "impossible").iterdir())
RULES = ("frame", "bounds", "needs", "break", "debrief", "contested", "access", "buffer", "too-short", "too-long")


@pytest.fixture(scope="module")
def lessons_of(library):
    """A function that gives the lessons that a brief's second line names, or those that come with the program."""
    loaded = {"": library}

    def lessons(text):
        named = re.search(r"^# Lessons: (\S+)$", text, re.MULTILINE)
        name = named[1] if named else ""
        if name not in loaded:
            loaded[name] = load(DATA / name)
        return loaded[name]

    return lessons


@pytest.mark.parametrize("name", CASES)
def test_an_impossible_brief_is_explained(name, lessons_of, capsys):
    """The rule by its name, by how many minutes, what to do, and what could be had instead, word for word."""
    text = (DATA / "impossible" / name / "brief.yaml").read_text(encoding="utf-8")
    marked, problems = read_yaml(text, "brief.yaml")
    assert problems == []
    with pytest.raises(WorkshopError) as refused:
        planned(lessons_of(text), questions.parse(marked, lessons_of(text)))
    assert explain(refused.value) == 1
    said, agenda, _ = capsys.readouterr().err.partition("it would be:\n")
    compare(DATA / "impossible" / name / "expected.txt", said + agenda)


def test_every_rule_has_a_brief_that_breaks_it():
    """No rule is left without an example of its refusal."""
    assert [rule for rule in RULES if not any(name.startswith(rule) for name in CASES)] == []
    assert len(CASES) >= 30
