"""What people and packs bring as files: each mistake is told with its place, and nothing hangs, crashes or leaks."""

import ast
import datetime
import os
import shutil
import time
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder import checker
from builder.blocks import Box, Heading, ListBlock, Paragraph, Picture, text_of, walk
from builder.cli import workshop
from builder.kit.texts import HIGHEST_PICTURE_MM, Texts, cited_as, filled, lowered, reference, short_name
from builder.library import load, look_through, read, read_text, reading
from builder.markdown import parse
from builder.model import Library, Source
from builder.problems import InputError

DATA = Path(__file__).parent / "data"
GOOD, BAD, SAMPLE = DATA / "good_library", DATA / "bad_modules", DATA / "sample_lesson"
EXPECTED = "expected.txt"
DAY = datetime.date(2026, 11, 22)
SECONDS = 3.0
"""More than any refusal may take on a slow machine."""

LISTENING, OPENING, VOICES = Path("listening/lesson.md"), Path("opening/lesson.md"), Path("voices/lesson.md")
WELCOME, MINUTES = Path("opening/activities/welcome.md"), Path("listening/activities/two-minutes.md")
BACK, SHEET = Path("listening/activities/say-it-back.md"), Path("listening/handouts/say-it-back.md")
APART, STATUE, TEAM = (
    Path("voices", name) for name in ("activities/take-apart.md", "cards/statue.md", "cards/team-name.md")
)
PICTURE, SOURCES, RECIPES = Path("listening/pictures/pair.png"), Path("sources.yaml"), Path("recipes.yaml")
NOTES = Path("voices/handouts/notes.md")


@pytest.fixture
def modules(tmp_path, monkeypatch):
    """A copy of the good library, which is also the current folder."""
    folder = tmp_path / "modules"
    shutil.copytree(GOOD, folder)
    monkeypatch.chdir(folder)
    return Path()


def told(path=Path()):
    """Every finding about a folder as it is printed, without the hints."""
    return [str(problem) for problem in checker.judge(path, Path(), DAY)]


def codes(path=Path()):
    """The codes of every finding about a folder."""
    return [problem.code for problem in checker.judge(path, Path(), DAY)]


def change(path, old, new):
    """Put `new` in the place of `old`, which must stand once in the file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


# ------------------------------------------------------------ the cases: one mistake each

CASES = sorted(path.name for path in BAD.iterdir())
ONLY_WARNINGS = {
    "talk-too-long-in-a-variant",
    "to-do",
    "deck-without-a-second-card",
    "picture-of-another-kind",
    "review-due-level-2",
    "unexpected-file",
    "unexpected-file-among-activities",
    "unexpected-folder",
    "unprintable",
    "unprintable-escape",
}


def test_the_good_library_has_no_mistake(modules):
    """What the cases are laid over gives no finding of its own."""
    assert told() == []


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_told_in_words_with_its_place(case, modules):
    """`workshop check --draft` prints exactly what the case expects, and refuses unless all is warnings.

    After a change of wording, run with REWRITE_EXPECTED=1 and read the difference.
    """
    shutil.copytree(BAD / case, modules, dirs_exist_ok=True)
    (modules / EXPECTED).unlink(missing_ok=True)
    result = CliRunner().invoke(workshop, ["check", ".", "--draft", "--as-of", str(DAY)])
    if os.environ.get("REWRITE_EXPECTED"):
        (BAD / case / EXPECTED).write_text(result.stdout, encoding="utf-8")
    assert result.stdout == (BAD / case / EXPECTED).read_text(encoding="utf-8")
    assert result.exit_code == (0 if case in ONLY_WARNINGS else 1)


def test_a_case_holds_only_what_differs():
    """No case folder holds a file that is the same in the good library, or expects nothing."""
    for case in CASES:
        paths = [path for path in (BAD / case).rglob("*") if path.is_file() and path.name != EXPECTED]
        good = {path: GOOD / path.relative_to(BAD / case) for path in paths}
        assert paths
        assert not [path for path in paths if good[path].is_file() and good[path].read_bytes() == path.read_bytes()]
        assert (BAD / case / EXPECTED).stat().st_size


def test_every_problem_says_what_to_do():
    """After each finding of a case comes a line that begins with TIP and says something."""
    for case in CASES:
        lines = (BAD / case / EXPECTED).read_text(encoding="utf-8").splitlines()
        assert all(line.endswith("]") for line in lines[::2])
        assert all(line.startswith("  TIP: ") and len(line) > len("  TIP: ") for line in lines[1::2])


TOLD_IN_CODE = {
    "date",
    "link",
    "no-library",
    "no-such-file",
    "no-such-path",
    "not-a-file",
    "not-checkable",
    "plan",
    "too-large",
}
TOLD_IN_CODE |= {"too-many-files", "unreadable"}
UNREACHABLE = {"not-printable"}
"""Only a kind of Markdown that the parser does not have yet could raise these."""


def codes_in(path):
    """The codes of all problems that a file of the program can raise, as far as they are written out there."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = node.func if isinstance(node, ast.Call) else None
        name = getattr(called, "attr", getattr(called, "id", ""))
        if name in {"say", "_say", "refuse", "problem", "Problem"}:
            texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            yield from (text for text in texts[:1] if text.replace("-", "").isalnum() and text.islower())


