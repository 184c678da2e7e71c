"""The agenda's page, its changes and its papers, as a person without JavaScript uses them."""

import io
import json
import zipfile

import pytest
from web_help import HOME, start

from builder.questions import write as write_brief
from builder.strict import Marked, read_yaml

POWER_GRID = "power-dynamics/power-grid"


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    """No test sees the answers of another, or of the person who runs it."""
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def browser(library, tmp_path):
    """A browser at the agenda of 90 minutes of core ideas."""
    return start(library, home=tmp_path).to_the_agenda()


def rows(browser):
    """The lines of the table: clock, minutes, step."""
    found = []
    for row in browser.page.xpath("//table//tr[td[contains(@class, 'clock')]]"):
        clock, minutes = (
            row.xpath(f"td[contains(@class, '{name}')]")[0].text_content() for name in ("clock", "minutes")
        )
        found.append((clock, int(minutes.split()[0]), row.xpath("th")[0].xpath("string(text())").strip()))
    return found


def change(browser, do, **values):
    """Press a button of the agenda; `name` says of which step."""
    name = {"name": values.pop("name")} if "name" in values else {}
    if do in {"longer", "shorter", "keep", "let-go"} or (do == "drop" and "/" in name.get("name", "")):
        return browser.send("/agenda/change", values, button=("do", do), value="1", **name)
    return browser.send("/agenda/change", values, do=do, **name)


def minutes_of(browser, title):
    """The minutes that a step has on the page."""
    return next(minutes for _, minutes, what in rows(browser) if what == title)


