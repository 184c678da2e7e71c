"""The page of papers: what each is for, its preview from the blocks of the Word file, its editions, its folder."""

import io
import json
import re
import zipfile
from hashlib import sha256
from itertools import pairwise

import pytest
from web_help import start

from builder import answers as kept_answers
from builder import html
from builder.blocks import (
    Box,
    CutCard,
    FillIn,
    Heading,
    ListBlock,
    PageBreak,
    Paper,
    Paragraph,
    Picture,
    Run,
    Sheet,
    Table,
    TentCard,
    WritingLines,
    text_of,
    walk,
)

STEMS = [
    "facilitator-guide",
    "agenda",
    "day-card",
    "print-and-pack",
    "handouts-each-person",
    "handouts-each-group",
    "handouts-room",
    "group-cards",
    "invitation",
    "afterwards",
]
HOSTILE = "<script>alert(1)</script> & \u202eevil"


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    """No test sees the answers of another, or of the person who runs it."""
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def browser(library, tmp_path):
    """A browser at the papers of a workshop that is called Spring."""
    browser = start(library, home=tmp_path).to_the_agenda()
    browser.open("/details").send("/details", {"title": "Spring"})
    return browser.open("/papers")


def paper(*blocks, **how):
    """A paper of one sheet."""
    return Paper("A paper", (Sheet(tuple(blocks), "Spring · Sheet A · Plan ABCDE"),), **how)


def line(text):
    """A paragraph."""
    return Paragraph((Run(text),))


# ------------------------------------------------------------ leaves


def test_a_leaf_ends_where_the_paper_says_so():
    """A page break and a new sheet each begin a leaf, every one with its sheet's footer."""
    sheets = (
        Sheet((Heading(1, (Run("One"),)), PageBreak(), line("two")), "first"),
        Sheet((Heading(2, (Run("Three"),)),), "second"),
    )
    found = html.leaves(Paper("P", sheets)).leaves
    assert [(each.footer, each.title, each.begins) for each in found] == [
        ("first", "One", True), ("first", "", False), ("second", "Three", True),
    ]  # fmt: skip
    assert [each.title for each in html.leaves(paper(PageBreak(), line("x"), PageBreak())).leaves] == [""]


def test_a_leaf_is_named_by_its_sheet_and_not_by_the_file():
    """The first sheet of a file has the file's heading above its own."""
    [leaf] = html.leaves(paper(Heading(1, (Run("Sheets for each person"),)), Heading(2, (Run("Grid"),)))).leaves
    assert leaf.title == "Grid"
    assert f'<h3 id="{leaf.heading}">Grid</h3>' in leaf.html


def test_nothing_on_a_leaf_is_filled_in_and_every_kind_of_block_has_a_look():
    """Lines are ruled lines, boxes to tick are boxes; there is no field, no style and no script."""
    blocks = (
        WritingLines(3), WritingLines(1), WritingLines(0), FillIn("Name"), FillIn(""),
        ListBlock(((line("tick"),),), ticks=True), ListBlock(((line("a"),),), ordered=True, start=3),
        Table(((Run("A"),), (Run("B"),)), (((Run("x"),), ()),), widths=(1, 3), row_height_mm=9), Table((), ()),
        Box("note", (line("n"),)), CutCard((line("c"),)), CutCard((line("w"),), wide=True),
        TentCard((line("Ada"),)), TentCard((line("Noor"),), one_side=True),
        Picture(b"\x89PNG", "What it shows", 165, 40), Heading(3, ()), Paragraph((Run("b"),), role="small"),
    )  # fmt: skip
    found = html.leaves(paper(*blocks)).leaves
    page = "".join(leaf.html for leaf in found)
    assert len(found) == 4
    for forbidden in ("<input", "<textarea", "style=", "<script", "<style", "onload"):
        assert forbidden not in page
    assert page.count("<i></i>") == 4
    assert 'aria-label="3 lines to write on"' in page
    assert '<col class="w5"><col class="w15">' in page
    assert 'class="plain tall"' in page
    assert '<li class="wide">' in page
    assert page.count("Ada") == 2
    assert page.count("Noor") == 1
    assert 'alt="What it shows"' in page
    assert "h4" not in page
    ids = re.findall(r'id="(b\d+)"', page)
    assert len(ids) == len(set(ids))
    assert all(name in ids for name in re.findall(r'aria-labelledby="(b\d+)"', page))


