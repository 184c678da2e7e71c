"""Files that come in by the browser: a letterhead, names, a brief; taken, shown, refused with the reason, forgotten."""

import io
import json
import zipfile

import docx
import pytest
from web_help import HOME, start

from builder.questions import write as write_brief
from builder.strict import read_yaml
from builder.web import briefs

NAMES = b"name,team\nAda Lovelace,A\nGrace Hopper,B\n"
BRIEF = b"title: Autumn\nminutes: 120\nfocus: [power-dynamics]\nparticipants: 20\n"


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    """The folder of answers: no test sees those of another, or of the person who runs it."""
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def browser(library, tmp_path):
    """A browser at the files of a workshop that is called Spring."""
    browser = start(library, home=tmp_path).to_the_agenda()
    browser.open("/details").send("/details", {"title": "Spring"})
    return browser.open("/files")


@pytest.fixture(scope="module")
def letterhead():
    """A Word file with a name in its header."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Riverside Trust, Dublin"
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


def send(browser, kind, content, name="file.bin", **fields):
    """Choose a file and press its button."""
    values = {"revision": dict(browser.form(f"/upload/{kind}"))["revision"], **fields}
    browser.answer = browser.client.post(
        f"/upload/{kind}", data=values, files={"file": (name, content)}, headers={"origin": HOME}
    )
    return browser


def all_bytes(folder):
    """The bytes of every file in a folder."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def with_part(content, name, part):
    """The same Word file with one more part."""
    packed = io.BytesIO(content)
    with zipfile.ZipFile(packed, "a") as package:
        package.writestr(name, part)
    return packed.getvalue()


# ------------------------------------------------------------ a letterhead


def test_a_letterhead_is_used_at_once_and_after_a_restart(browser, library, tmp_path, letterhead, words_of):
    """Kept beside the answers under a name of ours, whatever it was called."""
    send(browser, "letterhead", letterhead, "../../etc/passwd.docx")
    assert "The papers are on your letterhead" in browser.words("//*[@id='told']")
    kept = tmp_path / "data" / "letterhead.docx"
    assert browser.desk.so.brief.letterhead == str(kept)
    assert kept.read_bytes() == letterhead
    assert sorted(path.name for path in kept.parent.iterdir()) == ["answers.json", "history.json", "letterhead.docx"]
    guide = browser.client.get("/papers/file/facilitator-guide.docx").content
    with zipfile.ZipFile(io.BytesIO(guide)) as package:
        assert any(b"Riverside Trust" in package.read(name) for name in package.namelist())
    again = start(library, home=tmp_path)
    again.send("/begin", button=("begin", "on"))
    assert "Your letterhead is in use" in again.open("/files").words()
    assert again.client.get("/papers/file/facilitator-guide.docx").content == guide


def test_the_zip_holds_the_letterhead_that_its_brief_names(browser, tmp_path, letterhead):
    """The brief in it builds anywhere: no path of this computer is in it."""
    send(browser, "letterhead", letterhead)
    with zipfile.ZipFile(io.BytesIO(browser.client.get("/papers/all.zip").content)) as package:
        assert package.read("letterhead.docx") == letterhead
        marked, problems = read_yaml(package.read("workshop.yaml").decode(), "workshop.yaml")
    assert problems == []
    assert marked.values["letterhead"] == "letterhead.docx"
    alone = browser.client.get("/files/workshop.yaml").text
    assert 'letterhead: "letterhead.docx"' in alone
    assert str(tmp_path) not in alone
    assert "not shown here" in browser.open("/papers/facilitator-guide").words()
    assert "not shown here" not in browser.open("/papers/group-cards").words()


def test_a_letterhead_is_removed_with_its_file(browser, tmp_path, letterhead):
    """Nothing of it stays, and the papers are plain again."""
    plain = browser.client.get("/papers/file/agenda.docx").content
    send(browser, "letterhead", letterhead).open("/files").send("/files/letterhead/remove")
    assert "plain paper" in browser.words("//*[@id='told']")
    assert not (tmp_path / "data" / "letterhead.docx").exists()
    assert browser.desk.so.brief.letterhead is None
    assert browser.client.get("/papers/file/agenda.docx").content == plain


