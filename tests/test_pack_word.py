"""A lesson as a Word document, and back into a pack: nothing is lost, and only what was edited changes."""

import copy
import io
import re
import shutil
import subprocess
import zipfile

import docx
import pytest
from click.testing import CliRunner
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from openxml_audit import OpenXmlValidator
from pack_help import front, pack

from builder.cli import workshop
from builder.exchange import changes
from builder.exchange.document import exported
from builder.exchange.gathered import files_of, usable
from builder.exchange.importing import imported
from builder.exchange.lines import Bit, Line, keys_of, lines_of, tidy, words_of
from builder.exchange.markdown import edited as written
from builder.exchange.opening import read_document
from builder.exchange.placing import placed
from builder.exchange.seen import Looking
from builder.library import shipped
from builder.packs import parts, writing
from builder.packs.loading import laid_over
from builder.problems import InputError, WorkshopError, has_errors

ROOT = shipped("modules")
LESSONS = sorted(path.name for path in ROOT.iterdir() if path.is_dir())
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
GRID = "power-dynamics/activities/power-grid.md"
GRID_TITLE = "Step: Power grid: one story, five questions"
LINEHAN = "case-endorsement/cards/linehan.md"


@pytest.fixture(scope="module")
def library():
    """The shipped lessons, read once."""
    return usable(ROOT, [])


@pytest.fixture(scope="module")
def files(library):
    """The files of each shipped lesson."""
    return {key: list(files_of(library, key)) for key in library.library.lessons}


def word(library, files, lesson):
    """The bytes of an exported lesson."""
    told = {"lesson": lesson, "scope": lesson}
    return exported(files[lesson], library.library.lessons[lesson].title, "en", told)


