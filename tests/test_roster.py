"""The list of people: names from many kinds of files, told by place and number, and never by name or path."""

import csv
import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.problems import InputError
from builder.roster.reading import LONGEST_NAME, MOST_BYTES, about_names, read

ROOT = Path(__file__).parent.parent
BRIEF = ROOT / "examples" / "ninety-minutes.yaml"


@pytest.fixture
def roster(tmp_path):
    """A function that writes a list of people and reads it."""

    def reading(content, encoding="utf-8", name="secret-list.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return read(path)

    return reading


def codes(found):
    """The codes of what is told of a list."""
    return [problem.code for problem in found.notes]


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("name\nAda Lovelace\n", ["Ada Lovelace"]),
        ("Email,NAME\na@x,Ada\n", ["Ada"]),
        ("First name,Last name\nAda,Lovelace\n", ["Ada Lovelace"]),
        ("last_name;first_name\nLovelace;Ada\n", ["Ada Lovelace"]),
        ("Vorname;Nachname\nJürgen;Weiß\n", ["Jürgen Weiß"]),
        ("Vorname;Name\nJürgen;Weiß\n", ["Jürgen Weiß"]),
        ("First name,Name\nAda,Ada Lovelace\n", ["Ada Lovelace"]),
        ("prénom\tnom\nZoé\tL'Écuyer\n", ["Zoé L'Écuyer"]),
        ("nom,prénom\nDupont,André\n", ["André Dupont"]),
        ("nom\nAndré Dupont\n", ["André Dupont"]),
        ("nombre,apellidos\nJosé,García Márquez\n", ["José García Márquez"]),
        ("Preferred name,First name,Last name\nBo,Robert,Li\n,Ann,Ek\n", ["Bo", "Ann Ek"]),
        ("姓,名\n王,小明\n", ["王小明"]),
        ("Last name,First name\nWang,Xiaoming\n", ["Xiaoming Wang"]),
        ("name\nשירה לוי\n", ["שירה לוי"]),
        ('name,note\n"Lovelace, Ada",x\n', ["Lovelace, Ada"]),
        ('"name";"note"\n"Ada ""Countess"" Lovelace";"a;b"\n', ['Ada "Countess" Lovelace']),
        ("sep=;\r\nName;Team\r\nAda;1\r\n", ["Ada"]),
        ('name\n"Ada\nLovelace"\n\n  \nBo\n', ["Ada Lovelace", "Bo"]),
    ],
)
def test_names_are_found_by_the_headings(roster, content, names):
    """Whole names, first and last ones and preferred ones are found in several languages, with any delimiter."""
    assert list(roster(content).names) == names


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_the_encodings_of_spreadsheet_programs_are_read(roster, encoding):
    """Accents survive in every encoding; one that had to be guessed is told."""
    found = roster("Vorname;Nachname\r\nJürgen;Weiß\r\n", encoding)
    assert list(found.names) == ["Jürgen Weiß"]
    assert codes(found) == (["roster-encoding"] if encoding == "cp1252" else [])


@settings(deadline=None)
@given(
    st.lists(st.text("abcÄéßשם王 ;,\t\"'-", min_size=1, max_size=30), min_size=1, max_size=20), st.sampled_from(",;\t")
)
def test_what_a_program_writes_as_csv_is_read_back(tmp_path_factory, names, delimiter):
    """Names with quotes, delimiters and other scripts come back as they were, but for their spaces."""
    wanted = [" ".join(name.split()) for name in names]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([["name", "team"], *([name, "x"] for name in names)])
    path = tmp_path_factory.mktemp("people") / "list.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    if any(wanted):
        assert list(read(path).names) == [name for name in wanted if name]


def test_two_people_of_one_name_both_have_a_badge(roster):
    """A name that stands twice is kept twice, and the lines are told."""
    found = roster("name\nAda\nBo\nada\n")
    assert (list(found.names), codes(found)) == (["Ada", "Bo", "ada"], ["roster-twice"])
    assert "2 lines (2, 4)" in found.notes[0].message


def test_control_characters_are_left_out_with_their_place(roster):
    """What no paper can hold is cleaned from a name, and the line and column are told."""
    found = roster("team,name\nx,A\x1bd\u202ea\n")
    assert (list(found.names), str(found.notes[0]).split(": ")[0]) == (["Ada"], "roster:2:2")


def test_other_columns_are_counted_and_not_read(roster):
    """Reasons, pronouns and diets are neither kept nor named: one line says how many columns were not used."""
    found = roster("name,pronouns,dietary,large print,reason,e-mail\nAda,she,vegan,yes,ill,a@x\n")
    assert codes(found) == ["roster-other-columns"]
    assert found.notes[0].message.startswith("5 other columns were not used")
    assert "vegan" not in repr(found)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "roster-empty"),
        ("name\n\n", "roster-empty"),
        ("Team,E-Mail\n1,a@x\n", "roster-columns"),
        ("Ada Lovelace,Countess\nBo,x\n", "roster-columns"),
        (b"PK\x03\x04rest", "roster-spreadsheet"),
        (b"\xd0\xcf\x11\xe0rest", "roster-spreadsheet"),
        (b"name\n\x81\x8d\n", "roster-encoding"),
        ('name\n"Ada\nBo\n', "roster-quotes"),
        ("name\n" + "Ada\n" * 401, "roster-too-long"),
        ("name\n" + "A" * (LONGEST_NAME + 1), "roster-long-name"),
        ("name\n" + "A" * MOST_BYTES, "roster-too-large"),
    ],
)
def test_what_cannot_be_used_is_refused_without_a_name_or_the_path(roster, content, code):
    """A refusal says what is wrong and what to do; it repeats neither the file's name nor anybody's."""
    with pytest.raises(InputError) as refused:
        roster(content)
    (problem,) = refused.value.problems
    assert (problem.code, bool(problem.hint)) == (code, True)
    told = f"{problem} {problem.hint}"
    assert not any(secret in told for secret in ("secret", "Ada", "Bo", "Countess"))


