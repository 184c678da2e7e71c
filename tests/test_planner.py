"""The planner: ninety means ninety, every hard rule is kept or named, and the same brief gives the same plan."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import exhaustive
import libraries
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from libraries import (
    CARDS,
    CASE,
    CLOSING,
    LIBRARY,
    OPENING,
    POWER,
    PRACTICE,
    WORDS,
    brief,
    card,
    lesson,
    library,
    sheet,
    step,
)
from rules import broken_rules

from builder.model import Count, Pin
from builder.planner import plan
from builder.planner.frame import Frame, break_rule
from builder.planner.shapes import change_over, groups, shapes
from builder.problems import RefusedError

ROOT = Path(__file__).parent.parent
RULES = {"frame", "bounds", "needs", "break", "contested", "access", "too-short", "too-long", "order", "not-found"}
BOYCOTT = {"cards": {"case": "boycott"}, "max_level": 2}
CAMP = {"cards": {"case": "camp"}, "max_level": 3}
MANY = 60
DEEP = int(os.environ.get("PLANNER_EXAMPLES", "200"))


def refusal(**keys):
    """The error with which a brief for the small library is refused."""
    with pytest.raises(RefusedError) as refused:
        plan(keys.pop("library", LIBRARY), brief(**keys))
    return refused.value


def codes(error):
    """The rules that a refusal names."""
    return [problem.code for problem in error.problems]


# ------------------------------------------------------------ ninety means ninety


@pytest.mark.parametrize("minutes", [60, 75, 89, 90, 91, 120, 121, 180])
def test_the_slots_sum_to_the_booked_minutes(minutes):
    """Whatever is booked, the whole minutes of all slots are that number, and every hard rule is kept."""
    found = plan(LIBRARY, brief(minutes, focus=("words", "power", "practice")))
    assert found.agenda.minutes == minutes
    assert broken_rules(found, LIBRARY) == []


@pytest.mark.parametrize("minutes", [60, 90, 120, 180])
@pytest.mark.parametrize("people", [8, 16, 30])
def test_the_core_ideas_fit_common_lengths(library, example, minutes, people):
    """The first recipe of the shipped library is planned for one to three hours, and keeps every rule."""
    changed = {"minutes": minutes, "participants": people, "participants_most": people, "facilitators": 2}
    found = plan(library, example("ninety-minutes", **changed))
    assert (found.agenda.minutes, broken_rules(found, library)) == (minutes, [])


@pytest.mark.parametrize("run_before", [True, False])
def test_the_linehan_example_fits_ninety_minutes(library, example, run_before):
    """For 16 people with two facilitators the Linehan example fits, also on a first run."""
    found = plan(library, example("linehan", run_before=run_before))
    assert found.agenda.minutes == 90
    assert found.cards["endorsement"] == "linehan"
    assert broken_rules(found, library) == []


@pytest.mark.parametrize("name", ["ninety-minutes", "linehan", "encampments", "workplace-practice"])
def test_the_examples_keep_every_rule(library, example, name):
    """Each example of the program is planned without breaking a rule."""
    assert broken_rules(plan(library, example(name)), library) == []


def test_the_same_brief_gives_the_same_plan_whatever_the_hash_seed():
    """Two interpreters with different hash seeds print the same plan."""
    command = [sys.executable, "-m", "builder", "plan", str(ROOT / "examples" / "ninety-minutes.yaml"), "--json"]
    told = [
        subprocess.run(
            command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1]


# ------------------------------------------------------------ how long an activity takes


def test_minutes_grow_with_people_and_shrink_below_sixteen():
    """A round of half a minute each takes four minutes more for 24 people, and four fewer for 8."""
    round_ = step("round", 6, 8, 10, scales={"person": "0.5"})
    spans = [(s.least, s.usual, s.most) for n in (8, 16, 24) for s in shapes(round_, brief(participants=n))[0]]
    assert spans == [(2, 4, 6), (6, 8, 10), (10, 12, 14)]


def test_part_of_a_minute_is_rounded_up():
    """Five people more at a quarter of a minute each are two minutes; five fewer take one away."""
    round_ = step("round", 6, 8, 10, scales={"person": "0.25"})
    assert [shapes(round_, brief(participants=n))[0][0].usual for n in (21, 11)] == [10, 7]


def test_factors_multiply_the_talk_and_nothing_else():
    """Ten minutes of talk online on a first run grow by 10 × (1.2 × 1.15 − 1), rounded up, and two for each room."""
    talk = step("talk", 10, 12, 15, talk=10, rooms=1)
    held = shapes(talk, brief(mode="online", run_before=False))[0][0]
    assert (held.least, held.usual, held.most) == (10 + 4 + 2, 12 + 4 + 2, 15 + 4 + 2)


def test_fifteen_percent_of_twenty_minutes_is_three():
    """Factors are exact: no rounding error of a float makes a fourth minute."""
    assert shapes(step("talk", 20, 20, 20, talk=20), brief(run_before=False))[0][0].usual == 23


def test_other_factors_multiply_the_talk_too():
    """Hybrid counts as online; consecutive interpretation is 1.8 times, signed or simultaneous once 1.15 times."""
    talk = step("talk", 10, 10, 10, talk=10, rooms=1)
    longer = [
        shapes(talk, brief(**keys))[0][0].usual - 10
        for keys in (
            {"mode": "hybrid"},
            {"interpretation": "consecutive"},
            {"access": ("sign-language",)},
            {"interpretation": "simultaneous", "access": ("sign-language",)},
            {"mode": "online", "interpretation": "consecutive", "run_before": False},
        )
    ]
    assert longer == [2 + 2, 8, 2, 2, 15 + 2]


def test_minutes_for_each_group_count_groups_of_four():
    """A report of a minute and a half for each group takes three minutes more with six groups than with four."""
    report = step("report", 6, 6, 6, "small groups", scales={"group": "1.5"})
    assert [shapes(report, brief(participants=n))[0][0].usual for n in (16, 24, 8)] == [6, 9, 3]


def test_scaling_down_never_goes_below_the_debrief():
    """With four people the round is short, and its debrief of five minutes stays whole."""
    held = shapes(step("round", 6, 8, 10, debrief=5, scales={"person": "1"}), brief(participants=4))[0][0]
    assert (held.least, held.usual, held.most) == (5, 5, 5)


def test_a_round_that_does_not_fit_goes_into_threes():
    """With sixty people a quarter of a minute each is too long for the shortest workshop, and fits a longer one."""
    keys = {"focus": ("words", "practice"), "participants": 60}
    shortest = refusal(minutes=30, **keys).least_minutes
    assert [round_form(brief(minutes, **keys)) for minutes in (shortest, 90)] == ["threes", None]


def round_form(wanted):
    """The variant in which the closing round of the small library is held."""
    return next(s.variant for s in plan(LIBRARY, wanted).agenda.steps if s.activity.id == "closing/round")


def test_a_round_that_is_for_fewer_people_goes_into_threes():
    """Where more people come than a round can take, its variant in threes is used, and the plan says so."""
    around = step(
        "round",
        4,
        5,
        6,
        people={"min": 4, "max": 15},
        variants={"threes": {"grouping": "threes", "people": {"min": 4, "max": 200}}},
    )
    found = plan(
        library(OPENING, lesson("talk", "concept", around, step("more", 20, 30, 45)), CLOSING), brief(participants=20)
    )
    slot = next(slot for slot in found.agenda.steps if slot.activity.id == "talk/round")
    assert (slot.variant, slot.activity.grouping) == ("threes", "threes")
    assert "in threes" in slot.reason


def test_change_overs_come_before_new_groupings_only():
    """A minute before pairs after plenary, none into solo or plenary, none where the grouping stays; more online."""
    pairs, alone = step("a", 1, 2, 3, "pairs"), step("b", 1, 2, 3, "solo")
    assert [
        change_over(alone, pairs, brief()),
        change_over(pairs, alone, brief()),
        change_over(pairs, pairs, brief()),
    ] == [1, 0, 0]
    assert change_over(alone, pairs, brief(mode="online", participants=25)) == 3


def test_groups_are_of_four_where_that_can_be():
    """Eighteen people make five groups, five people one, and groups of two or three are made of three."""
    assert [groups(n, Count(min=3, max=6)) for n in (16, 18, 5)] == [4, 5, 1]
    assert groups(16, Count(min=2, max=3)) == 6


def test_the_frame_knows_the_buffer_in_whole_minutes():
    """Five and fifteen percent, rounded up, and the share aimed at in between."""
    wanted = brief(90)
    assert Frame(wanted, break_rule(wanted)).buffer == (5, 9, 14)


# ------------------------------------------------------------ rules that are kept


def test_a_session_of_ninety_minutes_has_its_break_between_twenty_and_sixty():
    """The break of a 90-minute session starts between minute 20 and 60."""
    found = plan(LIBRARY, brief(90, focus=("words", "power", "practice")))
    assert all(20 <= slot.start <= 60 for slot in found.agenda.slots if slot.kind == "break")


def test_breaks_in_long_sessions_last_ten_minutes_or_more():
    """Beyond two hours no break is shorter than ten minutes, and no stretch longer than ninety."""
    found = plan(LIBRARY, brief(200, focus=("words", "power", "case", "practice")))
    assert min(slot.minutes for slot in found.agenda.slots if slot.kind == "break") >= 10


def test_what_a_lesson_needs_comes_before_it():
    """A case that needs the words gets them first, though they were not asked for."""
    found = plan(LIBRARY, brief(90, focus=("case", "practice")))
    assert found.agenda.lessons.index("words") < found.agenda.lessons.index("case")


def test_a_primer_stands_in_for_a_lesson_that_is_not_in():
    """Where a sheet can stand in for a needed lesson, the sheet is printed and the lesson left out."""
    found = plan(LIBRARY, brief(60, focus=("power",)))
    assert "words" not in found.agenda.lessons
    assert found.primers == ("words/two-words",)


def test_a_contested_case_stands_between_a_concept_and_another_lesson():
    """Before it comes a concept lesson, after it eight minutes of another lesson; an alternate is named."""
    found = plan(LIBRARY, brief(120, focus=("case",), cards={"case": "camp"}, max_level=3, facilitators=2))
    assert broken_rules(found, LIBRARY) == []
    assert found.alternates == {"case": "choir"}


def test_a_pinned_step_is_in_with_exactly_its_minutes():
    """A pin brings an optional step in, and fixes its minutes."""
    optional = next(each.id for each in POWER.steps if not each.core)
    key = optional if "/" in optional else f"power/{optional}"
    activity = LIBRARY.activities[key]
    found = plan(LIBRARY, brief(120, focus=("words", "power"), pinned={key: Pin(minutes=activity.minutes.max)}))
    assert [slot.minutes for slot in found.agenda.steps if slot.activity.id == key] == [activity.minutes.max]


def test_every_slot_and_everything_left_out_has_its_reason():
    """No slot is without a reason, and every lesson and step of the library is in or left out with one."""
    found = plan(LIBRARY, brief(90, focus=("words", "practice")))
    assert all(slot.reason for slot in found.agenda.slots)
    named = {entry.activity or entry.lesson for entry in found.left_out}
    for key, activity in LIBRARY.activities.items():
        assert key in named or activity.lesson in named or any(s.activity.id == key for s in found.agenda.steps)
    assert all(entry.reason for entry in found.left_out)


def test_planning_again_changes_nothing():
    """The plan of a brief is the plan of the same brief."""
    wanted = brief(100, focus=("words", "case", "practice"))
    assert plan(LIBRARY, wanted) == plan(LIBRARY, wanted)


def test_the_buffer_stands_directly_before_the_closing():
    """One buffer, of a tenth of the time where nothing presses, and after it the closing begins."""
    slots = plan(LIBRARY, brief(120, focus=("words", "power", "practice"))).agenda.slots
    place = next(i for i, slot in enumerate(slots) if slot.kind == "buffer")
    assert slots[place + 1].activity.lesson == "closing"
    assert [slot.minutes for slot in slots if slot.kind == "buffer"] == [12]


def test_a_debrief_is_never_cut():
    """At the shortest length that can be booked, every step still has its debrief."""
    shortest = refusal(minutes=30, focus=("case", "power", "practice")).least_minutes
    steps = plan(LIBRARY, brief(shortest, focus=("case", "power", "practice"))).agenda.steps
    assert all(slot.minutes >= slot.activity.minutes.min >= slot.activity.debrief for slot in steps)


def test_below_ninety_minutes_a_break_is_a_wish():
    """A break of twenty minutes is made where there is room for it, and left out where there is none."""
    keys = {"focus": ("words", "practice"), "break_minutes": 20}
    breaks = {
        minutes: [slot.minutes for slot in plan(LIBRARY, brief(minutes, **keys)).agenda.slots if slot.kind == "break"]
        for minutes in (50, 85)
    }
    assert breaks == {50: [], 85: [20]}


def test_breaks_last_as_long_as_the_brief_says():
    """Fifteen minutes mean fifteen, for every break; above twenty it is the one meal of a long day."""
    everything = {"focus": ("words", "power", "case", "practice")}
    breaks = {
        said: [
            s.minutes
            for s in plan(LIBRARY, brief(minutes, break_minutes=said, **everything)).agenda.slots
            if s.kind == "break"
        ]
        for said, minutes in ((15, 180), (45, 240))
    }
    assert set(breaks[15]) == {15}
    assert max(breaks[45]) == 45
    assert all(10 <= minutes <= 20 for minutes in breaks[45] if minutes != 45)


def test_without_a_practice_lesson_another_concept_follows_the_contested_case():
    """Where the library has no practice lesson, a concept that the case does not need comes after it."""
    lessons = library(OPENING, WORDS, POWER, CASE, CLOSING, cards=CARDS, sheets=[sheet("words/two-words")])
    found = plan(lessons, brief(120, focus=("case",), **BOYCOTT))
    assert found.agenda.lessons == ("opening", "words", "case", "power", "closing")
    assert broken_rules(found, lessons) == []


def test_a_contested_case_with_nothing_to_put_after_it_is_refused():
    """Where no lesson can come between the case and the closing, the case is refused, not swapped."""
    error = refusal(
        library=library(OPENING, WORDS, CASE, CLOSING, cards=CARDS), minutes=120, focus=("case",), **BOYCOTT
    )
    assert codes(error) == ["contested"]


def test_a_case_without_a_contested_card_needs_nothing_after_it():
    """The same library plans the case with its card of level 0."""
    lessons = library(OPENING, WORDS, CASE, CLOSING, cards=CARDS)
    assert plan(lessons, brief(120, focus=("case",))).cards == {"case": "choir"}


def test_one_facilitator_may_lead_a_living_dispute_with_twelve():
    """Level 3 asks for two facilitators or at most twelve people; level 2 does not."""
    for keys in ({**CAMP, "participants": 12}, {**BOYCOTT, "participants": 40}):
        assert broken_rules(plan(LIBRARY, brief(120, focus=("case",), **keys)), LIBRARY) == []


def test_a_disputed_card_past_its_review_is_used_with_a_warning():
    """Past review_by, level 3 is refused; level 2 is planned, and the plan says what to check."""
    found = plan(LIBRARY, brief(120, focus=("case",), **BOYCOTT, date="2030-01-01"))
    assert any("Boycott" in warning and "2027-06-01" in warning for warning in found.warnings)


def test_two_living_disputes_need_twice_ninety_minutes():
    """At most one card of level 3 in ninety minutes; the refusal names a length that holds both."""
    second = lesson("other", "case", *bare(CASE), needs=["words"], deck="other", default_card="club")
    cards = (*CARDS, card("club", "other", 0), card("march", "other", 3))
    lessons = library(OPENING, WORDS, CASE, second, PRACTICE, CLOSING, cards=cards)
    keys = {"focus": ("case", "other"), "cards": {"case": "camp", "other": "march"}, "max_level": 3, "facilitators": 2}
    error = refusal(library=lessons, minutes=170, **keys)
    assert (codes(error), error.least_minutes) == (["contested"], 180)
    assert broken_rules(plan(lessons, brief(180, **keys)), lessons) == []


def bare(written):
    """The steps of a lesson, to be put into another."""
    return [each.model_copy(update={"id": each.id.partition("/")[2]}) for each in written.steps]


def test_an_optional_step_that_is_left_out_stays_out():
    """What the brief leaves out is not in, however much time there is."""
    found = plan(LIBRARY, brief(120, focus=("words", "power"), leave_out=("words/sort",)))
    assert "words/sort" not in {slot.activity.id for slot in found.agenda.steps}
    assert {left.activity: left.reason for left in found.left_out}["words/sort"] == "the brief leaves it out"


def test_what_a_left_out_step_lacks_is_told_to_the_minute():
    """So many minutes more bring a step in that needs them; one that needs none comes in when it is pinned."""
    keys = {"focus": ("words", "case", "practice")}
    shortest = refusal(minutes=30, **keys).least_minutes
    reasons = {left.activity: left.reason for left in plan(LIBRARY, brief(shortest, **keys)).left_out if left.activity}
    assert reasons["words/sort"].startswith("needs ")
    more = int(reasons["words/sort"].split()[1])
    pinned = {"pinned": {"words/sort": Pin()}, **keys}
    assert plan(LIBRARY, brief(shortest + more, **pinned)).agenda.minutes == shortest + more
    assert codes(refusal(minutes=shortest + more - 1, **pinned)) == ["too-short"]


# ------------------------------------------------------------ refusals


def test_too_little_time_names_the_fewest_minutes_and_they_are_enough():
    """A refusal says how many minutes are missing; that length plans, and one minute less does not."""
    error = refusal(minutes=40, focus=("words", "power", "case", "practice"))
    assert codes(error) == ["too-short"]
    assert f"{error.least_minutes - 40} more" in error.problems[0].message
    wanted = brief(error.least_minutes, focus=("words", "power", "case", "practice"))
    assert plan(LIBRARY, wanted).agenda.minutes == error.least_minutes
    assert refusal(minutes=error.least_minutes - 1, focus=("words", "power", "case", "practice")).problems


def test_too_much_time_names_the_most_minutes_and_they_can_be_filled():
    """Material that cannot fill the time is refused with the most that it fills."""
    error = refusal(minutes=480, focus=("words",))
    assert codes(error) == ["too-long"]
    assert plan(LIBRARY, brief(error.most_minutes, focus=("words",))).agenda.minutes == error.most_minutes


IMPOSSIBLE = [
    ("a card above max_level", "contested", {"cards": {"case": "boycott"}, "max_level": 1}),
    ("a contested card where people have to come", "contested", {**BOYCOTT, "attendance": "required"}),
    ("a living dispute, one facilitator, thirteen people", "contested", {**CAMP, "participants": 13}),
    ("a living dispute whose review is due", "contested", {**CAMP, "facilitators": 2, "date": "2030-01-01"}),
    ("a needed lesson left out", "needs", {"leave_out": ("words",)}),
    ("a needed opening left out", "needs", {"leave_out": ("opening",)}),
    ("the closing left out", "frame", {"leave_out": ("closing",)}),
    ("a core step left out", "needs", {"leave_out": (CASE.steps[0].id,)}),
    ("a break of four minutes", "break", {"break_minutes": 4}),
    ("a break of five minutes in a long session", "break", {"minutes": 150, "break_minutes": 5}),
    ("a break of half an hour in two hours", "break", {"minutes": 120, "break_minutes": 30}),
    ("no break in ninety minutes", "break", {"break_minutes": 0}),
    ("an order that ends with the opening", "frame", {"order": ("practice/draft", "opening/welcome")}),
    ("a pin above the maximum", "bounds", {"pinned": {"opening/welcome": Pin(minutes=60)}}),
    ("a pin below the minimum", "bounds", {"pinned": {"opening/agreements": Pin(minutes=1)}}),
    ("a step left out on which a core one builds", "needs", {"leave_out": ("practice/draft",)}),
    ("half an hour", "too-short", {"minutes": 30}),
    ("a whole day", "too-long", {"minutes": 480}),
    ("a break of an hour in an hour", "break", {"minutes": 60, "break_minutes": 60}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "rule", "keys"), IMPOSSIBLE, ids=[what for what, _, _ in IMPOSSIBLE])
def test_what_cannot_be_is_refused_by_its_rule(what, rule, keys):
    """Each impossible wish is refused with the name of its rule and what to do."""
    error = refusal(**{"minutes": 90, "focus": ("case", "practice"), **keys})
    assert codes(error) == [rule], what
    assert all(problem.hint for problem in error.problems)


def test_an_access_need_that_a_core_step_cannot_meet_is_refused():
    """A core step that excludes a need, without a variant for it, keeps its lesson out."""
    standing = lesson("stand", "concept", step("line-up", 10, 20, 40, excludes=("seated",)))
    error = refusal(library=library(OPENING, standing, CLOSING), focus=("stand",), access=("seated",))
    assert codes(error) == ["access"]


def test_an_access_need_is_met_by_a_variant():
    """The seated variant is used where everything has to be done seated."""
    either = step("line-up", 10, 20, 45, excludes=("seated",), variants={"seated": {"grouping": "pairs"}})
    lessons = library(OPENING, lesson("stand", "concept", either), CLOSING)
    found = plan(lessons, brief(70, focus=("stand",), access=("seated",)))
    assert [slot.variant for slot in found.agenda.steps if slot.activity.lesson == "stand"] == ["seated"]


def test_too_few_or_too_many_people_are_refused():
    """A core step is for so many people; both those expected and those who may come must be among them."""
    some = lesson("some", "concept", step("talk", 20, 30, 45, people={"min": 8, "max": 20}))
    for keys in ({"participants": 7}, {"participants": 18, "participants_most": 21}):
        assert codes(refusal(library=library(OPENING, some, CLOSING), focus=("some",), **keys)) == ["bounds"]


def test_too_few_facilitators_are_refused():
    """A core step that two people lead is refused where one does."""
    two = lesson("two", "concept", step("talk", 20, 30, 45, facilitators=2))
    assert codes(refusal(library=library(OPENING, two, CLOSING), focus=("two",))) == ["bounds"]


def test_an_optional_step_that_cannot_be_held_is_left_out_with_the_reason():
    """A step for more people than come is not in, and the plan says why."""
    crowd = step("crowd", 10, 15, 20, core=False, people={"min": 30, "max": 200})
    lessons = library(OPENING, lesson("talk", "concept", step("talk", 20, 30, 45), crowd), CLOSING)
    reasons = {left.activity: left.reason for left in plan(lessons, brief(70, focus=("talk",))).left_out}
    assert reasons == {"talk/crowd": "it needs at least 30 people, and 16 are expected"}


def test_an_opening_that_cannot_last_eight_minutes_is_refused():
    """The refusal names the rule and the minutes that are missing."""
    short = lesson("opening", "opening", step("hello", 2, 3, 5))
    error = refusal(library=library(short, WORDS, CLOSING), focus=("words",))
    assert codes(error) == ["frame"]
    assert "3 fewer" in error.problems[0].message


def test_groups_that_cannot_be_formed_are_refused():
    """Five people make no groups of exactly four."""
    fours = lesson("fours", "concept", step("talk", 10, 20, 40, "small groups", group_size={"min": 4, "max": 4}))
    error = refusal(library=library(OPENING, fours, CLOSING), focus=("fours",), participants=5)
    assert codes(error) == ["bounds"]


def test_a_lesson_that_needs_the_closing_is_refused():
    """The closing comes last, so nothing can come after it."""
    late = lesson("late", "concept", step("talk", 20, 30, 40), needs=["closing"])
    assert codes(refusal(library=library(OPENING, late, CLOSING), focus=("late",))) == ["frame"]


def test_the_planner_chooses_where_nothing_is_in_focus():
    """Without a focus the library's lessons fill the time, with a practice lesson where there is one."""
    found = plan(LIBRARY, brief(120))
    assert broken_rules(found, LIBRARY) == []
    assert "practice" in found.agenda.lessons