def test_every_code_has_a_case():
    """Whoever adds a kind of problem adds a case that shows it."""
    room = Path(checker.__file__).parent
    files = [room / "checker.py", room / "todo.py", room / "kit/texts.py"]
    files += [path for name in ("strict", "library", "markdown") for path in (room / name).glob("*.py")]
    raised = {code for path in files for code in codes_in(path)}
    expected = "".join((BAD / case / EXPECTED).read_text(encoding="utf-8") for case in CASES)
    assert {code for code in raised if f"[{code}]" not in expected} - TOLD_IN_CODE == UNREACHABLE


# ------------------------------------------------------------ what the format allows


def test_the_sample_lesson_fits_into_a_library(modules):
    """The lesson of the design, put beside an opening, a closing and its source, has no finding."""
    shutil.copytree(SAMPLE, modules / "listening-before-answering")
    assert told() == []


BARE_LESSON = """---
title: Bare
summary: Only what is required.
phase: concept
version: 1
language: en
license: CC0
authors: [A]
teaches: [{id: a, outcome: Name one}]
activities: [step]
---
"""
BARE_STEP = """---
title: Step
core: true
minutes: {min: 1, typical: 1, max: 1}
grouping: solo
interaction: active
---
"""
BARE_CARD = """---
title: Card
deck: small
level: 0
argument: {holder: A, text: B.}
---
"""


def write_bare(lesson=BARE_LESSON, step=BARE_STEP):
    """A library of one lesson with only the required keys, and nothing beside it."""
    for path in Path().iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    Path("bare/activities").mkdir(parents=True)
    Path("bare/lesson.md").write_text(lesson, encoding="utf-8")
    Path("bare/activities/step.md").write_text(step, encoding="utf-8")


def test_a_library_of_one_bare_lesson(modules):
    """Without sources, glossary, recipes, disagreements, sheets and bodies, what is left out has its neutral value."""
    write_bare()
    found = load(modules)
    step = found.activities["bare/step"]
    assert told() == []
    assert (found.sources, found.glossary, found.recipes, found.sheets) == ({}, {}, {}, {})
    assert found.disagreements == {}
    assert (step.debrief, step.talk, step.facilitators, step.scales.person, step.variants) == (0, None, 1, 0, {})
    assert (step.group_size.min, step.group_size.max) == (3, 6)


REQUIRED = ["title", "summary", "phase", "version", "language", "license", "authors", "teaches"]


@pytest.mark.parametrize("left_out", REQUIRED)
def test_every_required_key_of_a_lesson(left_out, modules):
    """A lesson without one of its required keys says which one is missing."""
    write_bare("".join(line for line in BARE_LESSON.splitlines(True) if not line.startswith(left_out)))
    assert told() == [f"bare/lesson.md:2:1: '{left_out}' is missing. [missing-key]"]


@pytest.mark.parametrize("left_out", ["title", "minutes", "grouping", "interaction"])
def test_every_required_key_of_an_activity(left_out, modules):
    """An activity without one of its required keys says which one is missing."""
    write_bare(step="".join(line for line in BARE_STEP.splitlines(True) if not line.startswith(left_out)))
    assert told() == [f"bare/activities/step.md:2:1: '{left_out}' is missing. [missing-key]"]


@pytest.mark.parametrize("left_out", ["title", "deck", "level", "argument"])
def test_every_required_key_of_a_card(left_out, modules):
    """A card of level 0 needs four keys, and no more."""
    write_bare(BARE_LESSON.replace("teaches", "deck: small\ndefault_card: one\nteaches"))
    Path("bare/cards").mkdir()
    Path("bare/cards/one.md").write_text(BARE_CARD, encoding="utf-8")
    assert told() == []
    lines = [line for line in BARE_CARD.splitlines(True) if not line.startswith(left_out)]
    Path("bare/cards/one.md").write_text("".join(lines), encoding="utf-8")
    assert told() == [f"bare/cards/one.md:2:1: '{left_out}' is missing. [missing-key]"]


