"""When time runs out: what to cut at each checkpoint, how to leave a case, and how latecomers join."""

import re
import shutil
import subprocess
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder import kit, planner
from builder.kit.day_card import short
from builder.late import LATE, ever_fewer, late
from builder.problems import RefusedError
from tests import libraries, rules
from tests.libraries import LIBRARY, brief

EXAMPLES = ("ninety-minutes", "linehan", "encampments", "workplace-practice")
EXPECTED = re.compile(r"buffer:|reasons:|wishes:|break: it starts at|needs: the sheets|time: \d+ minutes are planned")
"""What a late day does not keep on purpose: the free minutes are spent, and lessons of the brief may go."""


def planned(lib, wanted):
    """The plan of a brief, or None where it is refused."""
    try:
        return planner.plan(lib, wanted)
    except RefusedError:
        return None


def steps_of(slots):
    """The activities among some slots."""
    return [slot for slot in slots if slot.activity is not None]


def as_held(plan, lib, slots, at, late_by=0):
    """The plan as it is then held: what was done until a minute, its last step longer by the delay, and the rest."""
    done = [slot for slot in plan.agenda.slots if slot.start < at]
    last = done[-1]
    done[-1] = last.model_copy(update={"minutes": at + late_by - last.start})
    lessons = {slot.activity.lesson for slot in steps_of([*done, *slots])}
    decks = {lib.lessons[key].deck for key in lessons}
    return plan.model_copy(
        update={
            "agenda": plan.agenda.model_copy(update={"slots": (*done, *slots)}),
            "cards": {deck: card for deck, card in plan.cards.items() if deck in decks},
            "alternates": {deck: card for deck, card in plan.alternates.items() if deck in decks},
        }
    ), done[-1]


def broken_by(plan, lib, slots, at, late_by):
    """The hard rules that the rest of a late day breaks, the delay itself aside."""
    held, longer = as_held(plan, lib, slots, at, late_by)
    sat = f" to {at + late_by}"
    return [
        problem
        for problem in rules.broken_rules(held, lib)
        if not EXPECTED.match(problem)
        and not (longer.activity and problem.startswith(f"bounds: '{longer.activity.id}' lasts"))
        and not (slots[0].kind == "break" and problem.startswith("break: there is none") and problem.endswith(sat))
    ]


def check_remedy(plan, lib, point, remedy):
    """One remedy keeps the end, every debrief, the closing, and every rule that the rest of a day can keep."""
    booked = plan.brief.minutes
    assert remedy.end == booked + remedy.late - remedy.saves
    assert remedy.holds == (remedy.end == booked)
    assert remedy.saves == min(remedy.late, point.most)
    assert remedy.slots[0].start == point.at + remedy.late
    assert all(a.end == b.start for a, b in pairwise(remedy.slots))
    assert all(slot.minutes >= slot.activity.debrief for slot in steps_of(remedy.slots))
    before = {slot.activity.id: slot for slot in plan.agenda.steps}
    kept = {slot.activity.id: slot.minutes for slot in steps_of(remedy.slots)}
    assert all(cut.planned == before[cut.activity.id].minutes for cut in remedy.cuts)
    assert all(cut.minutes == kept.get(cut.activity.id, 0) < cut.planned for cut in remedy.cuts)
    for slot in steps_of(remedy.slots):
        least, _ = rules.effective_minutes(slot.activity, plan.brief)
        assert slot.minutes >= min(least, before[slot.activity.id].minutes)
    closing = [key for key in before if lib.lessons[key.partition("/")[0]].phase == "closing"]
    assert sum(kept.get(key, 0) for key in closing) >= 7
    assert broken_by(plan, lib, remedy.slots, point.at, remedy.late) == []


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(libraries.workshops())
def test_every_remedy_keeps_the_end_the_debriefs_the_closing_and_the_rules(workshop):
    """Whatever the library and the brief: what a checkpoint says can be held, and saves no less when it is later."""
    lib, wanted = workshop
    plan = planned(lib, wanted)
    if plan is None:
        return
    found = late(lib, plan)
    assert len(found.checkpoints) <= 4
    for point in found.checkpoints:
        assert [remedy.late for remedy in point.remedies][:3] == list(LATE)
        assert [remedy.saves for remedy in point.remedies] == sorted(remedy.saves for remedy in point.remedies)
        for remedy in point.remedies:
            check_remedy(plan, lib, point, remedy)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(libraries.workshops())