# ------------------------------------------------------------ any library, any brief


def examples(count):
    """So many generated cases: always the same ones, unless PLANNER_EXAMPLES asks for a long, random run."""
    return settings(
        max_examples=count,
        deadline=None,
        derandomize="PLANNER_EXAMPLES" not in os.environ,
        suppress_health_check=list(HealthCheck),
    )


@examples(DEEP)
@given(libraries.workshops())
def test_any_brief_is_planned_within_the_rules_or_refused_by_name(workshop):
    """For generated libraries and briefs: a plan that breaks no rule and sums exactly, or a refusal with its rule."""
    lessons, wanted = workshop
    found, named = outcome(lessons, wanted)
    if found is None:
        assert named <= RULES
    else:
        assert found.agenda.minutes == wanted.minutes
        assert broken_rules(found, lessons) == []


def outcome(lessons, wanted):
    """The plan of a brief, or None and the rules with which it is refused."""
    try:
        return plan(lessons, wanted), set()
    except RefusedError as error:
        return None, set(codes(error))


@examples(DEEP // 2)
@given(libraries.workshops())
def test_the_lengths_that_a_refusal_names_can_be_planned(workshop):
    """Where a refusal names a fewest or a most, that can be planned, and nothing just beyond it."""
    lessons, wanted = workshop
    error = refused_with(lessons, wanted)
    assume(error is not None)
    for minutes, further in ((error.least_minutes, -1), (error.most_minutes, 1)):
        if minutes is not None:
            assert outcome(lessons, lasting(wanted, minutes))[0] is not None
            beyond = [minutes + further * n for n in (1, 2, 7) if 30 <= minutes + further * n <= 480]
            assert [length for length in beyond if wanted.focus and outcome(lessons, lasting(wanted, length))[0]] == []


def refused_with(lessons, wanted):
    """The error with which a brief is refused, or None."""
    try:
        plan(lessons, wanted)
    except RefusedError as error:
        return error
    return None


def lasting(wanted, minutes):
    """The same brief for another length."""
    return wanted.model_copy(update={"minutes": minutes})


@examples(DEEP // 2)
@given(libraries.libraries(most=2), st.integers(30, 120), st.sampled_from(("in-person", "online")))
def test_nothing_is_refused_that_can_be_filled(lessons, minutes, mode):
    """Where all lessons of a small library are wanted, a length is refused only if trying everything finds no way."""
    wanted = brief(minutes, focus=tuple(lessons.lessons), mode=mode)
    sequences = list(itertools.islice(exhaustive.sequences(lessons, wanted, wanted.focus), MANY))
    assume(len(sequences) < MANY)
    found, _ = outcome(lessons, wanted)
    assert (found is not None) == any(exhaustive.fills(sequence, wanted) for sequence in sequences)


# ------------------------------------------------------------ what must not change a plan


@examples(40)
@given(libraries.workshops(), st.integers(5, 15))
def test_another_aim_for_the_buffer_never_makes_a_brief_unfit(workshop, percent):
    """The buffer may be 5 to 15 percent whatever its aim, so what can be planned with one aim can be with another."""
    lessons, wanted = workshop
    other = wanted.model_copy(update={"buffer_percent": percent})
    assert (outcome(lessons, wanted)[0] is None) == (outcome(lessons, other)[0] is None)


@examples(40)
@given(libraries.workshops(), st.integers(0, 3))
def test_a_lower_level_never_brings_a_higher_card(workshop, level):
    """No card in a plan is above `max_level`, and lowering it takes cards away or refuses, never raises one."""
    lessons, wanted = workshop
    found = outcome(lessons, wanted.model_copy(update={"max_level": min(level, wanted.max_level)}))[0]
    assume(found is not None)
    assert all(lessons.cards[card].level <= min(level, wanted.max_level) for card in found.cards.values())


@examples(40)
@given(libraries.workshops())
def test_planning_in_the_order_of_a_plan_changes_nothing(workshop):
    """The same brief gives the same plan, and so good a one with the order locked that the plan has."""
    lessons, wanted = workshop
    found = outcome(lessons, wanted)[0]
    assume(found is not None)
    assert plan(lessons, wanted) == found
    order = tuple(slot.activity.id for slot in found.agenda.steps)
    again = plan(lessons, wanted.model_copy(update={"order": order}))
    assert again.score == pytest.approx(found.score) or found.gap or again.gap
