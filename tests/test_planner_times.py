"""What the brief fixes: a break at a time of day, a step that starts at one, an order; kept, or refused."""

import libraries
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from libraries import CLOSING, LIBRARY, OPENING, brief, lesson, library, step
from rules import broken_rules

from builder.model import FixedBreak, Pin
from builder.planner import plan
from builder.problems import RefusedError

FOCUS = ("words", "power", "practice")


def planned(minutes=120, **keys):
    """A plan of the small library that breaks no rule."""
    found = plan(LIBRARY, brief(minutes, focus=FOCUS, **keys))
    assert broken_rules(found, LIBRARY) == []
    return found


def refused(minutes=120, **keys):
    """The rule with which a brief is refused, and what it says."""
    with pytest.raises(RefusedError) as error:
        plan(LIBRARY, brief(minutes, focus=FOCUS, **keys))
    return error.value.problems[0].code, error.value.problems[0].message


@pytest.mark.parametrize("at", ["10:40", "10:47", "10:55", "11:03"])
def test_a_break_starts_when_the_brief_says(at):
    """Lunch that arrives at a certain time is taken at that time, and lasts as long as was said."""
    found = planned(breaks=(FixedBreak(at=at, minutes=15),))
    breaks = [(found.brief.clock(slot.start), slot.minutes) for slot in found.agenda.slots if slot.kind == "break"]
    assert (at, 15) in breaks


@pytest.mark.parametrize("start", ["11:20", "11:26", "11:33"])
def test_a_step_starts_when_the_brief_says(start):
    """A step that is pinned to a time of day starts at that time."""
    found = planned(pinned={"practice/draft": Pin(start=start)})
    assert [found.brief.clock(s.start) for s in found.agenda.steps if s.activity.id == "practice/draft"] == [start]


def test_times_and_minutes_can_be_fixed_together():
    """A break, a start and minutes at once; everything else is fitted around them."""
    pin = Pin(minutes=6, start="11:30")
    found = planned(breaks=(FixedBreak(at="11:00", minutes=10),), pinned={"practice/draft": pin})
    slots = {slot.activity.id if slot.activity else slot.kind: slot for slot in found.agenda.slots}
    assert (slots["break"].start, slots["break"].minutes) == (60, 10)
    assert (slots["practice/draft"].start, slots["practice/draft"].minutes) == (90, 6)


@pytest.mark.parametrize("order", [("a/talk", "b/talk"), ("b/talk", "a/talk")])
def test_the_order_of_the_brief_is_kept(order):
    """Of two lessons that could come either way round, the order decides."""
    two = [lesson(key, "concept", step("talk", 15, 20, 30)) for key in "ab"]
    found = plan(library(OPENING, *two, CLOSING), brief(75, focus=("a", "b"), order=order))
    assert found.agenda.lessons == ("opening", *(key[0] for key in order), "closing")


def test_an_order_may_leave_the_teaching_order():
    """Practice before a concept is odd; who asks for it gets it."""
    order = planned(order=("practice/draft", "power/grid")).agenda.lessons
    assert order.index("practice") < order.index("power")


IMPOSSIBLE = [
    ({"breaks": (FixedBreak(at="09:00", minutes=10),)}, "break", "does not lie within 10:00 to 12:00"),
    ({"breaks": (FixedBreak(at="11:55", minutes=10),)}, "break", "does not lie within"),
    ({"breaks": (FixedBreak(at="10:30", minutes=45),)}, "break", "in 120 minutes a break lasts 5 to 20"),
    ({"breaks": (FixedBreak(at="10:01", minutes=10),)}, "break", "no order of these lessons has a break at 10:01"),
    (
        {"breaks": (FixedBreak(at="10:50", minutes=10), FixedBreak(at="10:55", minutes=10))},
        "break",
        "the breaks at 10:50 and 10:55 leave no time in between",
    ),
    ({"pinned": {"practice/draft": Pin(start="12:00")}}, "bounds", "is to start at 12:00"),
    ({"pinned": {"practice/draft": Pin(start="10:02")}}, "bounds", "no order of these lessons has 'Draft' at 10:02"),
    ({"order": ("words/think", "power/grid", "words/sort")}, "order", "stands apart from the other steps"),
    ({"order": ("words/sort", "words/think")}, "order", "comes before 'Sort' in their lesson"),
    ({"order": ("words/think", "words/think")}, "order", "names a step twice"),
    ({"order": ("closing/aims", "words/think")}, "frame", "would have to come before"),
    ({"minutes": 90, "breaks": (FixedBreak(at="10:10", minutes=10),)}, "break", "it starts 10:20 to 11:00"),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "rule", "words"), IMPOSSIBLE)
def test_what_cannot_be_fixed_is_refused_by_name(keys, rule, words):
    """The rule, the time, and why it cannot be."""
    code, message = refused(**keys)
    assert code == rule
    assert words in message


def test_a_refusal_for_a_time_names_a_length_that_does():
    """Where a break comes too late for the length, the fewest minutes that do are named and can be planned."""
    keys = {"breaks": (FixedBreak(at="11:40", minutes=10),)}
    with pytest.raises(RefusedError) as error:
        plan(LIBRARY, brief(100, focus=FOCUS, **keys))
    least = error.value.least_minutes
    assert least is None or planned(least, **keys)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(libraries.workshops(), st.integers(5, 200), st.sampled_from((5, 10, 15)), st.data())
def test_what_is_fixed_is_kept_or_refused(workshop, minute, length, data):
    """For any library: a fixed break and a pinned start are where they were put, or the brief is refused."""
    lessons, wanted = workshop
    step = data.draw(st.sampled_from(sorted(lessons.activities)))
    clock = wanted.clock(data.draw(st.integers(0, wanted.minutes - 1)))
    changed = wanted.model_copy(
        update={
            "breaks": (FixedBreak(at=wanted.clock(minute % wanted.minutes), minutes=length),),
            "pinned": {**wanted.pinned, **({step: Pin(start=clock)} if data.draw(st.booleans()) else {})},
        }
    )
    try:
        found = plan(lessons, changed)
    except RefusedError:
        return
    assert broken_rules(found, lessons) == []
    starts = {slot.activity.id: found.brief.clock(slot.start) for slot in found.agenda.steps}
    assert all(starts[key] == pin.start for key, pin in changed.pinned.items() if pin.start)
    breaks = [(found.brief.clock(slot.start), slot.minutes) for slot in found.agenda.slots if slot.kind == "break"]
    assert (changed.breaks[0].at, length) in breaks