def back(path, files, lesson):
    """What a document changes, decided but not tried."""
    looking = Looking(read_document(path))
    placing = placed(looking.everything(), files, lesson, path.name)
    every = [part for file in files[placing.lesson] for part in file.parts]
    return changes.decided(placing, every)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A library of two shipped lessons and those that they need: what these tests read again and again."""
    folder = tmp_path_factory.mktemp("library") / "modules"
    for name in ("opening", "solidarity-and-allyship", "power-dynamics", "case-endorsement"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("sources.yaml", "glossary.yaml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture
def come_back(ours, root):
    """A function that gives what a document changes in the pack."""
    return lambda path: imported(path, ours, root)


@pytest.fixture
def is_usable(ours, root):
    """A function that says whether the pack can be laid over the lessons."""
    return lambda: not has_errors(laid_over(root, [ours]).findings.problems)


@pytest.fixture
def refused(ours, come_back):
    """A function that gives the problems with which a document is refused; nothing may be written."""

    def told(path):
        before = sorted(ours.rglob("*"))
        with pytest.raises(InputError) as caught:
            come_back(path)
        assert before == sorted(ours.rglob("*"))
        return " ".join(f"{each.message} [{each.code}]" for each in caught.value.problems)

    return told


@pytest.fixture
def ours(tmp_path):
    """An empty pack."""
    return pack(tmp_path / "ours")


@pytest.fixture
def edited(library, files, tmp_path, ours, root):
    """A function that exports a lesson, lets somebody edit the document, imports it, and gives the report."""

    def done(lesson, edit, folder=ours):
        path = tmp_path / f"{lesson}.docx"
        path.write_bytes(word(library, files, lesson))
        document = docx.Document(path)
        edit(document)
        document.save(path)
        found = imported(path, folder, root)
        writing.write(folder, found.files, found.read)
        return found

    return done


# ------------------------------------------------------------ finding one's way in a document


def body(document):
    """What stands in a document, in order: paragraphs and tables."""
    return list(document.iter_inner_content())


def place(document, file, *headings):
    """Where the text below a heading of a file begins, as a number in `body`."""
    at, found = 0, body(document)
    for heading in (file, *headings):
        at = next(i for i in range(at, len(found)) if getattr(found[i], "text", None) == heading) + 1
    return at


def below(document, file, *headings):
    """The first paragraph of text or table below a heading, the line for a reason left out."""
    at, found = place(document, file, *headings), body(document)
    while getattr(found[at], "text", "x").startswith(("Guarded", "For information")):
        at += 1
    return found[at]


def reason(document, text, file, *headings):
    """Write a reason into its line."""
    line = body(document)[place(document, file, *headings)]
    assert line.text.startswith("Guarded")
    line.add_run(text)


def after(paragraph, text, style=None):
    """A new paragraph after another, in its style or another one."""
    fresh = copy.deepcopy(paragraph._p)
    for mark in [*fresh.iter(qn("w:bookmarkStart")), *fresh.iter(qn("w:bookmarkEnd"))]:
        mark.getparent().remove(mark)
    paragraph._p.addnext(fresh)
    made = docx.text.paragraph.Paragraph(fresh, paragraph._parent)
    made.text = text
    if style:
        made.style = style
    return made


def drop(*things):
    """Delete paragraphs or tables."""
    for each in things:
        each._element.getparent().remove(each._element)


def changed(ours):
    """What a pack changes, as `path#part`: its own parts without reasons, and what it takes out."""
    found = set()
    for path in ours.rglob("*.md"):
        inside = path.relative_to(ours).as_posix()
        if inside.startswith(("base/", "review/")):
            continue
        text = path.read_text(encoding="utf-8")
        found |= {f"{inside}#{part}" for part in parts.parts_of(text) if part != "because"}
    return found


# ------------------------------------------------------------ there and back


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_that_nobody_edited_changes_nothing(library, files, lesson, tmp_path):
    """Each shipped lesson goes to Word and back: no part changes, no text is without a place."""
    path = tmp_path / f"{lesson}.docx"
    path.write_bytes(word(library, files, lesson))
    found = back(path, files, lesson)
    assert (found.changes, found.left, found.told) == ([], [], [])


@pytest.mark.parametrize("lesson", ["case-shared-cause", "outing-harm", "partnership-agreements"])
def test_python_docx_saves_it_and_nothing_changes(library, files, lesson, tmp_path):
    """Another program opens and saves the document: still no part changes."""
    path = tmp_path / f"{lesson}.docx"
    docx.Document(io.BytesIO(word(library, files, lesson))).save(path)
    assert back(path, files, lesson).changes == []


@pytest.mark.parametrize("lesson", ["case-endorsement", "power-dynamics", "partnership-agreements", "ally-theatre"])
def test_openxml_audit_finds_nothing_in_an_export(library, files, lesson, tmp_path):
    """A judge of the Open XML schema has no complaint about an exported lesson."""
    path = tmp_path / "lesson.docx"
    path.write_bytes(word(library, files, lesson))
    assert [str(error) for error in OpenXmlValidator().validate(path).errors] == []


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_and_saves_every_lesson_and_nothing_changes(library, files, tmp_path):
    """All lessons through LibreOffice, which writes every style and list anew: no part changes."""
    for lesson in LESSONS:
        (tmp_path / f"{lesson}.docx").write_bytes(word(library, files, lesson))
    names = [str(tmp_path / f"{lesson}.docx") for lesson in LESSONS]
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "docx", "--outdir", str(tmp_path / "out"), *names]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    for lesson in LESSONS:
        found = back(tmp_path / "out" / f"{lesson}.docx", files, lesson)
        assert (found.changes, found.left, found.told) == ([], [], []), lesson


SIGNS = list("ab .,'\"()-*_#:&!?1<>|+=~")
BITS = st.lists(st.builds(Bit, st.text(SIGNS, min_size=1, max_size=20), st.booleans()), min_size=1, max_size=3)
TIDY = BITS.map(tidy).filter(bool)
ONE = st.one_of(
    st.builds(lambda bits: Line("text", bits), TIDY),
    st.builds(lambda bits: Line("bullet", bits), TIDY),
    st.builds(lambda bits: Line("number", bits, count=1), TIDY),
    st.builds(lambda bits: Line("heading", bits, level=3), TIDY),
    st.builds(lambda bits: Line("table", rows=((bits, bits), (bits, bits))), TIDY),
    st.builds(lambda bits: Line("box", name="say", inner=(Line("text", bits), Line("bullet", bits))), TIDY),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(ONE, min_size=1, max_size=4).map(tuple))
def test_whatever_somebody_types_no_word_of_it_is_lost(lines):
    """Signs that Markdown would read as something else are written so that they come back as they were typed."""
    assert words_of(lines_of(written("", lines))) == words_of(lines)


def test_every_text_of_every_section_can_be_written_anew(files):
    """What the lines of a section say is written as Markdown that says the same, also with nothing to copy from."""
    for part in (part for each in files.values() for file in each for part in file.parts if part.form == "section"):
        assert written(part.text, part.lines).strip() == part.text.strip(), part.name
        assert keys_of(lines_of(written("", part.lines))) == keys_of(part.lines), part.name


# ------------------------------------------------------------ one edit, one part


def edit_title(document):
    below(document, GRID_TITLE, "Title").text = "Power grid: one ward"


def edit_steps(document):
    step = below(document, GRID_TITLE, "Steps")
    step.text = step.text.replace("neighbours", "people from one ward")


def edit_say(document):
    at = place(document, GRID_TITLE, "Steps")
    box = next(each for each in body(document)[at:] if hasattr(each, "rows"))
    box.rows[1].cells[0].paragraphs[0].text += " Nobody here is in it."


def add_a_note(document):
    note = below(document, GRID_TITLE, "Notes")
    after(note, "If nobody begins, wait. Silence is work.")


def delete_a_note(document):
    at = place(document, GRID_TITLE, "Notes")
    drop(body(document)[at + 1])


def edit_a_debrief(document):
    file = GRID_TITLE
    below(document, file, "Debrief", "What next").text = "Which decision could you share on the next rota?"
    reason(document, "Our staff plan by rota.", file, "Debrief")


def edit_material(document):
    table = below(document, GRID_TITLE, "What to bring")
    table.rows[1].cells[0].text = "Pencil"


def add_material(document):
    table = below(document, GRID_TITLE, "What to bring")
    for cell, text in zip(table.add_row().cells, ("Plan of the ward", "group", "1"), strict=True):
        cell.text = text


def edit_a_cell(document):
    at = place(document, "Sheet: Power grid: find out who holds what", "Five questions")
    table = next(each for each in body(document)[at:] if hasattr(each, "rows"))
    table.rows[1].cells[0].text = "Who decides on the ward?"


def edit_lines_to_write(document):
    at = place(document, "Sheet: Power grid: find out who holds what", "Five questions")
    line = next(each for each in body(document)[at:] if getattr(each, "text", "").startswith("[2 lines"))
    line.text = "[4 lines to write on]"


def edit_lead(document):
    text = below(document, GRID_TITLE, "Opening text")
    after(text, "On a ward, three of them sit in different buildings.")


def add_a_section(document):
    text = below(document, GRID_TITLE, "Online")
    after(after(text, "For night shifts", "Heading 2"), "Take ten minutes less.", "Normal")


def edit_the_advisory(document):
    file = "Lesson: Who decides, who risks, who knows"
    below(document, file, "What to say beforehand").text = "Uses an invented story about money. You may pass."
    reason(document, "Shorter, since our wards read it aloud.", file, "What to say beforehand")


def edit_an_outcome(document):
    file = "Lesson: Who decides, who risks, who knows"
    below(document, file, "What people can do afterwards").rows[2].cells[
        0
    ].text = "Diagnose one information gap on a ward"
    reason(document, "Our wards are the case.", file, "What people can do afterwards")


EDITS = {
    edit_title: f"{GRID}#title",
    edit_steps: f"{GRID}#Steps",
    edit_say: f"{GRID}#Steps",
    add_a_note: f"{GRID}#Notes",
    delete_a_note: f"{GRID}#Notes",
    edit_a_debrief: f"{GRID}#Debrief/What next",
    edit_material: f"{GRID}#materials",
    add_material: f"{GRID}#materials",
    edit_a_cell: "power-dynamics/handouts/power-grid.md#Five questions",
    edit_lines_to_write: "power-dynamics/handouts/power-grid.md#Five questions",
    edit_lead: f"{GRID}#lead",
    add_a_section: f"{GRID}#Online",
    edit_the_advisory: "power-dynamics/lesson.md#advisory",
    edit_an_outcome: "power-dynamics/lesson.md#teaches",
}


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_one_edit_changes_its_part_alone(edited, ours, edit, is_usable):
    """Whatever is edited, the pack says that part and no other, keeps the library's text of it, and can be used."""
    found = edited("power-dynamics", edit)
    extra = {f"{GRID}#For night shifts", f"{GRID}#Debrief"}
    assert {EDITS[edit]} == changed(ours) - extra, found.report
    path, part = EDITS[edit].split("#")
    theirs = parts.parts_of((ROOT / path).read_text(encoding="utf-8"))
    kept = parts.parts_of((ours / "base" / path).read_text(encoding="utf-8"))
    assert parts.same(theirs[part], kept[part])
    assert is_usable()
    assert not (ours / "review").exists()


