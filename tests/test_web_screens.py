"""Every screen and state in a real browser: axe finds nothing, and nothing scrolls sideways at 400 % zoom."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_help import CHROMIUM, NO_CHROMIUM, WIDTHS, row, settle, window

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)]

GRID = row("power-dynamics/power-grid")


def states(page, size):
    """Go through all screens and what they can look like; gives the name of each once it is shown."""
    home = "/".join(page.url.split("/")[:3])
    yield "the questions"
    page.check("[value=choose]")
    settle(page)
    yield "the questions with lessons to pick"
    page.check("[value='recipe:one-case']")
    settle(page)
    page.fill("#q-when", "soon")
    page.click("text=Show the agenda")
    page.wait_for_selector(".wrong-note")
    yield "the questions with a wrong answer"
    page.goto(home)
    page.check("[value='recipe:core-ideas']")
    page.fill("#q-when", "10:00-11:00")
    page.click("text=Show the agenda")
    page.wait_for_selector("table.agenda")
    yield "the agenda"
    page.locator(f"#{GRID} .reason summary").click()
    yield "the agenda with a reason"
    page.locator(f"#{GRID} .change summary").click()
    yield "the agenda with a menu"
    page.locator(f"#{GRID} [value=longer]").click()
    settle(page)
    yield "the agenda with what moved"
    page.locator("tr.lesson summary").first.click()
    page.locator(".grip").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    yield "the agenda with a lesson picked up"
    page.keyboard.press("Escape")
    page.click("h1")
    page.locator(f"#{GRID} .change summary").click()
    page.locator(f"#minutes-{GRID}").fill("a lot")
    page.keyboard.press("Enter")
    settle(page)
    yield "the agenda with a wrong number"
    page.locator(f"#minutes-{GRID}").fill("22")
    page.keyboard.press("Enter")
    settle(page)
    yield "the agenda with an offer"
    yield from _other_screens(page, home, size)


def _other_screens(page, home, size):
    for path in ("/details", "/papers", "/papers/facilitator-guide", "/files", "/library", "/library/power-dynamics"):
        page.goto(home + path)
        if path == "/details":
            page.fill("#q-title", "Spring")
            page.locator("details.card summary").click()
            yield path
            page.click("text=Show the papers")
            page.wait_for_url("**/papers*")
        else:
            yield path
    page.goto(home)
    page.fill("#q-when", "10:00-10:30")
    page.click("text=Show the agenda")
    page.wait_for_selector("text=There is no agenda")
    yield "no agenda"
    page.goto(f"{home}/nowhere")
    yield "no such page"
    page.goto(home)
    page.click("text=Quit")
    page.wait_for_selector("text=can be closed")
    yield "closed"


def complaints(page):
    """What axe finds against WCAG 2.2 A and AA and its own best practices, in a line each."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def sideways(page):
    """By how many pixels a page is wider than its window."""
    return page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("size", WIDTHS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(chromium, opened, size):
    """On every screen and in every state, on a desk, on a phone, and at 400 % zoom."""
    found = {}
    with window(chromium, opened[0], size) as page:
        for name in states(page, size):
            found[name] = [*complaints(page), *([f"{sideways(page)} px sideways"] if sideways(page) > 0 else [])]
    assert {name: each for name, each in found.items() if each} == {}


def test_motion_stops_where_a_person_asks_for_none(chromium, opened):
    """Where the system says so, nothing fades or slides."""
    with window(chromium, opened[0], reduced_motion="reduce") as page:
        durations = page.evaluate(
            "[...document.querySelectorAll('button, a')].map(e => getComputedStyle(e).transitionDuration)"
        )
    assert set(durations) == {"0s"}