def test_undo_of_the_agenda_leaves_the_letterhead(browser, letterhead):
    """It is no change of the agenda, so that no undo loses it."""
    browser.open("/library/rest-and-care").send("/library/use")
    send(browser.open("/files"), "letterhead", letterhead)
    browser.open("/agenda").send("/agenda/undo")
    assert browser.desk.so.brief.letterhead


def test_a_letterhead_of_an_earlier_time_can_be_used_again_or_deleted(browser, tmp_path, letterhead):
    """After beginning anew it lies there and is not in use."""
    send(browser, "letterhead", letterhead)
    browser.desk.anew()
    assert "of an earlier time is here" in browser.open("/files").words()
    browser.send("/files/letterhead/again")
    assert browser.desk.so.brief.letterhead == str(tmp_path / "data" / "letterhead.docx")
    browser.desk.anew()
    browser.open("/files").send("/files/letterhead/remove")
    assert not (tmp_path / "data" / "letterhead.docx").exists()
    browser.post("/files/letterhead/again", [("revision", str(browser.desk.revision))])
    assert browser.desk.so.brief.letterhead is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no archive at all", "It is not a Word file"),
        (b"\xd0\xcf\x11\xe0old", "old .doc file"),
        (b"PK\x03\x04broken", "It is not a Word file"),
        ("macros", "macros"),
    ],
)
def test_a_letterhead_that_is_not_safe_is_refused_with_the_reason(browser, tmp_path, letterhead, content, reason):
    """Nothing is kept, nothing is changed."""
    sent = with_part(letterhead, "word/vbaProject.bin", b"x") if content == "macros" else content
    before = browser.desk.so.answers
    send(browser, "letterhead", sent)
    assert reason in browser.words("//*[@id='told']")
    assert "That file was not taken" in browser.words("//*[@id='told']")
    assert browser.desk.so.answers == before
    assert not (tmp_path / "data" / "letterhead.docx").exists()
    assert browser.page.xpath("//input[@id='file-letterhead']/@aria-invalid") == ["true"]


def test_a_refused_letterhead_leaves_the_one_before(browser, tmp_path, letterhead):
    """Only a good one takes its place."""
    send(browser, "letterhead", letterhead).open("/files")
    send(browser, "letterhead", b"junk")
    assert (tmp_path / "data" / "letterhead.docx").read_bytes() == letterhead