def test_what_was_not_edited_in_a_part_stays_as_it_was_written(edited, ours):
    """Only the lines of the edited item differ from the library's file; all others are the same to the character."""
    edited("power-dynamics", edit_steps)
    own = parts.parts_of((ours / GRID).read_text(encoding="utf-8"))["Steps"].splitlines()
    theirs = parts.parts_of((ROOT / GRID).read_text(encoding="utf-8"))["Steps"].splitlines()
    assert len([line for line in own if line not in theirs]) == 1


def test_a_second_import_changes_nothing_more(edited, ours):
    """The same document again: its parts are as it says already."""
    edited("power-dynamics", edit_steps)
    before = (ours / GRID).read_text(encoding="utf-8")
    found = edited("power-dynamics", edit_steps)
    assert ("No part changed.", before) == (found.report[-1], (ours / GRID).read_text(encoding="utf-8"))


def test_readings_are_edited_with_a_reason(edited, ours, root):
    """A reading's words change, its holder, source and the others stay; the reason is kept where it is printed."""

    def edit(document):
        table = below(document, "Case: The Linehan example", "Ways to read it")
        table.rows[4].cells[1].text += " We ask it on every ward."
        reason(document, "Our network asks this.", "Case: The Linehan example", "Ways to read it")

    edited("case-endorsement", edit)
    assert {f"{LINEHAN}#readings"} == changed(ours)
    found = laid_over(root, [ours]).findings.library
    before = laid_over(root, []).findings.library.cards["linehan"].readings
    after_ = found.cards["linehan"].readings
    assert "We ask it on every ward." in after_[3].text
    assert [before[i] for i in (0, 1, 2, 4)] == [after_[i] for i in (0, 1, 2, 4)]
    assert [(change.kind, change.reason) for change in found.adaptations[0].changes] == [
        ("changed", "Our network asks this.")
    ]


