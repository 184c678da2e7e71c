"""The commands as a shell sees them: results, messages, exit codes, files."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BRIEF = ROOT / "examples" / "ninety-minutes.yaml"
LINEHAN = ROOT / "examples" / "linehan.yaml"


def test_help_imports_none_of_the_heavy_packages():
    """`workshop --help` is quick because python-docx, pydantic, jinja2, questionary and rich stay out of it."""
    code = (
        "import sys\nfrom builder.cli import workshop\n"
        "workshop.main(['--help'], standalone_mode=False)\n"
        "heavy = {'docx', 'pydantic', 'jinja2', 'questionary', 'rich', 'yaml', 'markdown_it', 'icalendar',"
        " 'starlette', 'uvicorn'}\n"
        "sys.exit(str(sorted(heavy & set(sys.modules)) or ''))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""
    assert "Examples:" in done.stdout


@pytest.mark.parametrize("command", ["new", "open", "build", "plan", "modules", "check", "new-lesson", "actuals"])
def test_each_command_explains_itself_with_examples(workshop, command):
    """`--help` of a command ends well and shows how it is used."""
    done = workshop(command, "--help")
    assert done.returncode == 0
    assert f"workshop {command}" in done.stdout.partition("Examples:")[2]


def test_plan_json_sums_to_the_booked_minutes_and_has_every_key(workshop):
    """The published shape of a plan holds, and its slots' minutes sum to `minutes`."""
    done = workshop("plan", BRIEF, "--json")
    plan = json.loads(done.stdout)
    assert done.returncode == 0
    assert {"minutes", "start", "slots", "left_out", "score", "missed", "warnings"} <= set(plan)
    assert sum(slot["minutes"] for slot in plan["slots"]) == plan["minutes"] == 90
    for slot in plan["slots"]:
        keys = {"start", "minutes", "kind", "title", "lesson", "activity", "card", "variant", "reason", "runs"}
        assert set(slot) == keys
    assert all(set(entry) == {"lesson", "activity", "reason"} for entry in plan["left_out"])


def test_a_refusal_is_json_on_standard_output_and_words_on_standard_error(workshop):
    """Sixty minutes are too few for the Linehan example: exit 1, the reason twice, and the fewest minutes."""
    done = workshop("plan", LINEHAN, "--json", "--set", "minutes=60")
    refused = json.loads(done.stdout)
    assert done.returncode == 1
    assert [problem["code"] for problem in refused["problems"]] == ["too-short"]
    assert refused["least_minutes"] is not None
    assert f"{refused['least_minutes']} minutes" in done.stderr


def test_a_refusal_shows_the_best_agenda_without_the_costliest_wish(workshop, tmp_path):
    """Plan and build say on standard error what could be had instead; nothing is written, and the code stays 1."""
    for command in ("plan", "build"):
        done = workshop(command, BRIEF, "--set", "minutes=40")
        assert done.returncode == 1
        said, _, agenda = done.stderr.partition("\nWithout 'Two words, several meanings' it would be:\n")
        assert "TIP: Book 49 minutes" in said
        assert "Power grid" in agenda
        assert "10:40    40   End" in agenda
    assert done.stdout == ""
    assert not list(tmp_path.glob("*/*.docx"))


def test_what_could_be_had_instead_is_a_key_of_the_refusal(workshop, tmp_path):
    """With --json the refusal has `instead`: what is given up and a whole plan, or null; no agenda in words."""
    done = workshop("plan", BRIEF, "--json", "--set", "minutes=40")
    instead = json.loads(done.stdout)["instead"]
    assert instead["without"] == "without 'Two words, several meanings'"
    assert sum(slot["minutes"] for slot in instead["plan"]["slots"]) == 40
    assert "it would be" not in done.stderr
    unusable = workshop("plan", BRIEF, "--json", "--set", "minutes=20")
    assert json.loads(unusable.stdout)["instead"] is None


def test_several_lengths_stand_side_by_side(workshop):
    """A column for each length whose minutes sum to it, a dash where a step is not in, and a refusal in words."""
    done = workshop("plan", LINEHAN, "--minutes", "60, 90,120")
    assert done.returncode == 0
    rows = [line.split() for line in done.stdout.splitlines() if line.strip()]
    assert rows[0][-3:] == ["60", "90", "120"]
    cells = [row[-3:] for row in rows if row[-3:-2] == ["—"]]
    together = next(row[-3:] for row in rows if row[:2] == ["All", "together"])
    assert together == ["—", "90", "120"]
    for column in (1, 2):
        added = [cell[column] for cell in cells[: cells.index(together)]]
        assert sum(int(part) for cell in added if cell != "—" for part in cell.split("+")) == int(together[column])
    assert "60 minutes: what is wanted takes at least 78 minutes" in done.stdout


