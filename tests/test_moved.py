"""What moved between two agendas: in words, summed up where much moved alike, and nothing where nothing did."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_library import tiny_library

from builder import planner
from builder.moved import entry_lines, moved, read_lines, told

ROOT = Path(__file__).parent.parent
LIBRARY = tiny_library()
WELCOME, COMPARE, DEEPEN = "opening/welcome", "ideas/compare", "ideas/deepen"
DRAFT, ROUND, APART = "trying/draft", "closing/round", "speaking/take-apart"


def agenda(*entries, start="10:00"):
    """Entries one after the other from steps (or kinds of pause) with their minutes; a form or case after a blank."""
    hours, _, minutes = start.partition(":")
    clock, lines = int(hours) * 60 + int(minutes), []
    for name, length in entries:
        key, variant, card = (*name.split(" "), "", "")[:3]
        time = f"{clock // 60 % 24:02}:{clock % 60:02}"
        lines.append(f"{time}\t{length}\t{key}\t{variant}\t{card}")
        clock += length
    return read_lines(lines)


def between(before, after):
    """What is told of two agendas."""
    return list(told(before, after, LIBRARY))


def test_nothing_is_said_of_what_did_not_change(library, example):
    """Two equal agendas have no differences."""
    found = planner.plan(library, example("linehan"))
    assert moved(found, found, library) == ()
    assert between([], agenda((WELCOME, 10))) == []


def test_minutes_and_start_stand_in_one_line():
    """A step that is shorter and later says both, one that is only longer says that."""
    before = agenda((WELCOME, 10), (COMPARE, 15), (ROUND, 10))
    after = agenda((WELCOME, 13), (COMPARE, 12), (ROUND, 10))
    assert between(before, after) == [
        "Step welcome: 10 → 13 minutes",
        "Step compare: 15 → 12 minutes, starts 10:13 instead of 10:10",
    ]


def test_what_is_out_and_what_is_new_come_first():
    """A step that went is out, one that came has its time; the buffer says what is kept free."""
    before = agenda((WELCOME, 10), (COMPARE, 10), (DEEPEN, 10), ("buffer", 5), (ROUND, 10))
    after = agenda((WELCOME, 10), (COMPARE, 10), (DRAFT, 9), ("buffer", 6), (ROUND, 10))
    assert between(before, after) == [
        "Step deepen is out",
        "Step draft is new: 10:20, 9 minutes",
        "Kept free: 5 → 6 minutes",
    ]


def test_one_break_is_the_break():
    """A break that only starts later says by how much; one that comes or goes is told."""
    before = agenda((WELCOME, 10), ("break", 10), (ROUND, 10))
    later = agenda((WELCOME, 15), ("break", 10), (ROUND, 5))
    assert between(before, later)[:2] == ["Step welcome: 10 → 15 minutes", "The break starts 5 minutes later"]
    assert between(before, agenda((WELCOME, 20), (ROUND, 10)))[0] == "The break is out"
    assert "A break is new: 10:10, 10 minutes" in between(agenda((WELCOME, 20), (ROUND, 10)), before)


def test_two_breaks_are_told_apart_by_their_time():
    """Each break is compared with the one nearest to it, and named by when it was."""
    before = agenda((WELCOME, 30), ("break", 10), (COMPARE, 50), ("break", 10), (ROUND, 20))
    after = agenda((WELCOME, 30), ("break", 12), (COMPARE, 48), ("break", 10), (ROUND, 20))
    assert between(before, after) == [
        "The break at 10:30: 10 → 12 minutes",
        "Step compare: 50 → 48 minutes, starts 10:42 instead of 10:40",
    ]
    fewer = agenda((WELCOME, 30), (COMPARE, 60), ("break", 10), (ROUND, 20))
    assert between(before, fewer)[0] == "The break at 10:30 is out"


def test_many_starts_that_moved_alike_are_one_line():
    """Everything after the break, everything from a step on, from one to another, or just everything."""
    rest = [(COMPARE, 10), (DEEPEN, 10), (DRAFT, 10)]
    before = agenda((WELCOME, 10), ("break", 10), *rest, (ROUND, 10))
    assert between(before, agenda((WELCOME, 10), ("break", 13), *rest, (ROUND, 7))) == [
        "The break: 10 → 13 minutes",
        "Everything after the break starts 3 minutes later",
        "Step round: 10 → 7 minutes",
    ]
    assert between(before, agenda((WELCOME, 9), ("break", 10), *rest, (ROUND, 11))) == [
        "Step welcome: 10 → 9 minutes",
        "Everything from the break on starts 1 minute earlier",
        "Step round: 10 → 11 minutes",
    ]
    between_two = agenda((WELCOME, 12), ("break", 10), *rest[:2], (DRAFT, 8), (ROUND, 10))
    assert between(before, between_two) == [
        "Step welcome: 10 → 12 minutes",
        "From the break to “Step draft” everything starts 2 minutes later",
        "Step draft: 10 → 8 minutes",
    ]
    later = agenda((WELCOME, 10), ("break", 10), *rest, (ROUND, 10), start="11:00")
    assert between(before, later) == ["Everything starts 60 minutes later"]


def test_another_start_around_midnight_is_the_shorter_way():
    """From 23:50 to 00:10 are twenty minutes, not most of a day."""
    steps = [(WELCOME, 10), (COMPARE, 10), (ROUND, 10)]
    assert between(agenda(*steps, start="23:50"), agenda(*steps, start="00:10")) == [
        "Everything starts 20 minutes later"
    ]


def test_a_lesson_that_moved_is_told_once():
    """Where the order changed, the fewest lessons that explain it are named with the one before them."""
    before = agenda((WELCOME, 10), (COMPARE, 10), (DEEPEN, 10), (DRAFT, 20), (ROUND, 10))
    after = agenda((WELCOME, 10), (DRAFT, 20), (COMPARE, 10), (DEEPEN, 10), (ROUND, 10))
    assert between(before, after)[0] == "“Lesson ideas” now comes after “Lesson trying”"
    assert sum("now comes" in line for line in between(before, after)) == 1


def test_another_length_another_form_and_another_case_are_told():
    """The booked time, a round in threes and a swapped case each have their words."""
    before = agenda((WELCOME, 10), (f"{APART}  choir", 20), (ROUND, 10))
    after = agenda((WELCOME, 10), (f"{APART}  team-name", 20), (f"{ROUND} threes", 12))
    assert between(before, after) == [
        "The workshop takes 42 minutes instead of 40",
        "Step take-apart: now with the case “The team-name example”",
        "Step round: 10 → 12 minutes, now in threes",
    ]


def test_a_step_that_the_library_no_longer_has_keeps_a_name():
    """An earlier kit may hold steps of lessons that are gone; lines that cannot be read are left out."""
    before = agenda((WELCOME, 10), ("old/power-grid", 10), (ROUND, 10))
    assert between(before, agenda((WELCOME, 20), (ROUND, 10)))[0] == "Power grid is out"
    assert read_lines(["", "10:00\tten\tx\t\t", "noon\t5\tx\t\t", "10:00\t5\tx"]) == []


@pytest.mark.parametrize("name", ["ninety-minutes", "linehan", "encampments", "workplace-practice"])
def test_what_a_kit_remembers_is_read_as_it_was_written(library, example, name):
    """Each slot of a plan is one line, and each line one entry."""
    found = planner.plan(library, example(name))
    entries = read_lines(entry_lines(found))
    assert [(each.clock, each.minutes) for each in entries] == [
        (found.brief.clock(slot.start), slot.minutes) for slot in found.agenda.slots
    ]


def test_a_build_says_what_moved_since_the_kit_before(tmp_path):
    """The first build says nothing of it, the second says what moved, and the third, of the same plan, nothing."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "WORKSHOP_DATA_DIR": str(tmp_path / "data")}
    command = [sys.executable, "-m", "builder", "build", str(ROOT / "examples" / "ninety-minutes.yaml"), "-o", "kit"]

    def build(*more):
        return subprocess.run(
            [*command, *more], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        ).stderr

    assert "What moved" not in build()
    later = build("--set", "start=10:30")
    assert "What moved since plan" in later
    assert "- Everything starts 30 minutes later\n" in later
    assert "What moved" not in build("--set", "start=10:30")
    kept = json.loads((tmp_path / "kit" / "kit.json").read_text(encoding="utf-8"))
    assert kept["changes"] == ["Everything starts 30 minutes later"]
