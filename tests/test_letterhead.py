"""Papers on a letterhead: its styles, margins, headers and footers, with our words, lines and numbers."""

# ruff: noqa: SIM300 - by house style, what is expected stands first

import io
import json
import posixpath
import re
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import docx
import pytest
from lxml import etree
from openxml_audit import OpenXmlValidator
from test_letterhead_guard import LETTERHEADS, W, packed, parts_of
from word_help import everything, find, paper, runs, say

from builder import kit, planner
from builder.blocks import FillIn, Heading, ListBlock, Paper, Sheet, WritingLines
from builder.letterhead import opened
from builder.problems import InputError
from builder.roster import NAMED
from builder.word import remarks, render
from builder.word.letterhead.looks import Looks, name_of

ROOT = Path(__file__).parent.parent
NAMES = ("hospital", "council", "charity")
THREE = tuple(Sheet(everything(), f"Power · Sheet {letter} · K7Q2") for letter in "ABC")


@cache
def letterhead(name):
    """One of the three letterheads, opened."""
    return opened((LETTERHEADS / f"{name}.docx").read_bytes(), f"{name}.docx")


def changed(name, **parts):
    """A letterhead with functions applied to the text of its parts, named with two underscores for a slash."""
    found = parts_of((LETTERHEADS / f"{name}.docx").read_bytes())
    for key, change in parts.items():
        part_name = f"word/{key}.xml"
        found[part_name] = change(found[part_name].decode()).encode()
    return opened(packed(found), f"{name}.docx")


def on(made, letter):
    """The parts of a paper on a letterhead, XML as elements."""
    with zipfile.ZipFile(io.BytesIO(render(made, letter))) as package:
        read = {name: package.read(name) for name in package.namelist()}
    return {name: etree.fromstring(xml) if name.endswith((".xml", ".rels")) else xml for name, xml in read.items()}


def names_of(parts):
    """The names of the styles of a paper by their ids."""
    return {s.get(f"{{{W}}}styleId"): find(s, "w:name/@w:val")[0] for s in find(parts["word/styles.xml"], "w:style")}


def used_names(parts):
    """The names of the styles that the body of a paper uses."""
    ids = find(parts["word/document.xml"], "//w:pStyle/@w:val | //w:rStyle/@w:val | //w:tblStyle/@w:val")
    return {names_of(parts)[each] for each in ids}


def footers(parts):
    """The text of each footer, by its part."""
    return {n: "".join(find(x, "//w:t/text()")) for n, x in sorted(parts.items()) if n.startswith("word/footer")}


# ------------------------------------------------------------ the package


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("look", ["paper", "guide", "wall", "large"])
def test_a_judge_finds_nothing_wrong(name, look, tmp_path):
    """Every kind of block on every letterhead is a sound package, and python-docx opens it."""
    for made in (Paper("Sheets", THREE, look=look), paper(*everything(), look=look, size="Letter")):
        path = tmp_path / "paper.docx"
        path.write_bytes(render(made, letterhead(name)))
        assert [] == [str(error) for error in OpenXmlValidator().validate(path).errors]
        assert "A title" == docx.Document(path).core_properties.title or len(made.sheets) == 3


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_unique_and_lead_somewhere(name):
    """Styles, lists, drawings and relationships never share an id, and each that is named is there."""
    made = on(Paper("Sheets", THREE), letterhead(name))
    for part_name, path in [
        ("word/styles.xml", "w:style/@w:styleId"),
        ("word/numbering.xml", "w:num/@w:numId"),
        ("word/numbering.xml", "w:abstractNum/@w:abstractNumId"),
        ("word/numbering.xml", "w:abstractNum/w:nsid/@w:val"),
        ("word/document.xml", "//wp:docPr/@id"),
        ("word/_rels/document.xml.rels", "//@Id"),
    ]:
        ids = [each.casefold() for each in find(made[part_name], path)]
        assert (True, len(ids)) == (bool(ids), len(set(ids))), part_name
    numbers = set(find(made["word/numbering.xml"], "w:num/@w:numId"))
    assert set() == set(find(made["word/document.xml"], "//w:numId/@w:val")) - numbers
    assert set() == set(find(made["word/styles.xml"], "//w:numId/@w:val")) - numbers - {"0"}
    theirs = etree.fromstring(letterhead(name).parts["word/numbering.xml"])
    ids = set(names_of(made)) | set(find(theirs, "//w:pStyle/@w:val"))
    for part_name in ("word/styles.xml", "word/numbering.xml", "word/document.xml"):
        assert set() == set(find(made[part_name], "//w:pStyle/@w:val | //w:basedOn/@w:val | //w:next/@w:val")) - ids
    for rels, xml in made.items():
        if rels.endswith(".rels"):
            folder = rels.replace("_rels/", "").rpartition("/")[0]
            for thread in xml:
                if thread.get("TargetMode") != "External":
                    assert posixpath.normpath(posixpath.join(folder, thread.get("Target"))) in made


