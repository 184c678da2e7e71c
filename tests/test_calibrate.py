"""Minutes from own runs: where they come from, how far they move a plan, and what they never do."""

from fractions import Fraction
from statistics import median

import libraries as tiny
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import calibrate, kit
from builder.calibrate import at_sixteen, calibrated
from builder.model import Brief, Minutes, StepRun, Variant, WorkshopRun
from builder.planner.shapes import shapes

GRID = "power/grid"
CODES = ("AAAAA", "BBBBB", "CCCCC")


def run_of(*minutes, activity=GRID, version="1", variant=None, **keys):
    """A run with 16 people in a room, led by somebody who has run it before, in which one step took so long."""
    steps = tuple(
        StepRun(activity=activity, version=version, variant=variant, planned=15, actual=each) for each in minutes
    )
    return WorkshopRun(**{"code": "AAAAA", "expected": 16, "run_before": True, "steps": steps, **keys})


def typical(library, activity=GRID):
    """The typical minutes of a step."""
    return library.activities[activity].minutes.typical


@st.composite
def activities(draw):
    """A step with any minutes, talk, debrief and growth with the people."""
    least = draw(st.integers(1, 30))
    usual = least + draw(st.integers(0, 30))
    minutes = Minutes(min=least, typical=usual, max=usual + draw(st.integers(0, 30)))
    grouping = draw(st.sampled_from(tiny.GROUPINGS))
    step = tiny.step(
        "step",
        least,
        usual,
        minutes.max,
        grouping,
        talk=draw(st.none() | st.integers(0, usual)),
        debrief=draw(st.integers(0, least)),
        scales={"person": draw(st.sampled_from(["0", "0.25", "0.5"])), "group": draw(st.sampled_from(["0", "1.5"]))},
        rooms=draw(st.integers(0, 2)),
    )
    return step.model_copy(update={"id": "lesson/step"})


@st.composite
def runs(draw):
    """A run with any people and any factors."""
    return WorkshopRun(
        code=draw(st.sampled_from(CODES)),
        expected=draw(st.integers(4, 60)),
        present=draw(st.none() | st.integers(1, 60)),
        mode=draw(st.sampled_from(["in-person", "online", "hybrid"])),
        run_before=draw(st.booleans()),
        interpretation=draw(st.sampled_from(["none", "consecutive", "simultaneous"])),
        signed=draw(st.booleans()),
    )


def as_planned(form, run):
    """What the planner gives a step for the people and factors of a run, asked through its own front door."""
    brief = Brief.model_validate({
        "title": "-", "minutes": 60, "mode": run.mode, "run_before": run.run_before, "facilitators": 20,
        "interpretation": run.interpretation, "access": ["sign-language"] if run.signed else [],
    }).model_copy(update={"participants": run.people, "participants_most": run.people})  # fmt: skip
    able, _ = shapes(form, brief)
    return able[0].usual if able else None


def library_with(*taken, **keys):
    """The tiny library calibrated by runs that took so long, one each."""
    return calibrated(tiny.LIBRARY, [run_of(minutes, **keys) for minutes in taken])


# ------------------------------------------------------------ undoing the factors


@given(activities(), runs())
def test_a_step_that_took_what_was_planned_is_left_as_its_author_wrote_it(form, run):
    """Bringing a run back to 16 people in a room is the planner's own arithmetic, read backwards."""
    planned = as_planned(form, run)
    if planned is not None:
        assert at_sixteen(form, run, planned) == form.minutes.typical


@given(activities(), runs(), st.integers(1, 120))
def test_what_is_brought_back_comes_out_again(form, run, usual):
    """A step that took what another typical would have given comes back to a typical that gives the same."""
    minutes = Minutes(min=1, typical=usual, max=480)
    talk = None if form.talk is None else min(form.talk, usual)
    other = form.model_copy(update={"minutes": minutes, "talk": talk})
    planned = as_planned(other, run)
    if planned is not None and planned <= 480:
        found = at_sixteen(form, run, planned)
        talk = None if form.talk is None else min(form.talk, found)
        again = other.model_copy(update={"minutes": Minutes(min=1, typical=found, max=max(found, 480)), "talk": talk})
        assert as_planned(again, run) == planned


def test_a_first_run_with_more_people_is_brought_back():
    """With 24 people and half a minute for each, four of the minutes were the people's, not the step's."""
    step = tiny.step("step", 5, 10, 20, scales={"person": "0.5"}).model_copy(update={"id": "lesson/step"})
    assert at_sixteen(step, run_of(expected=30, present=24), 16) == 12
    assert at_sixteen(step, run_of(), 16) == 16
    talked = step.model_copy(update={"talk": None, "scales": tiny.step("x", 1, 1, 1).scales})
    assert at_sixteen(talked, run_of(run_before=False), 23) == 20


# ------------------------------------------------------------ how far a plan moves


def test_no_runs_change_nothing():
    """Without runs, or with runs of other things only, the library is the same."""
    assert calibrated(tiny.LIBRARY, ()) is tiny.LIBRARY
    assert calibrated(tiny.LIBRARY, [run_of(30, activity="gone/step")]) is tiny.LIBRARY