ALLOWED = [
    ("after takes full ids", BACK, "after: [two-minutes]", "after: [listening/two-minutes, opening/welcome]"),
    ("a primer by its full id", VOICES, "primer: say-it-back", "primer: listening/say-it-back"),
    ("a primer of the lesson itself", VOICES, "primer: say-it-back", "primer: notes"),
    ("a sheet of another lesson", APART, "[notes]", "[listening/say-it-back, notes]"),
    ("several reviews", STATUE, "reviewed: {role: Equity adviser, date: 2026-01-20}", (
        "reviewed:\n  - {role: Reader, date: 2026-01-19}\n  - {role: Equity adviser, date: 2026-01-20}")),
    ("people in a variant", MINUTES, "    rooms: 2", "    people: {min: 4, max: 30}\n    grouping: threes"),
    ("decimals and both ways to scale", MINUTES, "{person: 0.5}", "{person: .25, group: 1.5}"),
    ("a version of two numbers", LISTENING, "version: 1.0.0", "version: 1.10"),
    ("a version before a release", LISTENING, "version: 1.0.0", "version: 1.0.0-rc.1"),
    ("a language with its region", LISTENING, "language: en", "language: pt-BR"),
    ("Norwegian, which YAML reads as false", LISTENING, "language: en", "language: no"),
    ("yes and no in any case", MINUTES, "core: true", "core: YES"),
    ("numbers in quotation marks", MINUTES, "max: 10}", 'max: "10"}'),
    ("a title in other scripts", LISTENING, "title: Listening", "title: Éisteacht, 傾聴, שמיעה 🙂 and listening"),
    ("a title that looks like a number", LISTENING, "title: Listening before answering", "title: 1.10"),
    ("comments", LISTENING, "intensity: 1", "# how hard it is\nintensity: 1 # a little"),
    ("keys with nothing behind them", LISTENING, "intensity: 1", "intensity: 1\ndeck:\ndefault_card: ~"),
    ("a settled case without dates", TEAM, ", source: town-archive-1990, date: 1990}", "}"),
    ("a reading that names its holder", STATUE, "{constructed: true, text: A", "{holder: Some, text: A"),
    ("a case as the focus of a recipe", RECIPES, "focus: [listening]", "focus: [statue]"),
    ("a recipe without focus", RECIPES, "  focus: [listening]\n", ""),
    ("empty sections", WELCOME, "1. Welcome people, and say when it ends.\n", "## Debrief\n\n## Notes\n"),
    ("a title with signs", SHEET, "title: Words for saying it back\n", "title: 'Words for *saying* it: back'\n"),
    ("a picture inside a block", LISTENING, "![Two people, one of them speaking](pictures/pair.png)", (
        "::: note\n![Two people](./pictures/pair.png)\n:::")),
    ("a heading on a card to cut out", SHEET, "::: write {lines=3}", "::: cut\n## Mine\n:::\n\n::: write {lines=3}"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "old", "new"), [row[1:] for row in ALLOWED], ids=[row[0] for row in ALLOWED])
def test_the_format_allows(path, old, new, modules):
    """What the design promises that people may write gives no finding."""
    change(path, old, new)
    if "*saying*" in new:
        change(path, "# Words for saying it back", "# Words for \\*saying\\* it: back")
    assert told() == []


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n", "null\n", "{}\n"])
@pytest.mark.parametrize("name", ["glossary.yaml", "recipes.yaml", "disagreements.yaml"])
def test_a_list_file_may_be_empty(name, text, modules):
    """A list file that nobody has filled yet is as good as none."""
    Path(name).write_text(text, encoding="utf-8")
    assert told() == []


def test_values_are_converted_by_their_field(modules):
    """Text from the files becomes what the field says: fractions, dates, one review as a list of one."""
    found = load(modules)
    card = found.cards["statue"]
    assert found.activities["listening/two-minutes"].scales.person == Fraction(1, 2)
    assert found.activities["listening/two-minutes"].varied("threes").minutes.typical == 11
    assert (card.review_by, card.reviewed[0].date) == (datetime.date(2027, 1, 15), datetime.date(2026, 1, 20))
    assert (card.lesson, card.id, found.decks["voice"].id) == ("voices", "statue", "voices")
    assert found.cards["team-name"].facts[0].date == "1990"


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_any_editor_may_have_saved_it(end, modules):
    """A byte order mark and other line ends change neither what is read nor the places."""
    before = load(modules).lessons["listening"]
    text = LISTENING.read_text(encoding="utf-8").replace("\n", end)
    LISTENING.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert told() == []
    assert load(modules).lessons["listening"] == before
    LISTENING.write_bytes(b"\xef\xbb\xbf" + text.replace("intensity: 1", "intensity: 9").encode())
    assert told() == ["listening/lesson.md:18:12: intensity: must be at most 3. [intensity-range]"]


def test_files_that_systems_and_people_leave_are_passed_over(modules):
    """Hidden files, backups, Word's lock files and read-me files are no part of a lesson, and no mistake."""
    names = [".DS_Store", "README.md", "Thumbs.db", "listening/.git", "listening/lesson.md~", "listening/~$notes.docx"]
    for name in [*names, "listening/activities/README.md", "voices/cards/.hidden.md", "LICENSE"]:
        Path(name).write_bytes(b"\0anything")
    assert told() == []


