"""How good lessons are: each criterion finds its fault, and only that; what is said of it, and how it is waived."""

import dataclasses
import datetime
import json
import os
import shutil
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from libraries import libraries

from builder import checker, pages, quality
from builder.cli import workshop
from builder.library import load, shipped
from builder.model import HandoutSheet, Source, Term, Text
from builder.problems import Problem
from builder.quality import telling
from builder.quality.language import count_words, grade, own_words, sentences, words
from builder.quality.waivers import NO_REASON, NOTHING_TO_WAIVE, UNKNOWN_CODE

DATA = Path(__file__).parent / "data"
SOUND, WEAK = DATA / "sound_library", DATA / "weak_modules"
EXPECTED = "expected.txt"
DAY = datetime.date(2026, 11, 22)
CASES = sorted(path.name for path in WEAK.iterdir())
CRITERIA = quality.criteria()
SECONDS = 10
"""More than any judgement of a small library may take on a slow machine."""
BOOKKEEPING = {UNKNOWN_CODE, NO_REASON, NOTHING_TO_WAIVE}


@pytest.fixture
def modules(tmp_path, monkeypatch):
    """A copy of the sound library, which is also the current folder."""
    folder = tmp_path / "modules"
    shutil.copytree(SOUND, folder)
    monkeypatch.chdir(folder)
    return folder


def check(*arguments):
    """What `workshop check` prints about the current folder, and its exit code."""
    return CliRunner().invoke(workshop, ["check", ".", "--as-of", str(DAY), *arguments])


def lay(case, modules):
    """Put the files of a case over the sound library."""
    shutil.copytree(WEAK / case, modules, dirs_exist_ok=True)
    (modules / EXPECTED).unlink(missing_ok=True)


def expected(case):
    """What is to be told about a case."""
    return (WEAK / case / EXPECTED).read_text(encoding="utf-8")


def code_of(case):
    """The criterion that a case breaks: the longest one that its name begins with."""
    return max((code for code in {*CRITERIA, *BOOKKEEPING} if case.startswith(code)), key=len, default="")


# ------------------------------------------------------------ the cases: one fault each


def test_the_sound_library_meets_every_criterion(modules):
    """What the cases are laid over gives no finding of its own, not even a note."""
    done = check()
    assert (done.stdout, done.exit_code) == ("", 0)
    assert done.stderr == "0 errors, 0 warnings and 0 notes.\n"


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_told_in_words_with_its_place(case, modules):
    """`workshop check` prints exactly what the case expects, and fails only where one of it is an error.

    After a change of wording, run with REWRITE_EXPECTED=1 and read the difference.
    """
    lay(case, modules)
    done = check()
    if os.environ.get("REWRITE_EXPECTED"):
        (WEAK / case / EXPECTED).write_text(done.stdout, encoding="utf-8")
    assert done.stdout == expected(case)
    told = [line for line in done.stdout.splitlines() if not line.startswith("  TIP: ")]
    errors = [line for line in told if ": warning: " not in line and ": note: " not in line]
    assert done.exit_code == (1 if errors else 0)


def test_a_case_holds_only_what_differs():
    """No case folder holds a file that is the same in the sound library, or expects nothing."""
    for case in CASES:
        paths = [path for path in (WEAK / case).rglob("*") if path.is_file() and path.name != EXPECTED]
        good = {path: SOUND / path.relative_to(WEAK / case) for path in paths}
        assert paths
        assert not [path for path in paths if good[path].is_file() and good[path].read_bytes() == path.read_bytes()]
        assert expected(case)


@pytest.mark.parametrize("code", [*quality.FINDERS, *sorted(BOOKKEEPING)])
def test_every_criterion_has_a_case(code):
    """Whoever adds a criterion adds a case of its name, which breaks that criterion and no other."""
    assert code in CASES
    for case in CASES:
        if code_of(case) == code and code not in BOOKKEEPING and not case.startswith("waive"):
            found = [line for line in expected(case).splitlines() if line.endswith("]")]
            assert found
            assert all(line.endswith(f" [{code}]") for line in found), case


