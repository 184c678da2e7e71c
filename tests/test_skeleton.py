"""New lessons to fill in: what is written passes the format, says what is left to do, and never covers anything."""

import datetime
import typing
from pathlib import Path

import pytest
from click.testing import CliRunner

from builder.cli import workshop
from builder.library import load, look_through
from builder.model import Phase
from builder.problems import InputError
from builder.skeleton import MOST_CHARACTERS, new_lesson, start
from builder.todo import to_dos

DAY = datetime.date(2026, 11, 22)
PHASES = typing.get_args(Phase)
SECTIONS = ("## Steps", "## Debrief", "### What happened", "### What it means", "### What next")
SECTIONS += ("## Notes", "## Online", "## Access")


def made(phase, sources=None, name="listening", title=None):
    """The files of a new lesson, by path."""
    return new_lesson(name, phase, title, DAY, sources)


def checked(*arguments):
    """What `workshop check` says of a folder on the day of these tests: its exit code and its lines."""
    result = CliRunner().invoke(workshop, ["check", *map(str, arguments), "--as-of", str(DAY)])
    return result.exit_code, [line for line in result.stdout.splitlines() if not line.startswith("  TIP")]


@pytest.mark.parametrize("phase", PHASES)
def test_a_new_lesson_of_each_phase_passes_the_format(tmp_path, monkeypatch, phase):
    """`check` finds nothing in a new lesson but its to-dos: no error, and no other warning of the format."""
    monkeypatch.chdir(tmp_path)
    start(Path("modules"), "listening", phase, None, DAY)
    code, lines = checked("modules/listening")
    assert code == 0
    assert lines
    assert [line for line in lines if "error" in line] == []
    assert [line for line in look_through(Path("modules")).problems if line.code != "to-do"] == []
    assert load(Path("modules")).lessons["listening"].phase == phase


@pytest.mark.parametrize("phase", PHASES)
def test_check_finds_every_to_do_of_a_new_lesson_with_its_line(tmp_path, monkeypatch, phase):
    """Each line that says TODO, in front matter, comment or text, is one warning with that line's number."""
    monkeypatch.chdir(tmp_path)
    _, places = start(Path("modules"), "listening", phase, None, DAY)
    expected = {
        f"{path.as_posix()}:{number}"
        for path in Path("modules").rglob("*.*")
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if "TODO:" in line
    }
    _, lines = checked("modules")
    found = {":".join(line.split(":")[:2]) for line in lines if line.endswith("[to-do]")}
    assert found == expected
    assert len(found) == places > 20


def test_a_to_do_is_a_warning_in_the_words_of_the_author():
    """The message is what stands behind the mark, without the quotation marks of the front matter."""
    [problem] = to_dos({"a.md": 'x\nauthors: ["TODO: your name"]\n'})
    assert (problem.line, problem.column, problem.severity) == (2, 12, "warning")
    assert str(problem) == "a.md:2:12: to do: your name [to-do]"


@pytest.mark.parametrize("phase", PHASES)
def test_every_activity_comes_with_every_section(phase):
    """No author has to know by heart which sections there are."""
    activities = [text for path, text in made(phase).items() if "/activities/" in path]
    assert 1 <= len(activities) <= 2
    for text in activities:
        assert [section for section in SECTIONS if f"\n{section}\n" not in text] == []
    assert sum("/handouts/" in path for path in made(phase)) == 1


def test_a_case_comes_with_a_made_up_and_a_disputed_card(tmp_path):
    """The deck is named after the lesson; its default is of level 0, and the one of level 2 has three readings."""
    start(tmp_path, "listening", "case", None, DAY)
    library = load(tmp_path)
    cards = {card.level: card for card in library.cards_of("listening")}
    assert sorted(cards) == [0, 2]
    assert library.lessons["listening"].default_card == cards[0].id
    assert len(cards[2].readings) == 3
    assert (cards[2].as_of, cards[2].review_by > DAY) == (DAY, True)
    assert all(fact.source in library.sources for fact in cards[2].facts)


def test_two_case_lessons_stand_side_by_side_and_share_the_list_of_sources(tmp_path):
    """The second case brings no list of its own, leaves the first's as it is, and cites a work that is in it."""
    start(tmp_path, "listening", "case", None, DAY)
    before = (tmp_path / "sources.yaml").read_bytes()
    start(tmp_path, "speaking", "case", None, DAY)
    assert (tmp_path / "sources.yaml").read_bytes() == before
    assert sorted(load(tmp_path).lessons) == ["listening", "speaking"]


def test_a_list_of_sources_without_a_work_is_left_alone_and_told():
    """Where the author's own list holds nothing to cite, the case is refused with what to do."""
    with pytest.raises(InputError) as refused:
        made("case", sources=())
    assert [problem.code for problem in refused.value.problems] == ["no-source"]
    assert refused.value.problems[0].hint


