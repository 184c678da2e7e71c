"""The papers of one workshop: which come out, what stands in them, and what must never stand in them."""

import io
import itertools
import re
import zipfile
from datetime import date

import docx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from builder import kit, planner
from builder.blocks import Heading, Paragraph, Table, text_of, walk
from builder.kit.context import context_of
from builder.kit.sheets import handouts
from builder.kit.templates import _escaped
from builder.kit.texts import short_name
from builder.markdown import parse
from builder.model import Text
from builder.problems import InputError

PAPERS = (
    "agenda.docx",
    "facilitator-guide.docx",
    "handouts-each-person.docx",
    "handouts-each-group.docx",
    "handouts-room.docx",
    "group-cards.docx",
    "print-and-pack.docx",
    "day-card.docx",
    "invitation.docx",
    "afterwards.docx",
)
EXAMPLES = ("ninety-minutes", "linehan", "encampments", "workplace-practice")
PARTICIPANTS = ("handouts-each-person.docx", "handouts-each-group.docx", "handouts-room.docx")


def headings(content):
    """The level and text of each heading of a Word file."""
    document = docx.Document(io.BytesIO(content))
    paragraphs = [p for p in document.paragraphs if p.style.name.lower().startswith("heading")]
    return [(int(p.style.name[-1]), p.text) for p in paragraphs]


def tables(content):
    """Each table of a Word file as rows of cell texts."""
    document = docx.Document(io.BytesIO(content))
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]


def test_a_kit_holds_every_paper_the_brief_and_a_calendar_file(kit_of):
    """A dated workshop with sheets for persons, groups and the room gives ten papers, a calendar and the brief."""
    assert sorted(kit_of("ninety-minutes").files) == sorted([*PAPERS, "agenda.ics", "workshop.yaml"])


def test_without_a_date_there_is_no_calendar_file(library, example):
    """A brief without a date gives no calendar file, since nobody knows the day."""
    brief = example("ninety-minutes").model_copy(update={"date": None})
    assert "agenda.ics" not in kit.make(planner.plan(library, brief), library).files


def test_the_same_brief_gives_the_same_bytes(library, example):
    """Two builds of one brief are equal to the byte, in every file."""
    first, second = (kit.make(planner.plan(library, example("linehan")), library) for _ in range(2))
    assert first.files == second.files


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_paper_is_sound_for_word(kit_of, name, tmp_path):
    """The schema validator finds no error in any paper of the four examples."""
    from openxml_audit import OpenXmlValidator

    for paper, content in kit_of(name).files.items():
        if paper.endswith(".docx"):
            path = tmp_path / paper
            path.write_bytes(content)
            result = OpenXmlValidator().validate(str(path))
            assert [str(error) for error in result.errors] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_paper_has_one_first_heading_and_skips_no_level(kit_of, name):
    """A screen reader finds one heading of level 1, nothing deeper than 3, and no level left out."""
    for paper, content in kit_of(name).files.items():
        if paper.endswith(".docx"):
            levels = [level for level, _ in headings(content)]
            assert levels.count(1) == 1, paper
            assert levels[0] == 1, paper
            assert max(levels) <= 3, paper
            assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), paper


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_plan_code_stands_in_every_footer(kit_of, words_of, name):
    """Every section of every paper ends with the code of the plan that it belongs to."""
    made = kit_of(name)
    for paper, content in made.files.items():
        if paper.endswith(".docx"):
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                footers = [package.read(n).decode() for n in package.namelist() if n.startswith("word/footer")]
            assert footers
            assert all(f"Plan {made.code}" in re.sub("<[^>]+>", "", footer) for footer in footers), paper


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_facilitator_text_is_in_a_participant_sheet(kit_of, words_of, library, example, name):
    """No step, debrief, note or background of a lesson is printed on what participants get."""
    plan = planner.plan(library, example(name))
    bodies = [slot.activity.body.markdown for slot in plan.agenda.steps]
    bodies += [library.lessons[key].body.markdown for key in plan.agenda.lessons]
    theirs = {line.strip("- ").strip() for body in bodies for line in body.splitlines() if len(line.strip()) > 45}
    for paper in PARTICIPANTS:
        printed = " ".join(words_of(kit_of(name).files[paper])) if paper in kit_of(name).files else ""
        assert [line for line in theirs if line in printed] == []


