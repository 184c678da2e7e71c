"""What becomes of each kind of block in a Word paper."""

# ruff: noqa: SIM300 - by house style, what is expected stands first

from typing import Any

import pytest
from word_help import SPACER, W, a_list, body, find, paper, part, parts, png, row, runs, say, sizes, styled, written

from builder.blocks import (
    Box,
    CutCard,
    FillIn,
    Heading,
    Insert,
    PageBreak,
    Paper,
    Paragraph,
    Picture,
    Run,
    Sheet,
    Table,
    WritingLines,
)
from builder.word import render

# ------------------------------------------------------------ text


@pytest.mark.parametrize(
    ("role", "style"),
    [
        ("body", "Normal"),
        ("lead", "BodyText"),
        ("small", "Bibliography"),
        ("caption", "Caption"),
        ("clock", "Date"),
        ("subtitle", "Subtitle"),
    ],
)
def test_each_role_of_a_paragraph_has_its_style(role: Any, style: str) -> None:
    """The role of a paragraph chooses its style."""
    assert [(style, "text")] == styled(body(say("text", role=role)))


def test_headings_have_three_levels() -> None:
    """A heading has the style of its level, and nothing is deeper than the third."""
    levels = body(*(Heading(level, runs("x")) for level in (1, 2, 3, 4)))
    assert ["Heading1", "Heading2", "Heading3", "Heading3"] == [style for style, _ in styled(levels)]


def test_a_paragraph_can_stay_with_the_next() -> None:
    """What is to stay with the next paragraph says so."""
    assert 1 == len(find(body(say("a", keep_with_next=True), say("b")), "//w:keepNext"))


def test_runs_have_the_styles_of_their_looks() -> None:
    """Strong and code are character styles, and plain text has none."""
    xml = body(Paragraph((Run("a"), Run("b", strong=True), Run("c", code=True))))
    assert ["", "Strong", "HTMLCode"] == ["".join(find(run, "w:rPr/w:rStyle/@w:val")) for run in find(xml, "//w:r")]


def test_a_source_without_words_shows_its_name() -> None:
    """A citation that reaches the renderer without text is printed by its id, never lost."""
    assert "Power [grippo-2025]" == written(body(Paragraph((Run("Power "), Run("", cite="grippo-2025")))))


def test_a_newline_breaks_the_line() -> None:
    """A newline in a run is a line break in the same paragraph."""
    xml = body(say("one\r\ntwo\rthree"))
    assert (1, 2, "onetwothree") == (len(find(xml, "//w:p")), len(find(xml, "//w:br")), written(xml))


