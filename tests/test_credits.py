"""Whose words the papers hold: sources, authors, licences, adaptation, and which outcome is practised where."""

import io
import json
import re
import shutil
import subprocess

import docx
import pytest
from click.testing import CliRunner

from builder import kit, planner
from builder.blocks import text_of
from builder.cli import workshop
from builder.kit.cases import case_sheet
from builder.kit.context import context_of
from builder.kit.credits import MOST_NAMED, credit_lines, lessons_in, named_works, works_of
from builder.kit.sheets import of_step, pieces
from builder.kit.texts import Texts
from builder.model import Source, Text
from builder.problems import InputError

EXAMPLES = ("ninety-minutes", "linehan", "encampments", "workplace-practice")
PARTICIPANTS = ("handouts-each-person.docx", "handouts-each-group.docx", "handouts-room.docx")
ONLY_HERE = Source.model_validate({"id": "only-here", "type": "book", "title": "Only here", "issued": "1999"})


def guide_of(files, words_of):
    """The lines of a guide."""
    return words_of(files["facilitator-guide.docx"])


def listed(files, words_of):
    """The entries of a guide's list of sources."""
    lines = guide_of(files, words_of)
    first = lines.index("Sources, authors and licences") + 2
    return lines[first : next(i for i, line in enumerate(lines) if i > first and line.startswith("“"))]


def outcome_rows(files):
    """The rows of a guide's table of outcomes, by outcome."""
    tables = docx.Document(io.BytesIO(files["facilitator-guide.docx"])).tables
    table = next(table for table in tables if table.rows[0].cells[0].text == "Outcome")
    return {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in table.rows[1:]}


def with_license(library, **licenses):
    """The library with some lessons under another licence, a hyphen in an id written as an underscore."""
    changed = {key.replace("_", "-"): text for key, text in licenses.items()}
    lessons = {
        key: lesson.model_copy(update={"license": changed.get(key, lesson.license)})
        for key, lesson in library.lessons.items()
    }
    return library.model_copy(update={"lessons": lessons})


def citing(library, lesson, body=None):
    """The library with a work that a lesson lists, and that one of its texts (of the given activity) cites."""
    own = library.lessons[lesson]
    lessons = {**library.lessons, lesson: own.model_copy(update={"sources": (*own.sources, "only-here")})}
    activities = dict(library.activities)
    if body is not None:
        told = activities[body].body.markdown + "\n- As shown elsewhere [@only-here].\n"
        text = Text(markdown=told, path=f"{body}.md")
        activities[body] = activities[body].model_copy(update={"body": text})
    sources = {**library.sources, "only-here": ONLY_HERE}
    return library.model_copy(update={"lessons": lessons, "activities": activities, "sources": sources})


# ------------------------------------------------------------ sources


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_work_named_in_the_papers_is_in_the_guides_list(kit_of, words_of, library, example, name):
    """Whoever meets a name and a year on any paper finds the work in the list, once."""
    files = kit_of(name).files
    entries = listed(files, words_of)
    assert len(set(entries)) == len(entries) > 5
    printed = " ".join(line for paper in (*PARTICIPANTS, "facilitator-guide.docx") if paper in files
                       for line in words_of(files[paper]))  # fmt: skip
    titles = " ".join(entries)
    named = []
    for source in library.sources.values():
        short = re.escape(source.author[0].literal or source.author[0].family) if source.author else None
        if short and source.issued and re.search(rf"\({short}(?: et al\.| and [^()]*)? {source.issued[:4]}", printed):
            named.append(source.title)
    assert len(named) > 2
    assert [title for title in named if f"“{title}”" not in titles] == []


@pytest.mark.parametrize(("where", "expected"), [("here", True), ("left out", False), ("nowhere", True)])
def test_the_guide_lists_the_sources_of_exactly_what_is_in_it(library, example, words_of, where, expected):
    """A work cited in a step that is in, or on which a whole lesson rests, is listed; one of a step left out is not."""
    here = [slot.activity.id for slot in planner.plan(library, example("ninety-minutes")).agenda.steps]
    steps = {f"power-dynamics/{stem}": stem for stem in library.lessons["power-dynamics"].activities}
    body = {
        "here": next(key for key in steps if key in here),
        "left out": next(key for key in steps if key not in here),
        "nowhere": None,
    }
    shelf = citing(library, "power-dynamics", body[where])
    plan = planner.plan(shelf, example("ninety-minutes"))
    entries = listed(kit.make(plan, shelf).files, words_of)
    assert any("Only here" in entry for entry in entries) is expected