def test_a_full_disk_is_told(browser, letterhead, monkeypatch):
    """No bug, no lost answers."""
    from builder.web import letterheads

    def full(_path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(letterheads.disk, "staged", lambda *_: full(_))
    send(browser, "letterhead", letterhead)
    assert "No space left" in browser.words("//*[@id='told']")


def test_a_letterhead_that_a_brief_named_can_be_left_out(library, tmp_path):
    """One from a brief's folder is named, and no file of somebody is deleted."""
    from builder.strict import Marked

    own = tmp_path / "own.docx"
    own.write_bytes(b"theirs")
    browser = start(library, tmp_path / "workshop.yaml", Marked({"title": "T", "letterhead": "own.docx"}), tmp_path)
    assert "own.docx" in browser.open("/files").words()
    browser.send("/files/letterhead/remove")
    assert browser.desk.so.brief.letterhead is None
    assert own.exists()


# ------------------------------------------------------------ names


def test_names_go_into_badges_and_nowhere_else(browser, tmp_path, capfd, words_of):
    """Not into answers, brief, history, other papers, messages, or what the terminal shows."""
    send(browser, "names", NAMES, "people.csv")
    assert "2 names are ready" in browser.words("//*[@id='told']")
    assert "one other column was not used" in browser.words("//*[@id='told']").lower()
    assert "Ada" not in browser.answer.text
    with zipfile.ZipFile(io.BytesIO(browser.client.get("/papers/all.zip").content)) as package:
        holding = [
            name
            for name in package.namelist()
            if name.endswith(".docx") and "Ada Lovelace" in str(words_of(package.read(name)))
        ]
        assert sorted(holding) == ["badges.docx", "table-cards.docx"]
        assert (
            b"Ada" not in package.read("workshop.yaml") + package.read("agenda.ics")
            if "agenda.ics" in package.namelist()
            else True
        )
    assert "Ada Lovelace" in browser.open("/papers/badges").words()
    assert "Ada Lovelace" in browser.open("/papers/table-cards").words()
    words = browser.open("/papers").words()
    assert "badges for 2 people" in words
    assert "--roster" not in words
    assert b"Lovelace" not in all_bytes(tmp_path / "data")
    assert "Lovelace" not in "".join(capfd.readouterr())


def test_names_are_forgotten_on_request_and_at_the_end(browser):
    """With the papers that held them."""
    send(browser, "names", NAMES)
    browser.open("/papers/badges").open("/files").send("/files/names/forget")
    assert "The names are forgotten" in browser.words("//*[@id='told']")
    assert browser.client.get("/papers/file/badges.docx").status_code == 404
    assert browser.open("/papers/badges").answer.status_code == 404
    send(browser.open("/files"), "names", NAMES)
    browser.open("/papers")
    browser.post("/quit", [])
    assert (browser.desk.uploads.people, browser.desk.kit) == (None, None)


def test_names_are_forgotten_with_the_workshop(browser):
    """Who begins anew has other people."""
    send(browser, "names", NAMES)
    browser.open("/").send("/anew")
    assert browser.desk.uploads.people is None


def test_badges_are_written_into_a_folder_and_removed_again(browser, tmp_path):
    """By the rules of `workshop build`; what is said of them is said for a page."""
    send(browser, "names", NAMES).open("/papers").send("/papers/write")
    folder = tmp_path / "workshop-spring"
    assert (folder / "badges.docx").exists()
    assert b"Lovelace" not in (folder / "kit.json").read_bytes() + (folder / "workshop.yaml").read_bytes()
    browser.open("/files").send("/files/names/forget")
    browser.open("/papers").send("/papers/write")
    told = browser.words("//*[@id='told']")
    assert not (folder / "badges.docx").exists()
    assert "badges.docx" in told
    assert "--roster" not in told


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04rest", "a spreadsheet and not a CSV file"),
        (b"colour\nblue\n", "a heading for names"),
        (b"name\n", "no name below"),
        (b'name\n"open\n', "quotation mark"),
        (b"name\n" + b"x" * 81, "a name has 81 characters"),
        (b"name\n" + b"Ada\n" * 401, "401 people"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_without_a_name(browser, content, reason):
    """By the same guards as --roster."""
    send(browser, "names", content)
    assert reason in browser.words("//*[@id='told']")
    assert browser.desk.uploads.people is None


def test_hostile_names_are_names(browser):
    """Tags are shown, what no paper can hold is gone."""
    send(browser, "names", "name\n<script>alert(1)</script>\nev\u202eil\x07\n".encode())
    assert browser.desk.uploads.people is not None
    browser.open("/papers/badges")
    assert "<script>alert" not in browser.answer.text
    assert "<script>alert(1)</script>" in browser.words()
    assert "\u202e" not in browser.answer.text
    assert "\x07" not in browser.answer.text


def test_other_names_take_the_place_of_the_first(browser):
    """The badges are those of the latest list."""
    send(browser, "names", NAMES).open("/papers/badges").open("/files")
    send(browser, "names", b"name\nLin\n").open("/papers/badges")
    assert "Lin" in browser.words()
    assert "Ada" not in browser.words()


# ------------------------------------------------------------ a brief


def test_a_brief_is_taken_over_after_it_said_what_it_changes(browser):
    """Nothing changes before; undo brings the answers from before back."""
    before = dict(browser.desk.so.answers)
    send(browser, "brief", BRIEF)
    assert browser.path.startswith("/files/brief/")
    words = browser.words()
    assert "TitleNow: SpringThen: Autumn" in words
    assert "2 hours" in words
    assert browser.desk.so.answers == before
    browser.send("/files/brief/take")
    assert (browser.desk.so.brief.title, browser.desk.so.brief.minutes) == ("Autumn", 120)
    assert browser.desk.so.brief.participants == 20
    browser.open("/agenda").send("/agenda/undo")
    assert browser.desk.so.answers == before


def test_a_brief_can_be_left(browser):
    """The answers are as they were, and it is not taken over later."""
    before = browser.desk.so.answers
    number = send(browser, "brief", BRIEF).path.rpartition("/")[2]
    browser.send("/files/brief/leave")
    assert "as they were" in browser.words("//*[@id='told']")
    browser.post("/files/brief/take", [("number", number), ("revision", str(browser.desk.revision))])
    assert "not waiting any more" in browser.words("//*[@id='told']")
    browser.open(f"/files/brief/{number}")
    assert "not waiting any more" in browser.words("//*[@id='told']")
    assert browser.desk.so.answers == before


def test_what_the_page_gives_comes_back_as_it_was(browser, library, tmp_path):
    """The brief that was downloaded changes nothing here, and makes the same workshop elsewhere."""
    text = browser.client.get("/files/workshop.yaml").content
    assert text.decode() == write_brief(browser.desk.so.brief)
    send(browser, "brief", text)
    assert "the same answers" in browser.words()
    assert not browser.page.xpath("//form[@action='/files/brief/take']")
    so, notes = briefs.read(text, library, None)
    assert (so.brief, list(notes)) == (browser.desk.so.brief, [])


def test_a_brief_is_taken_before_any_question_is_answered(library, tmp_path):
    """One begins with a colleague's brief."""
    browser = start(library, home=tmp_path).open("/files")
    send(browser, "brief", BRIEF).send("/files/brief/take")
    assert browser.desk.so.brief.title == "Autumn"
    assert browser.answer.status_code == 200


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"title: A\ntitle: B\n", "Line 2, column 1"),
        (b"title: A\nminuets: 90\n", "Line 2, column 1"),
        (b"title: A\nminutes: 9000\n", "Line 2, column 10"),
        (b"title: [", "Line 2"),
        (b"title: &a A\n", "anchors"),
        (b"a: &a [*a]", "anchors"),
        (b"focus: [nothing]\n", "'nothing' is no lesson"),
        (b"title: \xff\xfe\n", "is not UTF-8 text from here on"),
        (b"", "Choose a brief"),
        (b"# nothing\n", "It holds no answers"),
        (b"[" * 1000, "Line 1"),
    ],
)
def test_a_brief_that_cannot_be_used_says_where_and_changes_nothing(browser, content, reason):
    """The same strict reader as for files."""
    before = browser.desk.so.answers
    send(browser, "brief", content)
    assert reason in browser.words("//*[@id='told']")
    assert browser.desk.so.answers == before
    assert browser.desk.uploads.brief is None


