"""The whole job in a real browser: by mouse, by keyboard alone, and without JavaScript."""

import io
import re
import subprocess
import sys
import zipfile
from contextlib import contextmanager

import docx
import pytest
import yaml
from browser_help import (
    CHROMIUM,
    NO_CHROMIUM,
    clocks,
    focused,
    lessons,
    minutes,
    press_to,
    row,
    said,
    settle,
    window,
)

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)]

DRAFT, KNOW = "commitments/draft", "commitments/who-would-know"
CASE = "lesson-case-endorsement"


@pytest.fixture
def page(chromium, opened):
    """A window at the questions."""
    with window(chromium, opened[0]) as found:
        yield found


def to_one_case(page):
    """Two hours around one case, up to the agenda."""
    page.check("[value='recipe:one-case']")
    page.fill("#q-when", "10:00-12:00")
    page.locator("#q-when").blur()
    settle(page)
    page.wait_for_selector("#q-case")
    page.click("text=Show the agenda")
    page.wait_for_url("**/agenda*")


def menu(page, identity):
    """Open the menu of a row by mouse, and give its sheet."""
    details = page.locator(f"#{identity} .change details, #{identity}.lesson td details")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    return details.locator(".sheet")


def papers_of(page):
    """The files of the zip that the page gives."""
    with page.expect_download() as waiting:
        page.click("text=All in one zip file")
    with zipfile.ZipFile(waiting.value.path()) as package:
        return waiting.value.suggested_filename, {name: package.read(name) for name in package.namelist()}


def check_papers(page, title):
    """The download is the kit of the agenda: Word files that open, and the brief of the answers."""
    name, files = papers_of(page)
    assert name == f"{title.lower()}.zip"
    guide = docx.Document(io.BytesIO(files["facilitator-guide.docx"]))
    assert title in "\n".join(paragraph.text for paragraph in guide.paragraphs)
    brief = yaml.safe_load(files["workshop.yaml"])
    assert brief["title"] == title
    with page.expect_download() as waiting:
        page.locator("a[href='/papers/file/agenda.docx']").click()
    assert docx.Document(waiting.value.path()).tables
    return brief


# ------------------------------------------------------------ the whole job


def test_the_whole_job_by_mouse(page, opened, tmp_path):
    """Answer, drag, lengthen, fix, leave out, undo, redo, another case, details, and the papers at the end."""
    to_one_case(page)
    before = lessons(page)
    page.locator("tbody[data-lesson='case-endorsement']").evaluate("part => part.scrollIntoView()")
    grip = page.locator("#grip-commitments").bounding_box()
    target = page.locator("tbody[data-lesson='case-endorsement']").bounding_box()
    page.mouse.move(grip["x"] + 9, grip["y"] + 9)
    page.mouse.down()
    page.mouse.move(grip["x"] + 9, grip["y"] - 30)
    page.mouse.move(grip["x"] + 9, target["y"] + 3)
    assert "here" in page.get_attribute("tbody[data-lesson='case-endorsement']", "class")
    page.mouse.up()
    settle(page)
    assert lessons(page) == [*before[:2], before[3], before[2], before[4]]
    assert said(page, "Done: “One action, one date, one person” moved.")

    was = minutes(page, DRAFT)
    menu(page, row(DRAFT)).get_by_text("1 minute longer").click()
    settle(page)
    assert minutes(page, DRAFT) == was + 1
    menu(page, row(DRAFT)).get_by_text("No longer fixed").click()
    settle(page)
    menu(page, row(KNOW)).get_by_text("Keep ").click()
    settle(page)
    assert "minutes fixed" in page.inner_text(f"#{row(KNOW)}")
    menu(page, row("commitments/rehearse")).get_by_text("Leave it out").click()
    settle(page)
    assert page.locator(f"#{row('commitments/rehearse')}").count() == 0
    page.click("text=Undo: ")
    settle(page)
    assert page.locator(f"#{row('commitments/rehearse')}").count() == 1
    page.click("text=Redo: ")
    settle(page)
    assert page.locator(f"#{row('commitments/rehearse')}").count() == 0

    menu(page, CASE).locator("select[name=card]").select_option("village-hall")
    menu(page, CASE).get_by_text("Take this case").click()
    settle(page)
    assert "The village hall" in page.inner_text(f"#{CASE}")
    assert clocks(page)[-1] == "12:00"

    page.click("text=Go on with it")
    page.fill("#q-title", "Spring")
    page.fill("#q-contacts", "Ana, room 3, all day")
    page.click("text=Show the papers")
    brief = check_papers(page, "Spring")
    assert brief["cards"] == {"endorsement": "village-hall"}
    page.fill("#folder", "kit")
    page.click("text=Write the papers there")
    assert "The papers are in" in page.inner_text("#told")
    assert (tmp_path / "kit" / "agenda.docx").read_bytes()[:2] == b"PK"


def test_the_whole_job_by_keyboard_alone(page):
    """Tab, arrows, Enter, Space and Escape do all of it; focus is never lost, and what happens is said."""
    _answer_by_keyboard(page)
    _drag_by_keyboard(page)
    _lengthen_by_keyboard(page)
    _leave_out_and_undo_by_keyboard(page)
    _swap_by_keyboard(page)
    _take_the_papers_by_keyboard(page)


