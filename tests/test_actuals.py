"""What steps really took: noted for a kit, kept without names, used by the next plan."""

import io
import json
import os
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input.defaults import create_pipe_input
from prompt_toolkit.output import DummyOutput

from builder import folder
from builder.actuals import kept, kits
from builder.model import WorkshopRun
from builder.problems import InputError
from builder.terminal import Screen
from builder.terminal.actuals import Item, ask_in_turn, show_runs

ROOT = Path(__file__).parent.parent
BRIEF = ROOT / "examples" / "workplace-practice.yaml"
ENTER, CTRL_C = "\r", "\x03"
ITEMS = [Item(key, f"{key}?", str.isdigit, "Type a number.") for key in ("one", "two", "three")]


@pytest.fixture
def built(kit_of, tmp_path):
    """A kit on the disk: its folder, its plan code, and its steps with the minutes planned."""
    made = kit_of("workplace-practice")
    folder.write_kit(tmp_path / "kit", made.files, made.facts, made.code)
    rows = [line.split("\t") for line in made.facts["agenda"]]
    return tmp_path / "kit", made.code, {row[2]: int(row[1]) for row in rows if "/" in row[2]}


@pytest.fixture
def data(tmp_path, monkeypatch):
    """The user's data folder, for what is called directly."""
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def run_of(code="AAAAA", day=None, **keys):
    """A run without steps."""
    return WorkshopRun(code=code, date=day, expected=16, **keys)


# ------------------------------------------------------------ the command, end to end


def test_what_is_noted_from_a_file_moves_the_next_plan(workshop, built, tmp_path):
    """A step that took longer gets more minutes, says from how many runs, and --no-actuals leaves that out."""
    place, code, steps = built
    grown = next(key for key in steps if key.startswith("case-endorsement/"))
    (tmp_path / "minutes.csv").write_text(f"Activity;Minutes\n{grown};{steps[grown] * 2}\npresent;18\n", "utf-8")
    noted = workshop("actuals", place, "--from", "minutes.csv")
    assert (noted.returncode, noted.stdout) == (
        0,
        f"{code}: 1 step noted, {steps[grown] * 2} minutes (planned: {steps[grown]}).\n",
    )

    def slots(*more):
        done = workshop("plan", BRIEF, "--set", "minutes=180", "--json", *more)
        return {slot["activity"]: slot for slot in json.loads(done.stdout)["slots"]}

    with_runs, without = slots(), slots("--no-actuals")
    assert with_runs[grown]["runs"] == 1
    assert with_runs[grown]["minutes"] > without[grown]["minutes"]
    assert {slot["runs"] for slot in without.values()} == {0}


def test_a_kit_is_asked_about_step_by_step(workshop, built, tmp_path):
    """Without a terminal the steps are asked by lines; < goes back, an empty line notes nothing, the rest is kept."""
    place, code, steps = built
    answers = ["17", "6", "<", "7", "many", "5", *[""] * (len(steps) - 2)]
    done = workshop("actuals", place, stdin="".join(f"{line}\n" for line in answers))
    assert done.returncode == 0, done.stderr
    assert f"{code}: 2 steps noted, 12 minutes" in done.stdout
    assert "'many' cannot be used" in done.stderr
    (run,) = json.loads((tmp_path / "data" / "actuals.json").read_text(encoding="utf-8"))["runs"]
    assert [step["actual"] for step in run["steps"]] == [7, 5]
    assert [step["activity"] for step in run["steps"]] == list(steps)[:2]


def test_noting_a_kit_again_offers_the_former_answers_and_replaces_its_run(workshop, built, tmp_path):
    """Enter keeps what was noted, - takes it away, and the same workshop is never counted twice."""
    place, code, steps = built
    first = ["17", "6", "5", *[""] * (len(steps) - 2)]
    again = ["", "", "-", "9", *[""] * (len(steps) - 3)]
    for answers in (first, again):
        assert workshop("actuals", place, stdin="".join(f"{line}\n" for line in answers)).returncode == 0
    (run,) = json.loads((tmp_path / "data" / "actuals.json").read_text(encoding="utf-8"))["runs"]
    assert (run["present"], [step["actual"] for step in run["steps"]]) == (17, [6, 9])
    listed = workshop("actuals", "--list")
    assert listed.stdout.startswith(f"{code}  2026-12-10  in-person, 17 of 20 people: 2 steps noted, 15 minutes")


