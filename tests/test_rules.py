"""The checker of plans: a good plan breaks no rule, and whatever is spoilt in it is called by its rule."""

import datetime

import pytest
from libraries import CARDS, CASE, CLOSING, LIBRARY, OPENING, WORDS, brief, lesson, library, step
from rules import broken_rules

from builder.planner import plan

GOOD = brief(120, focus=("case", "practice"), cards={"case": "camp"}, max_level=3, facilitators=2)
LONG = 60


def slots_of(kind, slots):
    """The places of the slots of a kind."""
    return [place for place, slot in enumerate(slots) if slot.kind == kind]


def without(kind):
    """A change that takes out the first slot of a kind."""
    return lambda slots: [slot for place, slot in enumerate(slots) if place != slots_of(kind, slots)[0]]


def longer(kind, minutes):
    """A change that gives the first slot of a kind other minutes."""

    def change(slots):
        first = slots_of(kind, slots)[0]
        return [s.model_copy(update={"minutes": minutes}) if i == first else s for i, s in enumerate(slots)]

    return change


def without_step(key):
    """A change that takes out one activity."""
    return lambda slots: [slot for slot in slots if slot.activity is None or slot.activity.id != key]


def moved(key, place):
    """A change that puts one activity at another place."""

    def change(slots):
        rest = without_step(key)(slots)
        return [*rest[:place], *(slot for slot in slots if slot not in rest), *rest[place:]]

    return change


CHANGES = [
    ("time", longer("buffer", 9)),
    ("frame", moved("opening/welcome", 3)),
    ("frame", longer("activity", 1)),
    ("bounds", longer("activity", LONG)),
    ("needs", without_step("words/think")),
    ("needs", without_step("case/claim")),
    ("needs", moved("case/controversy", 4)),
    ("break", lambda slots: [slot for slot in slots if slot.kind != "break"]),
    ("break", longer("break", 4)),
    ("break", longer("break", 21)),
    ("change-over", without("transition")),
    ("change-over", longer("transition", 2)),
    ("buffer", without("buffer")),
    ("buffer", longer("buffer", 19)),
    ("contested", lambda slots: without_step("practice/draft")(without_step("practice/partner")(slots))),
    ("reasons", lambda slots: [slots[0].model_copy(update={"reason": ""}), *slots[1:]]),
    ("debrief", lambda slots: [s.model_copy(update={"minutes": 1}) if s.activity else s for s in slots]),
]


@pytest.mark.parametrize(("rule", "change"), CHANGES, ids=[f"{i}-{rule}" for i, (rule, _) in enumerate(CHANGES)])
def test_the_checker_notices_a_plan_that_was_spoilt(rule, change):
    """A good plan keeps every rule; each change to it is called by the name of the rule that it breaks."""
    found = plan(LIBRARY, GOOD)
    assert broken_rules(found, LIBRARY) == []
    slots = tuple(change(list(found.agenda.slots)))
    spoilt = found.model_copy(update={"agenda": found.agenda.model_copy(update={"slots": slots})})
    assert rule in {problem.partition(":")[0] for problem in broken_rules(spoilt, LIBRARY)}


@pytest.mark.parametrize(
    ("rule", "keys"),
    [
        ("contested", {"max_level": 2}),
        ("contested", {"attendance": "required"}),
        ("contested", {"facilitators": 1}),
        ("contested", {"date": datetime.date(2030, 1, 1)}),
        ("access", {"access": ("seated",)}),
        ("bounds", {"participants": 40, "participants_most": 60}),
        ("wishes", {"focus": ("another",)}),
        ("wishes", {"leave_out": ("practice",)}),
        ("change-over", {"mode": "online"}),
        ("break", {"break_minutes": 20}),
    ],
)
def test_the_checker_judges_a_plan_by_its_brief(rule, keys):
    """The same agenda under another brief breaks what that brief asks for."""
    stairs = step("stairs", 10, 15, 20, excludes=("seated",), people={"min": 4, "max": 40})
    lessons = library(OPENING, WORDS, CASE, lesson("practice", "practice", stairs), CLOSING, cards=CARDS)
    found = plan(lessons, GOOD)
    assert broken_rules(found, lessons) == []
    other = found.model_copy(update={"brief": found.brief.model_copy(update={"break_minutes": "auto", **keys})})
    assert rule in {problem.partition(":")[0] for problem in broken_rules(other, lessons)}
