"""`workshop print`: finding LibreOffice, asking it for PDF files, counting pages, and filling them into the list."""

import hashlib
import io
import json
import shutil
import sys
import time
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner

from builder import folder, kit, planner
from builder.cli import workshop
from builder.kit.context import context_of
from builder.kit.printrun import Count, FileRun
from builder.library import shipped
from builder.printing import office, printed
from builder.printing.command import table
from builder.printing.office import Office, find, to_pdf
from builder.printing.pages import count
from builder.printing.stale import outdated
from builder.problems import InputError

posix = pytest.mark.skipif(sys.platform == "win32", reason="the fake is a script with a first line")

# A LibreOffice that makes a PDF file of as many pages as the paper has bytes: enough to see what we do with it.
FAKE = """
import sys
from pathlib import Path
from pypdf import PdfWriter
out = Path(sys.argv[sys.argv.index("--outdir") + 1])
for path in map(Path, sys.argv[sys.argv.index("--outdir") + 2 :]):
    made = PdfWriter()
    for _ in range(min(len(path.read_bytes()), 3)):
        made.add_blank_page(100, 100)
    made.write(out / f"{path.stem}.pdf")
"""


def executable(path, code=""):
    """A program at a path; it does what the Python code says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{sys.executable}\n{code}", encoding="utf-8")
    path.chmod(0o755)
    return path


def quiet(_file):
    """Progress that nobody wants to hear."""


def found(root, platform="linux", registered=(), **environ):
    """What is found on a computer whose folders begin at `root`."""
    return find(platform, {"HOME": str(root / "home"), **environ}, root, lambda: iter(registered))


# ------------------------------------------------------------ finding it


@posix
@pytest.mark.parametrize(
    "place",
    [
        "usr/bin/soffice",
        "usr/lib/libreoffice/program/soffice",
        "usr/lib64/libreoffice/program/soffice",
        "opt/libreoffice24.8/program/soffice",
    ],
)
def test_it_is_found_where_linux_puts_it(tmp_path, place):
    """The places of distributions and of the project's own packages are looked at without a PATH."""
    path = executable(tmp_path / place)
    assert found(tmp_path) == Office((str(path),))


@posix
def test_the_one_on_the_path_comes_first(tmp_path):
    """Whoever put one on the PATH means that one."""
    executable(tmp_path / "usr/bin/soffice")
    mine = executable(tmp_path / "mine" / "soffice")
    assert found(tmp_path, PATH=str(mine.parent)).command == (str(mine),)


@posix
def test_one_in_the_current_folder_is_never_started(tmp_path, monkeypatch):
    """A PATH with "." in it does not make a program in a kit's folder the one to start."""
    executable(tmp_path / "kit" / "soffice")
    monkeypatch.chdir(tmp_path / "kit")
    with pytest.raises(InputError):
        found(tmp_path, PATH=".")


@posix
def test_a_flatpak_is_given_the_folder_that_it_works_in(tmp_path):
    """A flatpak sees no temporary folders, so it is started with this one opened to it."""
    executable(tmp_path / "var/lib/flatpak/exports/bin/org.libreoffice.LibreOffice")
    assert found(tmp_path).sandboxed


@posix
def test_a_snap_works_in_its_own_folder_and_comes_last(tmp_path):
    """A snap can write to its own folder only; where there is another LibreOffice, that one is taken."""
    snap = executable(tmp_path / "snap/bin/libreoffice")
    own = tmp_path / "home" / "snap" / "libreoffice" / "common"
    assert found(tmp_path, PATH=str(snap.parent)) == Office((str(snap),), own)
    other = executable(tmp_path / "usr/bin/soffice")
    assert found(tmp_path, PATH=str(snap.parent)) == Office((str(other),))


@posix
def test_it_is_found_among_the_applications_of_a_mac(tmp_path):
    """On macOS it lies inside its application, for everybody or for one person."""
    inside = "LibreOffice.app/Contents/MacOS/soffice"
    own = executable(tmp_path / "home" / "Applications" / inside)
    assert found(tmp_path, "darwin").command == (str(own),)
    shared = executable(tmp_path / "Applications" / inside)
    assert found(tmp_path, "darwin").command == (str(shared),)