def test_every_case_belongs_to_a_criterion():
    """A case is named after the criterion that it breaks, or after what is done with a waiver."""
    assert [case for case in CASES if not code_of(case) and not case.startswith(("waived", "waiver"))] == []


def test_every_finding_says_what_to_do():
    """After each finding that counts comes a line that begins with TIP and says something."""
    for case in CASES:
        lines = expected(case).splitlines()
        for line, after in zip(lines, [*lines[1:], ""], strict=True):
            if line.endswith("]") and "Waived: " not in line:
                assert after.startswith("  TIP: ")
                assert len(after) > len("  TIP: ")


# ------------------------------------------------------------ the table


def test_the_table_is_whole():
    """Every criterion is looked for, kept by the format, or counted on pages; nothing is looked for without one."""
    here = {code for code, entry in CRITERIA.items() if not entry.elsewhere}
    assert here - set(quality.FINDERS) == {"sheet-sides", "sides-not-counted"}
    assert set(quality.FINDERS) <= here


@pytest.mark.parametrize("code", CRITERIA)
def test_a_criterion_is_explained(code):
    """`--explain` gives the number, what is asked, the source in words, and how to put it right."""
    entry, done = CRITERIA[code], check("--explain", code)
    assert done.exit_code == 0
    assert done.stdout.startswith(f"{code} ({entry.number}, {entry.severity})\n  Asks: {entry.asks}\n")
    assert f"  Source: {entry.source}.\n" in done.stdout
    assert f"  To put it right: {entry.remedy}\n" in done.stdout
    assert entry.asks.endswith(".")
    assert entry.remedy.endswith((".", "'", ")"))
    assert entry.severity in {"error", "warning", "note"}


def test_every_number_that_a_machine_can_judge_is_there():
    """Of the criteria for lessons only M26 is left out, which a person judges, and M34, which has its own check."""
    numbers = {number for entry in CRITERIA.values() for number in entry.number.split(", ")}
    assert {f"M{number}" for number in range(1, 34)} - numbers == {"M26"}


def test_an_unknown_code_is_wrong_usage_with_the_nearest_one():
    """`--explain` with a code that nobody knows names the nearest one and exits with 2."""
    from builder.problems import UsageError

    done = check("--explain", "few-format")
    assert isinstance(done.exception, UsageError)
    assert done.exception.exit_code == 2
    assert done.exception.problems[0].hint.startswith("Did you mean 'few-formats'?")


# ------------------------------------------------------------ what is no fault


def told_about(text, path="closing/lesson.md"):
    """The codes of what is found when a text is added to a file of the current folder."""
    file = Path(path)
    file.write_text(file.read_text(encoding="utf-8") + f"\n{text}\n", encoding="utf-8")
    return [problem.code for problem in checker.judge(Path(), Path(), DAY, checker.Scope())]


@pytest.mark.parametrize("text", [
    "We ask for a just wage and a just transition.",
    "It is just as long. Stop just before the end. It is not just talk.",
    'Somebody says: "It is simply obvious, of course."',
    "“You don't say, of course”, said one.",
    "Never say: step forward if you are new.",
    "Nobody is asked to step forward if they do not want to.",
    "::: say\nDon't worry, it's fine.\n:::",
    "The group's plan is in the town's archive.",
    "See [the minutes of the council](https://example.org/simply) and `TODO_list`.",
    "The council rejects the label of a mob.",
    "Dr. Pereira, the chair of the council, argues that a vote is needed.",
])  # fmt: skip
def test_what_is_no_fault(text, modules):
    """What only looks like a fault is passed over: quotations, negations, other meanings, words to be said."""
    assert told_about(text, "opening/activities/welcome.md") == []