def test_several_lengths_need_no_minutes_in_the_brief(workshop, tmp_path):
    """The list takes the place of the brief's own minutes, also where it has none."""
    brief = tmp_path / "brief.yaml"
    brief.write_text("title: X\nfocus: [commitments]\nrun_before: yes\n", encoding="utf-8")
    done = workshop("plan", brief.name, "--minutes", "45,60", "--json")
    assert done.returncode == 0, done.stderr
    assert [plan["minutes"] for plan in json.loads(done.stdout)] == [45, 60]
    assert workshop("plan", brief.name).returncode == 1


def test_several_lengths_fail_only_where_there_is_a_plan_for_none(workshop):
    """One length that can be planned is enough; a refused one is its refusal with its minutes."""
    some = workshop("plan", LINEHAN, "--minutes", "60,90", "--json")
    refused, plan = json.loads(some.stdout)
    assert (some.returncode, refused["minutes"], plan["minutes"]) == (0, 60, 90)
    assert set(refused) == {"minutes", "problems", "least_minutes", "most_minutes", "instead"}
    none = workshop("plan", LINEHAN, "--minutes", "60,70", "--json")
    assert (none.returncode, [each["minutes"] for each in json.loads(none.stdout)]) == (1, [60, 70])
    words = workshop("plan", LINEHAN, "--minutes", "60")
    assert (words.returncode, "Minutes booked" in words.stdout) == (1, False)
    assert "60 minutes: what is wanted takes" in words.stdout


@pytest.mark.parametrize(
    "lengths", ["", "60,", "60,x", "29", "481", "60 90", "-60", "30,31,32,33,34,35,36,37,38", "²0"]
)
def test_a_bad_list_of_lengths_is_wrong_usage(workshop, lengths):
    """What is no list of whole minutes from 30 to 480, eight at the most, is wrong usage (2), with an example."""
    done = workshop("plan", BRIEF, "--minutes", lengths)
    assert (done.returncode, done.stdout) == (2, "")
    assert "TIP: For instance: --minutes 60,90,120" in done.stderr


def test_the_fewest_minutes_of_a_refusal_are_enough(workshop):
    """Booking what the refusal names gives a plan; one minute less does not."""
    least = json.loads(workshop("plan", LINEHAN, "--json", "--set", "minutes=60").stdout)["least_minutes"]
    assert workshop("plan", LINEHAN, "--set", f"minutes={least}").returncode == 0
    assert workshop("plan", LINEHAN, "--set", f"minutes={least - 1}").returncode == 1


def test_a_bad_brief_is_refused_whole_with_places(workshop, tmp_path):
    """Every problem of a brief is told at once, with its place and the nearest word; nothing is written."""
    brief = tmp_path / "brief.yaml"
    brief.write_text("title: X\nminuts: 90\nparticipants: many\nfocus: [power-dynamic]\n", encoding="utf-8")
    done = workshop("build", brief.name)
    assert done.returncode == 1
    assert "brief.yaml:2:1: 'minuts' is not a key of a brief. [unknown-key]" in done.stderr
    assert "Did you mean 'minutes'?" in done.stderr
    assert "brief.yaml:3:15: participants: must be a whole number. [not-a-number]" in done.stderr
    assert "Did you mean 'power-dynamics'?" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["brief.yaml"]


def test_a_bad_brief_is_json_too_where_json_is_asked_for(workshop, tmp_path):
    """With --json a brief that cannot be read gives problems with places, and no lengths."""
    brief = tmp_path / "brief.yaml"
    brief.write_text("title: X\nminutes: 20\n", encoding="utf-8")
    done = workshop("plan", brief.name, "--json")
    refused = json.loads(done.stdout)
    assert done.returncode == 1
    assert [(p["code"], p["line"], p["column"]) for p in refused["problems"]] == [("minutes-range", 2, 10)]
    assert (refused["least_minutes"], refused["most_minutes"]) == (None, None)


def test_defaults_make_a_kit_without_a_question(workshop, tmp_path):
    """`new --defaults` answers everything itself, title and minutes included."""
    done = workshop("new", "--defaults")
    assert done.returncode == 0
    folder = tmp_path / "workshop-core-ideas"
    written = sorted(f"{folder.name}/{path.name}" for path in folder.iterdir())
    assert done.stdout.splitlines() == [name for name in written if not name.endswith("kit.json")]