def test_nothing_of_title_organisation_or_contacts_is_kept(workshop, built, tmp_path):
    """What is kept could be shown to anybody."""
    place, _, steps = built
    (tmp_path / "minutes.yaml").write_text("".join(f"{key}: 5\n" for key in steps), "utf-8")
    assert workshop("actuals", place, "--from", "minutes.yaml").returncode == 0
    text = (tmp_path / "data" / "actuals.json").read_text(encoding="utf-8")
    assert [word for word in ("voice", "Riverside", "Jo Marsh", "204", "People team") if word in text] == []
    run = json.loads(text)["runs"][0]
    assert set(run) == {"code", "date", "expected", "mode", "run_before", "interpretation", "signed", "steps"}
    assert set(run["steps"][0]) <= {"activity", "version", "variant", "planned", "actual"}


def test_a_run_can_be_forgotten(workshop, built, tmp_path):
    """One run goes by its plan code; a code that is not kept is named with the nearest that is."""
    place, code, steps = built
    (tmp_path / "minutes.csv").write_text(f"{next(iter(steps))},5\n", "utf-8")
    assert workshop("actuals", place, "--from", "minutes.csv").returncode == 0
    unknown = workshop("actuals", "--forget", "ZZZZZ")
    assert (unknown.returncode, "[unknown-run]" in unknown.stderr, code in unknown.stderr) == (1, True, True)
    assert workshop("actuals", "--forget", code.lower()).returncode == 0
    assert "No minutes are kept yet" in workshop("actuals", "--list").stdout


def test_every_problem_of_a_file_is_told_with_its_line(workshop, built, tmp_path):
    """Unknown steps, numbers that are none, lines without minutes and doubles are all named, and nothing is kept."""
    place, _, steps = built
    key = next(iter(steps))
    (tmp_path / "a.csv").write_text(f"{key},half\n{key}x,5\ndate,soon\npresent,0\n", "utf-8")
    (tmp_path / "b.csv").write_text(f"{key}\n{key},5\n{key},6\n", "utf-8")
    (tmp_path / "c.yaml").write_text(f"{key}: [1]\n", "utf-8")
    told = workshop("actuals", place, "--from", "a.csv")
    assert told.returncode == 1
    for part in ("a.csv:1:1: ", "a.csv:2:1: ", "a.csv:3:1: ", "a.csv:4:1: ", f"Did you mean '{key}'?"):
        assert part in told.stderr
    shape = workshop("actuals", place, "--from", "b.csv")
    assert "b.csv:1:1: " in shape.stderr
    assert "stands twice, first on line 2. [duplicate-key]" in shape.stderr
    assert "c.yaml:1:" in workshop("actuals", place, "--from", "c.yaml").stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        ((), 2, "[usage]"),
        (("kit", "--list"), 2, "[usage]"),
        (("nowhere",), 1, "nowhere/kit.json: there is no such file. [no-kit]"),
        (("kit", "--from", "none.csv"), 1, "[no-such-file]"),
        (("kit",), 2, "[input-ended]"),
    ],
)
def test_a_call_that_cannot_be_understood_says_what_to_do(workshop, built, arguments, code, word):
    """Wrong usage, a folder without a kit, a file that is not there, and input that ends too soon."""
    done = workshop("actuals", *arguments)
    assert (done.returncode, word in done.stderr, "TIP: " in done.stderr) == (code, True, True)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("agenda", [None, "x", ["10:00\t5\topening/welcome\t\t", "one"], ["10:00\tx\topening/a\t\t"]])
def test_a_kit_whose_record_says_no_steps_is_refused(built, agenda):
    """A kit.json that was edited by hand is a problem with its name, not a crash."""
    place, _, _ = built
    facts = json.loads((place / "kit.json").read_text(encoding="utf-8"))
    (place / "kit.json").write_text(json.dumps({**facts, "agenda": agenda}), "utf-8")
    with pytest.raises(InputError, match=r"kit.json: it does not say which steps were planned\. \[no-kit\]"):
        kits.read_kit(place)


def test_a_damaged_file_is_named_and_left_as_it_is(workshop, built, tmp_path):
    """No command that needs it goes on, none changes it, and --no-actuals plans without it."""
    place, _, steps = built
    path = tmp_path / "data" / "actuals.json"
    path.parent.mkdir()
    path.write_text("{", "utf-8")
    (tmp_path / "minutes.csv").write_text(f"{next(iter(steps))},5\n", "utf-8")
    for arguments in (("plan", BRIEF), ("actuals", place, "--from", "minutes.csv"), ("actuals", "--forget", "AAAAA")):
        done = workshop(*arguments)
        assert (done.returncode, f"{path}: " in done.stderr, "[damaged-actuals]" in done.stderr) == (1, True, True)
    assert workshop("plan", BRIEF, "--no-actuals").returncode == 0
    assert path.read_text(encoding="utf-8") == "{"
    assert [each.name for each in path.parent.iterdir()] == ["actuals.json"]