def test_a_paper_on_a_letterhead_gives_the_same_bytes():
    """Two renderings, and two openings of the letterhead, are equal to the byte."""
    again = opened((LETTERHEADS / "hospital.docx").read_bytes(), "hospital.docx")
    assert render(Paper("x", THREE), letterhead("hospital")) == render(Paper("x", THREE), again)


def test_the_letterheads_text_goes_and_its_parts_stay():
    """The body is ours alone; logo, theme and fonts stay; what told of the template's author goes."""
    made = on(paper(say("Ours.")), letterhead("hospital"))
    assert ["Ours."] == find(made["word/document.xml"], "//w:t/text()")
    theirs = letterhead("hospital").parts
    theme = etree.fromstring(theirs["word/theme/theme1.xml"])
    assert etree.tostring(theme) == etree.tostring(made["word/theme/theme1.xml"])
    assert [name for name in theirs if "media" in name] == [name for name in made if "media" in name]
    assert [] == [name for name in made if name.startswith(("docProps/app", "docProps/thumb", "word/comments"))]


def test_a_paper_can_be_a_letterhead_again():
    """A paper that came out may go in as a letterhead: nothing is doubled."""
    once = render(Paper("x", THREE), letterhead("council"))
    twice = on(Paper("x", THREE), opened(once, "once.docx"))
    names = list(names_of(twice).values())
    assert len(names) == len(set(names))


# ------------------------------------------------------------ styles


def test_their_styles_are_found_by_name_whatever_their_ids():
    """A German Word calls heading 1 "berschrift1": the paper uses that style, unchanged."""
    made = on(paper(Heading(1, runs("x")), ListBlock(((say("a"),),))), letterhead("hospital"))
    assert {"heading 1", "List Bullet"} == used_names(made)
    made = on(paper(Heading(1, runs("x"))), letterhead("council"))
    assert ["berschrift1"] == find(made["word/document.xml"], "//w:pStyle/@w:val")
    style = find(made["word/styles.xml"], "w:style[@w:styleId='berschrift1']")[0]
    theirs = find(
        etree.fromstring(letterhead("council").parts["word/styles.xml"]), "w:style[@w:styleId='berschrift1']"
    )[0]
    assert find(theirs, "w:rPr/w:color/@w:val") == find(style, "w:rPr/w:color/@w:val") == ["781428"]


def test_a_style_that_is_missing_is_ours_by_its_built_in_name():
    """What the letterhead lacks is added, based on its body text, so in its font."""
    made = on(paper(WritingLines(2)), letterhead("hospital"))
    assert {"Signature"} == used_names(made)
    assert ["Normal"] == find(made["word/styles.xml"], "w:style[w:name/@w:val='Signature']/w:basedOn/@w:val")


def test_places_to_write_keep_their_lines():
    """A letterhead's "Signature" is for letters: the lines to write on are ours, beside it."""
    made = on(paper(WritingLines(2), FillIn("Name:")), letterhead("council"))
    assert {"Workshop Signature", "Message Header"} == used_names(made)
    ours = find(made["word/styles.xml"], "w:style[w:name/@w:val='Workshop Signature']")[0]
    assert ["single"] == find(ours, "w:pPr/w:pBdr/w:between/@w:val")
    assert 1 == len(find(made["word/styles.xml"], "w:style[w:name/@w:val='Signature']"))


def test_body_text_without_gaps_gets_one():
    """Where the letterhead parts no paragraphs, ours stands on top of its body text and adds only the gap."""
    made = on(paper(say("one"), say("two")), letterhead("council"))
    assert {"Workshop Normal"} == used_names(made)
    style = find(made["word/styles.xml"], "w:style[w:name/@w:val='Workshop Normal']")[0]
    assert (["Standard"], ["220"], []) == (
        find(style, "w:basedOn/@w:val"), find(style, "w:pPr/w:spacing/@w:after"), find(style, "w:rPr/*"),
    )  # fmt: skip
    assert {"Normal"} == used_names(on(paper(say("one")), letterhead("hospital")))


