"""The commands about packs, typed as a person types them."""

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from pack_help import GOOD, SHEET, STATUE, STEP, front, pack

from builder.cli import workshop
from builder.packs import parts
from builder.packs.layers import read_layer
from builder.packs.loading import laid_over
from builder.problems import WorkshopError
from builder.strict import clean

ROOT = Path(__file__).parent.parent
DOCS = (ROOT / "docs" / "packs.md").read_text(encoding="utf-8")


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A function that types one command in an empty folder; gives what it printed, or the error it ended with."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))

    def typed(*words, **keys):
        done = CliRunner().invoke(workshop, list(words), catch_exceptions=True, **keys)
        return done.exception if isinstance(done.exception, WorkshopError) else done

    return typed


def told(error):
    """The problems of an error, as words."""
    return [str(problem) for problem in error.problems]


# ------------------------------------------------------------ the example in the documents


def test_the_example_in_the_documents_is_a_pack_without_errors(tmp_path):
    """What docs/packs.md shows can be typed off: every file is what it says, and the shipped lessons take it."""
    from builder.library import shipped

    folder = tmp_path / "st-brigids"
    shown = re.findall(r"^`([\w./-]+)`\n\n```\w+\n(.*?)```$", DOCS, re.MULTILINE | re.DOTALL)
    assert [name for name, _ in shown][:2] == ["pack.yaml", "power-dynamics/activities/power-grid.md"]
    for name, text in shown:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    shutil.copy(ROOT / "tests" / "data" / "letterheads" / "hospital.docx", folder / "letterhead.docx")
    found = laid_over(shipped("modules"), [folder])
    assert [str(problem) for problem in found.findings.problems] == []
    changed = {(change.part, change.kind) for change in found.findings.library.adaptations[0].changes}
    assert {("Debrief/What next", "changed"), ("Online", "removed"), ("materials/Plan of the ward", "added")} <= changed


def test_every_key_of_a_pack_is_in_the_documents():
    """The tables name every key of pack.yaml and of its limits."""
    from builder.model import Limits, Pack

    keys = [*Pack.model_fields, *Limits.model_fields]
    assert [key for key in keys if f"`{key}`" not in DOCS] == []


# ------------------------------------------------------------ a new pack


def test_a_new_pack_can_be_used_at_once(run):
    """Its pack.yaml is whole; what is left to write is listed as to-dos, and nothing is wrong with it."""
    done = run("pack", "new", "ours", "--defaults", "--set", "organisation=St Brigid's Hospital")
    assert done.output.splitlines()[0] == "ours/pack.yaml"
    layer = read_layer(Path("ours"))
    assert (layer.pack.name, layer.pack.organisation) == ("st-brigids-hospital", "St Brigid's Hospital")
    checked = run("check", "ours", "--modules", str(GOOD))
    assert checked.exit_code == 0
    assert "[to-do]" in checked.output


@pytest.mark.parametrize("text", ["x: {y}", '"quoted" # not', "- a\\b", "{{7*7}}", "Ünï: cödé"])
def test_whatever_somebody_answers_is_text(run, text):
    """Quotes, colons and braces in an answer do not break pack.yaml."""
    run("pack", "new", "ours", "--defaults", "--set", f"organisation={text}", "--set", f"contacts={text}")
    layer = read_layer(Path("ours"))
    assert (layer.problems, layer.pack.organisation) == ((), text)


def test_a_new_pack_asks_what_was_not_said(run):
    """In a terminal each question has an answer that Enter keeps."""
    done = run("pack", "new", "ours", "--plain", "--set", "name=ours", input="Riverside Trust\n\nAdviser, Union\n\n")
    assert done.exit_code == 0, done.output
    layer = read_layer(Path("ours"))
    assert layer.pack.authors == ("Equity team of Riverside Trust",)
    assert [contact.role for contact in layer.pack.contacts] == ["Adviser", "Union"]