def test_hostile_text_in_a_brief_is_text(browser):
    """On the page that asks, and in what is refused."""
    send(browser, "brief", "title: '<script>alert(1)</script> ev\u202eil'\n".encode())
    assert "<script>alert" not in browser.answer.text
    assert "\u202e" not in browser.answer.text
    assert "<script>alert(1)</script>" in browser.words()
    send(browser.open("/files"), "brief", b"'<script>alert(1)</script>': 1\n")
    assert "<script>alert" not in browser.answer.text
    assert "<script>alert(1)</script>" in browser.words("//*[@id='told']")


def test_a_brief_brings_no_letterhead_of_this_computer(browser, letterhead):
    """A brief from somebody else cannot name a file here; the letterhead in use stays, and one is told."""
    send(browser, "letterhead", letterhead).open("/files")
    kept = browser.desk.so.brief.letterhead
    send(browser, "brief", b"title: X\nletterhead: /etc/secret.docx\n")
    assert "names a letterhead" in browser.words()
    browser.send("/files/brief/take")
    assert browser.desk.so.brief.letterhead == kept


def test_a_brief_from_an_old_page_is_not_taken(browser):
    """Another tab was faster."""
    send(browser, "brief", BRIEF)
    other = browser.another()
    browser.open("/library/rest-and-care").send("/library/use")
    other.send("/files/brief/take")
    assert "changed on another page" in other.words("//*[@id='told']")
    assert browser.desk.so.brief.title == "Spring"


# ------------------------------------------------------------ what comes in at all


