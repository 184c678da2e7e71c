"""The page of questions, as a person without JavaScript uses it."""

import pytest
from web_help import start

from builder import answers
from builder.questions import so_far, write
from builder.strict import Marked, read_yaml


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    """No test sees the answers of another, or of the person who runs it."""
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def browser(library):
    """A browser that was opened from the terminal."""
    return start(library)


def legends(browser):
    """The questions that are on the page."""
    page = browser.page.xpath("//legend[span[@class='step']] | //label[span[@class='step']]")
    return [" ".join(each.xpath("text()")).split("\n")[-1].strip() for each in page]


SIX = [
    "What is the workshop for?",
    "From when to when?",
    "How many people do you expect, and at the most?",
    "Where do people meet?",
    "Who is in the room?",
    "What do you arrange so that everybody can take part?",
]


def test_the_first_page_asks_the_six_questions_with_answers_that_stand_already(browser):
    """Whoever changes nothing has a workshop of 90 minutes on the core ideas."""
    assert legends(browser) == SIX
    browser.send("/ask")
    assert browser.path.startswith("/agenda")
    assert (browser.desk.so.brief.minutes, browser.desk.so.brief.focus[0]) == (90, "solidarity-and-allyship")


def test_every_field_has_a_label_and_every_group_a_legend(browser):
    """A screen reader says of each control what it is for."""
    for page in (browser.page, browser.to_the_agenda().page, browser.open("/details").page):
        labelled = {label.get("for") for label in page.xpath("//label")}
        controls = page.xpath("//input[not(@type='hidden')] | //select | //textarea")
        assert [each.get("id") for each in controls if each.get("id") not in labelled] == []
        ids = page.xpath("//@id")
        assert sorted(ids) == sorted(set(ids))
        referred = {name for value in page.xpath("//@aria-describedby | //@aria-labelledby") for name in value.split()}
        assert referred <= set(ids)


def test_a_wrong_answer_is_said_beside_its_field_and_at_the_top_and_stays_as_it_was_typed(browser):
    """The summary leads to the field; what was right is kept; nobody types anything twice."""
    browser.send("/ask", {"when": "ten to eleventy", "expected": "18"})
    page = browser.page
    assert "Error" in page.findtext(".//title")
    assert page.xpath("//section[@role='alert']//a/@href") == ["#q-when"]
    field = page.get_element_by_id("q-when")
    assert (field.get("value"), field.get("aria-invalid")) == ("ten to eleventy", "true")
    assert "is not understood" in browser.words("//*[@id='wrong-when']")
    assert browser.desk.so.brief.participants == 18
    browser.send("/ask", {"when": "10:00-11:00"})
    assert browser.path.startswith("/agenda")
    assert browser.desk.so.brief.minutes == 60


def test_a_form_leads_to_a_page_that_can_be_reloaded(browser):
    """After a form comes a page by its own address, also where something was wrong."""
    for when in ("nonsense", "90"):
        browser.send("/ask", {"when": when})
        assert [answer.status_code for answer in browser.answer.history] == [303]
        before = browser.words()
        assert browser.open(browser.path).words() == before


def test_choosing_lessons_asks_which(browser):
    """The list comes under its question, with what is in now picked, and everything else kept."""
    browser.send("/ask", {"purpose": "choose", "expected": "12"})
    assert "Which lessons and cases must be in?" in browser.words("//section[@role='status']")
    assert legends(browser)[1] == "Which lessons and cases must be in?"
    browser.send("/ask", {"lessons": ["power-dynamics", "commitments"]})
    assert set(browser.desk.so.brief.focus) == {"power-dynamics", "commitments"}
    assert browser.desk.so.brief.participants == 12
    assert browser.path.startswith("/agenda")


def test_choosing_lessons_without_picking_one_is_told(browser):
    """Nothing picked is a mistake that is named, not a workshop without content."""
    browser.send("/ask", {"purpose": "choose"}).send("/ask", {"lessons": []})
    assert "Nothing is picked yet" in browser.words("//*[@id='wrong-lessons']")