def test_one_mistake_is_told_once(modules):
    """Where a file cannot be used, those that name it are not blamed."""
    OPENING.write_text("nothing", encoding="utf-8")
    SOURCES.write_text("a: b: c", encoding="utf-8")
    PICTURE.write_bytes(b"nothing")
    STATUE.unlink()
    STATUE.mkdir()
    assert codes() == ["bad-picture", "no-front-matter", "yaml-syntax", "unexpected-file"]


def test_only_what_stands_on_a_circle_is_told(modules):
    """A lesson that needs one of a circle has a beginning of its own to wait for, and is not at fault."""
    change(OPENING, "activities: [welcome]", "needs:\n  - lesson: listening\nactivities: [welcome]")
    change(Path("closing/lesson.md"), "activities: [round]", "needs:\n  - lesson: voices\nactivities: [round]")
    assert told() == [
        "listening/lesson.md:16:3: this lesson comes before itself, by way of opening. [circle]",
        "opening/lesson.md:12:3: this lesson comes before itself, by way of listening. [circle]",
    ]


# ------------------------------------------------------------ sources, in the words of CSL

CSL_TEXT = """
abstract annote archive archive_collection archive_location archive-place authority call-number chapter-number
collection-number collection-title container-title container-title-short dimensions division DOI edition event
event-place event-title genre ISBN ISSN issue jurisdiction keyword license medium note number number-of-pages
number-of-volumes original-publisher original-publisher-place original-title page page-first part-number part-title
PMCID PMID printing-number publisher publisher-place references reviewed-genre reviewed-title scale section source
status supplement-number title-short version volume volume-title
"""
CSL_DATES = "accessed available-date event-date issued original-date submitted"
CSL_NAMES = """
author chair collection-editor compiler composer container-author contributor curator director editor
editorial-director executive-producer guest host illustrator interviewer narrator organizer original-author performer
producer recipient reviewed-author script-writer series-creator translator
"""


def test_a_source_takes_every_field_of_csl(modules):
    """What a reference manager exports for a work can be put in as it is."""
    names = "[{family: Paassen, given: Barbara, non-dropping-particle: van, suffix: Jr.}]"
    lines = ["work:", "  type: report", "  title: A", "  language: en-GB", "  URL: https://example.org"]
    lines += [f"  {key}: x" for key in CSL_TEXT.split()] + [f"  {key}: {names}" for key in CSL_NAMES.split()]
    lines += [f"  {key}: 2020-03" for key in CSL_DATES.split()]
    SOURCES.write_text(SOURCES.read_text(encoding="utf-8") + "\n".join(lines), encoding="utf-8")
    assert told() == []


@pytest.mark.parametrize(
    ("written", "issued"),
    [
        ("2020", "2020"),
        ("March 2020", "March 2020"),
        ({"date-parts": [["2020", "3", "1"]]}, "2020-03-01"),
        ({"date-parts": [["2020"], ["2021"]]}, "2020/2021"),
        ({"literal": "spring 2020"}, "spring 2020"),
        ({"raw": "2020-03"}, "2020-03"),
    ],
)
def test_a_date_of_csl_becomes_text(written, issued):
    """A date in parts is the same as one that is written out."""
    assert Source.model_validate({"type": "book", "title": "A", "issued": written}).issued == issued


@pytest.mark.parametrize(
    "doi", ["10.1000/a", "https://doi.org/10.1000/a", "http://dx.doi.org/10.1000/a", "doi:10.1000/a"]
)
def test_a_doi_may_be_an_address(doi):
    """However a DOI is written, its reference has one address."""
    source = Source.model_validate({"type": "book", "title": "A", "DOI": doi})
    assert reference(source) == "(no date given). “A” https://doi.org/10.1000/a."


@pytest.mark.parametrize(
    ("author", "issued", "name"),
    [
        ([{"family": "Grippo", "given": "C."}], "2025", "Grippo 2025"),
        ([{"family": "Paassen", "non-dropping-particle": "van"}], "2025-03", "van Paassen 2025"),
        ([{"family": "A"}, {"literal": "Town archive"}], "March 2019", "A and Town archive 2019"),
        ([{"family": "A"}, {"family": "B"}, {"family": "C"}], "n.d.", "A et al. n.d."),
        ([{"given": "Plato"}], None, "Plato"),
        ([], "c. 1957", "“A” 1957"),
    ],
)
def test_how_a_source_is_named_in_running_text(author, issued, name):
    """Family names with their particles, or the title, and the year wherever it stands in the date."""
    assert short_name(Source.model_validate({"type": "book", "title": "A", "author": author, "issued": issued})) == name


def _works(*dates: str) -> Library:
    author = [{"literal": "An Agency"}]
    fields = [{"id": f"w{at}", "type": "report", "title": f"T{at}", "author": author} for at in range(len(dates))]
    works = [Source.model_validate({**each, "issued": date or None}) for each, date in zip(fields, dates, strict=True)]
    return Library(sources={work.id: work for work in works})