@pytest.mark.parametrize(("text", "code"), [
    ("It is just a game.", "dismissive-word"),
    ("Just ask them.", "dismissive-word"),
    ("You need to just listen.", "dismissive-word"),
    ("Obviously nobody wants that.", "dismissive-word"),
    ("We have a blind spot here.", "idiom"),
    ("We're late, and they won't wait.", "contraction"),
    ("Line up by age.", "forced-disclosure"),
    ("Form groups by gender.", "forced-disclosure"),
    ("Tell the group your religion.", "forced-disclosure"),
    ("Read [this page](https://example.org).", "link-text"),
    ("Call [[contact]].", "placeholder-left"),
])  # fmt: skip
def test_what_is_a_fault(text, code, modules):
    """Each of the lists finds what it is for, at the beginning of a sentence and in the middle."""
    assert told_about(text, "opening/activities/welcome.md") == [code]


@pytest.mark.parametrize(("label", "found"), [
    ("Name: ______", True), ("E-mail:", True), ("Signature", True), ("My pronouns:", True),
    ("Write your name here.", True),
    ("Name one person who could help.", False), ("Name of the project:", False), ("Who decides?", False),
    ("What I will do:", False), ("Date:", False),
])  # fmt: skip
def test_which_labels_ask_who_somebody_is(label, found, modules):
    """A line for a name is a fault on a sheet; a line for a plan is none."""
    assert ("personal-data-asked" in told_about(label, "voices/handouts/notes.md")) == found


def test_lists_of_english_words_say_nothing_about_other_languages(modules):
    """A lesson in another language is judged by its parts and minutes, not by its words."""
    path = Path("closing/lesson.md")
    path.write_text(path.read_text(encoding="utf-8").replace("language: en", "language: de"), encoding="utf-8")
    assert told_about("Obviously we don't. TODO") == []
    assert told_about("### Tief", "closing/lesson.md") == ["heading-jump"]


def test_exact_words_are_quoted_whole_and_the_length_stays():
    """What is quoted, cited or code is blanked, character by character, so that places stay right."""
    text = 'He said "of course\nnot" [@a, p. 3] and `simply` {{date}} [x](https://e.org/just).'
    bare = own_words(text)
    assert (len(bare), bare.count("\n")) == (len(text), 1)
    assert bare.split() == ["He", "said", "and", "[x", "."]


@pytest.mark.parametrize(("text", "count"), [
    ("One. Two! Three? Four", 4), ("See p. 3 of it. Then go.", 2), ("Ask Dr. Berg. She knows.", 2),
    ("He said: “Never.” We left.", 2), ("", 0),
])  # fmt: skip
def test_sentences(text, count):
    """A text is parted where a sentence ends, not at every point."""
    assert len(list(sentences(text))) == count


def test_the_grade_is_that_of_the_formula():
    """The published example of the Flesch-Kincaid grade comes out: six short words in one sentence."""
    assert grade(["The cat sat on the mat."]) == pytest.approx(-1.45)
    assert grade([]) == 0
    assert count_words("It's 9:30, and well-known.") == 5


def test_names_and_glossary_terms_do_not_make_a_text_hard(modules):
    """A sheet is not blamed for the names that it has to give, nor for words that the glossary explains."""
    line = "You may ask Bartholomew Wolfeschlegelsteinhausen of Massachusetts about solidarity.\n\n"
    assert "reading-grade" not in told_about(line * 12 + "## Next\n", "voices/handouts/notes.md")


# ------------------------------------------------------------ how it is told


def test_as_json(modules):
    """Each finding has its severity, place and criterion, and the numbers of each severity stand on top."""
    lay("few-formats", modules)
    told = json.loads(check("--format", "json").stdout)
    assert (told["errors"], told["warnings"], told["notes"]) == (0, 1, 0)
    assert told["problems"] == [
        {
            "severity": "warning",
            "code": "few-formats",
            "message": "all 2 activities are for pairs.",
            "path": "listening/lesson.md",
            "line": 17,
            "column": 1,
            "hint": "Let one of them begin alone or in pairs, or end with the whole room.",
            "criterion": "M12",
        }
    ]


