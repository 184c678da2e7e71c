"""The library's pages: what one wants to achieve is found, a lesson is whole, and it gets into the agenda."""

import pytest
from web_help import start

from builder.kit.texts import reference
from builder.web.screens.library import with_lesson

TOUR = "/library/power-dynamics"


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    """No test sees the answers of another, or of the person who runs it."""
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def browser(library, tmp_path):
    """A browser at the library, before any question is answered."""
    return start(library, home=tmp_path).open("/library")


def titles(browser):
    """The lessons that are listed."""
    return [each.text_content() for each in browser.page.xpath("//ul[@class='shelf']/li/h2")]


def test_the_library_shows_every_lesson_with_what_it_is(browser, library):
    """Outcomes, minutes, intensity, what it builds on, its cases with how contested they are."""
    assert sorted(titles(browser)) == sorted(lesson.title for lesson in library.lessons.values())
    words = browser.words()
    for lesson in library.lessons.values():
        assert all(aim.outcome[1:] in words for aim in lesson.teaches)
    assert "10 to 53 minutes, usually 37" in words
    assert "intensity 1 of 3" in words
    assert "Builds on Opening, access and agreements, Two words, several meanings" in words
    assert "The Linehan example (disputed and living)" in words


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("words=reciprocity", {"grassroots-reciprocity"}),
        ("words=POWER++Decision", {"power-dynamics"}),
        ("words=Linehan", {"case-endorsement"}),
        ("phase=closing", {"closing"}),
        ("phase=case&level=0", {"case-endorsement", "case-shared-cause"}),
        ("minutes=8&phase=opening", {"opening"}),
        ("minutes=7&phase=opening", set()),
    ],
)
def test_one_finds_what_one_wants_to_achieve(browser, library, query, holds):
    """All words must be found, in outcomes, summaries or titles; each filter takes away."""
    browser.open(f"/library?{query}")
    assert (titles(browser) and holds) or titles(browser) == []
    assert {key for key, lesson in library.lessons.items() if lesson.title in titles(browser)} == holds


def test_what_was_asked_stands_in_the_form_again(browser):
    """A plain GET form: the address can be kept, and shown anew."""
    browser.open("/library?words=power&phase=concept&minutes=60&level=1")
    pairs = browser.form("/library")
    assert pairs == [("words", "power"), ("phase", "concept"), ("minutes", "60"), ("level", "1")]
    assert browser.page.xpath("//form[@action='/library']/@method") == ["get"]
    assert "of 19 lessons" in browser.words("//*[@role='status']")


def test_nothing_found_says_what_to_do(browser):
    """No empty page."""
    browser.open("/library?words=quantum")
    assert "No lesson fits. Take a word away" in browser.words("//*[@role='status']")


@pytest.mark.parametrize("minutes", ["x", "0", "-5", "481", "9" * 5000, "²"])
def test_minutes_that_are_none_are_told_and_filter_nothing(browser, library, minutes):
    """The rest of what was asked still counts."""
    browser.open(f"/library?minutes={minutes}&phase=closing")
    assert "whole minutes from 1 to 480" in browser.words("//*[@id='wrong-minutes']")
    assert len(titles(browser)) == 1


@pytest.mark.parametrize("query", ["phase=evil", "level=9", "level=-1", "level=x", "other=1"])
def test_what_no_form_of_ours_sends_asks_for_nothing(browser, library, query):
    """An address typed by hand breaks nothing."""
    assert len(titles(browser.open(f"/library?{query}"))) == len(library.lessons)


def test_hostile_words_are_words(browser):
    """They come back as text, whatever they are."""
    browser.open("/library?words=%3Cscript%3Ealert(1)%3C/script%3E%22%00%E2%80%AE")
    assert "<script>alert" not in browser.answer.text
    assert browser.answer.status_code == 200
    assert len(browser.open("/library?words=" + "a" * 5000).page.xpath("//input[@name='words']/@value")[0]) == 200


def test_a_lesson_is_shown_whole(browser, library):
    """Activities with purpose, minutes and grouping, sheets, sources in full, licence and authors."""
    browser.open(TOUR)
    words, lesson = browser.words(), library.lessons["power-dynamics"]
    for step in library.activities_of(lesson.id):
        assert step.title in words
        assert step.body.markdown.strip().split(".")[0].replace("\n", " ") in words
    assert "10 to 20 minutes, usually 15 · small groups · debrief 4 minutes" in words
    assert "can be left out" in words
    for key in lesson.sources:
        assert " ".join(reference(library.sources[key], library).split()) in words
    for author in lesson.authors:
        assert author in words
    assert "Version 1.0.0. CC-BY-4.0" in words
    addresses = browser.page.xpath("//ul[@class='works']//a/@href")
    assert addresses
    assert all(address.startswith(("https://", "http://")) for address in addresses)


def test_every_lesson_sheet_and_case_has_a_page(browser, library):
    """All links of all lessons lead somewhere, and nothing on these pages runs or is styled in place."""
    for key in library.lessons:
        links = browser.open(f"/library/{key}").page.xpath("//main//a[starts-with(@href, '/')]/@href")
        assert browser.answer.status_code == 200
        assert len(browser.page.xpath("//h1")) == 1
        for link in dict.fromkeys(links):
            assert browser.open(link).answer.status_code == 200, link
            assert not browser.page.xpath("//*[@style] | //main//script | //main//input[@type='checkbox']")