def test_works_of_one_author_and_year_get_letters_that_their_references_repeat():
    """Two works that would read alike are 2024a and 2024b by the list's order; a third year stays as it is."""
    library = _works("2024-04", "2025", "2024-05-02")
    names = [cited_as(work, library) for work in library.sources.values()]
    assert names == ["An Agency 2024a", "An Agency 2025", "An Agency 2024b"]
    references = [reference(work, library) for work in library.sources.values()]
    assert references == [
        "An Agency. (2024-04; called An Agency 2024a). “T0”",
        "An Agency. (2025). “T1”",
        "An Agency. (2024-05-02; called An Agency 2024b). “T2”",
    ]


def test_works_without_a_date_get_letters_as_well_and_there_is_one_for_each():
    """Without a year the letter stands apart; after z comes aa, so that no two works ever read alike."""
    library = _works(*[""] * 30)
    names = [cited_as(work, library) for work in library.sources.values()]
    assert (names[0], names[25], names[26]) == ("An Agency a", "An Agency z", "An Agency aa")
    assert len(set(names)) == 30


def test_no_two_works_of_the_shipped_library_are_named_alike(library):
    """Whoever looks a short name up finds one work."""
    names = [cited_as(work, library) for work in library.sources.values()]
    assert len(set(names)) == len(names)


# ------------------------------------------------------------ where sources disagree

TWO_VIEWS = """how-long:
  question: How long do we listen?
  positions:
    - {source: rogers-farson-1957, text: to the end.}
    - {source: town-archive-1990, text: 'until somebody votes [@town-archive-1990, p. 3].'}
  synthesis: ask the speaker first.
"""


def test_a_disagreement_keeps_each_position_with_its_source(modules):
    """A question is read with who says what, in order, and with the synthesis apart from both."""
    Path("disagreements.yaml").write_text(TWO_VIEWS, encoding="utf-8")
    found = load(modules).disagreements["how-long"]
    assert (found.id, found.question) == ("how-long", "How long do we listen?")
    assert [position.source for position in found.positions] == ["rogers-farson-1957", "town-archive-1990"]
    assert found.synthesis == "ask the speaker first."


def test_the_block_becomes_a_table_of_who_says_what(modules):
    """Each answer stands behind the name of its source, and what is ours says that it is no source's."""
    Path("disagreements.yaml").write_text(TWO_VIEWS, encoding="utf-8")
    with NOTES.open("a", encoding="utf-8") as file:
        file.write("\n::: disagreements\n:::\n")
    found = load(modules)
    texts = Texts(found)
    sheet = found.sheets["voices/notes"]
    *_, table = filled(texts.sheet(sheet), {}, found)
    ((question, answers),) = table.rows
    assert list(map(text_of, table.header)) == ["Question", "Who says what"]
    assert text_of(question) == "1. How long do we listen?"
    assert text_of(answers).splitlines() == [
        "Rogers and Farson 1957: to the end.",
        "Town archive 1990: until somebody votes (Town archive 1990, p. 3).",
        "A way to work with it (ours, and no source's): ask the speaker first.",
    ]
    assert texts.sources_in_dispute(sheet.body) == {"rogers-farson-1957", "town-archive-1990"}
    assert texts.sources_in_dispute(found.sheets["listening/say-it-back"].body) == frozenset()


# ------------------------------------------------------------ texts on their way to paper


def test_a_picture_is_found_however_deep_it_lies(modules):
    """A picture inside a block or a list is put in, and one that is not there is told."""
    change(LISTENING, "![Two people, one of them speaking]", "- ::: note\n  ![Two people]")
    change(LISTENING, "(pictures/pair.png)", "(pictures/pair.png)\n  :::\n- ![Nobody](no.png)")
    found = look_through(modules)
    texts = Texts(found.library)
    pictures = [block for block in walk(texts.lesson(found.library.lessons["listening"])) if isinstance(block, Picture)]
    assert [picture.alt for picture in pictures] == ["Two people"]
    assert [problem.code for problem in texts.problems] == ["unknown-picture"]


@pytest.mark.parametrize(("wide", "high"), [(100_000, 10), (10, 100_000), (5_000, 5_000)])
def test_a_picture_is_never_larger_than_a_page(wide, high, modules):
    """A large picture shrinks with its sides in proportion."""
    content = PICTURE.read_bytes()
    PICTURE.write_bytes(content[:16] + wide.to_bytes(4, "big") + high.to_bytes(4, "big") + content[24:])
    found = load(modules)
    (picture,) = (b for b in Texts(found).lesson(found.lessons["listening"]) if isinstance(b, Picture))
    assert picture.width_mm <= 165.001
    assert picture.height_mm <= HIGHEST_PICTURE_MM + 0.001
    assert picture.width_mm * high == pytest.approx(picture.height_mm * wide)


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"GIF89a" + b"x" * 40]
)
def test_what_only_looks_like_a_picture_is_refused(content, modules):
    """A picture has a first part with a width and a height above nothing."""
    PICTURE.write_bytes(content)
    assert told() == ["listening/pictures/pair.png: is not a PNG picture. [bad-picture]"]