def test_columns_are_not_justified():
    """Justified body text does not reach into tables and boxes of ours, where it would tear holes."""
    made = on(paper(*everything()), letterhead("council"))
    ours = find(made["word/styles.xml"], "w:style[w:name/@w:val='No Spacing']")[0]
    assert ["left"] == find(ours, "w:pPr/w:jc/@w:val")


def test_bullets_are_theirs_where_they_have_some():
    """A list style that leads to a list stays; one without its list is replaced by ours, with bullets."""
    assert {"List Bullet"} == used_names(on(paper(ListBlock(((say("a"),),))), letterhead("charity")))
    bare = changed("charity", styles=lambda text: re.sub(r"<w:numPr>.*?</w:numPr>", "", text, flags=re.DOTALL))
    made = on(paper(ListBlock(((say("a"),),))), bare)
    assert {"Workshop List Bullet"} == used_names(made)
    number = find(made["word/styles.xml"], "w:style[w:name/@w:val='Workshop List Bullet']//w:numId/@w:val")[0]
    assert number in find(made["word/numbering.xml"], "w:num/@w:numId")


def test_each_numbered_list_begins_at_one():
    """Lists that count begin afresh behind the numbers that the letterhead has used up."""
    made = on(paper(*(ListBlock(((say("a"),),), ordered=True) for _ in range(2))), letterhead("hospital"))
    numbers = find(made["word/document.xml"], "//w:numId/@w:val")
    theirs = find(etree.fromstring(letterhead("hospital").parts["word/numbering.xml"]), "w:num/@w:numId")
    assert (2, set()) == (len(set(numbers)), set(numbers) & set(theirs))
    for number in numbers:
        path = f"w:num[@w:numId='{number}']/w:lvlOverride/w:startOverride/@w:val"
        assert ["1"] == find(made["word/numbering.xml"], path)


def test_an_id_of_theirs_for_something_else_is_left_alone():
    """A style of theirs that happens to have an id of ours keeps it, and ours takes another."""
    odd = changed("hospital", styles=lambda text: text.replace(
        "</w:styles>", '<w:style w:type="paragraph" w:styleId="SIGNATURE"><w:name w:val="Odd"/></w:style></w:styles>'
    ))  # fmt: skip
    made = on(paper(WritingLines(1)), odd)
    assert {"Signature"} == used_names(made)
    assert ["SignatureW"] == find(made["word/document.xml"], "//w:pStyle/@w:val")


def test_the_wall_keeps_its_size():
    """What is read from four metres is of our size on any letterhead, and its headers are not blown up."""
    made = on(paper(Heading(1, runs("x")), say("10:00"), look="wall"), letterhead("hospital"))
    styles = made["word/styles.xml"]
    assert ["64"] == find(styles, "w:style[w:name/@w:val='heading 1']/w:rPr/w:sz/@w:val")
    assert ["56"] == find(styles, "w:style[w:name/@w:val='Workshop Normal']/w:rPr/w:sz/@w:val")
    assert ["22"] == find(styles, "w:style[w:name/@w:val='Normal']/w:rPr/w:sz/@w:val")


def test_a_letterhead_without_styles_or_lists_takes_ours():
    """The least that is a Word document can be a letterhead."""
    body = f'<w:document xmlns:w="{W}"><w:body><w:p/></w:body></w:document>'.encode()
    kept = {k: v for k, v in parts_of().items() if k in {"[Content_Types].xml", "_rels/.rels"}}
    kept["_rels/.rels"] = re.sub(rb"<Relationship (?![^>]*officeDocument\")[^>]*/>", b"", kept["_rels/.rels"])
    made = on(paper(*everything()), opened(packed({**kept, "word/document.xml": body}), "x"))
    assert {"Normal", "heading 1", "Signature"} <= used_names(made)


# ------------------------------------------------------------ pages, headers, footers


def test_margins_are_theirs_and_the_paper_is_the_briefs():
    """Page size comes from the brief, upright; margins and borders from the letterhead."""
    made = on(paper(say("x"), size="A4", landscape=True), letterhead("charity"))
    section = find(made["word/document.xml"], "//w:sectPr")[0]
    assert (["11906"], ["16838"], ["1134"]) == (
        find(section, "w:pgSz/@w:w"), find(section, "w:pgSz/@w:h"), find(section, "w:pgMar/@w:left"),
    )  # fmt: skip