def test_a_work_known_through_another_says_so_wherever_it_is_named(library, example, words_of):
    """In the text, on the case's sheet and in the list, a work not seen itself names the one that was."""
    card = library.cards["linehan"]
    argued = card.argument.model_copy(update={"text": f"{card.argument.text} [@lawford-smith-tuckwell-2024]"})
    cards = {**library.cards, "linehan": card.model_copy(update={"argument": argued})}
    shelf = library.model_copy(update={"cards": cards})
    files = kit.make(planner.plan(shelf, example("linehan")), shelf).files
    sheet = " ".join(words_of(files["handouts-each-person.docx"]))
    assert "(Lawford-Smith and Tuckwell 2024, as cited in Grippo)" in sheet
    entry = next(line for line in listed(files, words_of) if line.startswith("Lawford-Smith"))
    assert "As cited in Grippo, “Why Solidarity Is the Only Way Forward”" in entry


def test_the_work_through_which_another_is_known_is_listed_too(library, example):
    """Whoever looks up a work at second hand finds the first hand in the same list."""
    plan = planner.plan(library, example("workplace-practice"))
    context = context_of(plan, library, "ABCDE")
    found = works_of(context, {"grant-2017"})
    assert {"grant-2017", "wch-2022"} <= set(found)
    assert found == [key for key in library.sources if key in found]


def test_a_sheet_names_the_source_of_an_argument_unless_its_author_argues(library):
    """An argument that is reported by somebody else carries that source; one by its author needs no second name."""
    card = library.cards["linehan"]
    texts = Texts(library)
    reported = card.model_copy(update={"argument": card.argument.model_copy(update={"holder": "Some readers"})})
    ends = [argument_of(case_sheet(one, texts, None)).endswith("(Grippo)") for one in (card, reported)]
    assert ends == [False, True]


def argument_of(blocks):
    """The paragraph below the heading "An argument"."""
    first = next(
        i for i, block in enumerate(blocks) if getattr(block, "level", 0) and text_of(block.runs) == "An argument"
    )
    return text_of(blocks[first + 1].runs)


def test_many_works_are_pointed_at_and_few_are_named(library):
    """Up to eight works stand in the last block of a file for participants; of more it says where they are named."""
    keys = list(library.sources)
    assert named_works(set(keys[:2]), library).count(";") == 1
    assert named_works(set(keys[:MOST_NAMED]), library).count(";") == MOST_NAMED - 1
    assert named_works(set(keys), library) == f"{len(keys)} works, named where they are used"


# ------------------------------------------------------------ authors, licences, adaptation


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_paper_with_lesson_text_names_authors_licence_and_a_line_for_changes(
    kit_of, words_of, library, example, name
):
    """The last block names the lessons with their versions, who wrote them, the licence and where it stands."""
    plan = planner.plan(library, example(name))
    sheets = context_of(plan, library, "ABCDE").sheets
    for paper in (*PARTICIPANTS, "facilitator-guide.docx"):
        if paper not in kit_of(name).files:
            continue
        words = words_of(kit_of(name).files[paper])
        end = " ".join(words if paper in PARTICIPANTS else words[-12:])
        assert end.count("CC-BY-4.0, creativecommons.org") == (1 if paper in PARTICIPANTS else end.count("CC-BY-4.0,"))
        assert "Workshop curriculum builder contributors" in end
        assert "CC-BY-4.0, creativecommons.org/licenses/by/4.0" in end
        assert re.search(r"[Cc]hanged(?: by)?: ____", end)
        per = paper.removeprefix("handouts-").removeprefix("each-").removesuffix(".docx")
        mine = [sheet for sheet in sheets if sheet.per == per]
        for sheet in (sheet for sheet in pieces(mine) if not sheet.works):
            lesson = library.lessons[sheet.card.lesson if sheet.card else sheet.key.partition("/")[0]]
            assert f"“{lesson.title}” {lesson.version}" in end
        if paper in PARTICIPANTS:
            assert mine


