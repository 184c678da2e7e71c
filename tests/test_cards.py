"""Cards to cut and papers with names: what stands on them, and that names stand nowhere else."""

import io
import re
import shutil
import subprocess
import zipfile

import docx
import pytest
from lxml import etree

from builder import kit, planner, word
from builder.blocks import Paper, Sheet
from builder.kit import badges, cards
from builder.roster import NAMED
from tests.word_help import find, part

NAMES = ("Ada Lovelace", "Ngozi Okonkwo", "שירה לוי", "王小明", "Bartholomew Featherstonehaugh")


@pytest.fixture
def named(library, example):
    """A kit with names."""
    return kit.make(planner.plan(library, example("ninety-minutes")), library, names=NAMES)


def cells(content):
    """The text of each cell of a paper's tables."""
    return [
        cell.text for table in docx.Document(io.BytesIO(content)).tables for row in table.rows for cell in row.cells
    ]


def test_there_is_a_card_for_each_person_who_may_come(kit_of):
    """Twenty people at most: twenty numbered cards in order, each with its group's letter, shape and word."""
    found = [
        re.match(r"(\w+)\u2002(.)\n(\w+) · number (\d+)\n", cell)
        for cell in cells(kit_of("ninety-minutes").files["group-cards.docx"])
    ]
    drawn = [match for match in found if match]
    assert [int(match[4]) for match in drawn] == list(range(1, 21))
    assert len({(match[1], match[2], match[3]) for match in drawn}) == len({match[1] for match in drawn}) == 5


def test_a_card_says_its_pair_and_whom_to_join(kit_of):
    """The small print of a card suits whoever holds it, when one fewer has come than a pair needs."""
    found = cells(kit_of("ninety-minutes").files["group-cards.docx"])
    card = next(cell for cell in found if "number 19" in cell)
    assert "Pair: 19 and 20. No 20? Join 9 and 10." in card
    assert "Pair: 1 and 2. In groups you part, by letter." in next(cell for cell in found if "number 2\n" in cell)
    assert "14 people or fewer: group" in next(cell for cell in found if "number 2\n" in cell)


def test_the_slip_for_latecomers_is_short_and_leads_to_the_sheet_of_the_opening(kit_of, library):
    """Six slips, each with the whole advisory, how to pass once, and the sheet with the limits of confidentiality."""
    found = [cell for cell in cells(kit_of("linehan").files["group-cards.docx"]) if "Where we are" in cell]
    assert len(found) == cards.SLIPS
    slip = " ".join(found[0].split())
    assert "Read sheet A, which comes with this slip: the ways to take part, the limits of confidentiality" in slip
    assert " ".join(library.cards["linehan"].advisory.split()) in slip
    assert len(slip.split()) < 150


def test_a_slip_says_once_how_to_pass(kit_of):
    """Advisories with like endings are followed by one, which offers every way out that they offer."""
    focus = ["homework-first", "heart-head-body", "outing-harm", "deference-to-cocreation"]
    made = kit_of("ninety-minutes", minutes=180, focus=focus)
    slip = next(cell for cell in cells(made.files["group-cards.docx"]) if "Where we are" in cell)
    assert slip.count("You may") == 1
    assert "You may skip any of it, without a reason." in slip
    assert len(slip.split()) < 170


@pytest.mark.parametrize(("copies", "points"), [(0, "28"), (2, "36")])
def test_cards_are_large_for_everybody_where_somebody_reads_large_print(kit_of, copies, points):
    """The small print of all cards has 14 points, or 18 where the brief asks for any large print."""
    with zipfile.ZipFile(io.BytesIO(kit_of("ninety-minutes", large_print=copies).files["group-cards.docx"])) as package:
        styles = etree.fromstring(package.read("word/styles.xml"))
    assert find(styles, "w:style[@w:styleId='BodyTextIndent']//w:sz/@w:val") == [points]


def test_online_there_is_nothing_to_cut(kit_of, words_of):
    """Who meets on a screen draws no card, and the guide says nothing of any."""
    made = kit_of("ninety-minutes", mode="online")
    assert "group-cards.docx" not in made.files
    assert not any("Group cards" in line for line in words_of(made.files["facilitator-guide.docx"]))


def test_guide_and_packing_list_say_how_cards_are_used_and_cut(kit_of, words_of):
    """The guide has the rule in a line, and whoever packs sees how many cards there are and that order counts."""
    made = kit_of("ninety-minutes")
    guide = " ".join(words_of(made.files["facilitator-guide.docx"]))
    assert "Everyone draws the next card, number 1 first: the letter is your group, the number shows your pair" in guide
    assert "neighbours are a pair, and pairs that join have one letter. The pair 1 and 2 then parts" in guide
    assert "5 groups of 3 or 4" in guide
    packing = " ".join(words_of(made.files["print-and-pack.docx"]))
    assert "20 group cards, kept in order with number 1 on top, and 6 slips for latecomers" in packing