def test_as_commands_for_github(modules):
    """Each finding becomes one line that GitHub understands, with its file, line, column and code."""
    lay("few-formats", modules)
    assert check("--format", "github").stdout == (
        "::warning file=listening/lesson.md,line=17,col=1,title=few-formats::all 2 activities are for pairs."
        "%0ATIP: Let one of them begin alone or in pairs, or end with the whole room.\n"
    )


def test_a_command_for_github_cannot_be_broken_by_what_is_in_it():
    """Line ends, percent signs, commas and colons are escaped where they would end a property or the command."""
    problem = Problem("a,b", "50 % of it\r\n::error::x", "a:b,c%.md", 3, hint="x\ny", severity="note")
    assert telling.told([problem], "github") == (
        "::notice file=a%3Ab%2Cc%25.md,line=3,title=a%2Cb::50 %25 of it%0D%0A::error::x%0ATIP: x%0Ay\n"
    )


def test_findings_stand_in_the_order_of_their_places(modules):
    """Whatever their severity, findings follow the files from top to bottom."""
    for case in ("purpose-missing", "outcome-unchecked", "unreviewed"):
        lay(case, modules)
    found = checker.judge(Path(), Path(), DAY, checker.Scope())
    assert [problem.path for problem in found] == [
        "closing/activities/round.md", "listening/lesson.md", "voices/cards/statue.md",
    ]  # fmt: skip
    assert telling.counted(found) == "1 error, 1 warning and 1 note."


def test_how_good_lessons_are_is_judged_once_they_can_be_used(modules):
    """While a file cannot be used, only that is told, and that the rest comes later."""
    lay("few-formats", modules)
    path = Path("closing/lesson.md")
    path.write_text(path.read_text(encoding="utf-8").replace("micro: true", "mikro: true"), encoding="utf-8")
    done = check()
    assert "[unknown-key]" in done.stdout
    assert "few-formats" not in done.stdout
    assert done.stderr.endswith("How good the lessons are is judged once these errors are put right.\n")


def test_a_lesson_that_says_to_do_is_not_judged_yet(modules):
    """Whoever is still writing a lesson reads its to-dos, and what is found in the other lessons."""
    for case in ("few-formats", "purpose-missing"):
        lay(case, modules)
    path = Path("listening/handouts/say-it-back.md")
    path.write_text(path.read_text(encoding="utf-8") + "\nTODO: more words\n", encoding="utf-8")
    done = check()
    told = [line for line in done.stdout.splitlines() if line.endswith("]")]
    assert [line.rpartition(" ")[2] for line in told] == ["[purpose-missing]", "[to-do]"]
    assert done.stderr.endswith(" A lesson that says TODO is judged once it is filled in.\n")


def test_a_draft_is_not_judged_by_how_good_it_is(modules):
    """`--draft` tells only what keeps the program from using the files."""
    lay("outcome-unchecked", modules)
    done = check("--draft")
    assert (done.stdout, done.exit_code) == ("", 0)


def test_one_lesson_is_judged_by_its_own_findings(modules):
    """With the folder of one lesson, findings about the others and about the sources are left out."""
    for case in ("purpose-missing", "few-formats", "source-incomplete"):
        lay(case, modules)
    found = checker.judge(Path("listening"), Path(), DAY, checker.Scope())
    assert [problem.code for problem in found] == ["few-formats"]


def test_the_readme_names_every_option_of_the_command():
    """Whoever reads the README meets each option that `workshop check --help` lists."""
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    options = [name for each in workshop.commands["check"].params for name in each.opts if name.startswith("--")]
    assert len(options) == 7
    assert [name for name in options if f"`{name}" not in readme] == []