def test_the_text_stands_half_a_centimetre_below_a_logo():
    """A header that reaches into the text pushes it down, and the first line does not touch it."""
    section = find(on(paper(say("x")), letterhead("hospital"))["word/document.xml"], "//w:sectPr")[0]
    logo = 468_000 // 635
    assert int(find(section, "w:pgMar/@w:top")[0]) >= int(find(section, "w:pgMar/@w:header")[0]) + logo + 283


def test_columns_numbered_lines_and_borders():
    """Columns and line numbers belonged to the letterhead's text and go; a border around the page stays."""
    borders = '<w:pgBorders><w:top w:val="single" w:sz="4" w:space="4" w:color="000000"/></w:pgBorders>'
    lines = '<w:lnNumType w:countBy="1"/><w:cols w:num="3"/>'
    spoiled = changed("hospital", document=lambda text: re.sub(r"<w:cols [^>]*/>", borders + lines, text))
    section = find(on(paper(say("x")), spoiled)["word/document.xml"], "//w:sectPr")[0]
    assert (1, 0, 0) == tuple(len(find(section, f"w:{tag}")) for tag in ("pgBorders", "lnNumType", "cols"))


def test_our_line_stands_above_their_footer_on_every_sheet():
    """Title, sheet letter and plan code stand on each page, and their address below keeps its place."""
    texts = footers(on(Paper("x", THREE), letterhead("hospital")))
    assert ["A", "B", "C"] == [re.match(r"Power · Sheet (.) · K7Q2St Brannock", text)[1] for text in texts.values()]


def test_pages_are_counted_once():
    """A letterhead that counts pages goes on doing so, and only one that does not gets our number."""
    assert [False] * 3 == ["page" in text for text in footers(on(Paper("x", THREE), letterhead("hospital"))).values()]
    texts = footers(on(Paper("x", THREE[:1]), letterhead("charity")))
    assert [True] * 2 == ["page 1 of 1" in text for text in texts.values()]


@pytest.mark.parametrize("name", ["hospital", "council"])
def test_their_page_count_is_that_of_the_sheet(name):
    """Where sheets are copied apart, "page 1 of 9" of the file becomes that of the sheet; alone it stays."""
    made = on(Paper("x", THREE), letterhead(name))
    told = [
        " ".join(find(xml, "//w:instrText/text()")) for n, xml in sorted(made.items()) if n.startswith("word/footer")
    ]
    assert [f"PAGE SECTIONPAGES PAGEREF _Sheet{number}" for number in (1, 2, 3)] == [" ".join(t.split()) for t in told]
    alone = on(paper(), letterhead(name))
    assert "NUMPAGES" in "".join(
        find(next(alone[n] for n in alone if n.startswith("word/footer")), "//w:instrText/text()")
    )


def test_fields_end_where_they_began():
    """Whatever was put into their footers, every field begins, separates and ends."""
    for name in NAMES:
        for part_name, xml in on(Paper("x", THREE), letterhead(name)).items():
            if part_name.startswith(("word/footer", "word/header", "word/document")):
                marks = " ".join(find(xml, "//w:fldChar/@w:fldCharType"))
                while re.search(r"begin separate end ?", marks):
                    marks = re.sub(r"begin separate end ?", "", marks)
                assert "" == marks.strip()


def test_a_first_page_that_differs_has_our_line_too():
    """With another header on the first page both kinds of footer name the sheet."""
    made = on(Paper("x", THREE[:2]), letterhead("charity"))
    for section in find(made["word/document.xml"], "//w:sectPr"):
        assert (
            ["default", "first"]
            == find(section, "w:footerReference/@w:type")
            == find(section, "w:headerReference/@w:type")
        )
        assert 1 == len(find(section, "w:titlePg"))
    assert (4, True) == (len(footers(made)), all("Sheet" in text for text in footers(made).values()))


def test_even_pages_have_our_line_even_without_a_footer_of_theirs():
    """Where even pages differ and the letterhead has no footer for them, ours stands there alone."""
    even = changed("hospital", settings=lambda text: re.sub(r"(<w:settings[^>]*>)", r"\1<w:evenAndOddHeaders/>", text))
    made = on(paper(say("x")), even)
    assert ["default", "even"] == find(made["word/document.xml"], "//w:footerReference/@w:type")
    assert any("page 1 of 1" in text and "Brannock" not in text for text in footers(made).values())