def test_leaving_a_case_keeps_the_end_its_debrief_and_what_must_follow(workshop):
    """Wherever a contested case is left, the day ends on time, with its debrief and eight minutes of another lesson."""
    lib, wanted = workshop
    plan = planned(lib, wanted)
    if plan is None:
        return
    for each in late(lib, plan).leaving:
        check_leaving(plan, lib, each)


def check_leaving(plan, lib, each):
    """A case that is left is debriefed, nothing after it is shorter than planned, and the rules are kept."""
    assert each.slots[-1].end == plan.brief.minutes
    assert each.slots[0].start == each.at
    assert all(a.end == b.start for a, b in pairwise(each.slots))
    if each.point == "unopened":
        assert each.slots == tuple(slot for slot in plan.agenda.slots if slot.start >= each.at)
        return
    if each.debrief:
        assert (each.slots[0].activity.id, each.slots[0].minutes) == (each.activity.id, each.activity.debrief)
    rest = each.slots[bool(each.debrief) :]
    before = {slot.activity.id: slot.minutes for slot in plan.agenda.steps}
    assert all(slot.minutes >= before[slot.activity.id] for slot in steps_of(rest))
    closed = {activity.id for activity in each.closed}
    problems = broken_by(plan, lib, rest, each.at + each.debrief, 0)
    assert [p for p in problems if not any(p == f"needs: the core step '{key}' is not in" for key in closed)] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_can_be_late_without_breaking_a_rule(library, example, name):
    """Every remedy and every way to leave a case of the four examples can be held."""
    plan = planner.plan(library, example(name))
    found = late(library, plan)
    assert found.checkpoints
    for point in found.checkpoints:
        for remedy in point.remedies:
            check_remedy(plan, library, point, remedy)
    for each in found.leaving:
        check_leaving(plan, library, each)


def test_the_free_minutes_go_before_anything_is_cut(library, example):
    """Five minutes late with nine minutes kept free: every step stays as it was, and four minutes are still free."""
    plan = planner.plan(library, example("ninety-minutes"))
    point = late(library, plan).checkpoints[0]
    assert (point.buffer, point.remedies[0].cuts, point.remedies[0].buffer) == (9, (), 4)


def test_an_optional_step_is_skipped_before_a_lesson_goes(library, example):
    """Fifteen minutes late before the break, one optional step goes, and no lesson does."""
    plan = planner.plan(library, example("ninety-minutes"))
    point = next(point for point in late(library, plan).checkpoints if point.following.kind == "break")
    remedy = point.remedies[-1]
    assert [(cut.activity.id, cut.activity.core, cut.minutes) for cut in remedy.cuts] == [
        ("power-dynamics/decision-ladder", False, 0)
    ]
    assert remedy.lessons == ()


def test_a_lesson_goes_whole_where_nothing_less_will_do(library, example):
    """Where steps cannot be shortened and none is optional, all core steps of one lesson go together."""
    plan = planner.plan(library, example("ninety-minutes", minutes=50))
    remedies = [remedy for point in late(library, plan).checkpoints for remedy in point.remedies if remedy.lessons]
    assert remedies
    for remedy in remedies:
        steps = {slot.activity.id for slot in plan.agenda.steps if slot.activity.lesson in remedy.lessons}
        assert steps == {cut.activity.id for cut in remedy.cuts if not cut.minutes}
        assert not any(slot.activity.lesson in remedy.lessons for slot in steps_of(remedy.slots))


def test_where_no_cut_saves_enough_the_card_says_by_how_much(library, example):
    """After the Linehan example eleven minutes can be saved at most: fifteen late means four minutes over."""
    plan = planner.plan(library, example("linehan"))
    remedy = late(library, plan).checkpoints[-1].remedies[-1]
    assert (remedy.late, remedy.saves, remedy.holds) == (15, 11, False)
    assert plan.brief.clock(remedy.end) == "15:34"


def test_eight_minutes_still_follow_a_contested_case(library, example):
    """What is skipped after a contested case is made good by a step that stays, up to eight minutes."""
    plan = planner.plan(library, example("linehan"))
    remedy = late(library, plan).checkpoints[-1].remedies[1]
    assert [cut.activity.id for cut in remedy.cuts] == ["commitments/rehearse"]
    assert sum(slot.minutes for slot in steps_of(remedy.slots) if slot.activity.lesson == "commitments") == 8