def test_a_guarded_part_without_a_reason_stays_and_its_text_is_kept(edited, ours):
    """No reason, no change: the report says what to do, and the words stand in review/not-placed.md."""

    def edit(document):
        below(document, "Lesson: Who decides, who risks, who knows", "What to say beforehand").text = "All fine."
        edit_title(document)

    found = edited("power-dynamics", edit)
    assert {f"{GRID}#title"} == changed(ours)
    assert any("no reason is given" in line and "Guarded" in line for line in found.report)
    assert "> All fine." in (ours / "review" / "not-placed.md").read_text(encoding="utf-8")


# ------------------------------------------------------------ what Word does by itself


def xml_edit(path, change, part="word/document.xml"):
    """Change the text of one part of a document's package."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    entries[part] = change(entries.get(part, b"").decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)


@pytest.fixture
def document(library, files, tmp_path):
    """An exported lesson as a file."""
    path = tmp_path / "power-dynamics.docx"
    path.write_bytes(word(library, files, "power-dynamics"))
    return path


def test_quotation_marks_and_dashes_that_word_made_change_nothing(document, files):
    """Signs that a part has nowhere are taken back to the plain ones, and double spaces are one."""

    def smart(text):
        text = re.sub(r'(?<=>)([^<]*)&quot;([^<"&]*)&quot;', "\\1\u201c\\2\u201d", text)
        text = re.sub(r'(?<=>)([^<"]*\w)\'(\w[^<"]*)(?=<)', "\\1\u2019\\2", text)
        return re.sub(r"(?<=>)([^<]*\w)\. (\w[^<]*)(?=</w:t>)", "\\1.  \\2", text)

    xml_edit(document, smart)
    assert "\u2019" in zipfile.ZipFile(document).read("word/document.xml").decode()
    found = back(document, files, "power-dynamics")
    assert (found.changes, found.left) == ([], [])


def test_tracked_changes_count_as_accepted(document, files, come_back):
    """What was inserted is there, what was deleted is not, and the report says how many there were."""
    old = "Groups separate four kinds of power"
    deleted = '<w:del w:id="900" w:author="A. Person"><w:r><w:delText>Groups</w:delText></w:r></w:del>'
    put_in = '<w:ins w:id="901" w:author="A. Person"><w:r><w:t>Wards</w:t></w:r></w:ins>'

    def track(text):
        at = text.index(old)
        run = text.rindex("<w:r>", 0, at)
        rest = text[run:].replace(old, " separate four kinds of power", 1)
        return text[:run] + deleted + put_in + rest

    xml_edit(document, track)
    found = come_back(document)
    assert "Wards separate four kinds of power" in found.files[GRID]
    assert "2 tracked changes counted as accepted." in found.report
    assert "Person" not in "".join(found.files.values())


def test_comments_become_notes_for_review_without_names(edited, ours):
    """A comment is kept with its part; who wrote it is not."""

    def edit(document):
        step = below(document, GRID_TITLE, "Steps")
        document.add_comment(step.runs, text="Is four minutes enough?", author="Maeve Byrne", initials="MB")

    found = edited("power-dynamics", edit)
    kept = (ours / "review" / "comments.md").read_text(encoding="utf-8")
    assert f"## {GRID}#Steps\n\n> Is four minutes enough?\n" in kept
    assert "Maeve" not in kept
    assert "MB" not in kept
    assert any("1 comment is kept" in line and "names were left out" in line for line in found.report)
    edited("power-dynamics", edit)
    assert kept == (ours / "review" / "comments.md").read_text(encoding="utf-8")


def test_parts_that_were_moved_are_found(edited, ours):
    """A heading with its text stands elsewhere: nothing changes, since each part knows what it is."""

    def edit(document):
        at = place(document, GRID_TITLE, "Online")
        things = body(document)[at - 1 : at + 1]
        first = body(document)[place(document, "Sheet: Power grid: find out who holds what")]
        for each in things:
            first._element.addprevious(each._element)

    assert edited("power-dynamics", edit).report[-1] == "No part changed."
    assert set() == changed(ours)


def test_a_free_part_whose_heading_and_text_are_gone_is_taken_out(edited, ours, is_usable):
    """Told, and noted under `remove`."""

    def edit(document):
        at = place(document, GRID_TITLE, "Online")
        drop(*body(document)[at - 1 : at + 1])

    found = edited("power-dynamics", edit)
    assert f"{GRID}#Online: taken out." in found.report
    assert "remove: [Online]" in (ours / GRID).read_text(encoding="utf-8")
    assert is_usable()


def test_a_part_whose_heading_alone_was_deleted_is_still_that_part(edited, ours):
    """Its first paragraph knows where it belongs, so the part above does not take it."""

    def edit(document):
        drop(body(document)[place(document, GRID_TITLE, "Online") - 1])

    assert edited("power-dynamics", edit).report == ["No part changed."]
    assert changed(ours) == set()


def test_a_reason_may_stand_in_a_line_of_its_own(edited, is_usable):
    """Somebody wrote "Reason: …" below the heading of a guarded part instead of into its line."""

    def edit(document):
        text = below(document, GRID_TITLE, "Access")
        text.text = "Ask us what you need."
        after(text, "Reason: our rooms have a sheet of their own.")

    found = edited("power-dynamics", edit)
    assert f"{GRID}#Access: changed. Reason: our rooms have a sheet of their own." in found.report
    assert is_usable()


def test_a_guarded_part_whose_heading_is_gone_stays(edited, ours):
    """Access is guarded: it stays, and the report says how to take it out."""

    def edit(document):
        at = place(document, GRID_TITLE, "Access")
        drop(*body(document)[at - 1 : at + 2])

    found = edited("power-dynamics", edit)
    assert set() == changed(ours)
    assert any(line.startswith(f"{GRID}#Access: is gone from the document; it stays") for line in found.report)


def test_a_guarded_part_that_was_emptied_goes_with_its_reason(edited, ours, is_usable):
    """The heading stands, its text is deleted, and a reason is given: taken out, and the reason is kept."""

    def edit(document):
        reason(document, "Our rooms have a sheet of their own.", GRID_TITLE, "Access")
        at = place(document, GRID_TITLE, "Access") + 1
        drop(*[each for each in body(document)[at : at + 1] if "Heading" not in each.style.name])

    edited("power-dynamics", edit)
    text = (ours / GRID).read_text(encoding="utf-8")
    assert "remove: [Access]" in text
    assert "Our rooms have a sheet of their own." in text
    assert is_usable()


def test_a_heading_whose_mark_is_lost_is_known_by_its_words(document, files, come_back):
    """Without any bookmark, as after a copy through another program, parts are found by their headings."""
    xml_edit(document, lambda text: re.sub(r"<w:bookmark(Start|End)[^>]*/>", "", text))
    assert back(document, files, "power-dynamics").changes == []
    xml_edit(document, lambda text: text.replace("Nobody has to move", "Nobody needs to move"))
    found = come_back(document)
    assert any(f"{GRID}#Access" in line and "no reason" in line for line in found.report)


def test_text_outside_of_parts_pictures_and_footnotes_are_kept_or_told(edited, ours):
    """What no part can hold is told with where it stood, and its words are kept."""

    def edit(document):
        body(document)[3].text = "Dear team, please read page 4."
        step = below(document, GRID_TITLE, "Steps")
        step._p.append(parse_xml(f"<w:r {W}><w:drawing/></w:r>"))

    found = edited("power-dynamics", edit)
    kept = (ours / "review" / "not-placed.md").read_text(encoding="utf-8")
    assert "> Dear team, please read page 4." in kept
    assert any(f"{GRID}#Steps: could not be taken over: 1 picture" in line for line in found.report)
    assert set() == changed(ours)


def test_dry_run_says_what_it_would_do_and_writes_nothing(document, ours):
    """--dry-run prints the report, and no file changes."""
    made = docx.Document(document)
    edit_steps(made)
    made.save(document)
    before = {path: path.read_bytes() for path in ours.rglob("*") if path.is_file()}
    done = CliRunner().invoke(workshop, ["pack", "import", str(document), str(ours), "--dry-run"])
    assert f"{GRID}#Steps: changed." in done.stderr
    assert "Nothing was written." in done.stderr
    assert before == {path: path.read_bytes() for path in ours.rglob("*") if path.is_file()}


def test_export_and_import_as_they_are_typed(ours, tmp_path, is_usable):
    """The two commands: a document that is there stays, an edited one goes into the pack."""
    out = tmp_path / "grid.docx"
    words = ["pack", "export", "power-dynamics/power-grid", str(out)]
    assert f"{out.as_posix()}\n" == CliRunner().invoke(workshop, words).stdout
    again = CliRunner().invoke(workshop, words)
    assert isinstance(again.exception, WorkshopError)
    made = docx.Document(out)
    assert any(each.text.startswith("Step: ") for each in made.paragraphs)
    edit_steps(made)
    made.save(out)
    done = CliRunner().invoke(workshop, ["pack", "import", str(out), str(ours)])
    assert (ours / GRID).as_posix() in done.stdout.splitlines()
    assert is_usable()


def test_parts_that_were_not_exported_do_not_count_as_deleted(tmp_path, come_back):
    """A document of one part says nothing of the others."""
    out = tmp_path / "notes.docx"
    CliRunner().invoke(workshop, ["pack", "export", "power-dynamics/power-grid#Notes", str(out)])
    assert list(come_back(out).report) == ["No part changed."]


# ------------------------------------------------------------ what a pack says already


def test_what_a_pack_says_goes_to_word_and_back(tmp_path, ours, come_back):
    """With --pack the document holds the pack's own words, and an edit goes on from there."""
    pack(ours, {GRID: front("title: Our grid", "\n## Online\n\nUse our whiteboard.\n")})
    out = tmp_path / "grid.docx"
    CliRunner().invoke(workshop, ["pack", "export", "power-dynamics", str(out), "--pack", str(ours)])
    assert list(come_back(out).report) == ["No part changed."]
    made = docx.Document(out)
    below(made, "Step: Our grid", "Online").text = "Use our whiteboard. One person writes."
    made.save(out)
    found = come_back(out)
    assert "## Online\n\nUse our whiteboard.\nOne person writes.\n" in found.files[GRID]
    assert "title: Our grid" in found.files[GRID]


