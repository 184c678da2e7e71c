"""A real Chromium of this machine before real pages, and what it complains of."""

import re
import shutil
import threading
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager, suppress
from http.cookiejar import CookieJar

from builder import calibrate, planner
from builder.reworking import Planning
from builder.web import server, state

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
NO_CHROMIUM = "no Chromium on this machine; Debian's is the package chromium"
WIDTHS = {"desktop": (1280, 800), "phone": (375, 700), "enlarged": (320, 256)}
"""In CSS pixels; the last is a window of 1280 by 1024 at 400 % zoom."""


@contextmanager
def served(library, home, brief=None, filed=None):
    """The pages in a thread of this process, with a desk of their own: gives the address to open, and the desk."""
    desk = state.opened(library, Planning(calibrate.plan, planner.instead), brief, filed)
    desk.home = home
    told, listener = [], server.listening(0)
    ready = threading.Event()
    thread = threading.Thread(
        target=lambda: server.serve(desk, listener, lambda text: (told.append(text), ready.set()), browser=False),
        daemon=True,
    )
    thread.start()
    assert ready.wait(10)
    try:
        yield told[0], desk
    finally:
        with suppress(urllib.error.URLError):  # somebody pressed Quit already
            leave(told[0])
        thread.join(10)
        listener.close()


def leave(address):
    """Press Quit, from outside the browser."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    home = "http://" + urllib.parse.urlsplit(address).netloc
    opener.open(address).close()
    opener.open(urllib.request.Request(f"{home}/quit", b"revision=0", {"Origin": home})).close()


@contextmanager
def window(chromium, address, size="desktop", **how):
    """A new browser window at the first page; at its end nothing was complained of and nothing asked aloud."""
    width, height = WIDTHS[size]
    context = chromium.new_context(viewport={"width": width, "height": height}, accept_downloads=True, **how)
    context.set_default_timeout(6_000)
    complaints = []
    context.on("page", lambda page: watch(page, complaints))
    page = context.new_page()
    page.complaints = complaints
    try:
        page.goto(address)
        yield page
        assert not complaints, "\n".join(complaints)
    finally:
        context.close()


def watch(page, complaints):
    """Note errors of scripts, what the policy forbids, and dialogs; that there is no /nowhere is no fault."""

    def heard(said):
        if said.type in {"error", "warning"} and not said.location.get("url", "").endswith("/nowhere"):
            complaints.append(said.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))


def settle(page):
    """Wait until no change is under way and what happened was said."""
    page.wait_for_load_state()
    page.wait_for_selector("main:not([aria-busy])", state="attached")


def said(page, begins=""):
    """What the live region says, once it says something that begins so."""
    page.locator("#say").filter(has_text=re.compile(rf"^{re.escape(begins)}.")).wait_for(state="attached")
    return page.locator("#say").text_content()


def press_to(page, selector, key="Tab"):
    """Press a key until the element that matches has the focus, as somebody without a mouse does."""
    for _ in range(250):
        if page.evaluate("text => document.activeElement.matches(text)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} never leads to {selector}")


def focused(page):
    """The id of what has the focus, else its text."""
    return page.evaluate("(e => e.id || e.textContent.trim())(document.activeElement)")


def lessons(page):
    """The titles of the lessons in their order."""
    return page.locator("tr.lesson .title").all_inner_texts()


def clocks(page):
    """All clocks of the agenda, the end as the last."""
    return page.locator("td.clock").all_inner_texts()


def minutes(page, step):
    """The minutes that the row of a step shows."""
    return int(page.locator(f"#{row(step)} td.minutes").inner_text().split()[0])


def row(step):
    """The id of the row of a step."""
    return f"step-{step.replace('/', '--')}"