def test_a_pinned_step_is_neither_cut_nor_shortened():
    """What the brief pins stays as it is, however late it gets."""
    plan = planner.plan(LIBRARY, brief(90, focus=["words", "power", "practice"], pinned={"words/sort": 15}))
    remedies = [remedy for point in late(LIBRARY, plan).checkpoints for remedy in point.remedies]
    assert remedies
    assert not any(cut.activity.id == "words/sort" for remedy in remedies for cut in remedy.cuts)


def test_a_break_at_a_fixed_time_still_starts_then(library, example):
    """Where the brief says when the break is, what is cut before it lets it start on time."""
    plan = planner.plan(library, example("ninety-minutes", breaks=[{"at": "10:40", "minutes": 10}]))
    pause = next(slot for slot in plan.agenda.slots if slot.kind == "break")
    first = late(library, plan).checkpoints[0]
    assert first.at < pause.start
    assert all(pause in remedy.slots for remedy in first.remedies)


def test_the_card_says_where_a_fixed_time_cannot_be_kept(kit_of, words_of):
    """Five minutes late at a break whose time is fixed: the card says when it starts instead."""
    made = kit_of("ninety-minutes", breaks=[{"at": "10:40", "minutes": 10}])
    printed = " ".join(words_of(made.files["day-card.docx"]))
    assert "The fixed time moves: break 10:45." in printed


def test_before_it_is_opened_everybody_takes_the_alternate(library, example):
    """Leaving the Linehan example before it begins changes no time: the made-up case stands in for it."""
    plan = planner.plan(library, example("linehan"))
    first = late(library, plan).leaving[0]
    assert (first.point, first.alternate) == ("unopened", plan.alternates["endorsement"])
    assert library.cards[first.alternate].level == 0


def test_the_minutes_of_a_case_that_is_left_go_to_what_follows(library, example):
    """Half way through, the debrief comes at once, and all that follows gets more time until the same end."""
    plan = planner.plan(library, example("linehan"))
    half = next(each for each in late(library, plan).leaving if each.point == "half way")
    assert half.free == 11
    assert half.slots[0].minutes == half.activity.debrief == 9
    more = [slot for slot in half.slots if slot.kind == "break"]
    assert half.slots[-1].end == 90
    assert more[0].start == half.at + 9


def test_only_contested_cases_are_left(library, example):
    """A made-up case has no page of its own on how to leave it."""
    assert late(library, planner.plan(library, example("workplace-practice"))).leaving == ()


@given(people=st.integers(4, 60))
@settings(max_examples=20, deadline=None)
def test_groups_split_evenly_with_nobody_left_over(people):
    """With four fewer and four more, everybody is in a group, and the groups are those that the rules ask for."""
    plan = planned(LIBRARY, brief(120, focus=["words", "practice"], participants=people))
    if plan is None:
        return
    for split in late(LIBRARY, plan).splits:
        for count, sizes in zip(split.people, split.sizes, strict=True):
            assert sum(sizes) == count
            assert max(sizes) - min(sizes) <= 1
            if split.size is not None:
                assert len(sizes) == rules.groups_formed(count, split.size)


def test_fewer_checkpoints_are_spread_and_the_same(library, example):
    """With room for fewer, the checkpoints that are left say what they said before."""
    plan = planner.plan(library, example("ninety-minutes"))
    every = list(ever_fewer(library, plan))
    counts = [len(each.checkpoints) for each in every]
    assert counts == list(range(counts[0], -1, -1))
    known = {point.at: point for point in every[0].checkpoints}
    assert all(known[point.at] == point for each in every for point in each.checkpoints)


def test_the_same_plan_always_gives_the_same_card(library, example):
    """Two runs agree to the last minute."""
    plan = planner.plan(library, example("encampments"))
    assert late(library, plan) == late(library, plan)


# ------------------------------------------------------------ the card


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_front_of_the_card_says_what_the_plan_of_a_late_day_says(kit_of, words_of, library, example, name):
    """Each checkpoint that is printed stands with its clock, and each of its remedies with what it saves."""
    plan = planner.plan(library, example(name))
    printed = words_of(kit_of(name).files["day-card.docx"])
    whole = " ".join(printed)
    points = [each for each in late(library, plan).checkpoints if f"At {plan.brief.clock(each.at)}, before" in whole]
    assert points
    for point in points:
        for remedy in point.remedies:
            if remedy.cuts:
                assert f"{remedy.saves} min" in printed
            for cut in remedy.cuts:
                if not cut.minutes and not remedy.lessons:
                    assert any("Skip" in line and short(cut.activity.title) in line for line in printed)