def _answer_by_keyboard(page):
    press_to(page, "[name=purpose]")
    page.keyboard.press("ArrowDown")
    settle(page)
    assert focused(page) == "q-purpose-1"
    press_to(page, "#q-when")
    page.keyboard.press("Control+a")
    page.keyboard.type("10:00-12:00")
    press_to(page, "[name=case]")
    page.keyboard.press("Space")
    settle(page)
    press_to(page, "button.main")
    page.keyboard.press("Enter")
    page.wait_for_url("**/agenda*")


def _drag_by_keyboard(page):
    before = lessons(page)
    press_to(page, "#grip-commitments")
    page.keyboard.press("Space")
    assert said(page, "Picked up.")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    assert said(page, "It stays")
    assert lessons(page) == before
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    settle(page)
    assert lessons(page) == [*before[:2], before[3], before[2], before[4]]
    assert focused(page) == "grip-commitments"


def _lengthen_by_keyboard(page):
    was = minutes(page, DRAFT)
    press_to(page, f"#{row(DRAFT)} .change summary")
    page.keyboard.press("Enter")
    press_to(page, "[value=longer]")
    page.keyboard.press("Space")
    settle(page)
    assert minutes(page, DRAFT) == was + 1
    assert focused(page) == "1 minute longer"
    press_to(page, "[value=shorter]")
    page.keyboard.press("Enter")
    settle(page)
    press_to(page, f"#minutes-{row(DRAFT)}")
    page.keyboard.press("Control+a")
    page.keyboard.type("+2")
    page.keyboard.press("Enter")
    settle(page)
    assert page.input_value(f"#minutes-{row(DRAFT)}") == str(was + 2)
    assert focused(page) == f"minutes-{row(DRAFT)}"
    page.keyboard.press("Escape")
    assert page.locator("details.menu[open]").count() == 0


def _leave_out_and_undo_by_keyboard(page):
    press_to(page, f"#{row('commitments/rehearse')} .change summary")
    page.keyboard.press("Enter")
    press_to(page, f"#{row('commitments/rehearse')} [value=drop]")
    page.keyboard.press("Enter")
    settle(page)
    assert page.evaluate("document.activeElement.closest('tr').id") == row(KNOW)
    press_to(page, "form[action='/agenda/undo'] button", "Shift+Tab")
    page.keyboard.press("Enter")
    settle(page)
    press_to(page, "form[action='/agenda/redo'] button")
    page.keyboard.press("Enter")
    settle(page)
    assert focused(page).startswith("Undo")


def _swap_by_keyboard(page):
    press_to(page, f"#{CASE} summary")
    page.keyboard.press("Enter")
    press_to(page, f"#{CASE} select")
    page.keyboard.press("ArrowDown")
    press_to(page, f"#{CASE} form[action='/agenda/swap'] button")
    page.keyboard.press("Enter")
    settle(page)
    assert "The staff network split" in page.inner_text(f"#{CASE}")


def _take_the_papers_by_keyboard(page):
    press_to(page, "a[href='/details'].main", "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/details")
    press_to(page, "#q-title")
    page.keyboard.press("Control+a")
    page.keyboard.type("Spring")
    page.keyboard.press("Enter")
    page.wait_for_url("**/papers*")
    press_to(page, "a[href='/papers/all.zip']")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert waiting.value.suggested_filename == "spring.zip"


def test_the_whole_job_without_javascript(chromium, opened):
    """Plain forms, one page after the other, come to the same papers."""
    with window(chromium, opened[0], java_script_enabled=False) as page:
        page.check("[value='recipe:one-case']")
        page.fill("#q-when", "10:00-12:00")
        page.click("text=Show the agenda")
        page.check("[value=village-hall]")
        page.click("text=Show the agenda")
        before = lessons(page)
        assert page.locator(".grip:visible").count() == 0
        menu(page, "lesson-commitments").get_by_text("Earlier").click()
        assert lessons(page) == [*before[:2], before[3], before[2], before[4]]
        was = minutes(page, DRAFT)
        menu(page, row(DRAFT)).get_by_text("1 minute longer").click()
        assert minutes(page, DRAFT) == was + 1
        menu(page, row(KNOW)).get_by_text("Keep ").click()
        menu(page, row("commitments/rehearse")).get_by_text("Leave it out").click()
        page.click("text=Undo: ")
        page.click("text=Redo: ")
        menu(page, CASE).locator("select[name=card]").select_option("choir-name")
        menu(page, CASE).get_by_text("Take this case").click()
        assert "The choir name" in page.inner_text(f"#{CASE}")
        assert clocks(page)[-1] == "12:00"
        page.click("text=Go on with it")
        page.fill("#q-title", "Spring")
        page.click("text=Show the papers")
        assert check_papers(page, "Spring")["cards"] == {"endorsement": "choir-name"}


# ------------------------------------------------------------ live pages