def test_the_table_and_the_picture_show_the_plan(browser):
    """Every slot stands in the table with its clock, the minutes sum up, and the picture says the same in words."""
    plan = browser.desk.plan()
    assert rows(browser)[:-1] == [
        (
            plan.brief.clock(slot.start),
            slot.minutes,
            {"transition": "Change over", "buffer": "Kept free"}.get(slot.kind, slot.title),
        )
        for slot in plan.agenda.slots
    ]
    assert rows(browser)[-1] == ("11:30", 90, "End")
    (alt,) = browser.page.xpath("//img/@alt")
    assert alt.startswith("Timeline from 10:00 to 11:30")
    (source,) = browser.page.xpath("//img/@src")
    answer = browser.client.get(source)
    assert (answer.headers["content-type"], answer.content[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")


def test_each_step_says_why_it_is_there(browser):
    """The planner's reason is one click away."""
    reasons = browser.words("//td[@class='reason']")
    for slot in browser.desk.plan().agenda.slots:
        assert slot.reason[1:] in reasons


@pytest.mark.parametrize(("do", "by"), [("longer", 1), ("shorter", -1)])
def test_a_step_is_made_longer_or_shorter(browser, do, by):
    """One press is one minute; the rest fits itself in, and the page says what moved."""
    before = minutes_of(browser, "Power grid: one story, five questions")
    change(browser, do, name=POWER_GRID)
    assert minutes_of(browser, "Power grid: one story, five questions") == before + by
    assert sum(minutes for _, minutes, _ in rows(browser)[:-1]) == 90
    told = browser.words("//*[@role='status']")
    assert f"Power grid: one story, five questions: {before} → {before + by} minutes" in told
    assert browser.page.xpath("//*[@role='status']//a/@href") == ["#step-power-dynamics--power-grid"]
    assert browser.page.xpath("//*[@id='step-power-dynamics--power-grid']")


def test_minutes_and_a_start_can_be_typed(browser):
    """A number, a difference or a time of day, each in its own field."""
    change(browser, "minutes", name=POWER_GRID, value="+2")
    pinned = browser.desk.so.brief.pinned[POWER_GRID].minutes
    change(browser, "minutes", name=POWER_GRID, value="13 minutes")
    assert browser.desk.so.brief.pinned[POWER_GRID].minutes == 13
    assert pinned > 13
    change(browser, "start", name=POWER_GRID, value="10.45")
    assert ("10:45", 13, "Power grid: one story, five questions") in rows(browser)


def test_a_text_that_is_no_number_is_told_beside_its_field(browser):
    """The menu is open at the field, which holds what was typed; nothing was changed."""
    before = browser.desk.so.answers
    change(browser, "minutes", name=POWER_GRID, value="a lot")
    field = browser.page.get_element_by_id("minutes-step-power-dynamics--power-grid")
    assert (field.get("value"), field.get("aria-invalid")) == ("a lot", "true")
    assert field.xpath("ancestor::details/@open") == ["open"] or field.xpath("ancestor::details[@open]")
    assert "whole number of minutes" in browser.words(f"//*[@id='{field.get('aria-describedby')}']")
    assert browser.desk.so.answers == before


def test_a_step_keeps_its_minutes_and_is_let_go_again(browser):
    """What is fixed is marked in its row, listed below, and can be let go in both places."""
    change(browser, "keep", name=POWER_GRID)
    assert "minutes fixed" in browser.words("//*[@id='step-power-dynamics--power-grid']")
    change(browser, "let-go", name=POWER_GRID)
    assert browser.desk.so.brief.pinned == {}
    change(browser, "keep", name=POWER_GRID)
    change(browser, "unfix", name=f"minutes {POWER_GRID}")
    assert browser.desk.so.brief.pinned == {}


def test_steps_and_lessons_are_left_out_and_the_core_stays(browser):
    """A step that its lesson can do without goes alone, others only with their lesson, the opening never."""
    change(browser, "drop", name="commitments/rehearse")
    assert browser.desk.so.brief.leave_out == ("commitments/rehearse",)
    change(browser, "drop", name="power-dynamics")
    assert "power-dynamics" not in browser.desk.plan().agenda.lessons
    assert not browser.page.xpath("//*[@id='lesson-opening']//input[@value='drop']")


def test_lessons_move_earlier_and_later(browser):
    """Earlier and later are one press; undo brings the order back, redo changes it again."""
    before = browser.desk.plan().agenda.lessons
    first, second = before[1:3]
    (form,) = browser.page.xpath(f"//*[@id='lesson-{second}']//form[.//button[text()='Earlier']]")
    place = dict(form.form_values())["value"]
    assert place == first
    closed = form.xpath(".//button/@disabled")
    browser.send("/agenda/change", do="move", name=second, value=place)
    after = browser.desk.plan().agenda.lessons
    assert after == (before if closed else (before[0], second, first, *before[3:]))


def test_a_break_at_a_certain_time(browser):
    """The break stands where it was put, and two at one time are refused."""
    change(browser, "break", at="10:30", value="10")
    assert ("10:30", 10, "Break") in rows(browser)
    change(browser, "break", at="10:30", value="10")
    assert "There is a break at 10:30 already" in browser.words("//*[@id='told']")


def test_the_order_is_kept_and_let_go(browser):
    """The button is there until the order is fixed."""
    change(browser, "lock")
    assert browser.desk.so.brief.order
    assert not browser.page.xpath("//input[@name='do'][@value='lock']")
    change(browser, "unfix", name="order")
    assert browser.desk.so.brief.order == ()


def test_what_cannot_be_planned_is_taken_back_and_what_could_be_had_is_a_button(browser):
    """The reason is said, the agenda is as it was, and the offer makes the change without something else."""
    browser.to_the_agenda(when="10:00-11:00")
    before = rows(browser)
    change(browser, "minutes", name=POWER_GRID, value="22")
    assert "That cannot be planned, so it is taken back" in browser.words("//*[@id='told']")
    assert rows(browser) == before
    browser.send("/agenda/change", do="take")
    assert minutes_of(browser, "Power grid: one story, five questions") == 22
    assert "solidarity-and-allyship" not in browser.desk.plan().agenda.lessons


def test_undo_and_redo(browser):
    """Changes go back one by one and forth again; a new change ends what could be done again."""
    start_rows = rows(browser)
    change(browser, "longer", name=POWER_GRID)
    longer = rows(browser)
    change(browser, "break", at="10:30", value="10")
    browser.send("/agenda/undo")
    assert rows(browser) == longer
    browser.send("/agenda/undo")
    assert rows(browser) == start_rows
    browser.send("/agenda/redo")
    assert rows(browser) == longer
    change(browser, "lock")
    assert browser.page.xpath("//form[@action='/agenda/redo']//button/@disabled")


def test_undo_leaves_what_was_said_elsewhere(browser):
    """A title that was given after a change stays when the change is undone."""
    change(browser, "longer", name=POWER_GRID)
    browser.open("/details").send("/details", {"title": "Spring workshop"})
    browser.open("/agenda").send("/agenda/undo")
    assert browser.desk.so.brief.pinned == {}
    assert browser.desk.so.brief.title == "Spring workshop"


def test_a_change_from_an_old_page_is_not_made_blindly(browser):
    """Of two tabs, the second is told what the first one changed, and sees the present agenda."""
    second = browser.another()
    change(browser, "longer", name=POWER_GRID)
    now = rows(browser)
    change(second, "drop", name="power-dynamics")
    assert "was changed on another page meanwhile, so nothing was changed now" in second.words("//*[@id='told']")
    assert "Power grid: one story, five questions" in second.words("//*[@id='told']")
    assert rows(second) == now
    change(second, "drop", name="power-dynamics")
    assert "power-dynamics" not in browser.desk.plan().agenda.lessons


def test_a_title_that_was_given_meanwhile_makes_no_page_of_the_agenda_old(browser):
    """What the papers say moves nothing: a change from a page made before it is made."""
    second = browser.another()
    browser.open("/details").send("/details", {"title": "Spring", "organisation": "Riverside Trust"})
    change(second, "drop", name="power-dynamics")
    assert "power-dynamics" not in browser.desk.plan().agenda.lessons
    assert browser.desk.so.brief.title == "Spring"


@pytest.mark.parametrize("revision", ["", "x", "-1", "99999999999999999999", "٣"])
def test_a_form_without_a_revision_changes_nothing(browser, revision):
    """A form that does not say which agenda it was made from is an old one."""
    before = browser.desk.so.answers
    browser.post("/agenda/change", [("revision", revision), ("do", "longer"), ("name", POWER_GRID)])
    assert browser.desk.so.answers == before


@pytest.mark.parametrize(
    "pairs",
    [
        {"do": "longer", "name": "nobody/knows"},
        {"do": "drop", "name": "opening"},
        {"do": "move", "name": "commitments", "value": "opening"},
        {"do": "move", "name": "opening", "value": "last"},
        {"do": "unfix", "name": "order"},
        {"do": "take", "told": "77"},
        {"do": "book"},
        {"do": "instead"},
        {"do": "__class__"},
        {"do": "start", "name": POWER_GRID, "value": "<script>"},
        {"do": "minutes", "name": POWER_GRID, "value": "9" * 5000},
        {"do": "break", "at": "25:00", "value": "10"},
        {},
    ],
)
def test_a_change_that_cannot_be_is_told_and_changes_nothing(browser, pairs):
    """Whatever is sent, the page answers in words and the agenda stands."""
    before = browser.desk.so.answers
    browser.post("/agenda/change", [("revision", str(browser.desk.revision)), *pairs.items()])
    assert browser.answer.status_code == 200
    assert "That cannot be done" in browser.words("//*[@id='told']")
    assert "<script>" not in browser.answer.text
    assert browser.desk.so.answers == before


def test_where_there_is_no_agenda_the_ways_out_are_buttons(browser):
    """The reason stands there, and another length, or the same without a wish, is one press away."""
    browser.to_the_agenda(when="10:00-10:30")
    assert "There is no agenda for these answers" in browser.words()
    assert "Undo: when" in browser.words()
    browser.send("/agenda/change", button=("do", "book"))
    assert browser.desk.plan() is not None
    assert browser.desk.so.brief.minutes > 30


def test_a_contested_case_is_taken_once_what_it_needs_is_agreed_to(library, example):
    """Swapping in a living dispute first says what it requires; then it stands in the agenda."""
    brief = example("ninety-minutes", focus=["staff-network-split", "commitments"], minutes=120)
    marked = Marked(brief.model_dump(mode="json", exclude_none=True))
    browser = start(library, filed=marked).open("/agenda")
    browser.send("/agenda/swap", {"card": "linehan"})
    assert "two people who lead, or at most 12 people" in browser.words("//form[@action='/agenda/agree']")
    assert browser.desk.so.brief.max_level == 0
    browser.send("/agenda/agree")
    assert "Agree to what it needs" in browser.words("//*[@id='told']")
    browser.send("/agenda/agree", {"contested": "yes", "leaders": "2"})
    assert (browser.desk.so.brief.max_level, browser.desk.plan().cards["endorsement"]) == (3, "linehan")
    browser.send("/agenda/undo")
    assert browser.desk.so.brief.max_level == 0


# ------------------------------------------------------------ details and papers


def test_details_are_asked_after_the_agenda_and_contacts_stand_one_on_a_line(browser):
    """What is wrong is told beside its field; the rest is kept."""
    browser.open("/details")
    browser.send(
        "/details", {"title": "Spring", "date": "the 40th", "contacts": "Ana Pereira, adviser, ana@example.org"}
    )
    assert "is not understood" in browser.words("//*[@id='wrong-date']")
    assert browser.desk.so.brief.title == "Spring"
    browser.send("/details", {"date": "1 December 2026"})
    assert browser.path.startswith("/papers")
    assert (str(browser.desk.so.brief.date), browser.desk.so.brief.contacts[0].name) == ("2026-12-01", "Ana Pereira")


def test_papers_are_downloaded_one_by_one_and_all_at_once(browser):
    """The zip file holds what the single downloads give, under names that every system can bear."""
    browser.open("/papers")
    assert browser.path == "/details"
    browser.send("/details", {"title": "Tuesday: a/b", "date": "2026-12-01"})
    links = browser.page.xpath("//ul[@class='papers']//a[@download]/@href")
    answer = browser.client.get("/papers/all.zip")
    assert 'filename="tuesday-a-b.zip"' in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        assert [f"/papers/file/{name}" for name in sorted(package.namelist())] == sorted(links)
        for link in links:
            one = browser.client.get(link)
            assert one.content == package.read(link.rpartition("/")[2])
            assert one.headers["content-disposition"].startswith("attachment")


def test_papers_are_written_by_the_rules_of_build(browser, tmp_path):
    """A folder beside where the program was started; a paper that somebody edited there stays."""
    browser.open("/details").send("/details", {"title": "Spring"})
    usual = browser.page.get_element_by_id("folder").get("value")
    assert usual == str(tmp_path / "workshop-spring")
    browser.send("/papers/write")
    assert f"The papers are in {usual}" in browser.words("//*[@id='told']")
    kit = json.loads((tmp_path / "workshop-spring" / "kit.json").read_text(encoding="utf-8"))
    assert kit["title"] == "Spring"
    (tmp_path / "workshop-spring" / "agenda.docx").write_bytes(b"edited by hand")
    browser.open("/agenda")
    change(browser, "longer", name=POWER_GRID)
    browser.open("/papers").send("/papers/write")
    assert "agenda.new.docx" in browser.words("//*[@id='told']")
    assert (tmp_path / "workshop-spring" / "agenda.docx").read_bytes() == b"edited by hand"
    assert "What moved since plan" in browser.words("//*[@id='told']")


@pytest.mark.parametrize("folder", ["a-file", "~nobody-of-this-name/x", "x" * 5000])
def test_a_folder_that_cannot_be_is_told_beside_its_field(browser, tmp_path, folder):
    """Nothing was written, and what was typed stands there still."""
    (tmp_path / "a-file").write_text("mine", encoding="utf-8")
    browser.open("/details").send("/details", {"title": "Spring"}).send("/papers/write", {"folder": folder})
    assert browser.answer.status_code == 200
    assert "Nothing was written" in browser.words("//*[@id='told']")
    assert browser.page.get_element_by_id("folder").get("value") == folder
    assert (tmp_path / "a-file").read_text(encoding="utf-8") == "mine"


def test_what_hinders_the_papers_is_told_in_their_place(library, example, tmp_path):
    """A letterhead that is not there is named on the page, where the brief is, also after a restart."""
    filed = Marked({**example("ninety-minutes").model_dump(mode="json", exclude_none=True), "letterhead": "ours.docx"})
    browser = start(library, tmp_path / "briefs" / "workshop.yaml", filed).open("/papers")
    assert "'ours.docx' is not there" in browser.words("//section[@aria-labelledby='before-heading']")
    browser.open("/details").send("/details", {"title": "Spring"})
    later = start(library).send("/begin", button=("begin", "on"))
    assert (tmp_path / "briefs" / "ours.docx").as_posix() in later.open("/papers").words()
    assert browser.open("/papers/all.zip").answer.status_code == 404


def test_what_was_made_here_builds_elsewhere(browser, library, tmp_path):
    """The downloaded brief is that of the page, and opens as the same workshop."""
    browser.open("/details").send("/details", {"title": "Spring"})
    text = browser.client.get("/papers/file/workshop.yaml").text
    assert text == write_brief(browser.desk.plan().brief)
    marked, problems = read_yaml(text, "workshop.yaml")
    assert problems == []
    later = start(library, filed=marked)
    assert later.desk.so.brief == browser.desk.so.brief


def test_papers_that_are_written_are_forgotten_on_quit(browser, tmp_path):
    """Once the papers are in their folder, nothing is offered again; a change after that is."""
    browser.open("/details").send("/details", {"title": "Spring"}).send("/papers/write")
    browser.send("/quit")
    assert list((tmp_path / "data").iterdir()) == []


def test_requests_of_a_page_stay_on_this_machine(browser):
    """No page names an address elsewhere."""
    browser.open("/details").send("/details", {"title": "Spring"})
    for path in ("/", "/agenda", "/details", "/papers"):
        page = browser.open(path).page
        named = page.xpath("//@href | //@src | //@action")
        assert [each for each in named if not each.startswith(("/", "#"))] == []
    assert HOME.startswith("http://127.0.0.1:")