def test_the_folder_is_named_by_date_and_title(workshop, tmp_path):
    """Without -o a kit goes to `<date>-<title as a safe name>`."""
    assert workshop("build", BRIEF).returncode == 0
    assert (tmp_path / "2026-12-01-solidarity-in-practice" / "agenda.docx").is_file()


def test_set_beats_the_file_and_a_card_can_be_swapped_by_its_deck(workshop):
    """`--set` wins over the brief, for plain keys and for entries of a map."""
    done = workshop(
        "plan", LINEHAN, "--json", "--set", "start=09:00", "--set", "focus=case-endorsement,commitments",
        "--set", "cards.endorsement=village-hall",
    )  # fmt: skip
    plan = json.loads(done.stdout)
    assert plan["start"] == "09:00"
    assert {slot["card"] for slot in plan["slots"]} == {None, "village-hall"}


def test_a_wrong_key_in_set_is_wrong_usage_and_a_wrong_value_is_unusable(workshop):
    """An unknown key cannot be understood (2); a value out of range can, and cannot be used (1)."""
    assert workshop("plan", BRIEF, "--set", "minuts=60").returncode == 2
    assert workshop("plan", BRIEF, "--set", "minutes").returncode == 2
    assert workshop("plan", BRIEF, "--set", "minutes=20").returncode == 1


def test_questions_without_input_name_the_ways_out(workshop):
    """Input that ends before the questions do: exit 2, naming --answers and --defaults."""
    done = workshop("new")
    assert done.returncode == 2
    assert "--answers" in done.stderr
    assert "--defaults" in done.stderr


def test_plain_questions_can_be_answered_line_by_line(workshop, tmp_path):
    """Without a terminal the numbered questions lead to a kit, and to a brief with the answers."""
    lines = ["1", "10:00-11:30", "18", "1", "1", "", "1", "Tuesday", "", "", "", "", "1"]
    done = workshop("new", "--set", "run_before=yes", "-o", "kit", stdin="\n".join([*lines, *[""] * 20]) + "\n")
    assert done.returncode == 0, done.stderr
    assert "title: Tuesday" in (tmp_path / "kit" / "workshop.yaml").read_text(encoding="utf-8")


def test_an_edited_paper_is_kept_and_the_new_one_goes_beside_it(workshop, tmp_path):
    """A hand-edited guide survives a build of another plan, and the person is told of two clocks."""
    workshop("build", BRIEF, "-o", "kit")
    guide = tmp_path / "kit" / "facilitator-guide.docx"
    edited = guide.read_bytes() + b"edited"
    guide.write_bytes(edited)
    done = workshop("build", BRIEF, "-o", "kit", "--set", "minutes=100")
    assert done.returncode == 0
    assert guide.read_bytes() == edited
    assert (tmp_path / "kit" / "facilitator-guide.new.docx").is_file()
    assert "two different clocks" in done.stderr


def test_a_build_that_changes_nothing_writes_nothing(workshop, tmp_path):
    """The second of two equal builds leaves every file as it was, to the time of writing."""
    workshop("build", BRIEF, "-o", "kit")
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "kit").iterdir()}
    workshop("build", BRIEF, "-o", "kit")
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "kit").iterdir()} == before


def test_the_brief_is_never_rewritten(workshop, tmp_path):
    """Building into the folder that holds the brief itself leaves the brief as it is."""
    brief = tmp_path / "kit" / "workshop.yaml"
    brief.parent.mkdir()
    brief.write_text(BRIEF.read_text(encoding="utf-8"), encoding="utf-8")
    assert workshop("build", "kit/workshop.yaml", "-o", "kit").returncode == 0
    assert brief.read_text(encoding="utf-8") == BRIEF.read_text(encoding="utf-8")


def test_another_library_works_as_well(workshop, tmp_path):
    """`--modules` replaces the lessons: nothing in the program knows one by its name."""
    folder = tmp_path / "own"
    for name, phase in (("hello", "opening"), ("middle", "concept"), ("bye", "closing")):
        (folder / name / "activities").mkdir(parents=True)
        (folder / name / "lesson.md").write_text(
            f"---\ntitle: {name}\nsummary: S\nphase: {phase}\nversion: '1'\nlanguage: en\nlicense: CC0-1.0\n"
            "authors: [A]\nteaches: [{id: t, outcome: Do it}]\nactivities: [only]\n---\nText.\n",
            encoding="utf-8",
        )
        (folder / name / "activities" / "only.md").write_text(
            "---\ntitle: Only\ncore: yes\nminutes: {min: 8, typical: 12, max: 25}\ngrouping: plenary\n"
            "interaction: active\n---\n## Steps\n\n1. Do it.\n",
            encoding="utf-8",
        )
    done = workshop("new", "--defaults", "--modules", "own", "--set", "minutes=60", "-o", "kit")
    assert done.returncode == 0, done.stderr
    listed = json.loads(workshop("modules", "--json", "--modules", "own").stdout)
    assert [lesson["id"] for lesson in listed] == ["bye", "hello", "middle"]


