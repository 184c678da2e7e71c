"""Packs in the browser: whose they are, what they change and keep, and a part adapted in place."""

import os
import shutil

import pytest
from pack_help import GOOD, STEP, front, pack
from web_help import start

from builder.library import shipped
from builder.packs import parts
from builder.packs.loading import load
from builder.questions import so_far
from builder.strict import read_yaml
from builder.web.packs import Shelf
from builder.web.parts_typed import text_of, with_typed

CONTACTS = "contacts: [{role: Equity adviser, reach: extension 204, verified_on: 2026-10-01}]\n"
KEPT = "defaults: {minutes: 120}\nlimits: {modes: [in-person]}\n"
LESSON = "/pack/lesson/listening"


@pytest.fixture
def opened(tmp_path, monkeypatch):
    """A function that gives a browser over the good library with packs."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def begin(files=None, more="", *others):
        folder = pack(tmp_path / "riverside", files, more)
        packs = (folder, *others)
        browser = start(load(GOOD, packs)[0])
        browser.desk.shelf = Shelf(GOOD, packs)
        return browser, folder

    return begin


def part_of(path, name):
    return f"/pack/part?path={path}&part={name}"


def save(browser, text, reason="", do="save"):
    """Fill the form for a part in, and press one of its buttons."""
    return browser.send("/pack/part", {"text": text, "reason": reason}, button=("do", do))


def test_each_page_names_whose_pack_is_in_use(opened):
    """The organisation stands in the header, with the way to what its pack says."""
    browser, _ = opened(more=CONTACTS + KEPT)
    assert browser.open("/").words("//header//p[@class='pack']") == "Pack: Riverside Trust"
    told = browser.open("/pack").words()
    assert "Equity adviser: extension 204 (checked on 2026-10-01)" in told
    assert "In-person" in told


def test_answers_of_the_pack_stand_in_the_questions(opened):
    """Its defaults are there before anything is answered; what it excludes is closed with the reason."""
    browser, _ = opened(more=KEPT)
    browser.open("/")
    assert browser.page.xpath("//input[@name='when']/@value") == ["10:00-12:00"]
    assert browser.page.xpath("//input[@name='where'][@value='online']/@disabled")
    assert "the pack 'riverside' allows only in-person" in browser.words()


def test_a_required_contact_is_shown_and_needs_no_answer(opened):
    """The page of details says that it is printed; nobody has to type it again."""
    browser, _ = opened(more=CONTACTS)
    browser.to_the_agenda()
    browser.open("/details")
    assert "Printed in any case: Equity adviser, Riverside Trust, extension 204" in browser.words()
    assert browser.page.xpath("//textarea[@name='contacts']")[0].text.strip() == ""


def test_without_a_pack_there_is_nothing_to_adapt(opened):
    """Where no pack is open the page of the pack says how to make one, and lessons have no parts to change."""
    browser, _ = opened()
    browser.desk.so = so_far(load(GOOD)[0], {})
    browser.desk.shelf = None
    assert "workshop pack new" in browser.open("/pack").words()
    assert browser.client.get(LESSON).status_code == 404


def test_changed_parts_are_marked_with_before_and_after(opened):
    """A part that the pack changes is told from the others, with both texts."""
    browser, _ = opened({STEP: front("title: Two minutes on the ward")})
    row = browser.open(LESSON).words(f"//div[@id='{STEP}-title']")
    assert "changed by the pack" in row
    assert "Two minutes on the ward" in row
    assert "Two minutes without a word" in row


def test_the_lessons_own_page_marks_what_the_pack_changes(opened):
    """The library says which lessons are changed; the lesson's page shows which parts, and both texts."""
    browser, _ = opened({STEP: front("title: Two minutes on the ward")})
    assert browser.open("/library").words("//li[.//a[@href='/library/listening']]").count("changed by the pack") == 1
    told = browser.open("/library/listening").words("//section[@aria-labelledby='adapted']")
    assert "title in listening/activities/two-minutes.md changed by the pack" in told
    assert "Two minutes without a word" in told
    assert browser.page.xpath("//a[@href='/pack/lesson/listening']")


def test_a_part_is_adapted_in_place(opened):
    """What is typed goes into the pack, `base/` keeps the library's text, and the lessons in use are the new ones."""
    browser, folder = opened()
    browser.open(part_of(STEP, "title"))
    save(browser, "Two minutes on the ward")
    assert "Saved into the pack: “title”" in browser.words()
    assert "Two minutes on the ward" in (folder / STEP).read_text()
    assert "title" in (folder / "base" / STEP).read_text()
    assert browser.desk.library.activities["listening/two-minutes"].title == "Two minutes on the ward"


def test_every_part_of_the_library_comes_back_as_it_was(tmp_path):
    """What a form shows of a part, sent back without an edit, says the same: of all parts of all lessons."""
    opened = Shelf(shipped("modules"), (pack(tmp_path / "riverside"),)).read()
    changed = []
    for path in (path for path in opened.library if path.endswith(".md")):
        for part in opened.parts(path):
            back = with_typed(part.name, text_of(part.name, part.before), part.before)
            if said_by(part.name, back) != said_by(part.name, part.before):
                changed.append(f"{path}#{part.name}")
    assert changed == []


def said_by(name, written):
    """What a part says: the value of a field, or heading and words of a section."""
    if parts.is_field(name):
        return read_yaml(written, "")[0].values
    return parts.heading_of(written).strip(), parts.words_of(name, written)