def test_names_stand_in_badges_and_table_cards_and_nowhere_else(named):
    """Every name is once on a badge and twice on its table card; no other file, footer or fact holds one."""
    plain = {name: _all_text(content) for name, content in named.files.items()}
    for name in NAMES:
        assert plain["badges.docx"].count(name) == 1
        assert plain["table-cards.docx"].count(name) == 2
        assert [file for file, text in plain.items() if name in text and file not in NAMED] == []
        assert name not in repr(named.facts) + repr(named.warnings)


def _all_text(content):
    """All text of all parts of a file."""
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return " ".join(
            re.sub("<[^>]+>", "", package.read(name).decode(errors="replace")) for name in package.namelist()
        )


def test_papers_with_names_do_not_depend_on_the_clock(library, example, named):
    """A later start changes no badge and no table card, so that they need not be printed again."""
    later = kit.make(planner.plan(library, example("ninety-minutes", start="13:00")), library, names=NAMES)
    assert all(later.files[name] == named.files[name] for name in NAMED)


def test_papers_with_names_are_sound_for_word(named, tmp_path):
    """The schema validator finds no error in badges and table cards."""
    from openxml_audit import OpenXmlValidator

    for paper in NAMED:
        path = tmp_path / paper
        path.write_bytes(named.files[paper])
        assert [str(error) for error in OpenXmlValidator().validate(str(path)).errors] == []


def test_more_names_than_people_are_told(library, example):
    """A list of five for a workshop of at most four warns, since there are too few sheets."""
    brief = example("ninety-minutes", participants=4, participants_most=4)
    made = kit.make(planner.plan(library, brief), library, names=NAMES)
    assert [problem.code for problem in made.warnings if problem.code.startswith(("names", "roster"))] == [
        "names",
        "roster-more-people",
    ]


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Ada", "lead"),
        ("Ada Lovelace", "lead"),
        ("Christopher", "subtitle"),
        ("王小明", "lead"),
        ("Bartholomew Featherstonehaugh", "caption"),
        ("W" * 80, "small"),
    ],
)
def test_a_name_is_as_large_as_two_lines_allow(name, role):
    """A short name is large; a long one, or one of a long word, steps down size by size."""
    assert badges.badges([name])[0].blocks[0].role == role


def test_both_sides_of_a_table_card_have_their_head_at_the_fold():
    """Left text runs down and right text up, so that each is upright once the leaf is folded."""
    paper = Paper("Names", (Sheet(tuple(badges.table_cards(["Ada"])), ""),), look="tents")
    assert find(part(paper), "//w:tc/w:tcPr/w:textDirection/@w:val") == ["tbRl", "btLr"]


@pytest.mark.parametrize(("name", "rtl"), [("שירה לוי", True), ("محمد", True), ("王小明", False), ("김민준", False)])
def test_scripts_that_programs_turn_differently_stay_upright_on_two_leaves(name, rtl):
    """A name from right to left, or in East Asian characters, is set as any paragraph is, on a leaf for each side."""
    paper = Paper("Names", (Sheet(tuple(badges.table_cards([name])), ""),), look="tents")
    document = part(paper)
    assert find(document, "//w:textDirection") == []
    assert len(find(document, "//w:tbl[count(w:tr) = 2]")) == 2
    assert len(find(document, "//w:p[w:pPr/w:bidi][w:r/w:rPr/w:rtl]")) == (2 if rtl else 0)
    assert len(find(document, "//w:rFonts[@w:eastAsia]")) == (0 if rtl else 2)


@pytest.mark.parametrize(
    ("look", "points"),
    [("cards", (38, 18, 14)), ("large-cards", (38, 18, 18)), ("badges", (40, 20, 16)), ("tents", (96, 54, 44))],
)
def test_cards_and_names_have_the_sizes_that_they_were_measured_for(look, points):
    """The letter of a group, a name in three of its sizes: each look has its own styles."""
    styles = part(Paper("x", (), look=look), "word/styles.xml")
    sizes = [
        find(styles, f"w:style[@w:styleId='{style}']//w:sz/@w:val")
        for style in ("BodyText", "Caption", "BodyTextIndent")
    ]
    assert [[str(2 * size)] for size in points] == sizes


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice") or not shutil.which("pdfinfo"), reason="LibreOffice or poppler missing")
@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_each_table_card_is_one_page_and_eight_badges_fill_one(size, tmp_path):
    """On both papers a leaf holds one table card, whatever the name, and a page of badges four rows."""
    names = [*NAMES, "W" * 80, "Maria del Carmen de la Santísima Trinidad y Todos los Santos"] * 2
    tents = Paper("T", (Sheet(tuple(badges.table_cards(names)), "T"),), size=size, look="tents")
    cut = Paper("B", (Sheet(tuple(badges.badges(names)), "B"),), size=size, look="badges")
    assert [_pages(paper, tmp_path) for paper in (tents, cut)] == [18, 2]


def _pages(paper, folder):
    path = folder / f"{paper.title}.docx"
    path.write_bytes(word.render(paper))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    told = subprocess.run(["pdfinfo", path.with_suffix(".pdf")], check=True, capture_output=True, text=True)
    return int(re.search(r"Pages:\s+(\d+)", told.stdout)[1])