def test_headings_without_a_name_are_told_by_their_words(roster):
    """Where the first line surely holds headings they are named, so that the right one can be renamed."""
    with pytest.raises(InputError, match="'Teilnehmende', 'E-Mail'"):
        roster("Teilnehmende;E-Mail\nAda;a@x\n")


def test_a_spreadsheet_is_known_by_its_name_too(roster):
    """An .xlsx file is refused with the way out, whatever is in it."""
    with pytest.raises(InputError) as refused:
        roster("name\nAda\n", name="people.xlsx")
    assert "save it as CSV" in refused.value.problems[0].hint


@pytest.mark.parametrize("path", [".", "nowhere.csv", "a\0b"])
def test_what_is_no_file_is_refused(tmp_path, path):
    """A folder, a missing file and an impossible path are told in words."""
    with pytest.raises(InputError):
        read(tmp_path / path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_does_not_hang(tmp_path):
    """A named pipe that nobody writes to is refused at once."""
    os.mkfifo(tmp_path / "people.csv")
    with pytest.raises(InputError, match="not a file"):
        read(tmp_path / "people.csv")


def test_a_paper_with_names_that_stays_is_told(tmp_path):
    """An edited badge file, or a further version of it, is named as long as it lies in the folder."""
    told = list(about_names(None, tmp_path, ["agenda.docx"], ["table-cards.docx"], ["badges.new.docx", "agenda.docx"]))
    assert [(problem.code, problem.severity) for problem in told] == [
        ("names-removed", "note"),
        ("names-stay", "warning"),
    ]
    assert "badges.new.docx" in told[1].message


# ------------------------------------------------------------ the whole command


def test_names_come_with_a_roster_and_go_without(workshop, tmp_path):
    """A build with a list adds two papers and says so; the next one without it removes both, and says that too."""
    (tmp_path / "secret-list.csv").write_text("name,team\nAda Lovelace,x\nBo Ek,y\n", encoding="utf-8")
    first = workshop("build", BRIEF, "-o", "kit", "--roster", "secret-list.csv")
    assert first.returncode == 0
    assert {"badges.docx", "table-cards.docx"} <= {path.name for path in (tmp_path / "kit").iterdir()}
    assert "hold 2 names of the list" in first.stderr
    told = first.stdout + first.stderr
    for name in ("kit.json", "workshop.yaml"):
        told += (tmp_path / "kit" / name).read_text(encoding="utf-8")
    assert not any(secret in told for secret in ("secret", "Ada", "Lovelace", "Bo Ek"))
    second = workshop("build", BRIEF, "-o", "kit")
    assert "badges.docx and table-cards.docx held names and were removed" in second.stderr
    assert not any((tmp_path / "kit" / name).exists() for name in ("badges.docx", "table-cards.docx"))
    assert "badges.docx" not in json.loads((tmp_path / "kit" / "kit.json").read_text(encoding="utf-8"))["files"]


def test_an_edited_badge_stays_and_is_told_at_every_build(workshop, tmp_path):
    """Nobody's edits are removed, so a badge file that somebody edited is named until it is gone."""
    (tmp_path / "people.csv").write_text("name\nAda\n", encoding="utf-8")
    workshop("build", BRIEF, "-o", "kit", "--roster", "people.csv")
    (tmp_path / "kit" / "badges.docx").write_bytes(b"edited")
    for _ in range(2):
        done = workshop("build", BRIEF, "-o", "kit")
        assert "'badges.docx' holds names and stays" in done.stderr
    assert (tmp_path / "kit" / "badges.docx").read_bytes() == b"edited"


def test_a_list_inside_the_kit_is_left_alone_and_told(workshop, tmp_path):
    """A list that lies in the kit's folder would be passed on with it."""
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit" / "people.csv").write_text("name\nAda\n", encoding="utf-8")
    done = workshop("new", "--defaults", "-o", "kit", "--roster", "kit/people.csv")
    assert "the list of people itself lies in the kit's folder" in done.stderr
    assert (tmp_path / "kit" / "people.csv").read_text(encoding="utf-8") == "name\nAda\n"


def test_a_list_that_cannot_be_used_stops_the_build_before_anything_is_written(workshop, tmp_path):
    """Exit code 1, one reason, no folder."""
    (tmp_path / "people.csv").write_text("team\n1\n", encoding="utf-8")
    done = workshop("build", BRIEF, "-o", "kit", "--roster", "people.csv")
    assert (done.returncode, done.stdout, (tmp_path / "kit").exists()) == (1, "", False)
    assert "[roster-columns]" in done.stderr