def test_a_leaf_turns_with_its_language_and_its_text():
    """A paper in Arabic runs from right to left, a name in Hebrew does so on an English one."""
    assert html.leaves(paper(line("نص"), language="ar")).rtl
    [leaf] = html.leaves(paper(line("שלום"))).leaves
    assert 'dir="rtl"' in leaf.html


# ------------------------------------------------------------ the list


def test_each_paper_says_what_it_is_for_and_how_it_is_printed(browser):
    """No paper of the kit is missing, and each can be looked at and taken."""
    files = browser.desk.kit[1].kit.files
    listed = [link.rpartition("/")[2] for link in browser.page.xpath("//ul[@class='papers']//a[@download]/@href")]
    assert sorted(listed) == sorted(files)
    seen = browser.page.xpath("//ul[@class='papers']//a[not(@download)]/@href")
    assert seen == [f"/papers/{stem}" for stem in STEMS]
    assert "what to say and do" in browser.words()
    assert "Print: 18 copies, both sides." in browser.words()
    assert " pages." not in browser.words()


def test_counted_pages_are_shown_where_they_are_those_of_this_paper(browser, tmp_path):
    """Pages that were counted for another version say nothing."""
    browser.send("/papers/write")
    record = tmp_path / "workshop-spring" / "kit.json"
    facts = json.loads(record.read_text(encoding="utf-8"))
    files = browser.desk.kit[1].kit.files
    known = sha256(files["facilitator-guide.docx"]).hexdigest()
    facts["pages"] = {
        "facilitator-guide.docx": {"sha256": known, "pages": 21, "sheets": {}},
        "agenda.docx": {"sha256": "0" * 64, "pages": 9, "sheets": {}},
    }
    record.write_text(json.dumps(facts), encoding="utf-8")
    words = browser.open("/papers").words()
    assert "21 pages." in words
    assert "9 pages." not in words


def test_a_paper_is_made_once_for_the_same_answers(browser, monkeypatch):
    """Looking at papers makes nothing anew."""
    from builder.web import kits

    monkeypatch.setattr(kits.kit, "make", None)
    for path in ("/papers", "/papers/agenda", "/papers/all.zip", "/papers/file/agenda.docx"):
        assert browser.open(path).answer.status_code == 200


# ------------------------------------------------------------ previews


@pytest.mark.parametrize("stem", STEMS)
def test_a_preview_has_the_text_of_the_paper_in_its_order(browser, stem):
    """What stands in the blocks stands in the preview, one after the other; the footer has title and plan code."""
    browser.open(f"/papers/{stem}")
    made = browser.desk.kit[1].kit
    source = made.papers[next(name for name in made.papers if name.startswith(f"{stem}."))]
    shown = browser.words("//*[contains(@class, 'pile')]")
    at = 0
    for sheet in source.sheets:
        for block in walk(sheet.blocks):
            if isinstance(block, Heading | Paragraph):
                text = " ".join(text_of(block.runs).split())
                found = shown.find(text, at)
                assert found >= 0, text
                at = found
    assert f"Plan {made.code}" in browser.words("//*[@class='foot-line']")
    breaks = sum(isinstance(block, PageBreak) for sheet in source.sheets for block in sheet.blocks)
    assert len(browser.page.xpath("//section[contains(@class, 'leaf')]")) == len(source.sheets) + breaks


def test_previews_have_one_title_headings_in_order_and_named_sheets(browser):
    """A screen reader finds the paper's name, its sheets by name, and no level skipped."""
    for stem in STEMS:
        page = browser.open(f"/papers/{stem}").page
        assert len(page.xpath("//h1")) == 1
        levels = [int(each.tag[1]) for each in page.xpath("//h1|//h2|//h3|//h4")]
        assert all(later - before <= 1 for before, later in pairwise(levels)), (stem, levels)
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids))
        for section in page.xpath("//section[contains(@class, 'leaf')]"):
            assert section.get("aria-label") or section.get("aria-labelledby") in ids
            assert section.get("lang") == "en"
        assert all(each.get("alt") for each in page.xpath("//img"))
        assert not page.xpath("//main//style | //*[@style] | //main//script | //main//iframe")


def test_the_timeline_in_the_guide_is_the_real_picture(browser):
    """The same bytes as in the Word file."""
    import base64

    [source] = browser.open("/papers/facilitator-guide").page.xpath("//img/@src")
    png = base64.b64decode(source.partition(",")[2])
    with zipfile.ZipFile(io.BytesIO(browser.desk.kit[1].kit.files["facilitator-guide.docx"])) as package:
        assert png in [package.read(name) for name in package.namelist() if name.endswith(".png")]