def test_text_that_xml_cannot_hold_is_dropped() -> None:
    """All 2,079 code points that XML cannot hold are dropped, and everything else stays."""
    bad = "".join(map(chr, {*range(32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF} - {9, 10, 13}))
    made = Paper(f"T{bad}", (Sheet((say(f"a{bad}b\U0001f600"),), f"f{bad}"),), author=f"A{bad}")
    assert (2079, "ab\U0001f600") == (len(bad), written(part(made)))


@pytest.mark.parametrize(
    ("text", "bidi", "rtl"),
    [("plain", 0, ""), ("שלום", 1, "שלום"), ("(2) שלום abc", 1, "(2) שלום"), ("abc שלום", 0, "שלום"), ("12", 0, ""),
     ("مرحبا", 1, "مرحبا")],
)  # fmt: skip
def test_direction_follows_the_first_strong_character(text: str, bidi: int, rtl: str) -> None:
    """The first strong character decides whether a paragraph, and each stretch of one script, goes right to left."""
    xml = body(say(text))
    assert (bidi, rtl) == (len(find(xml, "//w:bidi")), "".join(find(xml, "//w:r[w:rPr/w:rtl]/w:t/text()")))


@pytest.mark.parametrize(
    ("text", "language", "marked"),
    [("abc שלום", "en", [("bidi", "he", "שלום")]), ("سلام، چطوری", "en", [("bidi", "fa", "سلام، چطوری")]),
     ("漢字", "en", [("eastAsia", "zh", "漢字")]), ("かな漢字 x", "en", [("eastAsia", "ja", "かな漢字")]),
     ("漢字", "ja", []), ("مرحبا", "ar-EG", []), ("Київ є", "en", [("val", "uk", "Київ є")]), ("µ é", "en", [])],
)  # fmt: skip
def test_a_phrase_in_another_script_has_its_language(text: str, language: str, marked: list[Any]) -> None:
    """Where text leaves the script of the paper's language, its run says in which language it goes on."""
    found = find(body(say(text), language=language), "//w:r[w:rPr/w:lang]")
    said = [(mark.attrname.removeprefix(W), str(mark), written(r)) for r in found for mark in find(r, ".//w:lang/@*")]
    assert marked == said


@pytest.mark.parametrize(
    ("language", "font"), [("ja", "Yu Gothic"), ("ko-KR", "Malgun Gothic"), ("fi", "Microsoft YaHei")]
)
def test_shared_characters_take_the_font_of_the_papers_language(language: str, font: str) -> None:
    """Characters that Chinese, Japanese and Korean share look as the paper's own language writes them."""
    assert [font] == find(body(say("漢字"), language=language), "//w:rFonts/@w:eastAsia")


@pytest.mark.parametrize(
    ("text", "font"),
    [("漢字", "Microsoft YaHei"), ("ひらがな漢", "Yu Gothic"), ("한국어", "Malgun Gothic"), ("é", None)],
)
def test_east_asian_text_names_its_font(text: str, font: str | None) -> None:
    """Text in East Asian script asks for a font that has it."""
    assert ([font] if font else []) == find(body(say(text)), "//w:rFonts/@w:eastAsia")


# ------------------------------------------------------------ links


@pytest.mark.parametrize(
    ("text", "link", "shown"),
    [
        ("Read", "https://example.org/x", "Read (https://example.org/x)"),
        ("Mail us", "mailto:a@example.org", "Mail us (a@example.org)"),
        ("https://example.org", "https://example.org/", "https://example.org"),
        ("example.org", "http://example.org", "example.org"),
        ("a@example.org", "mailto:a@example.org", "a@example.org"),
        ("", "https://example.org", "https://example.org"),
    ],
)
def test_a_link_shows_its_address_once(text: str, link: str, shown: str) -> None:
    """A link is a real one, and its address can be read on paper unless the text is the address."""
    xml = body(Paragraph(runs(text, link=link)))
    assert (1, shown) == (len(find(xml, "//w:hyperlink[@r:id]")), written(xml))


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "//host/x",
        "../../etc/passwd",
        "ftp://example.org",
        "http://",
        "http://[bad",
        "http://host:port",
        "mailto:",
        "\\\\host\\share",
        "java\nscript:alert(1)",
        " ",
    ],
)
def test_other_links_are_plain_text(link: str) -> None:
    """Only whole http, https and mailto addresses become links."""
    made = paper(Paragraph(runs("text", link=link)))
    assert "text" == written(part(made))
    assert b"External" not in parts(made)["word/_rels/document.xml.rels"]


def test_one_link_in_two_looks_is_one_hyperlink() -> None:
    """Neighbouring runs with one address are one link with one address in print, and one relationship."""
    both = Paragraph((Run("a", link="http://x.org/q"), Run("b", strong=True, link="http://x.org/q")))
    made = paper(both, both)
    assert ["ab (http://x.org/q)"] * 2 == [written(link) for link in find(part(made), "//w:hyperlink")]
    assert 1 == parts(made)["word/_rels/document.xml.rels"].count(b"External")


# ------------------------------------------------------------ lists


def starts(made: Paper) -> dict[str, tuple[str, str, str]]:
    """Definition, level and start of each fresh list, by its number."""
    fresh = find(part(made, "word/numbering.xml"), "/w:numbering/w:num[w:lvlOverride]")
    return {
        num.get(f"{W}numId"): tuple(
            find(num, path)[0]
            for path in ("w:abstractNumId/@w:val", "w:lvlOverride/@w:ilvl", "w:lvlOverride/w:startOverride/@w:val")
        )
        for num in fresh
    }


def test_each_ordered_list_counts_afresh() -> None:
    """Every ordered list has a number of its own that begins where the list says."""
    made = paper(a_list("a", "b", ordered=True), a_list("c", ordered=True, start=7))
    assert ["10", "10", "11"] == find(part(made), "//w:pPr/w:numPr/w:numId/@w:val")
    assert {"10": ("3", "0", "1"), "11": ("3", "0", "7")} == starts(made)