def test_a_new_pack_goes_over_nothing(run):
    """A folder that holds something is refused, and stays as it is."""
    Path("ours").mkdir()
    Path("ours/note.txt").write_text("mine", encoding="utf-8")
    assert told(run("pack", "new", "ours", "--defaults")) == ["ours: is there already, and not empty. [folder-exists]"]
    assert [path.name for path in Path("ours").iterdir()] == ["note.txt"]


def test_an_answer_that_is_none_is_refused(run):
    """A misspelt key is wrong usage and names the nearest; a name that is no id says what one looks like."""
    assert told(run("pack", "new", "ours", "--set", "organization=x"))[0].endswith("[unknown-key]")
    assert told(run("pack", "new", "ours", "--defaults", "--set", "name=Our Pack"))[0].endswith("[not-an-id]")
    assert not Path("ours").exists()


def test_input_that_ends_writes_nothing(run):
    """A question that nobody answers leaves no half pack."""
    assert told(run("pack", "new", "ours", "--plain", input="Riverside\n"))[0].endswith("[input-ended]")
    assert not Path("ours").exists()


# ------------------------------------------------------------ adapting


def adapted(run, wanted):
    """Take something of the good library into a new pack."""
    if not Path("ours").exists():
        pack(Path("ours"))
    return run("pack", "adapt", wanted, "ours", "--modules", str(GOOD))


@pytest.mark.parametrize("wanted", ["listening", "voices", "opening", "closing"])
def test_a_whole_lesson_taken_over_changes_nothing_yet(run, wanted):
    """All its parts are in the pack and in base/, word for word, and until one is edited nothing counts as changed."""
    from builder.packs.judging import judged

    done = adapted(run, wanted)
    assert done.exit_code == 0, done.output
    found = laid_over(GOOD, [Path("ours")])
    assert [str(problem) for problem in (*found.findings.problems, *judged(found, GOOD))] == []
    assert found.findings.library.adaptations[0].changes == ()
    for path, text in found.layers[0].texts.items():
        if "/" in path:
            own, theirs = parts.parts_of(text), parts.parts_of(clean((GOOD / path).read_text(encoding="utf-8")))
            assert all(parts.same(own[part], theirs[part]) for part in own)
            assert not {"license", "authors", "version"} & own.keys()
            assert parts.parts_of(found.layers[0].base[path]).keys() >= own.keys()


@pytest.mark.parametrize(
    ("wanted", "path", "taken"),
    [
        (
            "listening/two-minutes#Debrief/What next",
            STEP,
            {"Debrief", "Debrief/What next"},
        ),
        ("listening/activities/two-minutes.md#notes", STEP, {"Notes"}),
        ("voices/statue#readings", STATUE, {"readings"}),
        ("listening/handouts/say-it-back#title", SHEET, {"title"}),
        ("sources#rogers-farson-1957", "sources.yaml", {"rogers-farson-1957"}),
        ("listening#advisory", "listening/lesson.md", {"advisory"}),
    ],
)
def test_one_part_can_be_taken_over(run, wanted, path, taken):
    """A part is named by its file and its name; base/ keeps that part, and the lesson's version."""
    done = adapted(run, wanted)
    assert done.exit_code == 0, done.output
    layer = read_layer(Path("ours"))
    listed = path == "sources.yaml"
    assert set(parts.parts_of(layer.texts[path], listed=listed)) == taken
    assert set(layer.base_parts(path)) - {"version"} == taken
    if not listed:
        assert layer.base_version(path.partition("/")[0]) == "1.0.0"