@pytest.mark.slow
@pytest.mark.skipif(not (shutil.which("soffice") and shutil.which("pdfinfo")), reason="needs LibreOffice and poppler")
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_last_block_costs_no_copy_another_leaf(kit_of, library, example, tmp_path, name):
    """Rendered, each file for participants has as many pages as its sheets have sides."""
    sheets = context_of(planner.plan(library, example(name)), library, "ABCDE").sheets
    expected = {}
    for paper in (paper for paper in PARTICIPANTS if paper in kit_of(name).files):
        (tmp_path / paper).write_bytes(kit_of(name).files[paper])
        per = paper.removeprefix("handouts-").removeprefix("each-").removesuffix(".docx")
        mine = [sheet for sheet in sheets if sheet.per == per]
        sides = sum(sheet.sides for sheet in mine)
        expected[paper] = range(sides, sides + 1)
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), *map(str, tmp_path.glob("*.docx"))], check=True, capture_output=True
    )
    found = {}
    for paper in expected:
        pdf = str(tmp_path / paper.replace(".docx", ".pdf"))
        told = subprocess.run(["pdfinfo", pdf], check=True, capture_output=True, text=True).stdout
        found[paper] = int(told.partition("Pages:")[2].split()[0])
    assert all(found[paper] in expected[paper] for paper in expected), (found, expected)


def test_lessons_of_other_authors_are_credited_apart(library):
    """Each set of authors under one licence has a line of its own; a share-alike licence is named for the whole."""
    own = library.lessons["closing"].model_copy(update={"authors": ("Ada", "Bo"), "license": "CC-BY-SA-4.0"})
    shelf = library.model_copy(update={"lessons": {**library.lessons, "closing": own}})
    first = library.lessons["opening"]
    assert credit_lines(["opening", "closing"], shelf) == [
        f"“{first.title}” {first.version}: {first.authors[0]}, CC-BY-4.0, creativecommons.org/licenses/by/4.0.",
        f"“{own.title}” {own.version}: Ada, Bo, CC-BY-SA-4.0, creativecommons.org/licenses/by-sa/4.0.",
        "As a whole this paper may be passed on only under CC-BY-SA-4.0.",
    ]


def test_a_lesson_that_only_lends_a_sheet_is_credited_and_its_licence_counts(library, example):
    """A primer's lesson is not in the agenda, and yet its words are in the kit."""
    brief = example("ninety-minutes", focus=["power-dynamics", "commitments"], leave_out=["solidarity-and-allyship"])
    plan = planner.plan(library, brief)
    assert [key.partition("/")[0] for key in plan.primers] == ["solidarity-and-allyship"]
    assert "solidarity-and-allyship" not in plan.agenda.lessons
    assert "solidarity-and-allyship" in lessons_in(context_of(plan, library, "ABCDE"))
    with pytest.raises(InputError) as refused:
        kit.make(plan, with_license(library, solidarity_and_allyship="CC-BY-ND-4.0"))
    assert {problem.code for problem in refused.value.problems} == {"licences"}


def test_licences_that_cannot_be_combined_stop_the_kit(library, example):
    """A lesson under BY-SA beside one under BY-NC is refused with both titles and both licences."""
    shelf = with_license(library, power_dynamics="CC-BY-SA-4.0", commitments="CC-BY-NC-4.0")
    with pytest.raises(InputError) as refused:
        kit.make(planner.plan(shelf, example("ninety-minutes")), shelf)
    [problem] = refused.value.problems
    for text in ("power-dynamics", "commitments"):
        lesson = shelf.lessons[text]
        assert f"'{lesson.title}' ({lesson.license})" in problem.message


def test_a_lesson_that_is_not_in_the_workshop_does_not_count(library, example):
    """The licence of a lesson left out stops nothing."""
    shelf = with_license(library, grassroots_reciprocity="CC-BY-ND-4.0")
    assert kit.make(planner.plan(shelf, example("ninety-minutes")), shelf).warnings == []


def test_an_unknown_licence_is_a_warning_and_the_kit_is_made(library, example, words_of):
    """A licence of the house is printed as it is, with a warning that nobody checked it."""
    shelf = with_license(library, power_dynamics="House rules")
    made = kit.make(planner.plan(shelf, example("ninety-minutes")), shelf)
    assert [(problem.code, problem.severity) for problem in made.warnings] == [("unknown-licence", "warning")]
    assert any("contributors, House rules." in line for line in guide_of(made.files, words_of))