@posix
def test_it_is_found_on_windows_in_program_files_or_by_the_registry(tmp_path):
    """Windows' folders come first, then what the registry says; the .com waits until it is done, so it is taken."""
    registered = executable(tmp_path / "D" / "soffice.exe")
    waits = executable(tmp_path / "D" / "soffice.com")
    assert found(tmp_path, "win32", [str(registered)]).command == (str(waits),)
    program = executable(tmp_path / "Program Files" / "LibreOffice" / "program" / "soffice.com")
    there = found(tmp_path, "win32", [str(registered)], ProgramFiles=str(tmp_path / "Program Files"))
    assert there.command == (str(program),)


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_where_there_is_none_the_hint_names_the_page_and_word(tmp_path, platform):
    """Without LibreOffice one is told where to get it, and that Word saves PDF files itself."""
    with pytest.raises(InputError) as refused:
        found(tmp_path, platform)
    (problem,) = refused.value.problems
    assert problem.code == "no-libreoffice"
    assert "www.libreoffice.org" in problem.hint
    assert "PDF" in problem.hint


# ------------------------------------------------------------ asking it


@posix
def test_one_process_makes_all_files_with_a_profile_of_its_own(tmp_path):
    """All papers go into one call, which runs no macros, follows no links, and says what is done."""
    asked = tmp_path / "asked.json"
    spy = f"""
import json
profile = next(a for a in sys.argv if a.startswith("-env:UserInstallation=file://")).partition("file://")[2]
settings = (Path(profile) / "user" / "registrymodifications.xcu").read_text()
Path({str(asked)!r}).write_text(json.dumps([sys.argv[1:], settings]))
"""
    program = executable(tmp_path / "soffice", FAKE + spy)
    told = []
    made = to_pdf(Office((str(program),)), {"a.docx": b"1", "b.docx": b"22"}, blanks=True, tell=told.append)
    assert sorted(made) == sorted(told) == ["a.docx", "b.docx"]
    assert made["a.docx"].startswith(b"%PDF")
    arguments, settings = json.loads(asked.read_text())
    assert "--headless" in arguments
    assert any('"IsSkipEmptyPages"' in argument for argument in arguments)
    assert 'DisableMacrosExecution" oor:op="fuse"><value>true' in settings
    assert 'BlockUntrustedRefererLinks" oor:op="fuse"><value>true' in settings


@posix
def test_one_that_hangs_is_ended_with_all_that_it_started(tmp_path):
    """After the time limit neither the program nor its child is left."""
    child = tmp_path / "child.txt"
    program = executable(tmp_path / "soffice")
    program.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > '{child}'\nsleep 60\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        to_pdf(Office((str(program),)), {"a.docx": b"1"}, blanks=True, tell=quiet, seconds=2)
    assert "too long" in refused.value.problems[0].message
    pid = int(child.read_text())
    end = time.monotonic() + 5
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert not alive(pid)


def alive(pid):
    """Whether a process runs; one that is dead and not yet buried does not."""
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


@posix
@pytest.mark.parametrize(("code", "word"), [("raise SystemExit('out of ink')", "out of ink"), ("", "a.docx")])
def test_a_failure_says_what_libreoffice_said_or_which_file_is_missing(tmp_path, code, word):
    """An exit code is told with the last line; a file that was not made is told by its name."""
    program = executable(tmp_path / "soffice", code)
    with pytest.raises(InputError) as refused:
        to_pdf(Office((str(program),)), {"a.docx": b"1"}, blanks=True, tell=quiet)
    assert word in refused.value.problems[0].message


# ------------------------------------------------------------ the whole command


@pytest.fixture
def built(library, example, tmp_path):
    """The folder of a kit, as `workshop build` leaves it."""
    made = kit.make(planner.plan(library, example("linehan")), library)
    target = tmp_path / "kit"
    folder.write_kit(target, made.files, made.facts, made.code)
    return target