def test_what_was_edited_is_never_taken_over_again(run):
    """A second time adds only what is missing; what somebody wrote stays, to the character."""
    adapted(run, "listening/two-minutes#Notes")
    edited = Path("ours", STEP).read_text(encoding="utf-8").replace("The silence feels long.", "It feels long.")
    Path("ours", STEP).write_text(edited, encoding="utf-8")
    assert told(adapted(run, "listening/two-minutes#Notes"))[0].endswith("is adapted already. [adapted-already]")
    assert Path("ours", STEP).read_text(encoding="utf-8") == edited
    done = adapted(run, "listening/two-minutes")
    assert "1 were adapted before" in done.output
    assert "It feels long." in Path("ours", STEP).read_text(encoding="utf-8")
    found = laid_over(GOOD, [Path("ours")]).findings.library.adaptations[0]
    assert [change.part for change in found.changes] == ["Notes"]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("listning", "the library has no 'listning'. [unknown-part]"),
        ("listening/two-minutes#Colour", "listening/activities/two-minutes.md has no part 'Colour'. [unknown-part]"),
        ("listening#license", "listening/lesson.md: 'license' cannot be changed by a pack. [locked-part]"),
        ("listening/say-it-back#title", "'listening/say-it-back#title' is in listening/activities/say-it-back.md"),
        ("sources", "sources: name one entry. [unknown-part]"),
        ("../secret", "the library has no '../secret'. [unknown-part]"),
    ],
)
def test_what_cannot_be_adapted_is_told(run, wanted, message):
    """A name that fits nothing, fits several files, or means something locked is refused, and nothing is written."""
    assert told(adapted(run, wanted))[0].startswith(message)
    assert sorted(path.name for path in Path("ours").iterdir()) == ["pack.yaml"]


# ------------------------------------------------------------ packs in use


def test_every_command_that_reads_lessons_takes_packs(run):
    """plan, build, modules, check and new know --pack, and the kit can be built again from its own brief."""
    files = {STEP: front("title: Quiet"), "base/listening/lesson.md": front("version: 1.0.0")}
    pack(Path("ours"), files, "limits: {most_minutes: 60}\ndefaults: {minutes: 50, facilitators: 2}\n")
    used = ("--modules", str(GOOD), "--pack", "ours", "--no-actuals")
    done = run("new", "--defaults", "-o", "kit", *used)
    assert done.exit_code == 0, done.output
    assert json.loads(Path("kit/kit.json").read_text(encoding="utf-8"))["packs"][0]["name"] == "riverside"
    again = run("build", "kit/workshop.yaml", "-o", "kit", *used)
    assert "nothing had changed" in again.output
    assert "Quiet" in run("plan", "kit/workshop.yaml", *used).output
    assert run("check", "kit/workshop.yaml", *used[:4]).exit_code == 0
    alone = run("build", "kit/workshop.yaml", "-o", "kit", *used[:2])
    assert told(alone)[0].endswith("which is not in use. [missing-pack]")
    longer = run("plan", "kit/workshop.yaml", "--set", "minutes=90", *used)
    assert "pack-limit" in told(longer)[0]


def test_the_origin_of_each_part_is_shown(run):
    """Each part of a lesson says whether it is the library's or a pack's."""
    pack(Path("ours"), {STEP: front("title: Quiet\nremove: [Online]")})
    shown = run("modules", "listening", "--origin", "--modules", str(GOOD), "--pack", "ours").output
    lines = [line.split() for line in shown.splitlines()]
    assert ["title", "riverside"] in lines
    assert ["Steps", "library"] in lines
    assert ["Online", "removed", "by", "riverside"] in lines
    assert told(run("modules", "--origin"))[0].endswith("[usage]")


def test_lessons_in_json_name_their_packs(run):
    """The list for other programs says which packs changed a lesson, and nothing where none did."""
    pack(Path("ours"), {STEP: front("title: Quiet")})
    found = json.loads(run("modules", "--json", "--modules", str(GOOD), "--pack", "ours").stdout)
    assert {lesson["id"]: lesson.get("packs") for lesson in found}["listening"] == ["riverside"]
    assert {lesson["id"]: lesson.get("packs") for lesson in found}["voices"] is None


def test_check_judges_a_pack_and_nothing_below_it(run):
    """Only what the pack brings is told: the library's own findings are not its."""
    pack(Path("ours"), {STEP: front("title: Quiet\nrooms: 2\ngrouping: alone")})
    found = run("check", "ours", "--modules", str(GOOD))
    assert found.exit_code == 1
    assert all(line.startswith(("ours/", "  TIP")) for line in found.stdout.splitlines())
    assert f"ours/{STEP}:4:11: grouping: 'alone' is not known here." in found.stdout