def test_facilitator_text_in_a_sheet_stops_the_build(library, example):
    """A sheet that repeats a line of the facilitator's notes is refused, with the sheet and the line."""
    plan = planner.plan(library, example("ninety-minutes"))
    key = "opening/agreements"
    line = "Read once what it is for, name the choice in plain words, and then move on."
    step = next(slot.activity for slot in plan.agenda.steps if slot.activity.id == key)
    told = step.model_copy(update={"body": Text(markdown=f"## Notes\n\n- {line}\n", path="step.md")})
    slots = tuple(
        slot.model_copy(update={"activity": told}) if slot.activity == step else slot for slot in plan.agenda.slots
    )
    sheet = library.sheets[key]
    body = sheet.body.model_copy(update={"markdown": f"{sheet.body.markdown}\n\n{line}\n"})
    leaky = library.model_copy(update={"sheets": {**library.sheets, key: sheet.model_copy(update={"body": body})}})
    with pytest.raises(InputError) as refused:
        kit.make(plan.model_copy(update={"agenda": plan.agenda.model_copy(update={"slots": slots})}), leaky)
    assert [problem.code for problem in refused.value.problems] == ["facilitator-text"]


def test_the_running_sheet_has_every_clock_time_and_an_empty_column(kit_of, library, example):
    """Page one of the guide lists each step and break with its clock, and leaves room for what it really took."""
    plan = planner.plan(library, example("ninety-minutes"))
    rows = tables(kit_of("ninety-minutes").files["facilitator-guide.docx"])[0]
    clocks = [plan.brief.clock(slot.start) for slot in plan.agenda.slots if slot.kind != "transition"]
    assert [row[0] for row in rows[1:]] == [*clocks, "11:30"]
    assert {row[-1] for row in rows[1:]} == {""}


def test_the_running_sheet_says_when_each_debrief_starts(kit_of, library, example):
    """The debrief's clock time is the step's end less the debrief's minutes."""
    plan = planner.plan(library, example("ninety-minutes"))
    rows = {row[2]: row[5] for row in tables(kit_of("ninety-minutes").files["facilitator-guide.docx"])[0]}
    for slot in plan.agenda.steps:
        expected = plan.brief.clock(slot.end - slot.activity.debrief) if slot.activity.debrief else ""
        assert rows[slot.title] == expected


def test_the_wall_agenda_is_exact_at_breaks_and_the_end_and_names_no_case(kit_of, words_of, library, example):
    """Lessons stand at about their time, the break and the end to the minute, without buffer and case titles."""
    rows = tables(kit_of("linehan").files["agenda.docx"])[0]
    plan = planner.plan(library, example("linehan"))
    pause = next(slot for slot in plan.agenda.slots if slot.kind == "break")
    assert [plan.brief.clock(pause.start), f"Break until {plan.brief.clock(pause.end)}"] in rows
    assert rows[-1] == ["15:30", "End"]
    assert all(re.fullmatch(r"\d\d:\d[05]", clock) for clock, what in rows[1:] if "Break" not in what)
    printed = " ".join(words_of(kit_of("linehan").files["agenda.docx"]))
    assert "Linehan" not in printed
    assert "Buffer" not in printed


def test_sheets_have_the_same_letter_in_the_guide_and_on_the_sheet(kit_of, words_of, library, example):
    """A letter in the guide leads to the sheet that carries it in its footer."""
    made = kit_of("linehan")
    sheets = context_of(planner.plan(library, example("linehan")), library, "ABCDE").sheets
    footers = " ".join(text for paper in PARTICIPANTS if paper in made.files for text in words_of(made.files[paper]))
    listed = {row[1]: row[2] for row in tables(made.files["print-and-pack.docx"])[1][1:]}
    assert listed == {sheet.letter: sheet.title for sheet in sheets}
    assert all(f"Sheet {sheet.letter} " in footers for sheet in sheets)


def test_a_contested_case_is_printed_with_all_readings_and_whose_views_they_are(kit_of, words_of, library):
    """The case's sheet says whose views it reports, and holds every reading with its holder."""
    printed = " ".join(words_of(kit_of("linehan").files["handouts-each-person.docx"]))
    assert "Views of those named, not of Riverside Trust." in printed
    for reading in library.cards["linehan"].readings:
        assert reading.holder in printed
    assert "As of 2026-11-22" in printed