def test_a_case_is_asked_for_when_its_purpose_is_chosen_and_nothing_typed_is_lost(page):
    """What follows from an answer appears at once and is said; the focus and a half-typed text stay."""
    page.fill("#q-when", "9:00-11:00")
    page.focus("[value='recipe:one-case']")
    page.check("[value='recipe:one-case']")
    settle(page)
    assert said(page, "One more question: ")
    assert page.locator("[name=case]").count() > 1
    assert focused(page) == "q-purpose-1"
    assert page.input_value("#q-when") == "09:00-11:00"
    page.check("[value='recipe:core-ideas']")
    page.wait_for_selector("[name=case]", state="detached")


def test_a_wrong_answer_is_told_beside_its_field_while_one_goes_on(page, opened):
    """Leaving the field is enough; it holds what was typed, and what nobody touched is not taken for an answer."""
    page.fill("#q-when", "soon")
    page.keyboard.press("Tab")
    settle(page)
    assert page.get_attribute("#q-when", "aria-invalid") == "true"
    assert page.input_value("#q-when") == "soon"
    assert said(page, "Error: “soon” is not understood")
    assert opened[1].so.answers == {}


def test_what_moved_is_said_once(page):
    """One live region speaks; the note that one sees is none of its own and does not take the focus."""
    to_one_case(page)
    menu(page, row(DRAFT)).get_by_text("1 minute longer").click()
    settle(page)
    assert said(page, "Done: how long “Draft one if-then sentence” takes.")
    assert page.locator("main [role=status], main [role=alert]").count() == 0
    assert focused(page) == "1 minute longer"
    page.locator("#told").get_by_text("Close").click()
    assert page.locator("#told").count() == 0


def test_a_change_that_cannot_be_planned_leads_to_what_could_be_had(page):
    """The offer has the focus, since it is to be answered; taken, the agenda changes."""
    page.fill("#q-when", "10:00-11:00")
    page.click("text=Show the agenda")
    page.wait_for_url("**/agenda*")
    sheet = menu(page, row("power-dynamics/power-grid"))
    sheet.locator("[id^=minutes-]").fill("22")
    sheet.get_by_text("Set the minutes").click()
    settle(page)
    assert focused(page) == "told"
    page.locator("#told .main").click()
    settle(page)
    assert minutes(page, "power-dynamics/power-grid") == 22


def test_reload_back_and_a_second_tab_show_the_present_agenda(page):
    """The address holds nothing that a reload would send again; a change from an old tab says what happened."""
    to_one_case(page)
    second = page.context.new_page()
    second.goto(page.url)
    menu(page, row(DRAFT)).get_by_text("1 minute longer").click()
    settle(page)
    now = clocks(page)
    page.reload()
    assert clocks(page) == now
    menu(second, row(DRAFT)).get_by_text("1 minute longer").click()
    settle(second)
    assert "was changed on another page meanwhile" in said(second)
    assert clocks(second) == now
    page.click("text=Go on with it")
    page.go_back()
    assert clocks(page) == now


def test_a_killed_program_is_said_in_words_and_loses_nothing(chromium, tmp_path, monkeypatch):
    """The page says what to do; started again, the program offers the answers and can still undo the change."""
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path / "data"))
    with program() as running, window(chromium, running.stdout.readline().strip()) as page:
        to_one_case(page)
        menu(page, row(DRAFT)).get_by_text("1 minute longer").click()
        settle(page)
        kept = clocks(page)
        running.kill()
        running.wait(10)
        page.locator("details[open]").get_by_text("1 minute longer").click()
        assert "Start it again with “workshop open”" in page.inner_text("#failed")
        assert all(re.search("Failed to fetch|ERR_CONNECTION", each) for each in page.complaints)
        page.complaints.clear()
    with program() as running, window(chromium, running.stdout.readline().strip()) as page:
        page.click("text=Go on from these")
        assert clocks(page) == kept
        page.click("text=Undo: ")
        settle(page)
        assert clocks(page) != kept


@contextmanager
def program():
    """`workshop open` as a process, as somebody starts it."""
    command = [sys.executable, "-m", "builder", "open", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_hostile_text_is_shown_and_runs_nothing(chromium, opened, scripts):
    """Tags, control characters and marks that turn the direction of writing are text in every place."""
    title, turned = "<script>alert(1)</script><img src=x onerror=alert(2)>", "A\u202egnp.exe\u0007 {{ 7*7 }}"
    with window(chromium, opened[0], java_script_enabled=scripts) as page:
        page.click("text=Show the agenda")
        page.wait_for_url("**/agenda*")
        page.goto(home(page) + "/details")
        page.fill("#q-title", title)
        page.fill("#q-organisation", turned)
        page.click("text=Show the papers")
        for path in ("/papers", "/details", "/agenda", "/", "/papers/facilitator-guide"):
            page.goto(home(page) + path)
            assert page.locator("img[src=x]").count() == 0
        page.goto(home(page) + "/details")
        assert page.inner_text(".name") == title
        shown = page.input_value("#q-organisation")
        assert "\u202e" not in shown
        assert "\u0007" not in shown
        assert "{{ 7*7 }}" in shown


def home(page):
    """The address of the pages without a path."""
    return "/".join(page.url.split("/")[:3])