def test_previews_lead_to_each_other_and_to_the_file(browser):
    """One goes through all papers, from the first to the last."""
    browser.open(f"/papers/{STEMS[0]}")
    for stem, following in pairwise(STEMS):
        assert f"/papers/file/{stem}.docx" in browser.page.xpath("//a[@download]/@href")
        links = browser.page.xpath("//nav[@aria-label='Other papers']//a/@href")
        assert links[-1] == f"/papers/{following}"
        browser.open(links[-1])


def test_hostile_text_is_text_in_list_and_preview(browser):
    """A title with a tag is shown as it was typed; what turns the line round is gone."""
    browser.open("/details").send("/details", {"title": HOSTILE, "organisation": HOSTILE})
    for path in ("/papers", *(f"/papers/{stem}" for stem in STEMS)):
        text = browser.open(path).answer.text
        assert "<script>alert" not in text
        assert "\u202e" not in text
    assert "<script>alert(1)</script>" in browser.words("//*[@class='foot-line']")


def test_a_preview_that_is_none_or_comes_too_early_leads_on(browser, library, tmp_path):
    """An unknown paper is not there; without title, answers or agenda one is led to what is missing."""
    for name in ("nothing", "agenda.docx", "workshop", "file"):
        assert browser.open(f"/papers/{name}").answer.status_code == 404
    browser.post("/papers/agenda", [])
    assert browser.answer.status_code == 405
    browser.post("/quit", [])
    kept_answers.forget()
    early = start(library, home=tmp_path)
    assert early.open("/papers/agenda").path != "/papers/agenda"
    assert early.to_the_agenda().open("/papers/agenda").path == "/details"


def test_the_letter_paper_has_its_own_proportions(browser):
    """The size of the paper is that of the brief; the wall agenda lies across."""
    browser.send("/papers/editions", {"paper": "Letter"})
    assert browser.open("/papers/invitation").page.xpath("//section[contains(@class, 'letter')]")
    assert browser.open("/papers/agenda").page.xpath("//section[contains(@class, 'across')]")


# ------------------------------------------------------------ editions


def test_editions_are_chosen_where_the_papers_are(browser):
    """Large print and the file for a screen come at once, and the answers say so as a brief does."""
    browser.send("/papers/editions", {"editions": ["standard", "large-print", "html"], "large-print": "3"})
    assert "Kept: the editions" in browser.words("//*[@id='told']")
    answers = browser.desk.so.answers
    assert (answers["editions"], answers["large_print"]) == (["standard", "large-print", "html"], 3)
    for name in ("handouts.html", "handouts-each-person-large-print.docx", "agenda-large-print.docx"):
        assert browser.client.get(f"/papers/file/{name}").status_code == 200
    assert browser.open("/papers/handouts").answer.status_code == 200
    leaf = browser.open("/papers/handouts-each-person-large-print").page.xpath("//section[contains(@class, 'leaf')]")[0]
    assert "large" in leaf.get("class")
    browser.open("/papers").send("/papers/editions", {"editions": "html", "large-print": "0"})
    assert browser.client.get("/papers/file/handouts-each-person.docx").status_code == 404


def test_wrong_editions_change_nothing_and_say_why(browser):
    """None chosen, one that does not exist, too many copies: all that is wrong is told beside it."""
    before = browser.desk.so.answers
    browser.send("/papers/editions", {"editions": [], "large-print": "many"})
    assert "Choose at least one edition" in browser.words("//*[@id='wrong-editions']")
    assert browser.words("//*[@id='wrong-large-print']")
    assert browser.page.xpath("//input[@name='large-print']/@value") == ["many"]
    assert browser.page.xpath("string(//title)").startswith("Error")
    browser.open("/papers").send("/papers/editions", {"editions": "braille"})
    assert "Choose at least one" in browser.words("//*[@id='wrong-editions']")
    assert browser.desk.so.answers == before


def test_editions_from_an_old_page_change_nothing(browser):
    """Another tab was faster."""
    other = browser.another()
    browser.send("/papers/editions", {"editions": "html"})
    other.send("/papers/editions", {"editions": "large-print"})
    assert "changed on another page" in other.words("//*[@id='told']")
    assert browser.desk.so.answers["editions"] == ["html"]