def test_a_lettered_list_counts_in_letters() -> None:
    """A lettered list uses the definition with a, b, c."""
    made = paper(a_list("a", ordered=True, lettered=True))
    definition = starts(made)["10"][0]
    found = f"//w:abstractNum[@w:abstractNumId='{definition}']/w:lvl/w:numFmt/@w:val"
    assert ["lowerLetter"] * 3 == find(part(made, "word/numbering.xml"), found)


def test_bullets_and_ticks_are_styles() -> None:
    """A bulleted and a ticked list need no number in the text, so a letterhead can restyle them."""
    xml = body(a_list("a"), a_list("b", ticks=True))
    assert [("ListBullet", "a"), ("List", "b")] == styled(xml)
    assert [] == find(xml, "//w:numPr")


def test_a_tick_is_an_empty_box() -> None:
    """The style of ticks draws ☐ in a font that has it, at each level."""
    numbering = part(paper(), "word/numbering.xml")
    levels = find(numbering, "//w:lvl[w:lvlText/@w:val='☐']")
    assert ["List", "List2", "List3"] == [find(level, "w:pStyle/@w:val")[0] for level in levels]
    assert {"Segoe UI Symbol"} == {find(level, "w:rPr/w:rFonts/@w:ascii")[0] for level in levels}


def test_lists_nest_to_three_levels() -> None:
    """Lists inside lists are indented twice, and a fourth level stays on the third."""
    deep = a_list((say("1"), a_list((say("2"), a_list((say("3"), a_list("4")))))))
    assert ["ListBullet", "ListBullet2", "ListBullet3", "ListBullet3"] == [style for style, _ in styled(body(deep))]


def test_what_follows_in_an_item_is_indented_to_it() -> None:
    """A second paragraph continues the item; a box and lines to write on are indented as far."""
    step = (say("one"), say("more"), Box("say", (say("words"),)), WritingLines(1))
    xml = body(a_list(step, ordered=True))
    assert [("ListNumber", "one"), ("ListContinue", "more"), ("Quote", "words"), ("Signature", "")] == styled(xml)
    assert ["851", "567"] == find(xml, "//w:ind/@w:left")


def test_a_table_in_an_item_is_indented_and_narrower() -> None:
    """A table inside a list begins at the item's text and still ends at the margin."""
    table = Table(row("a"), (row("b"),))
    outer, inner = (find(body(block), "//w:tbl/w:tblPr")[0] for block in (table, a_list((say("x"), table))))
    widths = [int(find(each, "w:tblW/@w:w")[0]) for each in (outer, inner)]
    assert (567, ["567"]) == (widths[0] - widths[1], find(inner, "w:tblInd/@w:w"))


def test_an_item_without_words_keeps_its_number() -> None:
    """An empty item, or one that begins with a box, still shows its number."""
    xml = body(a_list((), (Box("note", (say("x"),)),), ordered=True))
    assert [("ListNumber", ""), ("ListNumber", ""), ("BlockText", "x")] == styled(xml)


# ------------------------------------------------------------ tables


def test_widths_stand_in_grid_and_cells() -> None:
    """Columns have the widths of their shares in the grid and in each cell, and sum to the line."""
    xml = body(Table(row("a", "b", "c"), (row("1", "2", "3"),), (1, 1, 2)))
    widths = [int(width) for width in find(xml, "//w:gridCol/@w:w")]
    cells = [[int(width) for width in find(line, "w:tc/w:tcPr/w:tcW/@w:w")] for line in find(xml, "//w:tr")]
    assert ([widths, widths], ["fixed"]) == (cells, find(xml, "//w:tblLayout/@w:type"))
    assert 2 * widths[0] == pytest.approx(widths[2], abs=2)
    assert [str(sum(widths))] == find(xml, "//w:tblW/@w:w")


@pytest.mark.parametrize("shares", [(), (1,), (0, 0, 0), (-5, 1, 2), (1, 2, 3, 4)])
def test_odd_shares_still_give_whole_columns(shares: tuple[int, ...]) -> None:
    """Missing, empty or superfluous shares never lose a column or the sum."""
    widths = [int(width) for width in find(body(Table(row("a", "b", "c"), (), shares)), "//w:gridCol/@w:w")]
    assert (3, 9638, True) == (len(widths), sum(widths), min(widths) > 0)