def test_the_sheet_of_disagreements_is_filled_from_the_library(kit_of, library):
    """Where pairs compare sources, they get every question with every source's name before what it says."""
    made = kit_of("ninety-minutes", focus=["solidarity-and-allyship"])
    (printed,) = (rows for rows in tables(made.files["handouts-each-group.docx"]) if rows[0][-1] == "Who says what")
    assert [question for question, _ in printed[1:]] == [
        f"{number}. {found.question}" for number, found in enumerate(library.disagreements.values(), 1)
    ]
    for (_, answers), found in zip(printed[1:], library.disagreements.values(), strict=True):
        lines = answers.splitlines()
        for line, position in zip(lines, found.positions, strict=False):
            name = short_name(library.sources[position.source])
            assert line.lower() == f"{name}: {position.text}".lower()
        assert len(lines) == len(found.positions) + bool(found.synthesis)


def test_the_guide_lists_the_sources_that_its_sheets_set_against_each_other(kit_of, words_of):
    """A work that no lesson cites stands in the guide's list of sources when the table of disagreements names it."""
    words = words_of(kit_of("ninety-minutes", focus=["solidarity-and-allyship"]).files["facilitator-guide.docx"])
    assert any("The Normative Demand for Deference" in line for line in words)


def test_a_contested_case_comes_with_an_alternate_of_level_zero_on_another_paper(kit_of, words_of, library):
    """The default card is printed for a table of its own, apart from the sheets that everybody gets."""
    default = library.cards[library.lessons["case-endorsement"].default_card]
    assert default.level == 0
    assert default.title in " ".join(words_of(kit_of("linehan").files["handouts-room.docx"]))
    assert default.title not in " ".join(words_of(kit_of("linehan").files["handouts-each-person.docx"]))


def test_a_made_up_case_needs_no_alternate(library, example):
    """A workshop with a case of level 0 prints that case only."""
    sheets = handouts(planner.plan(library, example("workplace-practice")), library)
    assert [sheet.card.id for sheet in sheets if sheet.card] == ["staff-network-split"]


def test_a_step_that_compares_two_cases_prints_both(library, example):
    """The swap test gets the deck's first other card of level 0 or 1, and the alternate table another one."""
    sheets = handouts(planner.plan(library, example("encampments", minutes=150)), library)
    assert {sheet.why: sheet.card.id for sheet in sheets if sheet.card} == {
        "case": "encampments",
        "second case": "band-uniforms",
        "alternate": "club-towels",
    }


def test_the_advisory_stands_word_for_word_on_page_one_and_at_the_case(kit_of, words_of, library):
    """The guide prints a contested card's advisory in the table of page one and before the case lesson."""
    advisory = " ".join(library.cards["linehan"].advisory.split())
    printed = words_of(kit_of("linehan").files["facilitator-guide.docx"])
    assert sum(advisory in line for line in printed) == 2


def test_the_guide_says_what_to_do_with_free_minutes(kit_of, words_of):
    """The buffer has a place of its own with what comes then, what to offer, and leave to end early."""
    printed = " ".join(words_of(kit_of("ninety-minutes").files["facilitator-guide.docx"]))
    assert "11:10 Buffer 9 minutes kept free If they are used up, go straight on to 11:19 Back to the aims." in printed
    assert "Otherwise begin the closing now, and let people go early." in printed


def test_advisories_are_read_once_at_the_opening_and_ended_once(kit_of):
    """Page one has one row with all of them, one after the other, and how to pass stands there once."""
    rows = tables(kit_of("ninety-minutes").files["facilitator-guide.docx"])[1]
    (told,) = (row[1] for row in rows if row[0] == "Read aloud once, at the opening")
    assert told.count("You may pass") == 1
    assert told.endswith("You may pass, skip a step or step out, without a reason.")


def test_page_one_has_a_line_for_a_contact_who_is_independent(kit_of, library, example):
    """Where the brief names one contact there is a line for another; with two there is none."""
    contacts = tables(kit_of("ninety-minutes").files["facilitator-guide.docx"])[1][-1]
    assert contacts[1].startswith("Jo Marsh, People team: extension 204. Somebody independent of them: ____")
    two = example("ninety-minutes").contacts * 2
    brief = example("ninety-minutes").model_copy(update={"contacts": two})
    files = kit.make(planner.plan(library, brief), library).files
    assert "____" not in tables(files["facilitator-guide.docx"])[1][-1][1]