# ------------------------------------------------------------ sides on rendered pages


def test_without_an_office_the_sides_are_not_counted(modules, monkeypatch):
    """Where nothing can render pages, one note says so, and nothing fails."""
    monkeypatch.setenv("PATH", "")
    done = check("--pages")
    assert done.exit_code == 0
    assert done.stdout.startswith("note: LibreOffice or poppler is not installed: no sides were counted. [sides-not")


@pytest.mark.slow
@pytest.mark.skipif(not (shutil.which("soffice") and shutil.which("pdfinfo")), reason="needs LibreOffice and poppler")
def test_sides_are_counted_on_both_papers(modules):
    """A sheet that fills another number of sides than it declares is told for each size, with progress meanwhile."""
    path = Path("voices/handouts/notes.md")
    text = path.read_text(encoding="utf-8").replace("per: group", "per: group\nsides: 2")
    path.write_text(text, encoding="utf-8")
    done = check("--pages")
    place = "voices/handouts/notes.md:4:1: warning:"
    assert [line for line in done.stdout.splitlines() if "TIP" not in line] == [
        f"{place} fills 1 side of A4 paper, and declares 2 sides. [sheet-sides]",
        f"{place} fills 1 side of Letter paper, and declares 2 sides. [sheet-sides]",
    ]
    assert "Rendering 5 sheets and cases on A4 …\n" in done.stderr


def test_an_office_that_fails_is_told(modules, monkeypatch, tmp_path):
    """Where LibreOffice is there and does not work, a note says that nothing was counted."""
    for name in ("soffice", "pdfinfo"):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    subject = quality.Subject(load(Path()))
    assert [found.code for found in pages.sides(subject, lambda _: None)] == ["sides-not-counted"]


# ------------------------------------------------------------ any library

SNIPPETS = (
    "## Steps\n\n1. (3 min) Say it aloud.", "1. Read.\n2. Write.", "## Debrief\n\n### What happened\n\n- What?",
    "### What next", "#### deep", "# Title", "## Notes\n\n- Cut first: all.", "::: say\nIt's just fine.\n:::",
    "::: tick\n- a\n:::", "::: write {lines=2}\n:::", "| a | b | c | d | e |\n|---|---|---|---|---|\n| 1 | | | | |",
    "![x](p.png)", "[here](https://e.org)", "[@a, p. 3] Berg argues that.", "Step forward if you dare. TODO",
    "Name: ____", "SOME LOUD WORDS HERE, Mr. Berg says.", '"of course', "::: cut\nx\n:::", "> quoted\n> more",
    "    code", "- - - a", "\u2028\u00a0?!…", "((min) (99999999999999999999 min)",
)  # fmt: skip
BODIES = st.lists(st.sampled_from(SNIPPETS) | st.text(max_size=30), max_size=6).map("\n\n".join)


@st.composite
def written_libraries(draw):
    """A generated library whose lessons, steps, sheets and cards have texts, with sources and a glossary."""
    lib = draw(libraries(most=3))

    def written(things):
        return {
            key: thing.model_copy(update={"body": Text(markdown=draw(BODIES), path=f"{key}.md", line=5)})
            for key, thing in things.items()
        }

    language = draw(st.sampled_from(("en", "en-GB", "de")))
    lessons = {
        key: thing.model_copy(update={"language": language, "advisory": draw(st.sampled_from((None, "You may pass.")))})
        for key, thing in written(lib.lessons).items()
    }
    first = next(iter(lessons))
    lone = {
        f"{first}/x": HandoutSheet(id=f"{first}/x", title="X", per="room"),
        "gone/y": HandoutSheet(title="Y", per="room"),
    }
    source = Source(id="a", type="book", title="T", author=({"family": "Berg"},))
    changes = {
        "lessons": lessons, "activities": written(lib.activities), "cards": written(lib.cards),
        "sheets": written({**lib.sheets, **lone}),
        "sources": {"a": source}, "glossary": {"b(": Term(id="b(", definition="C.", variants=("[x",))},
    }  # fmt: skip
    return lib.model_copy(update=changes)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(written_libraries())
