"""The page for phones, screens and screen readers: what becomes of each block, and what the page never does."""

import base64
import hashlib
import itertools
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html
from test_accessible import contrast, foreign_kit  # noqa: F401 - a fixture
from test_word_paper import any_blocks
from word_help import a_list, everything, png, row, runs, say

from builder.blocks import (
    Box,
    CutCard,
    FillIn,
    Heading,
    Insert,
    Paper,
    Paragraph,
    Picture,
    Run,
    Sheet,
    Table,
    WritingLines,
)
from builder.html import render

CASES = ("ninety-minutes", "linehan", "encampments", "workplace-practice", "arabic", "japanese")
ALL = {"editions": ["standard", "large-print", "html"], "large_print": 2}


def page(*blocks, language="en", footer=""):
    """The page of a title and some blocks below a heading of level 2, parsed."""
    sheet = Sheet((Heading(1, runs("Title")), Heading(2, runs("Sheet A")), *blocks), footer)
    return html.document_fromstring(render(Paper("A title", (sheet,), language=language)).decode())


@pytest.fixture
def page_of(kit_of, foreign_kit):  # noqa: F811
    """A function that gives the text of a kit's page."""

    def read(case):
        made = foreign_kit(case) if case in ("arabic", "japanese") else kit_of(case, **ALL)
        return made.files["handouts.html"].decode()

    return read


# ------------------------------------------------------------ blocks


def test_lists_are_lists_with_their_start_and_letters():
    """Bullets, numbers from where they begin, and letters are lists of the page, not typed marks."""
    root = page(a_list("a", "b"), a_list("c", ordered=True, start=3), a_list("d", ordered=True, lettered=True))
    assert [(each.tag, dict(each.attrib)) for each in root.xpath("//main//ul | //main//ol")] == [
        ("ul", {}), ("ol", {"start": "3"}), ("ol", {"type": "a"}),
    ]  # fmt: skip


def test_a_box_to_tick_is_named_by_its_item():
    """What is ticked on paper can be ticked, and is read with its own words."""
    root = page(a_list("I asked.", ticks=True))
    (box,) = root.xpath("//main//input[@type='checkbox']")
    assert root.xpath("//label[@for=$id]", id=box.get("id"))[0].text == "I asked."


def test_lines_become_a_box_named_by_the_question():
    """Lines to write on are a text box as high, named by the paragraph or heading before them."""
    root = page(say("What moves you?"), WritingLines(4))
    (box,) = root.xpath("//textarea")
    assert box.get("rows") == "4"
    assert root.get_element_by_id(box.get("aria-labelledby")).text == "What moves you?"


def test_an_empty_cell_is_filled_in_and_named_by_its_row_and_column():
    """A table's header cells say what they head, and a box in it is named by both of its headers."""
    root = page(Table(row("Who", "Why"), (row("Us", ""),)))
    assert [(th.text, th.get("scope")) for th in root.xpath("//th")] == [
        ("Who", "col"), ("Why", "col"), ("Us", "row"),
    ]  # fmt: skip
    names = root.xpath("//textarea/@aria-labelledby")[0].split()
    assert [root.get_element_by_id(name).text for name in names] == ["Us", "Why"]


def test_a_line_to_fill_is_a_labelled_field():
    """A label with a rule is a field with that label."""
    root = page(FillIn("Name:"))
    (field,) = root.xpath("//input[@type='text']")
    assert root.xpath("//label[@for=$id]", id=field.get("id"))[0].text == "Name:"


def test_cards_are_counted():
    """Cards that follow one another are one list, so that a screen reader says how many there are."""
    assert len(page(*(CutCard((say(f"{n}"),)) for n in range(3))).xpath("//ul[@class='cards']/li")) == 3


def test_boxes_keep_what_they_mean():
    """Words to say are a quotation, a note is a note."""
    root = page(*(Box(kind, (say(kind),)) for kind in ("say", "note", "card", "source")))
    assert [each.tag for each in root.xpath("//*[@class='say']")] == ["blockquote"]
    assert root.xpath("//*[@class='note']/@role") == ["note"]


def test_a_picture_is_inside_the_file_with_its_words():
    """A picture is part of the page, with its alternative text and its size."""
    (picture,) = page(Picture(png(), "A black bar", 25.4, 12.7)).xpath("//img")
    assert (picture.get("alt"), picture.get("width"), picture.get("height")) == ("A black bar", "96", "48")
    assert base64.b64decode(picture.get("src").removeprefix("data:image/png;base64,")) == png()


def test_only_whole_addresses_are_links():
    """A web or mail address is followed; anything else is only read."""
    root = page(Paragraph((Run("a", link="https://example.org/?b=1&c"), Run(" b", link="javascript:alert(1)"))))
    assert root.xpath("//main//p/a/@href") == ["https://example.org/?b=1&c"]
    assert "b" in root.xpath("//main")[0].text_content()


def test_everything_is_escaped():
    """No text of a lesson or a brief becomes a tag, an attribute or a style."""
    evil = "\"'><script>alert(1)</script></style>&amp;"
    sheet = Sheet((Heading(1, runs(evil)), Heading(2, runs(evil)), say(evil), FillIn(evil),
                   Table(row(evil, evil), (row(evil, ""),)), Picture(png(), evil, 9, 9)), evil)  # fmt: skip
    root = html.document_fromstring(render(Paper(evil, (sheet,), author=evil, language=evil)).decode())
    assert root.xpath("//script") == []
    assert root.get("lang") == "en"
    assert [root.findtext(".//title"), root.findtext(".//h1"), root.xpath("//img/@alt")[0]] == [evil] * 3
    assert {name for node in root.iter() for name in node.attrib if name.startswith("on") or name == "style"} == set()