def test_copies_are_counted_from_the_most_that_may_come(kit_of, library, example):
    """Each person's sheets are printed for the most, and groups for the groups that the most make."""
    sheets = {sheet.key: sheet for sheet in handouts(planner.plan(library, example("ninety-minutes")), library)}
    assert sheets["opening/agreements"].copies == 20
    assert sheets["power-dynamics/power-grid"].copies == 5


def test_a_missing_contact_becomes_a_line_to_fill(library, example, words_of):
    """Without contacts the agreements and the guide have a labelled line instead."""
    brief = example("ninety-minutes").model_copy(update={"contacts": ()})
    files = kit.make(planner.plan(library, brief), library).files
    assert "______________ (contact)" in " ".join(words_of(files["handouts-each-person.docx"]))
    assert "how to reach: ____" in " ".join(words_of(files["facilitator-guide.docx"]))


def test_markdown_in_a_title_stays_text(library, example, words_of):
    """A title cannot become a heading, a link or an insert of its own."""
    title = "# **x** ::: insert rows [a](javascript:b) {{organisation}} | <b>"
    brief = example("ninety-minutes").model_copy(update={"title": title})
    files = kit.make(planner.plan(library, brief), library).files
    assert headings(files["agenda.docx"]) == [(1, title)]
    assert title in " ".join(words_of(files["facilitator-guide.docx"]))


def test_the_plan_code_changes_with_the_clock_and_not_with_the_name(library, example):
    """Papers of another agenda carry another code; a new title alone keeps the code."""
    plan = planner.plan(library, example("ninety-minutes"))
    later = planner.plan(library, example("ninety-minutes", start="10:15"))
    renamed = planner.plan(library, example("ninety-minutes", title="Another name"))
    assert kit.plan_code(plan) != kit.plan_code(later)
    assert kit.plan_code(plan) == kit.plan_code(renamed)


def test_the_changes_since_the_last_plan_are_told_in_words(library, example, words_of):
    """Print-and-pack says what moved since the plan that the folder held before, as the screen does."""
    before = kit.make(planner.plan(library, example("ninety-minutes")), library)
    after = planner.plan(library, example("ninety-minutes", start="10:30"))
    made = kit.make(after, library, kit.former(before.facts, {}))
    words = words_of(made.files["print-and-pack.docx"])
    assert "Everything starts 30 minutes later" in words
    assert made.facts["changes"] == ["Everything starts 30 minutes later"]


def test_the_calendar_file_has_the_times_and_no_case(kit_of):
    """A calendar shows the booked time in the brief's zone, and says nothing of the case."""
    from icalendar import Calendar

    event = Calendar.from_ical(kit_of("encampments").files["agenda.ics"]).walk("VEVENT")[0]
    assert event["DTSTART"].dt.date() == date(2026, 12, 8)
    assert (event["DTEND"].dt - event["DTSTART"].dt).total_seconds() == 120 * 60
    assert b"ncampment" not in kit_of("encampments").files["agenda.ics"]


def test_the_brief_in_the_kit_makes_the_same_kit(library, kit_of, tmp_path):
    """`workshop.yaml` is complete: building from it gives the same bytes."""
    from builder import questions
    from builder.strict import read_yaml

    made = kit_of("linehan")
    marked, problems = read_yaml(made.files["workshop.yaml"].decode(), "workshop.yaml")
    assert problems == []
    again = kit.make(planner.plan(library, questions.parse(marked, library)), library)
    assert again.files == made.files


@pytest.mark.parametrize("around", ["{}", "# {}", "- {}", "**{}:** x", "x: {}", "| a | {} |\n|---|---|\n| b | c |"])
@given(
    st.lists(st.sampled_from([*"ab1. -+=#*_`~[](){}<>|!&:;,'\"\\^/@$%?é“”", ":::", "---", "1. ", "&amp;"])).map("".join)
)
@example("1. a")
@example("::: note")
@example("--- a #")
def test_what_a_template_prints_is_plain_text(around, text):
    """A title can neither become Markdown nor a block, whatever signs it has and wherever a template prints it."""
    printed = _escaped(text)
    blocks, problems = parse(around.format(printed))
    found = [text_of(block.runs) for block in walk(blocks) if isinstance(block, Heading | Paragraph)]
    found += [text_of(cell) for block in blocks if isinstance(block, Table) for cell in block.header]
    assert not problems
    assert " ".join(text.split()) in " ".join(found)