def test_a_header_of_an_earlier_section_holds():
    """A last section without headers of its own has those of the section before, as in Word."""
    two = changed("hospital", document=lambda text: text.replace(
        "<w:sectPr", f"<w:p><w:pPr>{re.search('<w:sectPr.*</w:sectPr>', text, re.DOTALL)[0]}</w:pPr></w:p><w:sectPrX", 1
    ).replace("</w:sectPr></w:body>", "</w:sectPrX></w:body>"))  # fmt: skip
    text = two.parts["word/document.xml"].decode()
    body = re.sub(
        r"<w:sectPrX.*</w:sectPrX>", "<w:sectPr><w:pgSz w:w='11906' w:h='16838'/></w:sectPr>", text, flags=re.DOTALL
    )
    parts = {**two.parts, "word/document.xml": body.encode()}
    made = on(paper(say("x")), opened(packed(parts), "x"))
    assert ["default"] == find(made["word/document.xml"], "//w:headerReference/@w:type")


def test_a_letterhead_that_leaves_no_room_is_refused():
    """Margins that meet in the middle are refused in millimetres, not printed on."""
    wide = changed("hospital", document=lambda text: re.sub(r'w:left="\d+"', 'w:left="9000"', text))
    with pytest.raises(InputError, match="mm for the text"):
        render(paper(say("x")), wide)


def test_the_language_is_the_papers_and_their_words_keep_theirs():
    """Text of ours is in the paper's language by default; a German address in the footer says that it is German."""
    made = on(paper(say("x"), language="en-GB"), letterhead("council"))
    assert ["en-GB"] == find(made["word/styles.xml"], "w:docDefaults//w:lang/@w:val")
    foot = next(xml for name, xml in made.items() if name.startswith("word/footer"))
    assert {"de-DE"} == set(find(foot, "//w:tbl//w:r/w:rPr/w:lang/@w:val"))


def test_what_would_hinder_a_new_paper_is_left_out():
    """Protection, tracking and notes of the template do not reach the paper; its other settings do."""
    hindered = changed("hospital", settings=lambda text: re.sub(
        r"(<w:settings[^>]*>)", r'\1<w:trackRevisions/><w:documentProtection w:edit="forms" w:enforcement="1"/>', text
    ))  # fmt: skip
    settings = on(paper(say("x")), hindered)["word/settings.xml"]
    assert [] == find(settings, "w:trackRevisions | w:documentProtection")
    assert find(settings, "w:compat")


# ------------------------------------------------------------ remarks


def told(name, made, files=None):
    """What is remarked of one paper on a letterhead."""
    letter = letterhead(name) if isinstance(name, str) else name
    return [
        (each.severity, each.code, each.message) for each in remarks({"x": made}, {"x": render(made, letter)}, letter)
    ]


def test_pale_and_small_styles_are_named_with_their_figures():
    """A style that is hard to read is named, with its figure and what is asked; one that is fine is not."""
    found = told("charity", paper(Heading(1, runs("x")), say("text")))
    assert (
        "warning",
        "letterhead-contrast",
        "its style 'heading 1' has a contrast of 2.7:1 in grey; at least 4.5:1 is asked.",
    ) in found
    small = "its style 'Normal' is 10 pt; at least 12 pt are asked, and 14 pt are asked in participants' papers."
    assert ("warning", "letterhead-small", small) in found
    assert [] == [each for each in told("hospital", paper(Heading(1, runs("x")))) if each[1] == "letterhead-contrast"]
    assert [] == [each for each in told("charity", paper(say("text"))) if each[1] == "letterhead-contrast"]


def test_a_colour_of_the_theme_is_looked_up():
    """A heading in a colour of the theme is judged by what the theme says, not by the stale colour beside it."""
    pale = '<w:color w:val="000000" w:themeColor="accent1" w:themeTint="33"/>'
    themed = changed("hospital", styles=lambda text: re.sub('<w:color w:val="00468C"/>', pale, text))
    assert "letterhead-contrast" in [code for _, code, _ in told(themed, paper(Heading(1, runs("x"))))]