@pytest.fixture
def faked(tmp_path, monkeypatch):
    """A fake LibreOffice in the place of any other; its papers have three pages."""
    program = executable(tmp_path / "bin" / "soffice", FAKE)
    monkeypatch.setattr(office, "find", lambda: Office((str(program),)))


def run(*arguments):
    """Run the command, and give its result."""
    return CliRunner().invoke(workshop, ["print", *map(str, arguments)])


def rows(result):
    """The lines of the table by their file."""
    return {line.split()[0]: line.split() for line in result.stdout.splitlines()[1:]}


@posix
def test_the_pages_are_shown_kept_and_filled_into_the_list(built, faked, words_of):
    """A PDF file for each paper, the table on standard output, the counts in kit.json and in the list."""
    result = run(built)
    assert result.exit_code == 0, result.output
    papers = {path.stem for path in built.glob("*.docx")}
    assert {path.stem for path in (built / "pdf").glob("*.pdf")} == papers
    assert rows(result)["facilitator-guide.docx"][1:5] == ["3", "2", "both", "4"]
    kept = json.loads((built / "kit.json").read_text())["pages"]
    assert kept["facilitator-guide.docx"]["pages"] == 3
    list_of_files = docx.Document(io.BytesIO((built / "print-and-pack.docx").read_bytes())).tables[0]
    filled = {row.cells[1].text: [cell.text for cell in row.cells[5:]] for row in list_of_files.rows}
    assert filled["facilitator-guide.docx"] == ["3", "4"]


@posix
def test_printing_twice_changes_no_paper(built, faked):
    """The second time only PDF files are replaced; papers and kit.json stay as they are."""
    run(built)
    before = {path.name: path.read_bytes() for path in built.iterdir() if path.is_file()}
    assert run(built).exit_code == 0
    assert {path.name: path.read_bytes() for path in built.iterdir() if path.is_file()} == before


@posix
def test_a_count_alone_writes_nothing(built, faked):
    """With --paper-count the table comes, and the folder is as it was."""
    before = {path.name: path.read_bytes() for path in built.iterdir()}
    result = run(built, "--paper-count")
    assert result.exit_code == 0
    assert "In all:" in result.stdout
    assert {path.name: path.read_bytes() for path in built.iterdir()} == before


@posix
def test_an_edited_paper_is_the_one_that_is_printed(built, faked):
    """The edited bytes go to LibreOffice, the table says so, and the paper stays as it was edited."""
    (built / "agenda.docx").write_bytes(b"22")
    result = run(built)
    assert result.exit_code == 0, result.output
    assert rows(result)["agenda.docx"][1] == "2"
    assert "edited by hand" in result.stdout
    assert (built / "agenda.docx").read_bytes() == b"22"


@posix
def test_a_paper_edited_for_another_clock_gives_way_to_the_new_one(library, example, built, faked):
    """After a new plan the edited guide has old times: the new one is printed, and the table says why."""
    (built / "agenda.docx").write_bytes(b"22")
    runner = CliRunner()
    brief = str(built / "workshop.yaml")
    assert runner.invoke(workshop, ["build", brief, "-o", str(built), "--set", "start=14:30"]).exit_code == 0
    result = run(built)
    assert "agenda.docx was edited for another clock" in result.stdout
    assert rows(result)["agenda.new.docx"][1] == "3"


@posix
def test_a_pdf_file_that_somebody_changed_is_never_overwritten(built, faked):
    """A highlighted PDF file stays, and the new one is written beside it."""
    run(built)
    (built / "pdf" / "agenda.pdf").write_bytes(b"%PDF mine")
    result = run(built)
    assert result.exit_code == 0
    assert (built / "pdf" / "agenda.pdf").read_bytes() == b"%PDF mine"
    assert (built / "pdf" / "agenda.new.pdf").is_file()
    assert "agenda.new.pdf" in result.stderr