def test_the_card_says_the_words_with_which_a_case_is_left(kit_of, words_of):
    """The Linehan example can be left at three points, each with its clock, words to say and what comes then."""
    printed = " ".join(words_of(kit_of("linehan").files["day-card.docx"]))
    for clock, point in (("14:21", "Unopened"), ("14:38", "Half way"), ("14:49", "Debated")):
        assert re.search(rf"{point} {clock}\s*“", printed)
    assert "Debrief, 9 min. Then 14:47 break; 14:52 Draft" in printed
    assert "leave this case now" not in " ".join(words_of(kit_of("workplace-practice").files["day-card.docx"]))


def test_the_card_says_how_latecomers_join(kit_of, words_of):
    """Eighteen are expected: with fourteen and with twenty-two, pairs and groups are counted."""
    printed = " ".join(words_of(kit_of("ninety-minutes").files["day-card.docx"]))
    assert "14 7 2 of 4, 2 of 3 2 of 4, 2 of 3 22 11 4 of 4, 2 of 3 1 of 4, 6 of 3" in printed
    assert "Hand each sheet A and a latecomer slip with “Where we are” filled in." in printed


def test_the_back_of_the_card_is_for_when_it_gets_heated(kit_of, words_of):
    """On the back stand the words to pause the room, the contacts, and what to do afterwards."""
    printed = " ".join(words_of(kit_of("ninety-minutes").files["day-card.docx"]))
    front, back = printed.split("If it gets heated")
    assert "Later than" not in back
    for words in ("Let us stop here for a moment.", "Jo Marsh, People team: extension 204", "speak to each person"):
        assert words in back
        assert words not in front


def test_the_card_keeps_the_promised_end_and_never_asks_to_wait(kit_of, words_of):
    """Where no cut is enough people are asked and may go on time; where none is needed nobody waits for a clock."""
    printed = " ".join(words_of(kit_of("linehan").files["day-card.docx"]))
    assert "“We need 4 minutes more. Is that all right? Whoever has to go at 15:30, please just go.”" in printed
    assert "If not, stop at 15:30." in printed
    assert "We end at" not in printed
    assert "Go straight on. At the latest 15:03 break" in printed


def test_words_against_people_are_stopped_and_reported_and_an_emergency_comes_first(kit_of, words_of):
    """The back of the card asks for no reasons there, and has the emergency number before any contact."""
    for name in EXAMPLES:
        back = " ".join(words_of(kit_of(name).files["day-card.docx"])).split("If it gets heated")[1]
        assert "“That stops here.” A view put without contempt is not meant. Ask for no reasons." in back
        assert "Report it the same day by the ordinary route." in back
        assert back.index("Emergency number first") < back.index("Jo Marsh")
        assert "Somebody independent of them: ____" in back


SESSIONS = (
    *((name, {}) for name in EXAMPLES),
    ("ninety-minutes", {"minutes": 45, "focus": ["solidarity-and-allyship", "commitments"]}),
    ("ninety-minutes", {"minutes": 180, "contacts": []}),
    ("ninety-minutes", {"minutes": 480, "focus": []}),
    ("linehan", {"minutes": 240, "focus": ["linehan", "encampments", "commitments"]}),
)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_front_and_back_are_one_page_each(library, example, tmp_path):
    """On A4 and on Letter the card has two pages: when it runs late, and when it gets heated."""
    names = []
    for number, (name, changes) in enumerate(SESSIONS):
        for paper in ("A4", "Letter"):
            plan = planner.plan(library, example(name, paper=paper, **changes))
            names.append(f"card{number}-{paper}.docx")
            (tmp_path / names[-1]).write_bytes(kit.make(plan, library).files["day-card.docx"])
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", *names]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=180)
    made = {name: (tmp_path / name).with_suffix(".pdf").read_bytes() for name in names}
    pages = {name: len(re.findall(rb"/Type\s*/Page\b", pdf)) for name, pdf in made.items()}
    assert pages == dict.fromkeys(names, 2)