def test_check_prints_findings_and_fails_only_on_errors(workshop, tmp_path):
    """Findings go to standard output; a review date past is an error for a living dispute."""
    assert workshop("check").returncode == 0
    done = workshop("check", "--as-of", "2030-01-01")
    assert done.returncode == 1
    assert "[review-due]" in done.stdout


def test_check_judges_a_brief(workshop, tmp_path):
    """A brief that cannot be planned is an error, with the rule."""
    assert workshop("check", BRIEF).returncode == 0
    short = tmp_path / "short.yaml"
    short.write_text("title: X\nminutes: 30\nfocus: [case-endorsement]\n", encoding="utf-8")
    done = workshop("check", short.name)
    assert done.returncode == 1
    assert "[too-short]" in done.stdout


def test_a_mistyped_command_is_wrong_usage_with_the_nearest_one(workshop):
    """`workshop biuld` exits with 2 and names `build`."""
    done = workshop("biuld")
    assert done.returncode == 2
    assert "build" in done.stderr


def test_an_ascii_terminal_is_no_obstacle(workshop):
    """Where the locale knows no more than ASCII, the agenda is still shown."""
    done = workshop("plan", BRIEF, PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0
    assert "10:00" in done.stdout


def test_colours_stay_out_of_a_file(workshop):
    """What is piped holds no escape codes."""
    assert "\x1b" not in workshop("plan", BRIEF).stdout


def test_a_reader_that_goes_away_is_no_fault(tmp_path):
    """`workshop plan … | head -1` ends quietly."""
    command = f"'{sys.executable}' -m builder plan '{BRIEF}' --json | head -1"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_a_closed_output_is_no_fault(tmp_path):
    """Where standard output was closed before the start, help and a build end as they should."""
    for arguments in ("--help", f"build '{BRIEF}' -o '{tmp_path}/kit'"):
        command = f"'{sys.executable}' -m builder {arguments} >&-"
        done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_behind_the_output_is_told_in_words(workshop):
    """Results that cannot be written end with a message and exit code 1, not with a traceback."""
    command = f"'{sys.executable}' -m builder plan '{BRIEF}' > /dev/full"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr


@pytest.mark.parametrize("path", ["a" * 300, ".", "nope.yaml"])
def test_a_brief_that_cannot_be_read_is_told_by_its_path(workshop, path):
    """A path that is too long, a folder, and a missing file are each named, with what to do."""
    done = workshop("plan", path)
    assert (done.returncode, "TIP:" in done.stderr) == (1, True)


def test_help_keeps_its_examples_on_lines_of_their_own(workshop):
    """No formatting mark is left in the help, and each example has its own line."""
    told = workshop("plan", "--help").stdout
    assert "\\b" not in told
    assert "  workshop plan workshop.yaml\n" in told


def test_an_opening_that_pins_hold_too_short_is_refused_by_its_rule(workshop, tmp_path):
    """Pins that leave the opening eight of the ten minutes it needs are a matter of the frame, by two minutes."""
    brief = tmp_path / "brief.yaml"
    brief.write_text(
        "title: x\nminutes: 120\nrun_before: yes\nfacilitators: 2\nfocus: [linehan, commitments]\nmax_level: 3\n"
        "pinned: {opening/welcome: 3, opening/agreements: 3, opening/arrival: 2}\n",
        encoding="utf-8",
    )
    refused = json.loads(workshop("plan", brief.name, "--json").stdout)
    assert [(p["code"], "2 fewer" in p["message"]) for p in refused["problems"]] == [("frame", True)]


def test_a_pin_outside_what_a_step_can_take_is_refused(workshop):
    """A step pinned below its minimum, and so below its debrief, is refused with the minutes that it can take."""
    done = workshop("plan", BRIEF, "--json", "--set", "pinned.power-dynamics/power-grid=3")
    assert [problem["code"] for problem in json.loads(done.stdout)["problems"]] == ["bounds"]


def test_characters_that_no_paper_holds_are_left_out_and_told(workshop, tmp_path):
    """A control character in a brief is cleaned away, and its place is named."""
    brief = tmp_path / "brief.yaml"
    brief.write_text('title: "Hello\x07 there"\nminutes: 90\n', encoding="utf-8")
    done = workshop("plan", brief.name)
    assert done.returncode == 0
    assert "brief.yaml:1:" in done.stderr
    assert "[unprintable]" in done.stderr