def test_headings_inside_blocks_are_lowered_too():
    """A heading on a card to cut out sinks with the headings around it."""
    found, _ = parse("# A\n\n::: cut\n## B\n\n- ### C\n:::\n")
    assert [block.level for block in walk(lowered(found, 1)) if isinstance(block, Heading)] == [2, 3, 3]


def test_headings_of_the_facilitator_are_bold_lines(modules):
    """In the text of an activity only its sections are headings, also inside blocks."""
    change(MINUTES, "- The silence feels long. Let it.", "### A\n\n::: note\n##### B\n\n- ###### C\n:::")
    found = load(modules)
    blocks = Texts(found).sections(found.activities["listening/two-minutes"])["Notes"]
    assert [type(block) for block in walk(blocks)] == [Paragraph, Box, Paragraph, ListBlock, Paragraph]
    assert [text_of(block.runs) for block in walk(blocks) if isinstance(block, Paragraph)] == ["A", "B", "C"]


def test_an_escape_code_cannot_come_in_by_an_entity(modules):
    """What no paper can hold is left out, also where it is written as an entity."""
    change(WELCOME, "Welcome people", "Welcome&#12; all&#x202e; &#x1b;people &amp; pets")
    found = load(modules)
    blocks = Texts(found).sections(found.activities["opening/welcome"])["Steps"]
    text = "".join(text_of(block.runs) for block in walk(blocks) if isinstance(block, Paragraph))
    assert text == "Welcome all \ufffdpeople & pets, and say when it ends."


def test_a_text_that_cannot_be_printed_names_its_card(modules):
    """Where a card's front matter is only met on the way to paper, its file is named."""
    change(STATUE, "text: Few of us could come.", "text: Few of us <i>could</i> come.")
    found = load(modules)
    texts = Texts(found)
    texts.line(found.cards["statue"].readings[1].text)
    assert [str(problem) for problem in texts.problems] == [
        "voices/cards/statue.md: raw HTML is not allowed: <i> [raw-html]"
    ]


# ------------------------------------------------------------ what to judge


def test_one_lesson_is_judged_among_the_others(modules, monkeypatch):
    """However a lesson is named, its own findings are told, and those of other lessons are not."""
    change(WELCOME, "core: true", "core: often")
    change(LISTENING, "intensity: 1", "intensity: 9")
    finding = "lesson.md:18:12: intensity: must be at most 3. [intensity-range]"
    assert told(Path("listening")) == told(Path.cwd() / "listening") == [f"listening/{finding}"]
    assert told(Path("opening/../listening")) == [f"opening/../listening/{finding}"]
    monkeypatch.chdir("listening/activities")
    assert told(Path("..")) == [f"{Path.cwd().parent.as_posix()}/{finding}"]
    monkeypatch.chdir("..")
    assert told(Path()) == [finding]


def test_a_lesson_with_a_wrong_name_is_not_passed_over(modules):
    """Judging a folder whose name is no id tells just that."""
    Path("listening").rename("Listening")
    assert codes(Path("Listening")) == ["not-an-id"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("nowhere", "no-such-path"),
        ("x" * 5_000, "no-such-path"),
        ("a\0b", "no-such-path"),
        ("listening/lesson.md", "not-checkable"),
    ],
)
def test_what_cannot_be_judged_says_why(path, code, modules):
    """A path that leads nowhere, or to what is neither lessons nor a brief, is told in words."""
    assert codes(Path(path)) == [code]


def test_a_folder_without_lessons_is_no_library(modules):
    """An empty folder, one with other files, and none at all are refused, not taken for an empty library."""
    Path("empty").mkdir()
    Path("other").mkdir()
    Path("other/notes.txt").write_text("x", encoding="utf-8")
    for name in ("empty", "other", "none"):
        with pytest.raises(InputError) as refused:
            load(Path(name))
        assert [problem.code for problem in refused.value.problems] == ["no-library"]


def test_load_refuses_with_every_error_and_no_warning(modules):
    """A library with errors is not used, and all of them are told together; warnings alone do not stop it."""
    Path("notes.txt").write_text("x", encoding="utf-8")
    assert load(modules).lessons
    change(WELCOME, "core: true", "core: often")
    change(LISTENING, "intensity: 1", "intensity: 9")
    with pytest.raises(InputError) as refused:
        load(modules)
    assert [problem.code for problem in refused.value.problems] == ["intensity-range", "not-yes-or-no"]


def test_a_file_that_is_not_there_cannot_be_read(modules):
    """A brief that is named and does not exist is told as such."""
    with pytest.raises(InputError, match=r"nowhere\.yaml: there is no such file\. \[no-such-file\]"):
        read_text(Path("nowhere.yaml"))


# ------------------------------------------------------------ what a pack may try