def test_what_the_kit_forgot_to_fill_is_refused():
    """An insert that nothing was put into is a mistake of the program, and stops it."""
    with pytest.raises(TypeError, match="never filled"):
        page(Insert("rows"))


# ------------------------------------------------------------ scripts and languages


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("שלום", "en", '<p id="b2" dir="rtl"><span lang="he" dir="rtl">שלום</span></p>'),
        ("مرحبا بكم", "ar", '<p id="b2">مرحبا بكم</p>'),
        ("We say 日本語 here", "en", '<p id="b2">We say <span lang="zh" dir="ltr">日本語</span> here</p>'),
        ("Love", "ar", '<p id="b2" dir="ltr"><span lang="en" dir="ltr">Love</span></p>'),
    ],
)
def test_phrases_have_their_language_and_paragraphs_their_direction(text, language, expected):
    """The first strong character turns a paragraph, and letters of another script say their language."""
    sheet = Sheet((Heading(1, runs("12")), say(text)), "")
    assert expected in render(Paper("T", (sheet,), language=language)).decode()


def test_the_page_has_the_language_and_direction_of_the_brief(page_of):
    """Arabic pages begin at the right, all others at the left, and each says its language."""
    starts = {case: re.search("<html[^>]*>", page_of(case))[0] for case in ("linehan", "arabic", "japanese")}
    assert starts == {
        "linehan": '<html lang="en">', "arabic": '<html lang="ar" dir="rtl">', "japanese": '<html lang="ja">',
    }  # fmt: skip


# ------------------------------------------------------------ the whole page


@pytest.mark.parametrize("case", CASES)
def test_a_page_has_landmarks_and_headings_in_order(page_of, case):
    """One h1 in the header, no level skipped, links to each section, sections in the main part, each named."""
    root = html.document_fromstring(page_of(case))
    levels = [int(each.tag[1]) for each in root.xpath("//h1 | //h2 | //h3 | //h4")]
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert [each.tag for each in root.body] == ["header", "nav", "main"]
    sections = root.xpath("//main/section/@aria-labelledby")
    assert [link.removeprefix("#") for link in root.xpath("//nav//a/@href")] == sections
    assert all(root.get_element_by_id(number).tag == "h2" for number in sections)
    assert root.findtext(".//title")


@pytest.mark.parametrize("case", CASES)
def test_every_field_and_table_is_named_and_every_id_is_one(page_of, case):
    """No id stands twice, every reference leads to one, and each place to write has words that name it."""
    root = html.document_fromstring(page_of(case))
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    named = [name for names in root.xpath("//@aria-labelledby") for name in names.split()]
    assert set(named) | set(root.xpath("//@for")) <= set(ids)
    labelled = set(root.xpath("//label/@for"))
    fields = root.xpath("//textarea | //input")
    assert fields
    assert all(field.get("aria-labelledby") or field.get("id") in labelled for field in fields)
    assert all("".join(root.get_element_by_id(name).itertext()).strip() for name in named)
    assert all(table.xpath(".//th[@scope='col']") for table in root.xpath("//table"))


@pytest.mark.parametrize("case", CASES)
def test_a_page_asks_for_nothing_and_runs_nothing(page_of, case):
    """No script, no address that is fetched, no style but its own, which the page's policy knows by its fingerprint."""
    text = page_of(case)
    root = html.document_fromstring(text)
    assert root.xpath("//script | //link | //iframe | //object | //form | //*[@style] | //@srcset") == []
    assert all(source.startswith("data:image/png;base64,") for source in root.xpath("//@src"))
    style = re.search("<style>(.*?)</style>", text, re.DOTALL)[1]
    assert "url(" not in style
    assert "@import" not in style
    fingerprint = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{fingerprint}'; img-src data:;")


def test_the_style_keeps_to_the_readers_wishes(page_of):
    """Sizes are relative to the reader's; dark and calm are answered; text has 4.5:1 in grey in both lights."""
    style = re.search("<style>(.*?)</style>", page_of("linehan"), re.DOTALL)[1]
    screen = style.partition("@media print")[0]
    assert re.findall(r"font-size: [\d.]+(?:px|pt)", screen) == []
    assert "prefers-color-scheme: dark" in style
    assert "prefers-reduced-motion" in style
    names = ("ink", "page", "soft", "head", "line", "link")
    themes = re.findall(" ".join(rf"--{name}: #(\w+);" for name in names),
                        style.replace("\n", " "))  # fmt: skip
    assert len(themes) == 3
    for ink, *fills, line, link in [[value * 2 if len(value) == 3 else value for value in theme] for theme in themes]:
        assert min(contrast(text, fill) for text in (ink, link) for fill in fills) >= 4.5
        assert min(contrast(line, fill) for fill in fills[:2]) >= 3


def test_the_same_paper_gives_the_same_bytes():
    """No clock and no chance in it."""
    made = Paper("T", (Sheet((Heading(1, runs("T")), *everything()[1:]), "f"),))
    assert render(made) == render(made)


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(any_blocks, max_size=4).map(tuple), st.text(max_size=9))
def test_any_blocks_give_a_page_with_ids_that_lead_somewhere(blocks, title):
    """Whatever the blocks hold, the page can be parsed, and what is named by another text finds it."""
    root = html.document_fromstring(render(Paper(title, (Sheet(blocks, title), Sheet(blocks, title)))).decode())
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {name for names in root.xpath("//@aria-labelledby") for name in names.split()} <= set(ids)
