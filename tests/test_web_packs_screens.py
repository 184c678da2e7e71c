"""The pages of a pack in a real browser: axe finds nothing, nothing scrolls sideways, a part is saved by keyboard."""

import shutil
from pathlib import Path

import pytest
from browser_help import CHROMIUM, NO_CHROMIUM, WIDTHS, served, window
from test_web_screens import complaints, sideways

from builder.library import shipped
from builder.packs.loading import load
from builder.web.packs import Shelf

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)]

HOSPITAL = Path(__file__).parent.parent / "examples" / "packs" / "hospital"
PART = "/pack/part?path=commitments%2Factivities%2Fwho-would-know.md&part=Debrief%2FWhat%20next"


@pytest.fixture
def opened(tmp_path, monkeypatch):
    """The pages over a copy of the hospital's pack, and the pack's folder."""
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path / "data"))
    folder = Path(shutil.copytree(HOSPITAL, tmp_path / "hospital"))
    with served(load(shipped("modules"), [folder])[0], tmp_path) as (address, desk):
        desk.shelf = Shelf(shipped("modules"), (folder,))
        yield address, folder


def states(page):
    """Go through the pages of the pack; gives the name of each once it is shown."""
    home = "/".join(page.url.split("/")[:3])
    for path in ("/pack", "/pack/lesson/commitments", "/library/commitments"):
        page.goto(home + path)
        for summary in page.locator(".part summary").all():
            summary.click()
        yield path
    page.goto(home + PART)
    yield "the form"
    page.fill("#text", "- What could stop you in week two, on your {{unit}}?")
    page.click("text=Save into the pack")
    page.wait_for_selector(".wrong-note")
    yield "the form without a reason"
    page.fill("#reason", "Our weeks follow the rota.")
    page.click("text=Show what it would be")
    page.wait_for_selector(".printed")
    yield "the preview"
    page.locator("[value=save]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Saved into the pack")
    yield "saved"


@pytest.mark.parametrize("size", WIDTHS)
def test_each_page_of_a_pack_is_usable_by_everybody(chromium, opened, size):
    """No complaint of axe and no scrolling sideways, at each width; the part is in the pack at the end."""
    address, folder = opened
    found = {}
    with window(chromium, address, size) as page:
        for name in states(page):
            found[name] = [*complaints(page), *([f"{sideways(page)} px sideways"] if sideways(page) > 0 else [])]
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert "Our weeks follow the rota." in (folder / "commitments/activities/who-would-know.md").read_text()
