"""A pack in the conversation of `workshop new`: its answers, its cases, its limits, its contacts."""

import io
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from pack_help import GOOD, pack

from builder import planner, questions, terminal
from builder.library import shipped
from builder.packs.loading import load
from builder.terminal import Screen

ROOT = Path(__file__).parent.parent
PACKS = ROOT / "examples" / "packs"


@cache
def library_of(name):
    """The lessons under one of the example packs."""
    return load(shipped("modules"), [PACKS / name])[0]


@pytest.fixture
def talk(monkeypatch):
    """Hold a conversation by numbered lines; gives the brief and the screen."""

    def hold(library, lines, given=None):
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        shown = io.StringIO()
        screen = Screen(shown, fancy=False, fixed_width=100)
        brief = terminal.ask(library, given or {}, planner.plan, lambda _: None, screen=screen)
        return brief, shown.getvalue()

    return hold


SIX = [""] * 6
REST = ["", "Tuesday", "", "", "", ""]


def test_enter_takes_what_the_pack_answers(talk):
    """Enter at each question gives the pack's lessons, case, minutes and people."""
    brief, _ = talk(library_of("hospital"), [*SIX, *REST])
    assert brief.focus == ("case-endorsement", "commitments")
    assert brief.cards == {"endorsement": "night-rota"}
    assert (brief.minutes, brief.participants, brief.managers_present) == (100, 16, True)
    assert brief.organisation == "St Orrin's Hospital"


def test_whose_pack_it_is_and_what_it_keeps_is_said_first(talk):
    """Before the first question: organisation, contacts with the day of the check, limits."""
    _, shown = talk(library_of("council"), [*SIX, *REST])
    before = " ".join(shown[: shown.index("Question 1 of 6")].split())
    assert "With the pack “harrowmere” of Harrowmere Borough Council." in before
    assert "Fair workplace adviser, 01632 960 340, fair@harrowmere.example (checked on 2026-11-12)" in before
    assert "cases up to level 1 (settled history); 240 minutes at most; attendance voluntary" in before


def test_contacts_of_the_pack_are_not_asked_for(talk):
    """They are in the brief and on the last look, and no question is put."""
    brief, shown = talk(library_of("hospital"), [*SIX, *REST])
    assert [contact.name for contact in brief.contacts] == ["Equity adviser", "Speak-up adviser"]
    assert "Whom can participants turn to?" not in shown
    assert "Equity adviser; Speak-up adviser" in shown


def test_its_recipe_and_its_cards_come_first_and_say_whose_they_are(talk):
    """In each list what the pack brought stands before what the library has."""
    library = library_of("council")
    brief, shown = talk(library, ["4", "", "120", *SIX[2:], *REST])
    assert brief.cards == {"endorsement": "early-talk"}
    recipes = shown[shown.index("What is the workshop for?") :]
    assert recipes.index("(from Harrowmere Borough Council)") < recipes.index("Core ideas")
    cases = shown[shown.index("Which case?") :]
    assert cases.index("The six o'clock talk (fictional, from Harrowmere Borough Council)") < cases.index(
        "The choir name"
    )


def test_what_a_limit_excludes_is_closed_with_the_reason(talk):
    """A choice beyond the pack cannot be taken, and the screen says which pack keeps it."""
    brief, shown = talk(library_of("council"), ["", "", "", "", "3", "1", "", *REST])
    assert "the pack 'harrowmere' allows only voluntary" in shown
    assert brief.attendance == "voluntary"


def test_a_term_that_may_stay_empty_is_listed(tmp_path):
    """What the pack does not name yet is said before the questions: papers have a line for it."""
    more = "terms:\n  ward_round: {meaning: what the morning meeting is called}\n"
    library = load(GOOD, [pack(tmp_path / "riverside", None, more)])[0]
    told = list(questions.told_of_packs(questions.so_far(library, {})))
    assert told[1] == "- Not named in the pack yet, so papers have a line to fill: what the morning meeting is called"


def run(tmp_path, *arguments):
    """The command as somebody runs it."""
    return subprocess.run(
        [sys.executable, "-m", "builder", "new", *arguments],
        capture_output=True, text=True, check=False, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(tmp_path / "state")},
    )  # fmt: skip


def test_a_limit_beats_set(tmp_path):
    """The message names the pack and what it allows, and nothing is written."""
    done = run(tmp_path, "--defaults", "--pack", str(PACKS / "council"), "--set", "minutes=300")
    assert done.returncode == 1
    assert "minutes: '300' goes beyond the pack 'harrowmere', which allows 240 minutes at most." in done.stderr
    assert [path.name for path in tmp_path.iterdir() if path.name != "state"] == []


def test_a_required_term_without_a_word_stops_before_the_questions(tmp_path):
    """Nobody answers six questions for papers that cannot come out: what is to be filled is listed."""
    folder = pack(tmp_path / "riverside", None, "terms: {shift_lead: {required: yes, meaning: who leads a shift}}\n")
    done = run(tmp_path, "--pack", str(folder), "--modules", str(GOOD))
    assert done.returncode != 0
    assert "'shift_lead' (who leads a shift) is required" in done.stderr
    assert "Question 1" not in done.stderr + done.stdout


def test_without_questions_the_title_is_that_of_the_packs_recipe(tmp_path):
    """The title follows from what the pack answers, and not from the library's first recipe."""
    done = run(tmp_path, "--defaults", "--pack", str(PACKS / "hospital"), "-o", "kit")
    assert done.returncode == 0, done.stderr
    assert 'title: "A case from the wards"' in (tmp_path / "kit" / "workshop.yaml").read_text()