def test_a_contested_case_says_what_it_needs_before_it_is_taken(browser):
    """The case, what it requires and how many lead are asked one after the other, each once."""
    browser.send("/ask", {"purpose": "recipe:one-case"})
    assert "Which case?" in browser.words("//section[@role='status']")
    browser.send("/ask", {"case": "linehan"})
    assert "two people who lead, or at most 12 people" in browser.words("//*[@id='help-contested']")
    browser.send("/ask", {"contested": "yes", "leaders": "2"})
    brief = browser.desk.so.brief
    assert (brief.max_level, brief.cards["endorsement"], brief.facilitators) == (3, "linehan", 2)
    assert browser.path.startswith("/agenda")


def test_a_contested_case_is_not_taken_unless_somebody_agrees(browser):
    """Leaving the box empty is told, and the level stays."""
    browser.send("/ask", {"purpose": "recipe:one-case"}).send("/ask", {"case": "linehan"}).send("/ask")
    assert "Agree to what it needs, or choose another case" in browser.words("//*[@id='wrong-contested']")
    assert browser.desk.so.brief.max_level == 0
    browser.send("/ask", {"case": "staff-network-split"})
    assert browser.path.startswith("/agenda")
    assert browser.desk.so.brief.cards == {"endorsement": "staff-network-split"}


def test_what_was_agreed_to_is_not_asked_again(browser):
    """Another time of day changes neither the case nor what was agreed to for it."""
    browser.send("/ask", {"purpose": "recipe:one-case"}).send("/ask", {"case": "linehan"})
    browser.send("/ask", {"contested": "yes", "leaders": "2"})
    browser.open("/").send("/ask", {"when": "14:00-16:00"})
    assert browser.path.startswith("/agenda")
    assert (browser.desk.so.brief.max_level, browser.desk.so.brief.start) == (3, "14:00")


def test_a_case_that_was_picked_from_the_list_is_not_asked_for_once_more(browser):
    """Lessons picked by hand that are those of a recipe bring no second question about their case."""
    browser.send("/ask", {"purpose": "choose"}).send("/ask", {"lessons": ["linehan", "commitments"]})
    assert not browser.page.xpath("//input[@name='case']")
    assert browser.page.xpath("//input[@name='contested']")


def test_two_tabs_change_different_answers_and_both_stay(browser):
    """Answers are applied key by key: an old page does not put back what another one changed."""
    browser.to_the_agenda()
    first, second = browser.open("/"), browser.another()
    first.send("/ask", {"when": "14:00-15:30"})
    second.send("/ask", {"expected": "20"})
    brief = browser.desk.so.brief
    assert (brief.start, brief.participants) == ("14:00", 20)


HOSTILE = "<script>alert(1)</script>\"' onload=x \x1b[31m\u202egnp.exe {{ 7*7 }} {% raw %}"


def test_hostile_text_is_shown_as_text(browser):
    """Tags, escape codes, marks that turn text around and signs of templates are letters like others, or are gone."""
    browser.to_the_agenda().open("/details").send("/details", {"title": HOSTILE, "organisation": HOSTILE})
    title = browser.desk.so.brief.title
    assert "\x1b" not in title
    assert "\u202e" not in title
    for path in ("/", "/agenda", "/details", "/papers"):
        browser.open(path)
        assert "<script>alert" not in browser.answer.text
        assert browser.page.xpath("//*[@onload]") == []
        assert browser.words("//p[@class='name']/bdi") == " ".join(title.split())
    assert browser.open("/details").page.get_element_by_id("q-title").get("value") == title


def test_hostile_text_in_a_wrong_answer_is_shown_as_text(browser):
    """What was typed wrongly comes back as it was typed, and does nothing."""
    browser.send("/ask", {"when": HOSTILE})
    assert "<script>alert" not in browser.answer.text
    assert browser.page.get_element_by_id("q-when").get("value").startswith("<script>alert(1)</script>")


