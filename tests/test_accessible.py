"""Every paper in every edition can be read with a screen reader, in grey, from right to left, in other scripts."""

import io
import itertools
import re
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from openxml_audit import OpenXmlValidator
from test_word_paper import columns, well_nested
from word_help import W, find

from builder import kit, planner, questions
from builder.library import load
from builder.strict import Marked

LANGUAGES = Path(__file__).parent / "data" / "languages"
ALL = {"editions": ["standard", "large-print", "html"], "large_print": 2}
CASES = ("ninety-minutes", "linehan", "encampments", "workplace-practice", "arabic", "japanese")
DATA_TABLES = {"TableGrid", "TableGrid1", "TableSimple1"}
LISTS = re.compile(r"List(Bullet|Number)?[23]?$")
TYPED_LIST = re.compile(r"\s*([•◦–☐▢*-]|\(?\d{1,2}[.)])\s+\S")


@pytest.fixture(scope="module")
def papers_of(kit_of, foreign_kit):
    """A function that gives the Word papers of a kit by name, each as its parts."""

    def papers(case):
        made = foreign_kit(case) if case in ("arabic", "japanese") else kit_of(case, **ALL)
        return {name: parts_of(content) for name, content in made.files.items() if name.endswith(".docx")}

    return papers


@pytest.fixture(scope="module")
def foreign_kit():
    """A function that gives the kit of a small library in another language."""

    def make(name):
        library = load(LANGUAGES / name)
        asked = {"title": library.lessons["listening"].title, "minutes": "40", "focus": ["listening"], **ALL}
        language = {"arabic": "ar", "japanese": "ja"}[name]
        brief = questions.parse(questions.layered({**asked, "language": language}, Marked({}, "brief")), library)
        return kit.make(planner.plan(library, brief), library)

    return make