def test_cases_say_how_contested_they_are_and_what_is_read_aloud(browser, library):
    """Level, advisory, the day of the next review, and which is used unless another is chosen."""
    words = browser.open("/library/case-endorsement").words()
    assert "Level 3, disputed and living" in words
    assert "to be reviewed by 2027-05-22" in words
    assert words.count("used unless another is chosen") == 1
    assert " ".join(library.cards["linehan"].advisory.split()) in words
    words = browser.open("/library/case-endorsement/cases/linehan").words()
    assert "Views of those named" in words
    assert "What is on record" in words


@pytest.mark.parametrize(
    "path",
    [
        "/library/nothing", "/library/power-dynamics/sheets/nothing", "/library/nothing/sheets/power-grid",
        "/library/power-dynamics/cases/linehan", "/library/case-endorsement/cases/nothing", "/library/..%2fx",
        "/library/use",
    ],
)  # fmt: skip
def test_what_is_not_in_the_library_is_not_there(browser, path):
    """No lesson, sheet or case by another's name."""
    assert browser.open(path).answer.status_code in {404, 405}


# ------------------------------------------------------------ into the agenda


def test_a_lesson_gets_into_the_agenda(browser):
    """It is in focus, the agenda is planned anew, and undo takes it out again."""
    browser.to_the_agenda()
    before = browser.desk.so.brief.focus
    assert "rest-and-care" not in before
    browser.open("/library/rest-and-care").send("/library/use")
    assert browser.path.startswith("/agenda")
    assert browser.words("//*[@id='told']")
    if "rest-and-care" not in browser.desk.so.brief.focus:
        browser.send("/agenda/change", do="take")
    assert "rest-and-care" in browser.desk.so.brief.focus
    assert "in the agenda" in browser.open("/library/rest-and-care").words("//*[@class='tag']")
    browser.open("/agenda").send("/agenda/undo")
    assert browser.desk.so.brief.focus == before


def test_a_lesson_is_remembered_before_there_is_an_agenda(browser):
    """Whoever begins in the library finds the lesson picked in the questions."""
    browser.open("/library/rest-and-care").send("/library/use")
    assert browser.path == "/"
    assert "rest-and-care" in browser.desk.so.brief.focus
    assert "wanted" not in browser.open("/library/opening").words()


def test_a_lesson_that_was_left_out_comes_back(library):
    """With its steps; what else was left out stays out."""
    from builder.questions import so_far

    so = so_far(library, {"leave_out": ["rest-and-care", "ally-theatre"], "focus": ["power-dynamics"]})
    answers = with_lesson(so, library.lessons["rest-and-care"])
    assert answers["leave_out"] == ["ally-theatre"]
    assert answers["focus"] == ["power-dynamics", "rest-and-care"]


def test_a_contested_case_is_agreed_to_before_it_is_taken(browser):
    """The agenda's page asks what it needs, as for every other way to a case."""
    browser.to_the_agenda(minutes="120")
    browser.open("/library/case-endorsement").send("/library/use", card="linehan")
    assert browser.path.startswith("/agenda")
    assert browser.page.xpath("//form[@action='/agenda/agree']")
    assert "linehan" not in browser.desk.so.brief.cards.values()


def test_a_mild_case_is_taken_with_its_lesson(library):
    """The card that was chosen, or else the usual one; one of another deck is not taken."""
    from builder.questions import so_far

    lesson, so = library.lessons["case-endorsement"], so_far(library, {"focus": []})
    assert with_lesson(so, lesson, "choir-name")["cards"] == {"endorsement": "choir-name"}
    assert with_lesson(so, lesson)["cards"] == {"endorsement": lesson.default_card}
    assert with_lesson(so, lesson, "nothing")["cards"] == {"endorsement": lesson.default_card}


def test_opening_and_closing_cannot_be_chosen(browser):
    """They are in every workshop, so that there is no button, and no way round it."""
    browser.open("/library/opening")
    assert not browser.page.xpath("//form[@action='/library/use']")
    assert browser.post("/library/use", [("lesson", "opening"), ("revision", "0")]).answer.status_code == 404
    assert browser.post("/library/use", [("lesson", "nothing"), ("revision", "0")]).answer.status_code == 404


def test_a_lesson_from_an_old_page_changes_nothing(browser):
    """Another tab was faster."""
    browser.to_the_agenda()
    browser.open("/library/rest-and-care")
    other = browser.another()
    browser.open("/library/ally-theatre").send("/library/use")
    other.send("/library/use")
    assert "changed on another page" in other.words("//*[@id='told']")
    assert "rest-and-care" not in browser.desk.so.brief.focus


def test_the_library_can_be_read_while_earlier_answers_wait(library, tmp_path):
    """Nothing can be chosen until somebody says how to begin."""
    start(library, home=tmp_path).to_the_agenda()
    again = start(library, home=tmp_path).open("/library/rest-and-care")
    assert again.answer.status_code == 200
    assert not again.page.xpath("//form[@action='/library/use']")
    again.post("/library/use", [("lesson", "rest-and-care"), ("revision", "0")])
    assert again.path == "/"