def test_no_page_is_skipped_before_the_questions_are_answered(browser):
    """There is no agenda, and there are no papers, before there are answers."""
    for path in ("/agenda", "/details", "/papers"):
        assert browser.open(path).path == "/"
    assert browser.open("/agenda/picture.png").answer.status_code == 404
    assert browser.open("/papers/all.zip").answer.status_code == 404


# ------------------------------------------------------------ what is kept


def test_answers_are_kept_where_the_terminal_keeps_its_own(browser, library):
    """What was sent is on the disk before the next page is shown, and the terminal goes on from it."""
    browser.to_the_agenda(when="9:00-10:00")
    kept, problems = answers.load()
    assert problems == []
    assert so_far(library, kept).brief == browser.desk.so.brief


def test_a_program_that_was_killed_goes_on_with_everything(browser, library):
    """Started again, it offers the answers, and what was undone can be done again."""
    browser.to_the_agenda().send("/agenda/change", {"at": "10:30", "value": "10"}, do="break")
    browser.send("/agenda/undo")
    later = start(library)
    assert "Last time you stopped after these answers" in later.words()
    later.send("/begin", button=("begin", "on"))
    assert later.path == "/agenda"
    later.send("/agenda/redo")
    assert [each.at for each in later.desk.so.brief.breaks] == ["10:30"]


def test_answers_of_an_earlier_time_are_left_where_they_are_until_somebody_chooses(browser, library):
    """Looking at the offer loses nothing; beginning anew begins anew."""
    browser.to_the_agenda(when="9:00-10:00")
    later = start(library)
    for path in ("/agenda", "/details", "/papers"):
        assert later.open(path).path == "/"
    assert answers.load()[0]["minutes"] == 60
    later.send("/begin", button=("begin", "new"))
    assert legends(later) == SIX
    assert later.page.get_element_by_id("q-when").get("value") == "10:00-11:30"


def test_a_damaged_history_is_left_aside(browser, library, tmp_path):
    """Answers are worth more than what can be undone: a broken second file hinders nothing."""
    browser.to_the_agenda()
    for text in ("", "[]", '{"answers": 1}', "\x00", "{" * 100_000):
        (tmp_path / "data" / "history.json").write_text(text, encoding="utf-8")
        later = start(library).send("/begin", button=("begin", "on"))
        assert later.path == "/agenda"
        assert later.desk.history.undoable == ()


def test_a_brief_is_opened_as_build_opens_it(library, example):
    """A whole brief goes straight to its agenda."""
    brief = example("linehan")
    marked, problems = read_yaml(write(brief), "workshop.yaml")
    assert problems == []
    browser = start(library, filed=marked)
    assert browser.path == "/agenda"
    assert browser.desk.so.brief == brief


def test_a_brief_does_not_put_other_answers_away_unasked(browser, library, example):
    """Answers of an earlier time and a brief: somebody chooses which."""
    browser.to_the_agenda(when="9:00-10:00")
    filed = Marked(example("ninety-minutes").model_dump(mode="json", exclude_none=True))
    later = start(library, filed=filed)
    assert "How do you want to begin?" in later.words()
    later.send("/begin", button=("begin", "new"))
    assert later.desk.so.brief.minutes == 90


def test_a_disk_that_keeps_nothing_is_told_on_every_page(browser, monkeypatch):
    """Work goes on, and the reader knows that it lasts as long as the program."""

    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("builder.answers.write_whole", full)
    browser.to_the_agenda()
    assert "cannot be kept on this computer: No space left on device" in browser.words()


def test_beginning_anew_can_be_undone(browser):
    """All answers are gone, and come back."""
    browser.to_the_agenda(when="9:00-10:00").open("/").send("/anew")
    assert browser.desk.so.answers == {}
    browser.send("/ask").send("/agenda/undo")
    assert browser.desk.so.brief.minutes == 60