def test_another_page_size_and_narrow_margins_are_told():
    """What the brief changes of a letterhead, and what printers would cut, is told once."""
    assert ["letterhead-size"] == [
        c for _, c, m in told("charity", paper(say("x"))) if "216 × 279 mm; the papers are A4" in m
    ]
    assert [] == [m for _, _, m in told("charity", paper(say("x"), size="Letter")) if "made for pages" in m]
    narrow = changed("hospital", document=lambda text: re.sub(r'w:left="\d+"', 'w:left="400"', text))
    assert ["letterhead-margin"] == [code for _, code, m in told(narrow, paper(say("x"))) if "7 mm" in m]


def test_styles_of_ours_are_named_once():
    """One message names what was added and what stands beside theirs, for all papers together."""
    made = {"a": paper(WritingLines(1), say("x")), "b": paper(*everything())}
    files = {name: render(each, letterhead("council")) for name, each in made.items()}
    found = [each for each in remarks(made, files, letterhead("council")) if each.code == "letterhead-styles"]
    assert ["note"] == [each.severity for each in found]
    assert "lacks the styles" in found[0].message
    assert "Signature" in found[0].message.partition("beside")[2]


# ------------------------------------------------------------ large print, cards and badges


@pytest.mark.parametrize("name", NAMES)
def test_large_print_stays_large_on_a_letterhead(name):
    """Each paragraph is 16 points or more, body text 18, whatever size the letterhead has; no line is justified."""
    made = on(Paper("Sheets", THREE, look="large"), letterhead(name))
    looks = Looks(made["word/styles.xml"])
    used = {looks.by_id[each] for each in find(made["word/document.xml"], "//w:p//w:pStyle/@w:val")}
    body = [each for each in used if name_of(each) in {"Normal", "Workshop Normal"}]
    assert [36] == [looks.half_points(each) for each in body]
    assert [] == [name_of(each) for each in used if 2 < looks.half_points(each) < 32]
    assert [] == [name_of(each) for each in used if looks.value(each, "pPr/jc") == "both"]


@pytest.mark.parametrize("look", ["cards", "badges", "tents"])
def test_what_is_cut_or_folded_keeps_our_page(look):
    """Cards, badges and table cards are the same with and without a letterhead."""
    made = Paper("Cards", THREE, look=look)
    assert render(made) == render(made, letterhead("council"))


# ------------------------------------------------------------ the kit and the commands


@pytest.fixture(scope="module")
def plan(library, example):
    """The plan of the example, its brief naming a letterhead."""
    found = planner.plan(library, example("ninety-minutes"))
    return found.model_copy(update={"brief": found.brief.model_copy(update={"letterhead": "ours.docx"})})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_a_whole_kit_on_a_letterhead(plan, library, name, size, tmp_path):
    """Every paper of every edition takes the letterhead, is sound, carries the plan code, and is always the same."""
    more = {"paper": size, "editions": ("standard", "large-print", "html"), "large_print": 2}
    sized = plan.model_copy(update={"brief": plan.brief.model_copy(update=more)})
    made, again = (kit.make(sized, library, names=("Ana", "עדי לוי"), letterhead=letterhead(name)) for _ in range(2))
    assert made.files == again.files
    assert {"invitation.docx", "afterwards.docx", "badges.docx", "handouts-room-large-print.docx"} <= set(made.files)
    assert {"name": f"{name}.docx", "sha256": letterhead(name).fingerprint} == made.facts["letterhead"]
    for file, content in made.files.items():
        if file.endswith(".docx"):
            (tmp_path / file).write_bytes(content)
            assert [] == [str(error) for error in OpenXmlValidator().validate(tmp_path / file).errors]
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                feet = [package.read(n).decode() for n in package.namelist() if n.startswith("word/footer")]
            assert feet
            assert file in NAMED or all(made.code in foot for foot in feet)


def test_a_kit_asks_for_the_letterhead_that_its_brief_names(plan, library):
    """A brief with a letterhead is never printed without it."""
    with pytest.raises(InputError, match="was not opened"):
        kit.make(plan, library)