def test_a_link_is_not_followed(modules, tmp_path):
    """A symbolic link to a file or a folder is refused, wherever it leads."""
    (tmp_path / "secret.md").write_text(BARE_STEP, encoding="utf-8")
    WELCOME.unlink()
    WELCOME.symlink_to(tmp_path / "secret.md")
    Path("stolen").symlink_to(tmp_path)
    Path("listening/pictures/passwd.png").symlink_to("/etc/passwd")
    Path("circle").symlink_to(".")
    links = [line for line in told() if line.endswith("[link]")]
    assert links == [
        f"{name}: is a symbolic link. [link]"
        for name in ("circle", "listening/pictures/passwd.png", "opening/activities/welcome.md", "stolen")
    ]


def test_the_library_itself_may_be_a_link(modules, tmp_path):
    """Somebody who names a link to her own lessons means them."""
    (tmp_path / "mine").symlink_to(Path.cwd())
    assert codes(tmp_path / "mine") == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
def test_a_pipe_is_not_opened(modules):
    """Reading a FIFO would wait for ever; it is refused as what it is, inside a library and by itself."""
    for name in ("sources.yaml", "opening/activities/welcome.md"):
        Path(name).unlink()
        os.mkfifo(name)
    assert {line for line in told() if line.endswith("[not-a-file]")} == {
        "opening/activities/welcome.md: is neither a file nor a folder. [not-a-file]",
        "sources.yaml: is neither a file nor a folder. [not-a-file]",
    }
    assert codes(Path("sources.yaml")) == ["not-checkable"]
    with pytest.raises(InputError):
        read_text(Path("sources.yaml"))


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (LISTENING, "(pictures/pair.png)", "(../voices/secret.png)"),
        (LISTENING, "(pictures/pair.png)", "(/etc/passwd.png)"),
        (LISTENING, "[two-minutes, say-it-back]", "[two-minutes, ../../voices/activities/take-apart]"),
        (BACK, "handouts: [say-it-back]", "handouts: [../../../etc/passwd]"),
        (BACK, "handouts: [say-it-back]", "handouts: [/etc/passwd]"),
        (VOICES, "primer: say-it-back", "primer: ../listening/say-it-back"),
        (VOICES, "default_card: village-hall", "default_card: ../village-hall"),
    ],
)
def test_no_reference_leads_out_of_the_library(path, old, new, modules):
    """Whatever names a file is an id or a path inside the lesson, never a way up or from the root."""
    change(path, old, new)
    assert set(codes()) & {"not-an-id", "bad-picture"}


def test_too_many_files_are_refused(modules, monkeypatch):
    """A folder of 100,000 files is told once, and the rest is not read."""
    monkeypatch.setattr(reading, "MOST_FILES", 12)
    for number in range(40):
        Path(f"listening/activities/more-{number}.md").write_text(BARE_STEP, encoding="utf-8")
    problems = [line for line in told() if line.endswith("[too-many-files]")]
    assert problems == ["listening/activities: a library holds at most 12 files. [too-many-files]"]


def test_a_file_that_is_too_large_is_refused(modules):
    """Neither a text of more than a megabyte nor a huge picture is read."""
    WELCOME.write_bytes(WELCOME.read_bytes() + b"x" * reading.MOST_BYTES)
    PICTURE.write_bytes(PICTURE.read_bytes() + b"\0" * reading.MOST_BYTES_OF_A_PICTURE)
    assert told() == [
        "listening/pictures/pair.png: is larger than 5,000,000 bytes. [too-large]",
        "opening/activities/welcome.md: is larger than 1,000,000 bytes. [too-large]",
    ]


def test_a_library_that_is_too_large_is_refused(modules, monkeypatch):
    """Many files that are each allowed cannot fill the memory together."""
    monkeypatch.setattr(reading, "MOST_BYTES_IN_ALL", 4_000)
    assert "is too much: a library holds at most 4,000 bytes. [too-large]" in {
        line.partition(": ")[2] for line in told()
    }


