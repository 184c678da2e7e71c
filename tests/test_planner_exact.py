"""What only an exact search finds: unusual sets of steps, other orders, breaks in odd places."""

import exhaustive
from libraries import CLOSING, LIBRARY, OPENING, brief, lesson, library, step
from rules import broken_rules

from builder.model import Pin
from builder.planner import plan
from builder.problems import RefusedError


def test_a_length_that_one_set_of_steps_fills_is_found():
    """Of optional steps that each take exactly so many minutes, the ones that add up are taken."""
    extras = [step(f"e{n}", n, n, n, core=False) for n in (5, 7, 11, 19)]
    lessons = library(OPENING, lesson("talk", "concept", step("talk", 20, 20, 20), *extras), CLOSING)
    exactly = {key: Pin(minutes=each.minutes.min) for key, each in lessons.activities.items() if each.core}
    filled = [minutes for minutes in range(30, 89) if planned(lessons, minutes, focus=("talk",), pinned=exactly)]
    assert filled == [
        minutes for minutes in range(30, 89) if can_be_filled(lessons, minutes, focus=("talk",), pinned=exactly)
    ]


def test_lessons_change_places_where_only_another_order_fits():
    """Two lessons in pairs beside each other save a change-over, and with it the minute that was missing."""
    lessons = library(
        lesson("opening", "opening", step("hello", 8, 8, 8)),
        lesson("a-pairs", "concept", step("talk", 10, 10, 10, "pairs")),
        lesson("b-alone", "concept", step("write", 10, 10, 10, "solo")),
        lesson("c-pairs", "concept", step("talk", 10, 10, 10, "pairs")),
        lesson("closing", "closing", step("bye", 7, 7, 7)),
    )
    wanted = ("a-pairs", "b-alone", "c-pairs")
    assert not planned(lessons, 48, focus=wanted)
    found = plan(lessons, brief(49, focus=wanted))
    assert found.agenda.lessons in {
        ("opening", "b-alone", "a-pairs", "c-pairs", "closing"),
        ("opening", "b-alone", "c-pairs", "a-pairs", "closing"),
        ("opening", "a-pairs", "c-pairs", "b-alone", "closing"),
        ("opening", "c-pairs", "a-pairs", "b-alone", "closing"),
    }


def test_a_floor_can_be_met_on_both_sides_of_a_break():
    """An opening that must last eight minutes may have the only possible break in its middle."""
    lessons = library(
        lesson("opening", "opening", step("wait", 2, 2, 20), step("hello", 5, 5, 8, "pairs")),
        lesson("long", "concept", step("film", 76, 76, 76)),
        lesson("closing", "closing", step("bye", 7, 7, 7)),
    )
    wanted = brief(120, focus=("long",))
    assert broken_rules(plan(lessons, wanted), lessons) == []


def test_the_slowest_way_to_search_finds_nothing_that_is_refused():
    """From 30 to 120 minutes the small library is planned exactly where trying everything finds a way."""
    for focus in (("words",), ("power", "practice")):
        lengths = range(30, 121, 5)
        filled = [minutes for minutes in lengths if can_be_filled(LIBRARY, minutes, focus=focus)]
        assert [minutes for minutes in lengths if planned(LIBRARY, minutes, focus=focus)] == filled


def planned(lessons, minutes, **keys):
    """Whether there is a plan of so many minutes."""
    try:
        plan(lessons, brief(minutes, **keys))
    except RefusedError:
        return False
    return True


def can_be_filled(lessons, minutes, **keys):
    """Whether trying everything finds a way to hold the lessons in focus between opening and closing."""
    wanted = brief(minutes, **keys)
    return exhaustive.can_fill(lessons, wanted, ("opening", *wanted.focus, "closing"))