def run(folder, *arguments):
    """A command in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "builder", *arguments], cwd=folder, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "WORKSHOP_DATA_DIR": str(folder / "data")}, encoding="utf-8",
    )  # fmt: skip


def test_a_brief_with_a_letterhead_builds_and_its_kit_builds_again(tmp_path):
    """The path is relative to the brief; the kit's own brief finds the letterhead from the kit's folder."""
    (tmp_path / "briefs").mkdir()
    shutil.copy(LETTERHEADS / "hospital.docx", tmp_path / "briefs" / "ours.docx")
    brief = (ROOT / "examples" / "ninety-minutes.yaml").read_text(encoding="utf-8") + "letterhead: ours.docx\n"
    (tmp_path / "briefs" / "b.yaml").write_text(brief, encoding="utf-8")
    done = run(tmp_path, "build", "briefs/b.yaml", "-o", "kit")
    assert (0, True) == (done.returncode, "ours.docx" in done.stderr), done.stderr
    assert 'letterhead: "../briefs/ours.docx"' in (tmp_path / "kit" / "workshop.yaml").read_text(encoding="utf-8")
    assert "sha256" in json.loads((tmp_path / "kit" / "kit.json").read_text(encoding="utf-8"))["letterhead"]
    again = run(tmp_path, "build", "kit/workshop.yaml", "-o", "kit")
    assert (0, True) == (again.returncode, "nothing had changed" in again.stderr), again.stderr


def test_check_says_of_a_letterhead_what_a_build_says(tmp_path):
    """A brief is judged with its letterhead: warned where that is pale or small, refused where unsafe or missing."""
    shutil.copy(LETTERHEADS / "charity.docx", tmp_path / "ours.docx")
    brief = (ROOT / "examples" / "ninety-minutes.yaml").read_text(encoding="utf-8") + "letterhead: ours.docx\n"
    (tmp_path / "b.yaml").write_text(brief, encoding="utf-8")
    checked, built = run(tmp_path, "check", "b.yaml"), run(tmp_path, "build", "b.yaml", "-o", "kit")
    told = set(re.findall(r"\[letterhead-[a-z]+\]", built.stderr))
    assert (0, told) == (checked.returncode, set(re.findall(r"\[letterhead-[a-z]+\]", checked.stdout)))
    assert "[letterhead-contrast]" in told
    (tmp_path / "ours.docx").write_bytes(packed({**parts_of(), "word/vbaProject.bin": b"x"}))
    refused = run(tmp_path, "check", "b.yaml")
    assert (1, True) == (refused.returncode, "holds macros or an embedded file" in " ".join(refused.stdout.split()))
    (tmp_path / "ours.docx").unlink()
    missing = run(tmp_path, "check", "b.yaml")
    assert (1, True) == (missing.returncode, "'ours.docx' is not there." in " ".join(missing.stdout.split()))


def test_an_unsafe_letterhead_stops_before_anything_is_written(tmp_path):
    """The refusal names file, part and what to do, ends with 1, and leaves no folder behind."""
    spoiled = {**parts_of(), "word/vbaProject.bin": b"x"}
    (tmp_path / "ours.docx").write_bytes(packed(spoiled))
    (tmp_path / "b.yaml").write_text("title: T\nminutes: 90\nletterhead: ours.docx\n", encoding="utf-8")
    done = run(tmp_path, "build", "b.yaml", "-o", "kit")
    assert (1, "", False) == (done.returncode, done.stdout, (tmp_path / "kit").exists())
    assert "ours.docx: holds macros or an embedded file (in word/vbaProject.bin)." in " ".join(done.stderr.split())
    (tmp_path / "ours.docx").unlink()
    done = run(tmp_path, "new", "--answers", "b.yaml", "--defaults", "-o", "kit")
    assert (1, True) == (
        done.returncode,
        "b.yaml:3:13: letterhead: 'ours.docx' is not there." in " ".join(done.stderr.split()),
    )


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_prints_a_kit_on_each_letterhead(plan, library, tmp_path):
    """The wall agenda stays on one page, the day card on front and back, and each sheet on its declared pages."""
    for name in NAMES:
        made = kit.make(plan, library, letterhead=letterhead(name))
        files = ["agenda.docx", "day-card.docx", "handouts-each-group.docx"]
        for file in files:
            (tmp_path / f"{name}-{file}").write_bytes(made.files[file])
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        *sorted(p.name for p in tmp_path.glob("*.docx")),
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=180)
    pages = {p.stem: len(re.findall(rb"/Type\s*/Page\b", p.read_bytes())) for p in tmp_path.glob("*.pdf")}
    assert {1} == {count for name, count in pages.items() if "agenda" in name}
    assert {2} == {count for name, count in pages.items() if "day-card" in name}
    assert {2} == {count for name, count in pages.items() if "handouts" in name}