def test_a_part_that_changed_on_both_sides_stays_and_both_texts_are_kept(edited, ours):
    """Exported, then changed in the pack, then edited in Word: neither text is lost."""
    pack(ours, {GRID: front("title: Our grid", "\n## Online\n\nUse our whiteboard.\n")})

    def edit(made):
        below(made, GRID_TITLE, "Online").text = "Use paper."

    edited("power-dynamics", edit)
    assert "Use our whiteboard." in (ours / GRID).read_text(encoding="utf-8")
    assert "> Use paper." in (ours / "review" / "not-placed.md").read_text(encoding="utf-8")


def test_a_card_of_the_packs_own_is_edited_in_place(tmp_path, ours, come_back):
    """A file that the library lacks is the pack's: it changes there, and base/ has nothing of it."""
    card = "case-endorsement/cards/night-rota.md"
    text = (ROOT / LINEHAN).read_text(encoding="utf-8").replace("The Linehan example", "The night rota")
    pack(ours, {card: text})
    out = tmp_path / "card.docx"
    CliRunner().invoke(workshop, ["pack", "export", "case-endorsement/night-rota", str(out), "--pack", str(ours)])
    made = docx.Document(out)
    below(made, "Case: The night rota", "Opening text").text = "One question is open on our ward."
    made.save(out)
    found = come_back(out)
    assert [card] == list(found.files)
    assert "One question is open on our ward." in found.files[card]