def test_any_library_is_judged_without_a_crash(lib):
    """Whatever the lessons hold, every criterion runs, and says the same twice."""
    subject = quality.Subject(lib)
    found = list(quality.settled(list(quality.judged(subject)), subject))
    assert found == list(quality.settled(list(quality.judged(quality.Subject(lib))), subject))
    assert {problem.code for problem in found} <= set(quality.FINDERS)
    assert all(problem.message and problem.hint for problem in found)
    for style in telling.STYLES:
        assert telling.told(found, style)


EDITS = (
    "",
    "---",
    "waive: {few-formats: ''}",
    "waive: [a]",
    "waive: {idiom: {a: b}}",
    "title: ' '",
    "\x00",
    "level: 3",
    "::: say",
    "🙂" * 50,
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One copy of the sound library for many edits."""
    folder = tmp_path_factory.mktemp("edited") / "modules"
    shutil.copytree(SOUND, folder)
    return folder


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_line_may_be_spoilt(shared, data):
    """With one line of one file taken out, doubled or replaced, the library is judged without a crash."""
    path = data.draw(st.sampled_from(sorted(path for path in shared.rglob("*") if path.suffix in (".md", ".yaml"))))
    before = path.read_text(encoding="utf-8")
    lines = before.split("\n")
    at = data.draw(st.integers(0, len(lines) - 1))
    lines[at : at + data.draw(st.integers(0, 3))] = [data.draw(st.sampled_from(EDITS) | st.text(max_size=20))]
    try:
        path.write_text("\n".join(lines), encoding="utf-8", errors="replace")
        found = checker.judge(shared, shared, DAY, checker.Scope())
        assert all(problem.message for problem in found)
    finally:
        path.write_text(before, encoding="utf-8")


MUCH = (
    "genocide said ", "`[@` ", "](", "A. ", "It is just a game. ",
    '"', "“", "AA ", "Step forward if you dare. ", "Name:\n\n",
    "never ", "- a\n", "### x\n\n", "TODO ", "a" * 50, "[here](https://e.org) ", "Berg, says a, ", "share ",
    "e.g. ",
)  # fmt: skip


@pytest.mark.parametrize("path", ["voices/handouts/notes.md", "opening/activities/welcome.md"])
@pytest.mark.parametrize("text", MUCH)
def test_much_of_anything_is_judged_within_seconds(text, path, modules):
    """A file full of what a criterion looks for, or nearly looks for, does not hang the program."""
    began = time.monotonic()
    found = told_about("X\n\n" + text * (30_000 // len(text)), path)
    assert time.monotonic() - began < SECONDS
    assert len(found) < 1_000


# ------------------------------------------------------------ the lessons that come with the program


def test_the_shipped_lessons_have_no_error_and_no_waiver():
    """What we ask of others we keep: nothing in the shipped library is an error, and nothing in it is waived."""
    found = checker.judge(shipped("modules"), shipped("modules"), DAY, checker.Scope())
    assert [str(problem) for problem in found if problem.severity == "error"] == []
    library = load(shipped("modules"))
    for things in (library.lessons, library.activities, library.sheets, library.cards):
        assert [key for key, thing in things.items() if thing.waive] == []


def test_the_lists_of_words_say_where_they_come_from():
    """Each list has a comment with its source on its own line, and no entry twice."""
    text = (Path(quality.__file__).parent / "words.toml").read_text(encoding="utf-8")
    for name, entry in words().items():
        assert f"[{name}]  # " in text
        entries = list(entry.get("words", ()))
        assert len(entries) == len(set(entries)), name


def test_a_criterion_is_a_value():
    """Nothing that is asked changes while the program runs."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        CRITERIA["idiom"].number = "M0"