@posix
def test_a_brief_that_was_edited_since_does_not_matter(built, faked):
    """The list is made from the brief that the kit was built from, which kit.json keeps; the file stays."""
    path = built / "workshop.yaml"
    path.write_text(path.read_text().replace("14:00", "15:00"))
    mine = path.read_bytes()
    result = run(built)
    assert (result.exit_code, "list-not-filled" in result.stderr) == (0, False)
    assert path.read_bytes() == mine
    assert not (built / "workshop.new.yaml").exists()
    assert "pages" in json.loads((built / "kit.json").read_text())


@posix
def test_a_kit_that_would_come_out_differently_keeps_its_list(built, faked, tmp_path):
    """Where a lesson was changed since, the list is left alone, with a warning that says what to do."""
    shutil.copytree(shipped("modules"), tmp_path / "mine")
    sheet = tmp_path / "mine" / "opening" / "handouts" / "agreements.md"
    sheet.write_text(f"{sheet.read_text(encoding='utf-8')}\nOne line more.\n", encoding="utf-8")
    before = (built / "print-and-pack.docx").read_bytes()
    result = run(built, "--modules", tmp_path / "mine")
    assert result.exit_code == 0
    assert "list-not-filled" in result.stderr
    assert (built / "print-and-pack.docx").read_bytes() == before


def test_a_folder_without_a_kit_is_refused(tmp_path):
    """A folder that holds no kit.json ends with exit code 1 and a hint, before LibreOffice is looked for."""
    from builder.printing.printed import seen

    with pytest.raises(InputError) as refused:
        seen(tmp_path)
    assert [problem.code for problem in refused.value.problems] == ["no-kit"]


@posix
def test_papers_with_names_are_counted_and_kept_and_get_no_pdf_file(built, faked, tmp_path):
    """After printing, badges and table cards are as they were and stand in the list; no PDF file holds a name."""
    (tmp_path / "people.csv").write_text("name\nAda Lovelace\nBo Ek\n", encoding="utf-8")
    arguments = ["build", str(built / "workshop.yaml"), "-o", str(built), "--roster", str(tmp_path / "people.csv")]
    assert CliRunner().invoke(workshop, arguments).exit_code == 0
    named = {name: (built / name).read_bytes() for name in ("badges.docx", "table-cards.docx")}
    result = run(built)
    assert (result.exit_code, "list-not-filled" in result.stderr) == (0, False), result.output
    assert {name: (built / name).read_bytes() for name in named} == named
    assert "names: no PDF file is kept" in result.stdout
    assert not [path.name for path in (built / "pdf").iterdir() if path.stem in {"badges", "table-cards"}]
    words = docx.Document(io.BytesIO((built / "print-and-pack.docx").read_bytes()))
    files = {row.cells[1].text: [cell.text for cell in row.cells[3:]] for row in words.tables[0].rows}
    assert files["badges.docx"] == ["1", "no", "3", "3"]
    again = CliRunner().invoke(workshop, arguments)
    assert "nothing had changed" in again.stderr
    assert CliRunner().invoke(workshop, arguments[:-2]).exit_code == 0
    assert not (built / "badges.docx").exists()


@posix
def test_a_build_warns_of_pdf_files_of_older_papers(built, faked):
    """PDF files of the same papers are fine; once the plan has changed, building says not to print them."""
    run(built)
    runner = CliRunner()
    arguments = ["build", str(built / "workshop.yaml"), "-o", str(built)]
    assert "pdf-outdated" not in runner.invoke(workshop, arguments).stderr
    assert "pdf-outdated" in runner.invoke(workshop, [*arguments, "--set", "start=14:30"]).stderr


def test_without_pdf_files_nothing_is_outdated(tmp_path):
    """A kit that was never printed warns of nothing, and neither does a damaged record."""
    assert list(outdated(tmp_path, {"a.docx": b""})) == []
    (tmp_path / "pdf").mkdir()
    (tmp_path / "pdf" / "kit.json").write_text("{")
    assert list(outdated(tmp_path, {"a.docx": b""})) == []