# ------------------------------------------------------------ other people's files


def renamed(tag):
    """A change that gives the marks of the first part other names."""

    def change(text):
        text = re.sub(r'w:name="wt_[0-9a-f_]+"', 'w:name="x"', text, count=1)
        return re.sub(r'w:name="ws_[0-9a-f_]+"', f'w:name="{tag}"', text, count=1)

    return change


def test_marks_that_no_export_writes_are_refused(document, refused):
    """A mark with a path in it is no mark of ours."""
    xml_edit(document, renamed("ws_../../etc/passwd"))
    assert "has a mark that no export writes: 'ws_../../etc/passwd'. [bad-mark]" in refused(document)


def test_a_mark_that_stands_twice_is_refused(document, refused):
    """Two parts of one name: nobody could tell which is meant."""
    text = zipfile.ZipFile(document).read("word/document.xml").decode()
    first, second = re.findall(r'w:name="(ws_[0-9a-f_]+)"', text)[:2]
    xml_edit(document, lambda text: text.replace(second, first))
    assert "has one mark twice" in refused(document)


def test_marks_of_another_lesson_are_refused(document, files, refused):
    """A heading that was copied from another lesson's document would change that lesson."""
    other = files["opening"][0].parts[0]
    xml_edit(document, renamed(f"ws_{other.tag}_{other.fingerprint}"))
    assert "has marks of different lessons: 'power-dynamics' and 'opening'. [other-lesson]" in refused(document)


