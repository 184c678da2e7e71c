"""The editions of the participants' papers: standard, large print and one page for the screen, from the same text."""

import io
import re
import shutil
import subprocess
import zipfile

import docx
import pytest
from lxml import etree, html
from word_help import W, find, paper, part, runs, say, sizes

from builder import kit, planner
from builder.blocks import Box, CutCard, Heading, Paper, Paragraph, Picture, Run, Sheet, Table, WritingLines
from builder.kit.cases import case_sheet
from builder.kit.templates import fitted
from builder.kit.texts import Texts, filled
from builder.problems import InputError
from builder.word import render

STANDARD = {"handouts-each-person.docx", "handouts-each-group.docx", "handouts-room.docx"}
LARGE = {name.replace(".docx", "-large-print.docx") for name in STANDARD} | {"agenda-large-print.docx"}
EXAMPLES = ("ninety-minutes", "linehan", "encampments", "workplace-practice")
ALL = {"editions": ["standard", "large-print", "html"], "large_print": 2}


def participants(made):
    """The names of the participants' papers in a kit, all editions."""
    return {name for name in made.files if name.startswith("handouts") or "-large-print" in name}


def tables_of(content):
    """Each table of a Word file as rows of cell texts."""
    return [[[c.text for c in row.cells] for row in t.rows] for t in docx.Document(io.BytesIO(content)).tables]


# ------------------------------------------------------------ which come out


@pytest.mark.parametrize(
    ("editions", "copies", "expected"),
    [
        (["standard"], 0, STANDARD),
        (["standard"], 3, STANDARD | LARGE),
        (["standard", "large-print"], 0, STANDARD | LARGE),
        (["large-print"], 0, LARGE),
        (["html"], 0, {"handouts.html"}),
        (["standard", "large-print", "html"], 3, STANDARD | LARGE | {"handouts.html"}),
    ],
)
def test_the_brief_says_which_editions_come_out(kit_of, editions, copies, expected):
    """Editions are those named; copies in large print add that edition; a file name says its edition."""
    assert participants(kit_of("ninety-minutes", editions=editions, large_print=copies)) == expected


def test_every_name_that_can_come_out_is_known_to_the_folder(kit_of):
    """What a kit may write is in the list of names, so that a paper no longer wanted is taken away."""
    for name in EXAMPLES:
        assert set(kit_of(name, **ALL).files) <= set(kit.NAMES)


def test_no_edition_at_all_is_refused(example):
    """An empty list of editions is said to be one, not silently read as the standard edition."""
    with pytest.raises(InputError) as refused:
        example("ninety-minutes", editions=[])
    assert "editions" in refused.value.problems[0].message


def test_each_edition_is_the_same_to_the_byte_on_each_build(library, example):
    """Two builds give equal bytes, large print and HTML included."""
    brief = example("linehan", **ALL)
    first, second = (kit.make(planner.plan(library, brief), library).files for _ in range(2))
    assert first == second


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_edition_has_the_same_words(kit_of, words_of, name):
    """What stands in the standard sheets stands in large print and on the screen, with the same sheet letters."""
    files = kit_of(name, **ALL).files
    screen = " ".join("".join(html.document_fromstring(files["handouts.html"].decode()).itertext()).split())
    for standard in sorted(STANDARD & set(files)):
        large = words_of(files[standard.replace(".docx", "-large-print.docx")])
        headings = ("Sheets for", "To keep, from here on", "Sources:", "“", "Changed by", "Names and contacts")
        for line in words_of(files[standard]):
            if line and not line.startswith(headings):
                assert line in large
                letter = re.search(r"Sheet ([A-Z]+) ·", line)
                said = f"Sheet {letter[1]}:" if letter else " ".join(line.replace("______", "").split())
                assert said in " ".join(screen.replace("______", "").split())


# ------------------------------------------------------------ copies


def listed(made):
    """The files and the sheets of the print list: each a row, by its first column after the box."""
    files, sheets = tables_of(made.files["print-and-pack.docx"])[:2]
    rows = [dict(zip(sheets[0], row, strict=True)) for row in sheets[1:]]
    return {row[1]: row for row in files[1:]}, rows


def numbers(sheets, per, *columns):
    """What stands in some columns of the sheets for each person, each group or the room."""
    return {tuple(row[column] for column in columns) for row in sheets if row["For"] == per}


def test_copies_in_large_print_are_taken_off_the_standard_ones(kit_of):
    """Twenty may come and three want large print: seventeen with two spare, and three, in both tables."""
    files, sheets = listed(kit_of("ninety-minutes", large_print=3))
    assert files["handouts-each-person.docx"][3] == "by sheet"
    assert files["agenda.docx"][3] == "1"
    assert files["agenda-large-print.docx"][3] == "3"
    columns = ("If 18 come", "If 20 come", "Spare", "Print", "Large print")
    assert numbers(sheets, "person", *columns) == {
        ("15", "17", "2", "19", "3"),
        ("0", "0", "2", "–", "22"),
    }
    assert numbers(sheets, "group", *columns) == {("2", "2", "1", "3", "3")}