def test_what_cannot_be_told_is_marked_in_the_table():
    """A file whose sheets need different copies and lost their footers has no number of sheets of paper."""
    chosen = printed.Chosen("x.docx", "x.docx", b"", FileRun("x.docx", None, both_sides=True, sheets={"A": 2, "B": 3}))
    lines = table([printed.Printed(chosen, b"", Count("", 4))])
    assert lines[1].split() == ["x.docx", "4", "by", "sheet", "both", "?"]
    assert lines[-1].endswith("and what is marked “?”.")


def test_a_damaged_pdf_file_is_told_by_its_paper():
    """What cannot be read as PDF ends with the paper's name, not with a traceback."""
    with pytest.raises(InputError) as refused:
        count("agenda.docx", b"no pdf", "", sheets=False)
    assert "agenda.docx" in refused.value.problems[0].message


# ------------------------------------------------------------ with LibreOffice itself


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_keeps_each_sheet_on_a_leaf_of_its_own(built, library, example):
    """Every sheet of the double-sided file begins on an odd page, and the pages of each are counted by its footer."""
    from pypdf import PdfReader

    result = run(built)
    assert result.exit_code == 0, result.output
    pages = [page.extract_text() for page in PdfReader(built / "pdf" / "handouts-each-person.pdf").pages]
    facts = json.loads((built / "kit.json").read_text())
    context = context_of(planner.plan(library, example("linehan")), library, "ABCDE")
    sheets_for_each = [sheet for sheet in context.sheets if sheet.per == "person"]
    sheets = facts["pages"]["handouts-each-person.docx"]["sheets"]
    assert sheets == {sheet.letter: sheet.sides for sheet in sheets_for_each}
    assert 2 in sheets.values()
    for letter in sheets:
        first = next(i for i, text in enumerate(pages) if f"Sheet {letter} ·" in text)
        assert first % 2 == 0, letter
    assert facts["pages"]["agenda.docx"]["sha256"] == hashlib.sha256((built / "agenda.docx").read_bytes()).hexdigest()
    assert rows(result)["handouts-each-person.docx"][4] == str(5 * 18)
    assert "In all:" in result.stdout


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_cards_to_cut_have_nothing_on_their_backs(library, example, tmp_path):
    """In a double-sided file every page of cards is followed by a blank one, and each sheet still begins on a front."""
    from pypdf import PdfReader

    focus = ["solidarity-and-allyship", "case-shared-cause"]
    plan = planner.plan(library, example("ninety-minutes", minutes=240, focus=focus))
    made = kit.make(plan, library)
    name = "handouts-each-group.docx"
    facts = made.facts["print_run"][name]
    assert facts["both_sides"]
    assert facts["apart"]
    folder.write_kit(tmp_path / "kit", made.files, made.facts, made.code)
    assert run(tmp_path / "kit").exit_code == 0
    pages = [page.extract_text().strip() for page in PdfReader(tmp_path / "kit" / "pdf" / f"{name[:-5]}.pdf").pages]
    for letter in facts["sheets"]:
        its = [i for i, text in enumerate(pages) if f"Sheet {letter} ·" in text]
        assert its[0] % 2 == 0, letter
        if letter in facts["apart"]:
            assert all(pages[i + 1 : i + 2] == [""] for i in its)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_papers_around_the_day_are_short(kit_of, paper):
    """For every example the invitation and the page for afterwards are two pages at most, the print list three."""
    most = {"invitation.docx": 2, "print-and-pack.docx": 3, "afterwards.docx": 2}
    names = ("ninety-minutes", "linehan", "encampments", "workplace-practice")
    papers = {f"{name}_{key}": kit_of(name, paper=paper).files[key] for name in names for key in most}
    made = to_pdf(find(), papers, blanks=True, tell=quiet)
    pages = {name: count(name, pdf, "", sheets=False).pages for name, pdf in made.items()}
    assert {name: number for name, number in pages.items() if number > most[name.partition("_")[2]]} == {}