def test_the_header_row_repeats_and_rows_hold_together() -> None:
    """The first row is marked as header, short rows do not split, a row of many lines may."""
    xml = body(Table(row("a", "b"), (row("short", ""), row("word " * 400, ""))))
    rows = find(xml, "//w:tr")
    assert [1, 0, 0] == [len(find(each, "w:trPr/w:tblHeader")) for each in rows]
    assert [1, 1, 0] == [len(find(each, "w:trPr/w:cantSplit")) for each in rows]


def test_a_table_without_header_has_none() -> None:
    """Where there is no header, no row claims to be one."""
    xml = body(Table((), (row("a"),)))
    assert ([], ["0"]) == (find(xml, "//w:tblHeader"), find(xml, "//w:tblLook/@w:firstRow"))


def test_short_rows_are_filled() -> None:
    """A row with too few cells gets empty ones, each with its paragraph, and nothing is merged."""
    xml = body(Table(row("a", "b", "c"), (row("1"), ())))
    assert [3, 3, 3] == [len(find(each, "w:tc[w:p]")) for each in find(xml, "//w:tr")]
    assert [] == find(xml, "//w:gridSpan | //w:vMerge")


def test_rows_have_their_least_height() -> None:
    """Rows to write in are at least as high as asked, the header is not."""
    xml = body(Table(row("a"), (row("b"),), row_height_mm=20))
    assert [[], ["1134"]] == [
        find(each, "w:trPr/w:trHeight[@w:hRule='atLeast']/@w:val") for each in find(xml, "//w:tr")
    ]


@pytest.mark.parametrize(
    ("look", "table_style", "cell_style", "half_points"),
    [("plain", "TableGrid", "NoSpacing", 28), ("running", "TableGrid1", "BodyText3", 24),
     ("wall", "TableSimple1", "BodyText2", 56)],
)  # fmt: skip
def test_each_look_of_a_table_has_its_styles(look: Any, table_style: str, cell_style: str, half_points: int) -> None:
    """Plain tables are set in 14 pt, the running sheet in 12, the wall in 28."""
    made = paper(Table(row("a"), (row("b"),), look=look))
    assert [table_style] == find(part(made), "//w:tblStyle/@w:val")
    assert {cell_style} == {style for style, _ in styled(part(made))}
    assert half_points == sizes(made)[cell_style]


def test_tables_do_not_touch() -> None:
    """Each table is followed by a paragraph, so that two tables stay two and the last page stays whole."""
    table = Table(row("a"), (row("b"),))
    order = [child.tag.removeprefix(W) for child in body(table, table)[0]]
    assert ["tbl", "p", "tbl", "p", "sectPr"] == order


# ------------------------------------------------------------ boxes, cards, places to write


@pytest.mark.parametrize(
    ("kind", "style", "frame"),
    [
        ("say", "Quote", "TableSimple2"),
        ("note", "BlockText", "TableSubtle1"),
        ("card", "IntenseQuote", "TableElegant"),
        ("source", "TableofAuthorities", "TableSimple3"),
    ],
)
def test_a_box_is_a_style_or_a_frame(kind: Any, style: str, frame: str) -> None:
    """A box of plain paragraphs is a style with borders; a box that holds a list is a frame of one cell."""
    assert [(style, "a"), (style, "b")] == styled(body(Box(kind, (say("a"), say("b")))))
    framed = body(Box(kind, (say("a"), a_list("b"))))
    assert ([frame], [("Normal", "a"), ("ListBullet", "b")]) == (find(framed, "//w:tblStyle/@w:val"), styled(framed))


def test_a_short_box_stays_together() -> None:
    """The paragraphs of a short box stay on one page, those of a long one need not."""
    short, long = (body(Box("note", (say("a" * size), say("b")))) for size in (10, 3000))
    assert (1, 0) == (len(find(short, "//w:keepNext")), len(find(long, "//w:keepNext")))


def test_two_boxes_stay_two() -> None:
    """Between neighbouring boxes of one kind there is a gap, or their frames would melt into one."""
    box = Box("note", (say("a"),))
    assert ["BlockText", SPACER, "BlockText"] == find(body(box, box), "//w:pStyle/@w:val")


def test_cards_share_a_grid_of_two_columns() -> None:
    """Neighbouring cards stand two in a row that does not split; an odd last one leaves an empty cell."""
    xml = body(*(CutCard((say(f"Card {number}"),)) for number in range(3)))
    rows = find(xml, "//w:tr")
    assert [["Card 0", "Card 1"], ["Card 2", ""]] == [[written(cell) for cell in find(each, "w:tc")] for each in rows]
    assert [1, 1] == [len(find(each, "w:trPr/w:cantSplit")) for each in rows]
    assert 1 == len(set(find(xml, "//w:gridCol/@w:w")))