@given(st.lists(st.integers(1, 480), min_size=1, max_size=9))
def test_a_step_is_never_below_its_minimum_and_lies_between_author_and_median(taken):
    """The calibrated minutes lie between the author's and the median, but for rounding and the minimum."""
    author = tiny.LIBRARY.activities[GRID].minutes
    found = library_with(*taken).activities[GRID].minutes
    low, high = sorted((Fraction(author.typical), median(map(Fraction, taken))))
    assert found.min == author.min <= found.typical <= found.max
    assert found.typical == author.min or low - Fraction(1, 2) <= found.typical <= high + Fraction(1, 2)
    assert found.max == max(author.max, found.typical)


@given(st.integers(1, 480), st.integers(1, 12))
def test_more_runs_move_nearer_to_what_they_took(took, count):
    """Of two histories with the same median, the longer one is at least as near to it."""
    floor = tiny.LIBRARY.activities[GRID].minutes.min
    fewer, more = (typical(library_with(*[took] * times)) for times in (count, count + 1))
    assert abs(more - max(took, floor)) <= abs(fewer - max(took, floor))


def test_three_runs_weigh_as_much_as_the_author():
    """The number that says so stands in the planner's data, with its reason."""
    assert typical(library_with(20, 30, 25)) == 20
    assert typical(library_with(25)) == 18
    assert typical(tiny.LIBRARY) == 15


def test_a_maximum_that_was_passed_is_raised_and_said():
    """A step that takes longer than its author allows may take so long, and the plan warns in words."""
    slow = library_with(60, 60, 60)
    assert slow.activities[GRID].minutes == Minutes(min=10, typical=38, max=38)
    plan = calibrate.plan(slow, tiny.brief(120, focus=["power"]))
    assert [warning for warning in plan.warnings if "'Grid' took 60 minutes in the middle of your 3 runs" in warning]
    usual = calibrate.plan(library_with(16, 16), tiny.brief(120, focus=["power"]))
    assert not [warning for warning in usual.warnings if "took" in warning]


def test_the_debrief_and_the_other_steps_stay_as_they_are():
    """Only the minutes of the step that was run change, and its debrief is never touched."""
    found = library_with(30)
    before, after = tiny.LIBRARY.activities, found.activities
    assert [key for key in before if before[key] != after[key]] == [GRID]
    assert after[GRID].debrief == before[GRID].debrief


# ------------------------------------------------------------ which runs count


@pytest.mark.parametrize("version", ["2", "2.0.1", "0.9"])
def test_a_run_of_another_major_version_is_not_used(version):
    """A lesson that was rewritten starts anew."""
    assert library_with(30, version=version) is tiny.LIBRARY


@pytest.mark.parametrize("version", ["1", "1.4", "1.0.2-draft", "1-rc"])
def test_a_run_of_the_same_major_version_is_used(version):
    """A correction of a lesson keeps its runs."""
    assert typical(library_with(30, version=version)) > 15


def test_each_form_of_a_step_learns_from_its_own_runs():
    """The round in threes says nothing of the round of everybody, nor the other way round."""
    key = "closing/round"
    before = tiny.LIBRARY.activities[key]
    threes = library_with(6, 6, 6, activity=key, variant="threes").activities[key]
    everybody = library_with(6, 6, 6, activity=key).activities[key]
    assert (threes.minutes, threes.varied("threes").minutes.typical) == (before.minutes, 6)
    assert (everybody.minutes.typical, everybody.varied("threes").minutes) == (6, before.varied("threes").minutes)


def test_a_form_without_minutes_of_its_own_keeps_those_of_the_author():
    """Where a form takes its minutes from the plain step, runs of the plain step do not move it."""
    step = tiny.LIBRARY.activities[GRID].model_copy(update={"variants": {"seated": Variant(rooms=0)}})
    library = tiny.LIBRARY.model_copy(update={"activities": {**tiny.LIBRARY.activities, GRID: step}})
    found = calibrated(library, [run_of(30, 30, 30)]).activities[GRID]
    assert found.minutes.typical == 23
    assert found.varied("seated").minutes == step.minutes


# ------------------------------------------------------------ on paper


def test_the_guide_and_the_record_say_which_minutes_come_from_runs(library, example, words_of):
    """A calibrated step says so in the guide in place of 'untested', and kit.json keeps the minutes that were used."""
    grid = "power-dynamics/power-grid"
    version = library.lessons["power-dynamics"].version
    known = calibrated(library, [run_of(25, activity=grid, version=version) for _ in range(4)])
    brief = example("ninety-minutes")
    made = kit.make(calibrate.plan(known, brief), known)
    words = words_of(made.files["facilitator-guide.docx"])
    assert len([line for line in words if line.endswith("; from 4 of your runs")]) == 1
    assert any("those of the others are untested" in line for line in words)
    assert made.facts["calibrated"][0]["activity"] == grid
    assert made.facts["calibrated"][0]["runs"] == 4
    plain = kit.make(calibrate.plan(library, brief), library)
    assert "calibrated" not in plain.facts
    assert any("The minutes here are untested" in line for line in words_of(plain.files["facilitator-guide.docx"]))