def test_a_part_that_the_library_no_longer_has_is_kept_as_text(document, come_back):
    """Its mark is known to nobody: the words are told and kept, and no other part takes them."""
    xml_edit(document, renamed("ws_0123456789ab_0123456789ab"))
    found = come_back(document)
    assert any("which is no part of the lesson any more" in line for line in found.report)
    assert "> Who decides, who risks, who knows" in found.files["review/not-placed.md"]


def test_ten_thousand_marks_are_refused(document, refused):
    """No lesson has so many."""
    many = "".join(f'<w:bookmarkStart w:id="{9000 + i}" w:name="x{i}"/>' for i in range(10_000))
    xml_edit(document, lambda text: text.replace("<w:body>", f"<w:body>{many}", 1))
    assert "marks and controls; at most" in refused(document)


def test_more_text_than_a_lesson_holds_is_refused(document, refused):
    """Half a million letters would take long to compare, and no lesson has them."""
    xml_edit(
        document,
        lambda text: text.replace("<w:body>", f"<w:body><w:p><w:r><w:t>{'ab ' * 170_000}</w:t></w:r></w:p>", 1),
    )
    assert "letters; at most" in refused(document)


def test_things_nested_too_deeply_are_refused(document, refused):
    """Controls in controls, two hundred deep."""
    deep = "<w:sdt><w:sdtContent>" * 100 + "<w:p/>" + "</w:sdtContent></w:sdt>" * 100
    xml_edit(document, lambda text: text.replace("<w:body>", f"<w:body>{deep}", 1))
    assert "levels of things in things" in refused(document) or "no XML" in refused(document)