MERGE_BOMB = "a: &a {x: 1}\n" + "".join(f"k{i}: &k{i} {{<<: [*a, *a, *a, *a, *a]}}\n" for i in range(11))
BOMBS = {
    "a merge bomb": f"---\n{MERGE_BOMB[:421]}\n---\n",
    "100,000 brackets as a value": "---\ntitle: " + "[" * 100_000 + "\n---\n",
    "100,000 brackets as a key": "---\n" + "{" * 100_000 + "\n---\n",
    "a line of 2 MB": "---\ntitle: " + "x" * 2_000_000 + "\n---\n",
    "a line of 900 KB in the text": BARE_STEP + "x" * 900_000,
    "spaces in a placeholder": BARE_STEP + "{{" + " " * 100_000 + "x",
    "100,000 quotations": BARE_STEP + ">" * 100_000 + " x",
    "100,000 brackets in the text": BARE_STEP + "[" * 100_000,
    "lines of nothing but control characters": BARE_STEP + "\x07\n" * 100_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_in_a_file_takes_no_time(bomb, modules):
    """What makes other programs hang or crash is judged within seconds, and told with few words."""
    WELCOME.write_text(BOMBS[bomb], encoding="utf-8")
    begun = time.process_time()
    lines = told()
    assert time.process_time() - begun < SECONDS
    assert len(lines) < 25
    assert max(map(len, lines), default=0) < 400


def test_a_folder_in_the_place_of_a_file(modules):
    """A folder named lesson.md, sources.yaml or like a sheet is told, and nothing that names it."""
    for path in (OPENING, SHEET, PICTURE):
        path.unlink()
        path.mkdir()
    assert told() == [
        "listening/activities/say-it-back.md:9:12: there is no sheet 'say-it-back'. [unknown-sheet]",
        "listening/handouts/say-it-back.md: is not a sheet. [unexpected-file]",
        "listening/lesson.md:26:1: there is no picture 'pictures/pair.png' in the lesson's folder. [unknown-picture]",
        "listening/pictures/pair.png: is not part of a lesson. [unexpected-file]",
        "opening: holds no lesson.md. [no-lesson]",
        "voices/lesson.md:13:33: there is no sheet 'say-it-back'. [unknown-sheet]",
    ]


def test_a_file_that_may_not_be_opened(modules, monkeypatch):
    """A file without the right to read it is told, and the others are judged."""
    opened = Path.open

    def refuse(path, *mode):
        if path.name == "welcome.md":
            raise PermissionError(13, "Permission denied")
        return opened(path, *mode)

    monkeypatch.setattr(Path, "open", refuse)
    assert told() == ["opening/activities/welcome.md: cannot be read: Permission denied. [unreadable]"]


def test_a_folder_that_may_not_be_listed(modules, monkeypatch):
    """A folder without the right to list it is told."""
    listed = os.scandir

    def refuse(path):
        if Path(path).name == "handouts":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert "listening/handouts: cannot be read: Permission denied. [unreadable]" in told()


ODD_NAMES = [
    "Ünïcode",
    "two words",
    "a\nb",
    "a\x1b[31mred",
    "{{x}}",
    "-rf",
    "…",
    "x" * 200,
    "con.",
    "a'b",
    "%s",
    "\u202eabc",
]


@pytest.mark.parametrize("name", [*ODD_NAMES, os.fsdecode(b"a\xff")])
def test_a_name_with_odd_signs_is_told_on_one_line(name, modules):
    """A folder's name cannot drive the terminal, break a line or crash the report."""
    Path(name).mkdir()
    Path(name, "lesson.md").write_text(BARE_LESSON, encoding="utf-8")
    Path("opening/activities", f"{name[:100]}.md").write_text(BARE_STEP, encoding="utf-8")
    result = CliRunner().invoke(workshop, ["check", "."])
    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    assert [line.rpartition(" ")[2] for line in lines[::2]] == ["[not-an-id]", "[not-an-id]"]
    assert result.stdout.replace("\n", "").isprintable()


# ------------------------------------------------------------ anything at all

FILES = sorted(path.relative_to(GOOD) for path in GOOD.rglob("*") if path.is_file())
SIGNS = [
    b"---\n",
    b":::",
    b"::: say\n",
    b"[@",
    b"{{",
    b"![](",
    b"|",
    b"&a ",
    b"*a",
    b"<b>",
    b"\0",
    b"\xff",
    b"\r",
    b"\t",
    b"- ",
]
WORDS = [
    b"> ",
    b"# ",
    b"## Steps\n",
    b"[",
    b"{",
    b"}",
    b"]",
    b": ",
    b"null",
    b"'",
    b'"',
    b"!!x ",
    b"1e3",
    b"\\",
    b"\xe2\x80\xa8",
]
SCRAPS = st.sampled_from([*SIGNS, *WORDS]) | st.binary(max_size=6)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One copy of the good library, whose files are changed and put right again."""
    folder = tmp_path_factory.mktemp("any") / "modules"
    shutil.copytree(GOOD, folder)
    return folder


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(FILES),
    st.binary(max_size=300) | st.lists(st.tuples(st.integers(0, 900), SCRAPS), min_size=1, max_size=4),
)
def test_any_bytes_in_any_file_are_read_and_judged(shared, path, edit):
    """Whatever bytes stand in whatever file, reading and judging end with findings, never with a crash."""
    original = (GOOD / path).read_bytes()
    content = edit if isinstance(edit, bytes) else original
    for place, scrap in () if isinstance(edit, bytes) else edit:
        content = content[: place % (len(content) + 1)] + scrap + content[place % (len(content) + 1) :]
    (shared / path).write_bytes(content)
    try:
        _, problems = read(shared)
        found = checker.judge(shared, shared, DAY)
    finally:
        (shared / path).write_bytes(original)
    assert {str(problem) for problem in problems} <= {str(problem) for problem in found}
    assert all("\n" not in str(problem) and problem.path for problem in found)