def test_a_card_that_may_be_handed_in_is_large_for_everybody(kit_of):
    """One card of another size in the box would say whose it is."""
    _, sheets = listed(kit_of("ninety-minutes", large_print=3))
    cards = [row for row in sheets if row["For"] == "person" and "cut" in row["Sides"]]
    assert [(row["If 20 come"], row["Print"], row["Large print"]) for row in cards] == [("0", "–", "22")]


def test_a_sheet_that_is_all_in_large_print_is_not_printed_in_the_standard_edition(kit_of):
    """The one copy for the room is in large print, and the list says so of both files."""
    files, sheets = listed(kit_of("ninety-minutes", large_print=3))
    assert numbers(sheets, "room", "If 20 come", "Spare", "Print", "Large print") == {("0", "–", "–", "1")}
    assert (files["handouts-room.docx"][3], files["handouts-room-large-print.docx"][3]) == ("none", "1")


def test_an_edition_that_nobody_asked_for_yet_waits(kit_of):
    """Large print without a number of copies comes out, and is printed as somebody asks for it."""
    files, _ = listed(kit_of("ninety-minutes", editions=["standard", "large-print"]))
    assert {row[3] for name, row in files.items() if "-large-print" in name} == {"as asked for"}


def test_large_print_may_flow_on_to_its_back(kit_of):
    """A sheet of one side may have two in large print, so its file is double-sided; cards to cut are not.

    What a group shares lies open on leaves of one side.
    """
    runs = kit_of("ninety-minutes", **ALL).facts["print_run"]
    assert not runs["handouts-each-group.docx"]["both_sides"]
    assert not runs["handouts-each-group-large-print.docx"]["both_sides"]
    assert runs["handouts-each-person-large-print.docx"]["both_sides"]
    cut = [sheet for sheet in listed(kit_of("ninety-minutes", **ALL))[1] if "cut" in sheet["Sides"]]
    apart = [letter for name, run in runs.items() if "-large-print" in name for letter in run["apart"]]
    assert sorted(apart) == sorted(sheet["Sheet"] for sheet in cut if runs_of(runs, sheet["Sheet"])["both_sides"])


def runs_of(runs, letter):
    """The run in large print that has a sheet."""
    return next(run for name, run in runs.items() if "-large-print" in name and letter in run["sheets"])


def test_without_a_standard_edition_all_copies_are_in_large_print(kit_of):
    """Where large print is the only edition, nothing of the other is counted, and the spares are in large print."""
    _, sheets = listed(kit_of("ninety-minutes", editions=["large-print"]))
    columns = ("If 20 come", "Spare", "Print", "Large print")
    assert numbers(sheets, "person", *columns) == {("0", "2", "–", "22")}


def test_large_print_beside_the_screen_is_for_those_who_asked(kit_of):
    """Where the others read on a screen, only the copies in large print are printed, and one spare."""
    _, sheets = listed(kit_of("ninety-minutes", editions=["html"], large_print=3))
    assert numbers(sheets, "person", "If 20 come", "Print", "Large print") == {("0", "–", "4"), ("0", "–", "22")}


def test_a_file_for_the_screen_is_not_printed(kit_of, words_of):
    """Print-and-pack says to send the page, and asks for no copies of sheets that come out nowhere else."""
    made = kit_of("ninety-minutes", editions=["html"])
    files, sheets = listed(made)
    assert files["handouts.html"][3:5] == ["to send", "–"]
    assert {(row["If 20 come"], row["Print"]) for row in sheets} == {("0", "–")}
    assert not any("copies, along the dashed lines" in line for line in words_of(made.files["print-and-pack.docx"]))


# ------------------------------------------------------------ in order


@pytest.mark.parametrize("name", EXAMPLES)
def test_sheets_stand_in_the_order_of_their_letters_and_say_them(kit_of, name):
    """In every file the titles begin with the letters, A before B, and the sheet to keep closes the persons' file."""
    files = kit_of(name, **ALL).files
    for paper_name in sorted(STANDARD | LARGE - {"agenda-large-print.docx"}):
        if paper_name not in files:
            continue
        document = docx.Document(io.BytesIO(files[paper_name]))
        titles = [p.text for p in document.paragraphs if p.style.name == "Heading 2"]
        letters = [re.match(r"Sheet ([A-Z]+): ", title)[1] for title in titles]
        assert letters == sorted(letters)
        if "each-person" in paper_name:
            assert titles[-1].endswith("Yours to keep: nobody collects it")


def test_a_case_never_comes_first_where_something_else_can(kit_of):
    """The file's heading stands on a worksheet: a case with all its readings leaves it no room."""
    document = docx.Document(io.BytesIO(kit_of("linehan", **ALL).files["handouts-each-person.docx"]))
    titles = [p.text for p in document.paragraphs if p.style.name == "Heading 2"]
    assert titles.index("Sheet C: The Linehan example") > 0