@pytest.mark.parametrize("kind", ["letterhead", "names", "brief"])
def test_no_file_is_told(browser, kind):
    """A button pressed too early."""
    send(browser, kind, b"")
    assert "first" in browser.words("//*[@id='told']")


@pytest.mark.parametrize(("kind", "size"), [("names", 1_000_001), ("brief", 1_000_001)])
def test_a_file_that_is_too_large_is_refused_with_413(browser, kind, size):
    """With the page to try again from."""
    send(browser, kind, b"a" * size)
    assert browser.answer.status_code == 413
    assert "at most 1,000 kB" in browser.words("//*[@id='told']")
    assert browser.page.xpath(f"//form[@action='/upload/{kind}']")


def test_more_than_a_letterhead_may_have_is_not_even_read(browser):
    """The guards stop it."""
    send(browser, "letterhead", b"a" * 20_000_001)
    assert browser.answer.status_code == 413


def part(disposition, value):
    """One part of a form, with what it says of itself."""
    return b"--x\r\nContent-Disposition: form-data" + disposition + b"\r\n\r\n" + value + b"\r\n"


@pytest.mark.parametrize(
    "body",
    [
        b"nothing",
        b"--x\r\nno header\r\n\r\nvalue\r\n--x--\r\n",
        part(b"", b"value") + b"--x--\r\n",
        b"--x\r\n" * 40 + b"--x--",
        part(b'; name="f"', b"v") * 20 + b"--x--\r\n",
        part(b'; name="file"; filename="f"', b"v") * 3 + b"--x--\r\n",
        part(b'; name="revision"', b"9" * 20_000) + b"--x--\r\n",
    ],
)
@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x", "multipart/form-data", "application/x-www-form-urlencoded"]
)
def test_what_is_no_form_with_a_file_is_refused(browser, body, kind):
    """No bug, no guess: nothing is changed."""
    before = browser.desk.so.answers
    for path in ("/upload/letterhead", "/upload/names", "/upload/brief"):
        answer = browser.client.post(path, content=body, headers={"origin": HOME, "content-type": kind})
        assert answer.status_code == 400 or "not taken" in answer.text or "another page" in answer.text, answer.text
    assert browser.desk.so.answers == before
    assert browser.desk.uploads.people is None


def test_files_from_other_pages_are_refused(browser):
    """Origin counts for files as for forms."""
    for origin in ("http://evil.example", "null"):
        answer = browser.client.post("/upload/names", files={"file": ("n", NAMES)}, headers={"origin": origin})
        assert answer.status_code == 403
    assert browser.desk.uploads.people is None


def test_a_file_from_an_old_page_changes_nothing(browser, letterhead):
    """Another tab was faster."""
    send(browser, "letterhead", letterhead, revision="0")
    assert "changed on another page" in browser.words("//*[@id='told']")
    assert browser.desk.so.brief.letterhead is None


def test_nothing_comes_in_while_earlier_answers_wait(browser, library, tmp_path, letterhead):
    """First somebody says how to begin."""
    again = start(library, home=tmp_path)
    for path in ("/files", "/papers"):
        assert again.open(path).path == "/"
    for kind, content in (("letterhead", letterhead), ("names", NAMES), ("brief", BRIEF)):
        again.client.post(f"/upload/{kind}", files={"file": ("f", content)}, headers={"origin": HOME})
    for path in ("letterhead/remove", "letterhead/again", "brief/take"):
        again.post(f"/files/{path}", [("revision", str(again.desk.revision))])
    assert again.desk.uploads.people is None
    assert not (tmp_path / "data" / "letterhead.docx").exists()
    assert json.loads((tmp_path / "data" / "answers.json").read_text())["answers"]["title"] == "Spring"


def test_files_are_read_in_memory(browser, monkeypatch):
    """No name of a person lies in a temporary file, not even for a moment."""
    import tempfile

    rolled = []
    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", lambda _: rolled.append(True))
    send(browser, "names", b"name,note\n" + b"Ada," + b"x" * 99 + b"\n" * 990_000)
    assert "1 name is ready" in browser.words("//*[@id='told']")
    assert rolled == []