def test_an_existing_folder_is_never_touched(tmp_path):
    """A lesson, an empty folder or a file by that name stays as it was, and the message says what to do."""
    start(tmp_path, "listening", "practice", None, DAY)
    lesson = tmp_path / "listening" / "lesson.md"
    lesson.write_text("mine", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for name in ("listening", "empty", "file"):
        with pytest.raises(InputError) as refused:
            start(tmp_path, name, "practice", None, DAY)
        assert [problem.code for problem in refused.value.problems] == ["folder-exists"]
        assert refused.value.problems[0].hint
    assert lesson.read_text(encoding="utf-8") == "mine"
    assert list((tmp_path / "empty").iterdir()) == []


def test_what_cannot_be_written_whole_is_not_written_at_all(tmp_path, monkeypatch):
    """When the disk refuses one file, the folder that was begun is gone again."""
    from builder.folder import fresh

    written = fresh._write

    def refusing(path, text):
        if path.name == "worksheet.md":
            raise OSError(28, "No space left on device")
        written(path, text)

    monkeypatch.setattr(fresh, "_write", refusing)
    with pytest.raises(InputError) as refused:
        start(tmp_path, "listening", "case", None, DAY)
    assert [problem.code for problem in refused.value.problems] == ["disk-full"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["Listening", "a b", "-a", "a--b", "", "../a", "a/b", "ä", "a" * 61, "con", "com1"])
def test_a_name_that_cannot_be_one_is_refused_with_what_to_write(name):
    """A name is one that every system takes for a folder, and that every id of the lesson can begin with."""
    with pytest.raises(InputError) as refused:
        made("case", name=name)
    assert [problem.code for problem in refused.value.problems] == ["not-an-id"]
    assert refused.value.problems[0].hint


def test_the_longest_name_leaves_room_for_its_cards(tmp_path):
    """A lesson with the longest name that is taken can be read, cards included."""
    name = "a" * MOST_CHARACTERS
    start(tmp_path, name, "case", None, DAY)
    assert len(load(tmp_path).cards_of(name)) == 2


@pytest.mark.parametrize("title", ['Who: "is" it? # really', "$id {{organisation}} \\n", "  - [a, b]\x07\n"])
def test_any_title_is_kept_as_it_was_typed(tmp_path, title):
    """Quotation marks, colons and dollar signs in a title are no more than characters; its lines become one."""
    start(tmp_path, "listening", "practice", title, DAY)
    assert load(tmp_path).lessons["listening"].title == " ".join(title.replace("\x07", "").split())


@pytest.mark.parametrize("title", ["", "  ", "x" * 201])
def test_a_title_of_no_use_is_refused(title):
    """Nothing, and more than anybody would print, is told by the option's name."""
    with pytest.raises(InputError, match="--title"):
        made("practice", title=title)


def test_a_lesson_does_not_go_into_a_lesson(tmp_path):
    """Who stands in a lesson's folder is told to name the folder of lessons."""
    start(tmp_path, "listening", "practice", None, DAY)
    with pytest.raises(InputError) as refused:
        start(tmp_path / "listening", "speaking", "practice", None, DAY)
    assert [problem.code for problem in refused.value.problems] == ["in-a-lesson"]
    assert not (tmp_path / "listening" / "speaking").exists()


def test_three_new_lessons_make_a_kit_that_can_be_printed(tmp_path, monkeypatch):
    """An opening, a lesson and a closing with nothing filled in yet give all papers of 60 minutes."""
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    for name, phase in (("hello", "opening"), ("listening", "practice"), ("bye", "closing")):
        assert run(workshop, ["new-lesson", name, "--phase", phase]).exit_code == 0
    done = run(workshop, ["new", "--modules", "modules", "--defaults", "--set", "minutes=60", "-o", "kit"])
    assert done.exit_code == 0, done.output
    assert {"facilitator-guide.docx", "handouts-each-person.docx"} <= {path.name for path in Path("kit").iterdir()}


def test_the_command_knows_every_phase():
    """What may be written behind --phase is what a lesson may have, no more and no less."""
    option = next(option for option in workshop.commands["new-lesson"].params if option.name == "phase")
    assert tuple(option.type.choices) == PHASES


def test_the_command_lists_what_it_wrote_and_says_how_to_go_on(tmp_path, monkeypatch):
    """Results are paths on standard output; the next command stands on standard error."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(workshop, ["new-lesson", "listening", "-o", "mine"])
    assert sorted(done.stdout.splitlines()) == sorted(path.as_posix() for path in Path("mine").rglob("*.md"))
    assert "workshop check mine/listening" in done.stderr
