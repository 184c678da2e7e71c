"""What live pages need of the server: answers before somebody is done, and files that are sent once."""

import re

import pytest
from web_help import start


@pytest.fixture
def browser(library, tmp_path, monkeypatch):
    """A browser at the questions."""
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path / "data"))
    return start(library, home=tmp_path).open("/")


def test_what_is_sent_before_somebody_is_done_stays_with_the_questions(browser):
    """One answer is taken, what nobody touched is none yet, and what follows from it is asked."""
    browser.send("/ask", {"purpose": "recipe:one-case", "stay": "1"})
    assert set(browser.desk.so.answers) == {"focus", "cards"}
    assert browser.path.startswith("/?draft=")
    assert browser.page.xpath("//input[@name='case']")
    browser.send("/ask", {"people": "18", "stay": "1"})
    assert browser.path == "/"
    assert not browser.desk.ready


def test_an_answer_changed_later_stays_with_the_questions_too(browser):
    """Where nothing is open any more, the page is the questions all the same, until somebody asks for the agenda."""
    browser.to_the_agenda().open("/").send("/ask", {"when": "10:00-12:00", "stay": "1"})
    assert browser.path == "/"
    assert browser.desk.so.brief.minutes == 120


@pytest.mark.parametrize("path", ["/static/style.css", "/static/live.js", "/static/htmx.min.js", "/agenda/picture.png"])
def test_what_the_browser_has_is_not_sent_again(browser, path):
    """It asks each time, and gets an empty answer while the same is true."""
    browser.to_the_agenda()
    first = browser.client.get(path)
    again = browser.client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert first.headers["cache-control"] == again.headers["cache-control"] == "private, no-cache"


def test_another_agenda_has_another_picture(browser):
    """The mark of the picture is that of the agenda that it shows."""
    before = browser.to_the_agenda().client.get("/agenda/picture.png").headers["etag"]
    browser.send("/agenda/change", do="move", name="power-dynamics", value="last", changes={"value": "last"})
    assert browser.client.get("/agenda/picture.png").headers["etag"] != before


def test_the_first_page_is_small(browser):
    """HTML, styles, scripts and picture together have 80 kB at most, uncompressed."""
    names = re.findall(r'(?:src|href)="(/static/[^"]+)"', browser.answer.text)
    assert len(names) >= 4
    sizes = [len(browser.answer.content), *(len(browser.client.get(name).content) for name in names)]
    assert sum(sizes) <= 80_000


def test_no_other_file_is_reached_through_the_static_ones(browser):
    """Only names that are there are answered; the licence of htmx is one of them."""
    assert "Zero-Clause BSD" in browser.client.get("/static/LICENCE-HTMX.txt").text
    for name in ("../app.py", "..%2Fapp.py", "nothing.css", "%2e%2e/app.py"):
        assert browser.client.get(f"/static/{name}").status_code == 404
