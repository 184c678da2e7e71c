"""The lessons that come with the program: they load, keep the rules of the library, and fit their pages."""

import shutil
import subprocess
from datetime import date

import pytest

from builder import planner
from builder.blocks import Heading, Paper, Run, Sheet
from builder.checker import judge
from builder.kit.cases import case_sheet
from builder.kit.templates import fitted
from builder.kit.texts import Texts, filled
from builder.library import shipped
from builder.word import render

PLACEHOLDERS = {"organisation": "Riverside Trust", "reporting_contact": "Jo Marsh, People team, extension 204"}


def test_the_shipped_library_has_no_finding():
    """Nothing is wrong with any lesson, sheet, card or source, and no review is due on the day it was written."""
    assert judge(shipped("modules"), shipped("modules"), date(2026, 11, 22)) == []


def test_the_lessons_and_cards_that_people_ask_for_are_there(library):
    """The lessons and the two named cases are in, each deck with a default that does not play at work."""
    assert {
        "opening", "solidarity-and-allyship", "power-dynamics", "grassroots-reciprocity",
        "case-endorsement", "case-shared-cause", "commitments", "closing",
        "homework-first", "voice-and-story", "working-with-disagreement",
    } <= set(library.lessons)  # fmt: skip
    assert library.cards["linehan"].deck == "endorsement"
    assert library.cards["encampments"].deck == "shared-cause"
    for deck, lesson in library.decks.items():
        default = library.cards[lesson.default_card]
        assert (default.level, default.workplace) == (0, False), deck


def test_contested_cards_give_readings_of_equal_weight(library):
    """Each contested card has at least three readings, none longer than another by more than a quarter."""
    for card in library.cards.values():
        if card.contested:
            lengths = [len(reading.text.split()) for reading in card.readings]
            assert len(lengths) >= 3
            assert max(lengths) <= 1.25 * min(lengths), card.id


def test_the_nine_disagreements_give_no_source_the_last_word(library):
    """Nine questions, each with answers of at least two sources, and none of the sources in all of them."""
    asked = list(library.disagreements.values())
    assert len(asked) == 9
    for found in asked:
        assert len({position.source for position in found.positions}) == len(found.positions) >= 2
    assert not set.intersection(*({position.source for position in found.positions} for found in asked))


def test_every_outcome_is_practised_and_checked(library):
    """Whatever a lesson says people can do, one of its steps practises and one checks."""
    for key, lesson in library.lessons.items():
        steps = library.activities_of(key)
        for outcome in lesson.teaches:
            assert any(outcome.id in step.practises for step in steps), (key, outcome.id)
            assert any(outcome.id in step.checks for step in steps), (key, outcome.id)


def test_the_core_is_what_the_lessons_are_built_on(library):
    """The first activity of the concepts, two and three of the cases, and two of the commitments are core."""
    core = {key: [s.core for s in library.activities_of(key)] for key in library.lessons}
    for key in ("solidarity-and-allyship", "power-dynamics", "grassroots-reciprocity"):
        assert core[key] == [True] + [False] * (len(core[key]) - 1)
    assert core["case-endorsement"][:2] == [True, True]
    assert core["case-shared-cause"][:3] == [True, True, True]
    assert core["commitments"] == [True, True, False]


def test_the_confidentiality_line_names_its_limits(library):
    """The agreements sheet says that some people in the room have a duty to act."""
    assert "duty to act" in library.sheets["opening/agreements"].body.markdown


RECIPES = (
    "core-ideas", "one-case", "workplace-practice", "workplace-case", "partnership", "hard-conversations", "half-a-day",
)  # fmt: skip


def test_the_recipes_tried_below_are_all_there_are(library):
    """No recipe comes with the program that is not planned here."""
    assert tuple(library.recipes) == RECIPES


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("people", [9, 16, 24])
def test_every_recipe_fits_the_time_that_its_summary_tells(library, example, recipe, people):
    """In a room, 90 minutes are enough for lessons run before; half a day is three hours or four."""
    for minutes in (180, 240) if recipe == "half-a-day" else (90,):
        brief = for_recipe(library, example, recipe, people, minutes=minutes, run_before=recipe != "half-a-day")
        assert planner.plan(library, brief).agenda.minutes == minutes


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_fits_the_time_that_its_summary_tells_online(library, example, recipe):
    """Run for the first time and online: 90 minutes, or the time that the summary says to book."""
    told = library.recipes[recipe].summary
    minutes = 120 if "Online, book two hours." in told else 180 if "Book three to four hours." in told else 90
    brief = for_recipe(library, example, recipe, 16, minutes=minutes, run_before=False, mode="online")
    assert planner.plan(library, brief).agenda.minutes == minutes


def for_recipe(library, example, recipe, people, **changes):
    """The brief of the first example with what a recipe sets, for so many people."""
    found = library.recipes[recipe]
    focus, cards = list(found.focus), dict(found.cards)
    return example("ninety-minutes", focus=focus, cards=cards, participants=people, participants_most=people, **changes)


@pytest.mark.slow
@pytest.mark.skipif(not (shutil.which("soffice") and shutil.which("pdfinfo")), reason="needs LibreOffice and poppler")
@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_every_sheet_and_case_fits_its_declared_sides(library, tmp_path, size):
    """Rendered on paper, a sheet has as many sides as it says, and a case with all its readings has two."""
    texts, declared = Texts(library), {}
    for key, sheet in library.sheets.items():
        name = key.replace("/", "__")
        declared[name] = sheet.sides
        blocks = filled(fitted(texts.sheet(sheet)), PLACEHOLDERS, library)
        write(tmp_path / f"{name}.docx", (Heading(1, (Run("Sheets for each person"),)), *blocks), size)
    for key, card in library.cards.items():
        declared[f"case-{key}"] = 2
        write(tmp_path / f"case-{key}.docx", filled(case_sheet(card, texts, "Riverside Trust"), {}, library), size)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, *map(str, tmp_path.glob("*.docx"))], check=True, capture_output=True)
    assert {name: pages(tmp_path / f"{name}.pdf") for name in declared} == declared


def write(path, blocks, size):
    """Write blocks as a paper of one sheet."""
    sheet = Sheet(tuple(blocks), "Solidarity in practice · Sheet A · Plan ABCDE")
    paper = Paper(title=path.stem, sheets=(sheet,), size=size)
    path.write_bytes(render(paper))


def pages(path):
    """The number of pages of a PDF file."""
    told = subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True, text=True).stdout
    return int(told.partition("Pages:")[2].split()[0])