def test_what_runs_or_fetches_is_refused(document, tmp_path, refused):
    """Macros, a document type, a picture from outside, a field that fetches: each with its reason."""
    cases = {
        "a document type": ("word/document.xml", lambda t: t.replace("?>", '?><!DOCTYPE x [<!ENTITY e "v">]>', 1)),
        "DDEAUTO": (
            "word/document.xml",
            lambda t: t.replace("<w:body>", '<w:body><w:p><w:fldSimple w:instr="DDEAUTO c calc"/></w:p>', 1),
        ),
        "would fetch": (
            "word/_rels/document.xml.rels",
            lambda t: t.replace(
                "</Relationships>",
                f'<Relationship Id="rX" Type="{OFFICE}/image" '
                'Target="http://example.org/x.png" TargetMode="External"/></Relationships>',
            ),
        ),
        "macros": ("word/vbaProject.bin", lambda _: "x"),
    }
    for number, (told, (part, change)) in enumerate(cases.items()):
        path = tmp_path / f"hostile{number}.docx"
        shutil.copy(document, path)
        xml_edit(path, change, part)
        text = refused(path)
        assert told in text
        assert "word-file" in text
        assert "letterhead" not in text


def test_a_bomb_and_what_is_no_word_file_are_refused(document, tmp_path, refused):
    """A part that unpacks to hundreds of times its size; a text named .docx; a file that is not there."""
    xml_edit(document, lambda _: "<x>" + " " * 9_000_000 + "</x>", "word/extra.xml")
    assert "times its size" in refused(document)
    plain = tmp_path / "plain.docx"
    plain.write_text("hello", encoding="utf-8")
    assert "is not a Word file" in refused(plain)
    assert "is not there" in refused(tmp_path / "none.docx")


def test_a_document_without_a_lesson_is_refused(tmp_path, refused):
    """Somebody's letter is no lesson."""
    path = tmp_path / "letter.docx"
    made = docx.Document()
    made.add_paragraph("Dear all")
    made.save(path)
    assert "holds no lesson of this library" in refused(path)


@pytest.mark.parametrize(
    "text", ["<script>x</script>", "{{7*7}}", "::: danger", "{% include 'x' %}", "[@no-such-source]"]
)
def test_text_that_looks_like_more_is_text_or_stays_out(edited, ours, text, is_usable):
    """Markup, templates and unknown names typed in Word: written as plain words, or left out with the reason."""

    def edit(document):
        after(below(document, GRID_TITLE, "Notes"), f"Look: {text}", "Normal")

    found = edited("power-dynamics", edit)
    assert is_usable()
    assert changed(ours) == {f"{GRID}#Notes"} or any(f"{GRID}#Notes: " in line for line in found.report)