@pytest.mark.parametrize("text", ["", "[]", '{"program": "other"}', "[" * 100_000, "RUNS", "\x00"])
def test_whatever_is_not_ours_is_damaged(data, text):
    """Any text that is no list of runs of ours is a problem with the file's name."""
    runs = {"program": "workshop-curriculum-builder", "form": 1, "runs": [{"code": "AAAAA", "expected": 0}]}
    data.mkdir()
    (data / "actuals.json").write_text(json.dumps(runs) if text == "RUNS" else text, "utf-8")
    with pytest.raises(InputError, match=r"actuals\.json: .*\[damaged-actuals\]"):
        kept.load()


# ------------------------------------------------------------ what is kept


def test_two_days_of_one_plan_are_two_runs():
    """The same agenda held on two days counts twice; where a day is not known it is the same run."""
    first, second = run_of(day="2026-12-01"), run_of(day="2026-12-08")
    both = kept.with_run(kept.with_run((), first), second)
    assert both == (first, second)
    assert kept.with_run((run_of(),), first) == (first,)
    assert kept.with_run(both, run_of("BBBBB")) == (*both, run_of("BBBBB"))


def test_one_of_two_days_is_forgotten_by_its_date():
    """A code that names two runs is not enough; with the day it is."""
    both = (run_of(day="2026-12-01"), run_of(day="2026-12-08"))
    with pytest.raises(InputError, match="2 runs of the plan 'AAAAA' are kept"):
        kept.without(both, "AAAAA")
    assert kept.without(both, "aaaaa@2026-12-01") == both[1:]


def test_what_is_kept_is_read_back_as_it_was(data):
    """Saving and loading lose nothing, and leave no other file behind."""
    runs = (run_of(day="2026-12-01", present=12, mode="online", interpretation="consecutive", signed=True), run_of())
    assert kept.load() == ()
    kept.save(runs)
    assert kept.load() == runs
    assert [path.name for path in data.iterdir()] == ["actuals.json"]


def test_a_save_that_fails_keeps_the_old_file(data, monkeypatch):
    """A disk that is full in the middle of writing costs nothing that was kept."""
    kept.save((run_of(),))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        kept.save((run_of("BBBBB"),))
    assert kept.load() == (run_of(),)
    assert [path.name for path in data.iterdir()] == ["actuals.json"]


# ------------------------------------------------------------ asking by keys


def by_keys(keys, noted):
    """Ask the three items with keys fed through a pipe; what is noted afterwards."""
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        pipe.send_text(keys)
        ask_in_turn(ITEMS, noted, Screen(io.StringIO(), fancy=True, fixed_width=80))
    return noted


def test_by_keys_one_can_go_back_keep_and_take_away():
    """< goes to the item before, Enter keeps what stands there, - takes it away, a wrong answer is asked again."""
    assert by_keys(f"4{ENTER}<{ENTER}5{ENTER}{ENTER}x{ENTER}7{ENTER}", {}) == {"one": "5", "three": "7"}
    assert by_keys(f"{ENTER}-{ENTER}{ENTER}", {"one": "1", "two": "2", "three": "3"}) == {"one": "1", "three": "3"}
    assert by_keys(f"<{ENTER}{ENTER}{ENTER}{ENTER}", {"one": "1"}) == {"one": "1"}


def test_stopping_keeps_what_was_noted_so_far():
    """Ctrl-C goes through, and the answers before it are there."""
    noted: dict[str, str] = {}
    with pytest.raises(KeyboardInterrupt):
        by_keys(f"4{ENTER}5{ENTER}{CTRL_C}", noted)
    assert noted == {"one": "4", "two": "5"}


def test_the_list_names_code_day_people_and_minutes():
    """Each run is one line."""
    file = io.StringIO()
    show_runs([run_of(day="2026-12-01", present=12), run_of("BBBBB")], file)
    assert file.getvalue() == (
        "AAAAA  2026-12-01  in-person, 12 of 16 people: 0 steps noted, 0 minutes (planned: 0)\n"
        "BBBBB  no date  in-person, 16 people expected: 0 steps noted, 0 minutes (planned: 0)\n"
    )