# ------------------------------------------------------------ large print


def test_large_print_is_large():
    """Text, page numbers and tables have 18 pt, nothing is below 16, and headings keep their distance."""
    known = sizes(paper(look="large"))
    assert {known[name] for name in ("Normal", "Footer", "NoSpacing", "List", "Quote")} == {36}
    assert min(size for name, size in known.items() if name != "Closing") == 32
    assert known["Heading1"] > known["Heading2"] > known["Heading3"] > 36
    assert known["BodyTextIndent"] > 36


def test_large_print_has_rules_to_write_on_ten_to_twelve_millimetres_apart():
    """Whoever reads large writes large."""
    style = find(part(paper(look="large"), "word/styles.xml"), "//w:style[@w:styleId='Signature']//w:spacing/@w:line")
    assert 10 <= int(style[0]) / 1440 * 25.4 <= 12
    rows = Table(((Run("a"),),), (((),),), row_height_mm=9.5)
    height = find(part(paper(rows, look="large")), "//w:trHeight/@w:val")
    assert 10 <= int(height[0]) / 1440 * 25.4 <= 12.5


def test_cards_in_large_print_take_the_whole_width_and_never_part():
    """Cards to cut stand one below another, and none is cut by the end of a page."""
    cards = [CutCard((say(f"Card {number}"),)) for number in range(3)]
    standard, large = (part(paper(*cards, look=look)) for look in ("paper", "large"))
    assert [len(find(row, "w:tc")) for row in find(standard, "//w:tr")] == [2, 2]
    assert [len(find(row, "w:tc")) for row in find(large, "//w:tr[w:trPr/w:cantSplit]")] == [1, 1, 1]


def test_a_column_in_large_print_has_room_for_its_longest_word():
    """A narrow column takes what it needs from the wider ones, and all of them still fill the line."""
    words = ("Question", "Something longer", "and another", "Responsibility")
    table = Table(tuple(map(runs, words)), (tuple(map(runs, words)),), (5, 30, 46, 20))
    widths = [int(width) for width in find(part(paper(table, look="large")), "//w:gridCol/@w:w")]
    needed = [max(map(len, text.split())) * 180 for text in words]
    assert all(width >= need for width, need in zip(widths, needed, strict=True))
    assert sum(widths) == sum(int(w) for w in find(part(paper(table)), "//w:gridCol/@w:w"))


def test_a_picture_grows_with_the_text_and_never_beyond_the_line():
    """Letters in a picture grow as the others do, as far as the page is wide."""
    from word_help import png

    small, wide = (Picture(png(), "A bar", width, 20) for width in (70, 165))
    extents = [int(x) / 36000 for x in find(part(paper(small, wide, look="large")), "//wp:extent/@cx")]
    assert extents == pytest.approx([90, 170], abs=0.5)


@pytest.mark.slow
@pytest.mark.skipif(not (shutil.which("soffice") and shutil.which("pdftotext")), reason="needs LibreOffice and poppler")
@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_no_word_of_any_sheet_is_lost_or_broken_in_large_print(library, tmp_path, size):
    """Rendered in large print, every sheet and case of the library shows every one of its words, whole."""
    texts = Texts(library)
    bodies = [filled(fitted(texts.sheet(sheet)), {}, library) for sheet in library.sheets.values()]
    bodies += [filled(case_sheet(card, texts, "Riverside Trust"), {}, library) for card in library.cards.values()]
    sheets = tuple(Sheet(tuple(blocks), "Solidarity · Sheet A · Plan ABCDE") for blocks in bodies)
    content = render(Paper("Large", sheets, size=size, look="large"))
    (tmp_path / "large.docx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "large.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=240)
    told = subprocess.run(["pdftotext", "-layout", "large.pdf", "-"], cwd=tmp_path, check=True, capture_output=True)
    shown = set(told.stdout.decode().split())
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        body = etree.fromstring(package.read("word/document.xml"))
    nodes = body.iter(f"{W}p", f"{W}t", f"{W}br")
    wanted = set("".join(node.text or "" if node.tag == f"{W}t" else " " for node in nodes).split())
    assert {word for word in wanted - shown if not re.search("[-_/]", word)} == set()


def test_what_stays_together_is_shorter_in_large_print():
    """A box that fills half a page at 14 pt may part at 18 pt, or it would leave a page half empty."""
    box = Box("note", (Heading(3, runs("x")), Paragraph(runs("word " * 200))))
    together = [bool(find(part(paper(box, look=look)), "//w:cantSplit")) for look in ("paper", "large")]
    assert together == [True, False]


def test_lines_to_write_on_stay_with_their_question_in_large_print():
    """The question of a writing place is on the page of its first rule."""
    xml = part(paper(say("Why?"), WritingLines(3), look="large"))
    assert len(find(xml, "//w:p[w:pPr/w:keepNext]")) == 3