def test_a_lone_card_takes_the_whole_width() -> None:
    """A single card is not squeezed beside an empty cell, and cards apart are grids apart."""
    xml = body(CutCard((say("a"),)), say("between"), CutCard((say("b"),)))
    assert [["9638"], ["9638"]] == [find(grid, "w:tblGrid/w:gridCol/@w:w") for grid in find(xml, "//w:tbl")]


def test_writing_lines_are_ruled_apart() -> None:
    """Each line is a paragraph 9 to 10 mm high, with a rule between it and the next."""
    made = paper(WritingLines(3))
    style = find(part(made, "word/styles.xml"), "//w:style[@w:styleId='Signature']/w:pPr")[0]
    height = int(find(style, "w:spacing[@w:lineRule='exact']/@w:line")[0]) / 1440 * 25.4
    assert ([("Signature", "")] * 3, True) == (styled(part(made)), 9 <= height <= 10)
    assert (1, 1) == (len(find(style, "w:pBdr/w:between")), len(find(style, "w:pBdr/w:bottom")))


def test_writing_lines_stay_with_their_question() -> None:
    """The paragraph above lines to write on, also the last of a list, is on their page; the last line holds nothing."""
    lone, listed = body(say("Why?"), WritingLines(2)), body(a_list("a", "b"), WritingLines(1))
    kept = [[written(p) for p in find(xml, "//w:p[w:pPr/w:keepNext]")] for xml in (lone, listed)]
    assert [["Why?", ""], ["a", "b"]] == kept


def test_a_fill_in_ends_with_a_rule() -> None:
    """The label is followed by a tab whose leader is the rule; in a narrow column it ends with the column."""
    wide, narrow = (body(block) for block in (FillIn("Date:"), CutCard((FillIn("Date:"),))))
    assert ["Date: ", "Date: "] == [written(find(xml, "//w:p[.//w:tab]")[0]) for xml in (wide, narrow)]
    assert ([], ["9184", "9638"]) == tuple(find(xml, "//w:tabs/w:tab/@w:pos") for xml in (wide, narrow))


# ------------------------------------------------------------ page breaks, pictures, inserts


def test_page_breaks_leave_no_empty_page() -> None:
    """Breaks at either end and doubled ones vanish, and a break costs no paragraph."""
    broken = body(PageBreak(), say("a"), PageBreak(), PageBreak(), say("b", keep_with_next=True), PageBreak())
    assert [("Normal", "a"), ("Normal", "b")] == styled(broken)
    assert ["b"] == [written(p) for p in find(broken, "//w:p[w:pPr/w:pageBreakBefore]")]


def test_a_break_before_a_table_falls_on_its_first_cell() -> None:
    """A table, a box and a card can begin a page."""
    blocks = (Table(row("t"), ()), Box("say", (say("s"),)), CutCard((say("c"),)))
    xml = body(*(block for each in blocks for block in (say("x"), PageBreak(), each)))
    assert ["t", "s", "c"] == [written(p) for p in find(xml, "//w:p[w:pPr/w:pageBreakBefore]")]


def test_pictures_have_words_and_size() -> None:
    """A picture has its alternative text, an id of its own and its size; one PNG is kept once."""
    made = paper(Picture(png(), 'A "bar" & more', 40, 20), Picture(png(), "Again", 320, 160))
    pictures = find(part(made), "//wp:inline")
    assert [("1", 'A "bar" & more'), ("2", "Again")] == [
        (find(each, "wp:docPr/@id")[0], find(each, "wp:docPr/@descr")[0]) for each in pictures
    ]
    sizes_mm = [[int(find(each, f"wp:extent/@{side}")[0]) / 36000 for side in ("cx", "cy")] for each in pictures]
    assert [40, 20, 170, 85] == pytest.approx([length for size in sizes_mm for length in size], abs=0.1)
    assert ["word/media/image1.png"] == [name for name in parts(made) if "media" in name]


def test_an_insert_is_a_programming_error() -> None:
    """An `Insert` that nobody filled is refused by its id, however deep it stands."""
    with pytest.raises(TypeError, match="power-grid"):
        render(paper(a_list((Box("note", (Insert("power-grid"),)),))))
