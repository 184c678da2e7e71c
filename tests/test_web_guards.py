"""Who may talk to the pages of `workshop open`, and what every answer carries."""

import pytest
from web_help import HOME, PORT, start

from builder.web.guards import MOST_OF_A_FORM, MOST_OF_AN_UPLOAD, Keys


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    """No test sees the answers of another, or of the person who runs it."""
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def browser(library):
    """A browser that was opened from the terminal."""
    return start(library)


def test_the_key_is_exchanged_for_a_cookie_and_gone_from_the_address(library):
    """The start address gives a cookie that no script reads and no other site sends, and leads to a clean one."""
    browser = start(library)
    browser.client.cookies.clear()
    answer = browser.client.get(f"/start?key={browser.keys.printed}", follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert cookie.startswith(f"workshop-{PORT}=")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert browser.keys.printed not in cookie


@pytest.mark.parametrize("path", ["/", "/agenda", "/agenda/picture.png", "/papers/all.zip", "/static/style.css", "/x"])
def test_nothing_is_shown_without_the_cookie(browser, path):
    """Whoever was not let in reads that the page is opened from the terminal, whatever the address."""
    browser.client.cookies.clear()
    browser.open(path)
    assert browser.answer.status_code == 403
    assert "with the address that the terminal shows" in browser.words()


@pytest.mark.parametrize("key", ["", "wrong", "%00", "é", "x" * 9000])
def test_a_wrong_key_opens_nothing(browser, key):
    """Only the key that was made for this run opens the pages."""
    browser.client.cookies.clear()
    browser.open(f"/start?key={key}")
    assert browser.answer.status_code == 403
    assert "set-cookie" not in browser.answer.headers


def test_a_cookie_of_another_run_opens_nothing(browser):
    """After a restart the old cookie is worth nothing."""
    browser.client.cookies.clear()
    browser.client.cookies.set(f"workshop-{PORT}", Keys(PORT).cookie)
    assert browser.open("/").answer.status_code == 403


def test_the_key_that_a_browser_is_started_with_works_once():
    """What can be read in the list of processes opens the pages once; what the terminal shows opens them again."""
    keys = Keys(PORT)
    once = keys.address_once().partition("key=")[2]
    assert [keys.opens(once), keys.opens(once)] == [True, False]
    assert [keys.opens(keys.printed), keys.opens(keys.printed)] == [True, True]


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:80", f"127.0.0.1:{PORT}.evil.example", ""]
)
def test_another_host_is_refused(browser, host):
    """A name that was made to lead to this machine (DNS rebinding) is not one of ours."""
    browser.answer = browser.client.get("/", headers={"host": host})
    assert browser.answer.status_code == 421


def test_both_names_of_this_machine_are_ours(browser):
    """`localhost` is as good as the number."""
    answer = browser.client.get(
        "/", headers={"host": f"localhost:{PORT}", "cookie": f"workshop-{PORT}={browser.keys.cookie}"}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "null"},
        {"origin": "http://evil.example"},
        {"origin": f"http://localhost:{PORT}"},
        {"origin": f"https://127.0.0.1:{PORT}"},
        {"origin": "http://127.0.0.1:9"},
        {"origin": HOME, "sec-fetch-site": "cross-site"},
        {"origin": HOME, "sec-fetch-site": "same-site"},
        {},
    ],
)
def test_a_form_from_elsewhere_changes_nothing(browser, headers):
    """A form without our own origin is refused, also with the cookie, and also from another port of this machine."""
    answer = browser.client.post("/ask", content="when=60", headers=headers)
    assert answer.status_code == 403
    assert browser.desk.so.answers == {}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_other_methods_are_refused(browser, method):
    """Pages are read and forms are sent; nothing else is answered."""
    assert browser.client.request(method, "/").status_code == 405


def test_a_form_that_is_too_large_is_refused_before_it_is_read(browser):
    """The length that is announced is enough to refuse."""
    headers = {"origin": HOME, "content-length": str(MOST_OF_A_FORM + 1)}
    answer = browser.client.post("/ask", content=b"", headers=headers)
    assert answer.status_code == 413
    assert "at most 200 kB" in answer.text


def test_a_form_that_does_not_say_how_large_it_is_is_read_only_so_far(browser):
    """Without an announced length, reading stops where it becomes too much."""
    taken = []

    async def chunks():
        for number in range(100):
            taken.append(number)
            yield b"x" * 10_000

    answer = browser.client.post("/ask", content=chunks(), headers={"origin": HOME})
    assert answer.status_code == 413
    assert len(taken) * 10_000 <= MOST_OF_A_FORM + 20_000


def test_files_may_be_larger_than_forms_but_not_endless(browser):
    """Where files are sent, 20 MB are allowed."""
    headers = {"origin": HOME, "content-length": str(MOST_OF_AN_UPLOAD + 1)}
    answer = browser.client.post("/upload/letterhead", content=b"", headers=headers)
    assert answer.status_code == 413
    assert "at most 20 MB" in answer.text


@pytest.mark.parametrize("path", ["/", "/agenda", "/nowhere", "/static/style.css", "/start"])
def test_every_answer_carries_the_protections(browser, path):
    """No inline script or style, no frame around us, no sniffing, no address told to others."""
    headers = browser.client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert {"frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} <= set(policy.split("; "))
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    kept = "private, no-cache" if path.startswith("/static/") else "no-store"
    assert headers["cache-control"] == kept


def test_pages_hold_no_inline_script_or_style(browser):
    """What the policy forbids is not in the pages either."""
    browser.to_the_agenda()
    for path in ("/", "/agenda", "/details"):
        page = browser.open(path).page
        assert page.xpath("//script[not(@src)] | //style | //*[@style] | //@*[starts-with(name(), 'on')]") == []


@pytest.mark.parametrize("path", ["/nowhere", "/static/../state.py", "/static/%2e%2e/state.py", "/papers/file/..%2fx"])
def test_an_unknown_address_is_a_page(browser, path):
    """There is a sentence and a way back, and nothing outside of our own files."""
    browser.to_the_agenda().open(path)
    assert browser.answer.status_code == 404
    assert "There is no such page" in browser.words()


def test_a_fault_of_ours_is_a_plain_sentence_and_a_trace_for_the_terminal(browser, monkeypatch, capsys):
    """Who reads the page sees no trace; who has to mend it does."""

    def broken(*_arguments):
        raise RuntimeError("something of ours")

    monkeypatch.setattr("builder.web.ask.fields", broken)
    browser.open("/")
    assert browser.answer.status_code == 500
    assert "a fault of the program, not yours" in browser.words()
    assert "something of ours" not in browser.answer.text
    assert "RuntimeError: something of ours" in capsys.readouterr().err


def test_a_form_that_is_none_is_refused(browser):
    """A thousand and more fields are no form of ours."""
    answer = browser.post("/ask", [("a", "b")] * 2000).answer
    assert answer.status_code == 400


def test_quit_ends_the_program(browser):
    """The button at the foot of every page ends the server and says so."""
    browser.send("/quit")
    assert browser.ended == [True]
    assert "this tab can be closed" in browser.words()