def test_nothing_is_written_where_licences_clash(tmp_path, monkeypatch):
    """The command says why, with exit code 1, and leaves no folder behind."""
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    for name, phase in (("hello", "opening"), ("listening", "practice"), ("bye", "closing")):
        assert run(workshop, ["new-lesson", name, "--phase", phase]).exit_code == 0
    lesson = tmp_path / "modules" / "listening" / "lesson.md"
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("CC-BY-4.0", "CC-BY-ND-4.0"), encoding="utf-8")
    done = run(workshop, ["new", "--modules", "modules", "--defaults", "--set", "minutes=60", "-o", "kit"])
    assert isinstance(done.exception, InputError)
    assert "CC-BY-ND-4.0 lets nobody share a changed version" in str(done.exception)
    assert not (tmp_path / "kit").exists()


def test_papers_with_to_dos_in_them_are_told_before_they_are_printed(tmp_path, monkeypatch):
    """A kit of lessons that are not filled in yet names them; one of finished lessons says nothing."""
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    for name, phase in (("hello", "opening"), ("listening", "practice"), ("bye", "closing")):
        run(workshop, ["new-lesson", name, "--phase", phase])
    told = run(workshop, ["new", "--modules", "modules", "--defaults", "--set", "minutes=60", "-o", "kit"]).stderr
    assert "the papers still say TODO: in hello, listening, bye. [unfinished]" in told
    assert "[unfinished]" not in run(workshop, ["new", "--defaults", "-o", "ours"]).stderr


# ------------------------------------------------------------ outcomes


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_outcome_says_where_it_is_practised_and_checked_and_on_which_sheets(kit_of, library, example, name):
    """The table has a row for each outcome of the agenda's lessons, with the steps and sheets of this workshop."""
    plan = planner.plan(library, example(name))
    sheets = context_of(plan, library, "ABCDE").sheets
    rows = outcome_rows(kit_of(name).files)
    aims = [(key, aim) for key in plan.agenda.lessons for aim in library.lessons[key].teaches]
    assert list(rows) == [aim.outcome for _, aim in aims]
    for key, aim in aims:
        own = [slot for slot in plan.agenda.steps if slot.activity.lesson == key]
        practised = [slot for slot in own if aim.id in slot.activity.practises]
        checked = [slot for slot in own if aim.id in slot.activity.checks]
        for slots, cell in ((practised, rows[aim.outcome][0]), (checked, rows[aim.outcome][1])):
            assert [slot.title for slot in slots if slot.title not in cell] == []
            assert bool(slots) == (not cell.startswith(("not in this workshop", "no step of this lesson")))
        used = {sheet.letter for slot in (*practised, *checked) for sheet in of_step(slot, library, sheets, plan)}
        assert set(re.findall(r"\b[A-Z]\d*\b", rows[aim.outcome][2])) == used


def test_an_outcome_of_a_step_that_is_left_out_says_which_one(kit_of, library):
    """The table does not promise what this agenda cannot keep."""
    transfer = next(aim for aim in library.lessons["case-endorsement"].teaches if aim.id == "transfer-the-test")
    title = library.activities["case-endorsement/transfer"].title
    row = outcome_rows(kit_of("linehan").files)[transfer.outcome]
    assert row == [f"not in this workshop; left out: {title}", f"not in this workshop; left out: {title}", "none"]


def test_an_outcome_that_no_step_serves_says_so(library, example):
    """A lesson that promises more than it does is shown to do so."""
    own = library.lessons["closing"]
    aim = own.teaches[0].model_copy(update={"id": "more", "outcome": "Name more"})
    shelf = library.model_copy(
        update={"lessons": {**library.lessons, "closing": own.model_copy(update={"teaches": (*own.teaches, aim)})}}
    )
    rows = outcome_rows(kit.make(planner.plan(shelf, example("ninety-minutes")), shelf).files)
    assert rows["Name more"] == ["no step of this lesson practises it", "no step of this lesson checks it", "none"]


def test_the_facts_of_a_kit_hold_no_warning(kit_of):
    """What `kit.json` remembers stays plain data."""
    assert json.dumps(kit_of("linehan").facts)


def test_a_contact_that_still_says_todo_is_told(library, example):
    """A pack's contact that nobody filled in does not reach the paper without a word."""
    contacts = [{"name": "Ana", "role": "equity adviser", "reach": "TODO: how to reach them"}]
    plan = planner.plan(library, example("ninety-minutes", contacts=contacts))
    told = [str(problem.message) for problem in kit.make(plan, library).warnings]
    assert "the papers still say TODO: in a contact." in told