def test_what_it_would_be_is_shown_before_anything_is_saved(opened):
    """The preview shows the text as it is printed, and writes nothing."""
    browser, folder = opened()
    browser.open(part_of(STEP, "Notes"))
    save(browser, "- If **nobody** speaks: wait.", do="preview")
    assert "Nothing is saved yet." in browser.words()
    assert browser.page.xpath("//div[@class='printed']//strong/text()") == ["nobody"]
    assert not (folder / STEP).exists()


def test_a_guarded_part_asks_for_its_reason(opened):
    """Without one nothing is saved, and what was typed is still there; with one it is, and the reason is kept."""
    browser, folder = opened()
    browser.open(part_of("listening/lesson.md", "intensity"))
    assert "needs a reason" in browser.words()
    save(browser, "intensity: 2")
    assert "no reason is given" in browser.words("//section[@role='alert']")
    assert browser.page.xpath("//textarea[@name='text']")[0].text.strip() == "intensity: 2"
    assert not (folder / "listening/lesson.md").exists()
    save(browser, "intensity: 2", "People come from night shifts.")
    assert "People come from night shifts." in (folder / "listening/lesson.md").read_text()


def test_a_locked_part_has_no_form(opened):
    """Whose words these are stays as it is, whatever is sent."""
    browser, folder = opened()
    browser.open(LESSON)
    assert browser.page.xpath("//div[@id='listening/lesson.md-license']//a") == []
    assert "Locked" in browser.open(part_of("listening/lesson.md", "license")).words()
    browser.post("/pack/part", [("path", "listening/lesson.md"), ("part", "license"), ("text", "x"), ("do", "save")])
    assert "Nothing was saved" in browser.words()
    assert not (folder / "listening/lesson.md").exists()


def test_an_error_stands_beside_the_text_with_its_line(opened):
    """A placeholder that nobody knows is told with the line of what was typed."""
    browser, folder = opened()
    browser.open(part_of(STEP, "Notes"))
    save(browser, "- One.\n- Two.\n- Ask {{nobody_knows}}.")
    assert "Line 3" in browser.words("//section[@role='alert']")
    assert not (folder / STEP).exists()


def test_two_tabs_do_not_overwrite_each_other(opened):
    """The second form to be sent is not saved; its text is still there."""
    browser, folder = opened()
    browser.open(part_of(STEP, "title"))
    other = browser.another()
    save(browser, "First")
    save(other, "Second")
    assert "changed meanwhile" in other.words("//section[@role='alert']")
    assert other.page.xpath("//textarea[@name='text']")[0].text.strip() == "Second"
    assert "First" in (folder / STEP).read_text()


def test_an_edit_by_hand_is_not_overwritten(opened):
    """A file that somebody changed in an editor since the page was made stays."""
    browser, folder = opened()
    browser.open(part_of(STEP, "title"))
    pack(folder, {STEP: front("title: By hand")})
    save(browser, "In the page")
    assert "changed meanwhile" in browser.words()
    assert "By hand" in (folder / STEP).read_text()


def test_of_several_packs_none_is_changed(opened, tmp_path):
    """Where two packs are open, nobody can know which is meant; the page says so."""
    more = shutil.copytree(pack(tmp_path / "other"), tmp_path / "second")
    (more / "pack.yaml").write_text((more / "pack.yaml").read_text().replace("riverside", "second"))
    browser, _ = opened(None, "", more)
    assert "Several packs are open" in browser.open(LESSON).words()
    assert browser.page.xpath("//a[starts-with(@href, '/pack/part')]") == []


def test_a_pack_that_nobody_may_write_is_refused_in_words(opened, monkeypatch):
    """The page says what to do before anything is typed."""
    browser, folder = opened()
    monkeypatch.setattr(os, "access", lambda path, _mode: path != folder)
    assert "Nobody may write" in browser.open(LESSON).words()


def test_a_pack_behind_a_link_is_refused_in_words(opened, tmp_path):
    """What is written goes where the command said, and nowhere else."""
    browser, folder = opened()
    (tmp_path / "link").symlink_to(folder)
    browser.desk.shelf = Shelf(GOOD, (tmp_path / "link",))
    assert "is a link to another place" in browser.open("/pack").words()


def test_a_pack_of_somebody_else_is_refused_in_words(opened, monkeypatch):
    """A folder that belongs to another person is not written into."""
    browser, _ = opened()
    monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)
    assert "belongs to somebody else" in browser.open(LESSON).words()


@pytest.mark.parametrize("path", ["../../etc/passwd", "pack.yaml", "base/listening/lesson.md", "listening/none.md"])
def test_only_parts_of_lessons_can_be_named(opened, path):
    """An address that names anything else is no page, and a form that does is refused."""
    browser, _ = opened()
    assert browser.client.get(part_of(path, "title")).status_code == 404
    browser.post("/pack/part", [("path", path), ("part", "title"), ("text", "x"), ("do", "save")])
    assert browser.answer.status_code == 404


def test_what_is_typed_is_never_markup_of_the_page(opened):
    """HTML that somebody types is text in the form, and an error of the pack."""
    browser, folder = opened()
    browser.open(part_of(STEP, "Notes"))
    save(browser, "<script>alert(1)</script>", do="preview")
    assert browser.page.xpath("//script") == []
    assert "alert(1)" in browser.page.xpath("//textarea[@name='text']")[0].text
    assert not (folder / STEP).exists()