def parts_of(content):
    """The XML parts of a Word file."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: etree.fromstring(package.read(name)) for name in package.namelist() if name.endswith(".xml")}


def styles_used(parts):
    """The styles of the paragraphs of a document, in their order, with their text."""
    found = find(parts["word/document.xml"], "//w:p[w:pPr/w:pStyle]")
    return [(find(p, "w:pPr/w:pStyle/@w:val")[0], "".join(find(p, ".//w:t/text()"))) for p in found]


@pytest.mark.parametrize("case", CASES)
def test_headings_begin_with_one_of_the_first_level_and_skip_none(papers_of, case):
    """One Heading 1, before any other; then levels 2 and 3, none left out."""
    for name, parts in papers_of(case).items():
        levels = [int(style[-1]) for style, _ in styles_used(parts) if re.fullmatch("Heading[1-9]", style)]
        assert (levels[0], levels.count(1)) == (1, 1), name
        assert max(levels) <= 3, name
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), name


@pytest.mark.parametrize("case", CASES)
def test_lists_are_lists(papers_of, case):
    """Every item has its number or bullet from Word, by its style or its own; none is typed."""
    for name, parts in papers_of(case).items():
        numbered = set(find(parts["word/styles.xml"], "//w:style[w:pPr/w:numPr]/@w:styleId"))
        for style, text in styles_used(parts):
            assert style in numbered or not LISTS.match(style), (name, style)
            assert style in numbered or style == "NoSpacing" or not TYPED_LIST.match(text), (name, text)


@pytest.mark.parametrize("case", CASES)
def test_tables_have_header_rows_and_no_merged_cells(papers_of, case):
    """The first row of every table of text repeats as its header, and each row has a cell for each column."""
    for name, parts in papers_of(case).items():
        root = parts["word/document.xml"]
        assert find(root, "//w:gridSpan | //w:vMerge | //w:hMerge") == []
        for table in find(root, "//w:tbl"):
            if find(table, "w:tblPr/w:tblStyle/@w:val")[0] in DATA_TABLES:
                assert find(table, "w:tr[1]/w:trPr/w:tblHeader"), name
            assert all(len(find(row, "w:tc")) == columns(row) for row in find(table, "w:tr")), name


@pytest.mark.parametrize("case", CASES)
def test_pictures_are_told_in_words(papers_of, case):
    """Each picture has a description, which is no file name."""
    for name, parts in papers_of(case).items():
        told = [mark.get("descr") for mark in find(parts["word/document.xml"], "//wp:docPr")]
        assert all(text and len(text) > 20 and ".png" not in text for text in told), name


@pytest.mark.parametrize("case", CASES)
def test_a_paper_says_its_language_and_its_title(papers_of, case):
    """The defaults hold the language, for its script too; the properties hold title and language."""
    language = {"arabic": "ar", "japanese": "ja"}.get(case, "en")
    for name, parts in papers_of(case).items():
        said = find(parts["word/styles.xml"], "//w:docDefaults//w:lang")[0].attrib
        kind = {"ar": "bidi", "ja": "eastAsia"}.get(language, "val")
        assert (said[f"{W}val"], said[f"{W}{kind}"]) == (language, language), name
        core = {etree.QName(node).localname: node.text for node in parts["docProps/core.xml"]}
        assert core["language"] == language
        assert len(core["title"]) > 10, name


@pytest.mark.parametrize("case", CASES)
def test_all_is_read_in_the_order_in_which_it_stands(papers_of, case):
    """No frame, floating picture, text box or column takes a text out of its order, and no table holds a table."""
    for name, parts in papers_of(case).items():
        root = parts["word/document.xml"]
        assert find(root, "//w:framePr | //w:txbxContent | //wp:anchor | //w:cols | //w:tblpPr") == [], name
        tables = find(root, "//w:tbl//w:tbl/ancestor::w:tbl[1]/w:tblPr/w:tblStyle/@w:val")
        assert DATA_TABLES.isdisjoint(tables), name


def grey(color):
    """The lightness of a colour (0 to 1) after a printer or copier has turned it to grey."""
    weights = (0.299, 0.587, 0.114)
    value = sum(weight * int(color[at : at + 2], 16) for weight, at in zip(weights, (0, 2, 4), strict=True)) / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def contrast(one, other):
    """The contrast of two colours in grey."""
    lighter, darker = sorted((grey(one), grey(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("case", ["ninety-minutes", "arabic"])
def test_every_text_is_dark_enough_in_grey_and_nothing_is_said_by_colour(papers_of, case):
    """On paper and on every fill text has a contrast of 4.5:1 in grey, lines 3:1; only links are coloured."""
    for name, parts in papers_of(case).items():
        root = parts["word/styles.xml"]
        fills = {"FFFFFF", *find(root, "//w:shd/@w:fill")} - {"auto"}
        texts = {"000000", *find(root, "//w:rPr/w:color/@w:val")} - {"auto"}
        lines = set(find(root, "//*[@w:space]/@w:color")) - {"auto"}
        assert min(contrast(text, fill) for text in texts for fill in fills) >= 4.5, name
        assert min(contrast(line, fill) for line in lines for fill in fills) >= 3, name
        coloured = find(root, "//w:style[w:rPr/w:color]")
        assert [find(style, "w:rPr/w:u/@w:val") for style in coloured] == [["single"]]
        assert find(parts["word/document.xml"], "//w:color | //w:shd | //w:highlight") == [], name


@pytest.mark.parametrize("case", CASES)
def test_the_four_faults_that_judges_miss_are_in_no_paper(papers_of, case):
    """Fields and bookmarks end, content controls and drawings have ids of their own, in the footers too."""
    for name, parts in papers_of(case).items():
        for root in parts.values():
            assert well_nested(find(root, "//w:fldChar/@w:fldCharType")), name
            assert find(root, "//w:bookmarkStart/@w:id") == find(root, "//w:bookmarkEnd/@w:id"), name
            for path in ("//w:sdtPr/w:id/@w:val", "//wp:docPr/@id", "//w:bookmarkStart/@w:name"):
                assert len(set(find(root, path))) == len(find(root, path)), name


@pytest.mark.parametrize("case", CASES)
def test_a_judge_of_the_schema_finds_nothing_in_any_edition(kit_of, foreign_kit, tmp_path, case):
    """The validator has no complaint about a paper in large print, in Arabic or in Japanese."""
    made = foreign_kit(case) if case in ("arabic", "japanese") else kit_of(case, **ALL)
    for name, content in made.files.items():
        if name.endswith(".docx") and (case in ("arabic", "japanese") or "large-print" in name):
            (tmp_path / name).write_bytes(content)
            assert [str(error) for error in OpenXmlValidator().validate(str(tmp_path / name)).errors] == [], name


# ------------------------------------------------------------ other scripts


def test_arabic_runs_from_right_to_left(papers_of):
    """Paragraphs of Arabic, their runs, tables, cards, boxes and the section itself go from right to left."""
    for name in ("handouts-each-person.docx", "handouts-each-person-large-print.docx"):
        root = papers_of("arabic")[name]["word/document.xml"]
        theirs = [p for p in find(root, "//w:p") if re.match("[\u0600-\u06ff]", "".join(find(p, ".//w:t/text()")))]
        assert len(theirs) > 15
        assert all(find(p, "w:pPr/w:bidi") for p in theirs)
        letters = [run for run in find(root, "//w:r[w:t]") if re.search("[\u0600-\u06ff]", run.findtext(f"{W}t"))]
        assert all(find(run, "w:rPr/w:rtl") for run in letters)
        assert len(find(root, "//w:tbl")) == len(find(root, "//w:tbl/w:tblPr/w:bidiVisual")) >= 3
        assert len(find(root, "//w:sectPr")) == len(find(root, "//w:sectPr/w:bidi"))


def test_a_phrase_of_another_language_says_which(papers_of):
    """An English word in Arabic is English and goes left to right; a Korean one in Japanese is Korean."""
    for case, word, marks in (
        ("arabic", "solidarity", {"val": "en"}), ("japanese", "solidarity", {"val": "en"}),
        ("japanese", "연대", {"eastAsia": "ko"}),
    ):  # fmt: skip
        root = papers_of(case)["handouts-each-person.docx"]["word/document.xml"]
        (run,) = [r for r in find(root, "//w:r[w:t]") if r.findtext(f"{W}t").strip() == word]
        said = {key.removeprefix(W): value for key, value in find(run, "w:rPr/w:lang")[0].attrib.items()}
        assert said == marks
        assert find(run, "w:rPr/w:rtl") == []


def test_japanese_has_a_japanese_font_also_where_all_characters_are_chinese(papers_of):
    """The characters that Japanese shares with Chinese come from a Japanese font, Korean ones from a Korean one."""
    root = papers_of("japanese")["handouts-each-person.docx"]["word/document.xml"]
    fonts = {r.findtext(f"{W}t"): find(r, "w:rPr/w:rFonts/@w:eastAsia") for r in find(root, "//w:r[w:t]")}
    assert (fonts["質問"], fonts["労働者"], fonts["연대"]) == (["Yu Gothic"], ["Yu Gothic"], ["Malgun Gothic"])
    defaults = find(papers_of("japanese")["agenda.docx"]["word/styles.xml"], "//w:docDefaults//w:rFonts/@w:eastAsia")
    assert defaults == ["Yu Gothic"]
