"""A browser without JavaScript, as far as tests need one: it opens pages, fills forms in, and presses buttons."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
import lxml.html

from builder import calibrate, planner
from builder.reworking import Planning
from builder.web import state
from builder.web.app import make_app
from builder.web.guards import Keys

PORT = 8123
HOME = f"http://127.0.0.1:{PORT}"


def start(library, brief=None, filed=None, home=None):
    """A browser that was opened from the terminal, at the first page."""
    desk = state.opened(library, Planning(calibrate.plan, planner.instead), brief, filed)
    if home is not None:
        desk.home = home
    keys, ended = Keys(PORT), []
    client = Client(make_app(desk, keys, lambda: ended.append(True)))
    browser = Browser(client, desk, keys, ended)
    browser.open(f"/start?key={keys.printed}")
    return browser


class Client:
    """Sends requests to the app itself, without a socket; keeps cookies, and follows where it is led."""

    def __init__(self, app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport, base_url=HOME, follow_redirects=True)
        self.cookies = self._client.cookies

    def request(self, method, path, **how):
        """The answer to one request."""
        return asyncio.run(self._client.request(method, path, **how))

    def get(self, path, **how):
        """The answer to a GET."""
        return self.request("GET", path, **how)

    def post(self, path, **how):
        """The answer to a POST."""
        return self.request("POST", path, **how)


@dataclass
class Browser:
    """One tab; `page` is what it shows."""

    client: object
    desk: object
    keys: Keys
    ended: list
    answer: object = None

    def open(self, path):
        """Go to an address of ours."""
        self.answer = self.client.get(path)
        return self

    def another(self):
        """A second tab that shows the same page."""
        return Browser(self.client, self.desk, self.keys, self.ended).open(self.path)

    @property
    def path(self):
        """The address shown, with what stands behind the question mark."""
        return self.answer.url.raw_path.decode()

    @property
    def page(self):
        """The page as elements."""
        return lxml.html.fromstring(self.answer.text)

    def words(self, selector="//main"):
        """The text of a part of the page, as a person reads it."""
        return " ".join(" ".join(part.text_content() for part in self.page.xpath(selector)).split())

    def form(self, action, **hidden):
        """The pairs that a form holds; `hidden` tells apart forms of the same action."""
        for form in self.page.xpath(f"//form[@action='{action}']"):
            pairs = list(form.form_values())
            if all((key, value) in pairs for key, value in hidden.items()):
                return pairs
        raise AssertionError(f"no form {action} with {hidden} in {self.path}: {self.words()[:300]}")

    def send(self, action, changes=(), button=(), **hidden):
        """Send a form with some fields changed, as pressing a button (name, value) does."""
        changed = dict(changes)
        pairs = [pair for pair in self.form(action, **hidden) if pair[0] not in changed]
        for name, value in changed.items():
            pairs += [(name, each) for each in ([value] if isinstance(value, str) else value)]
        return self.post(action, [*pairs, *([button] if button else [])])

    def post(self, path, pairs, **headers):
        """Send pairs as a browser sends a form of our own page."""
        sent = {"origin": HOME, "content-type": "application/x-www-form-urlencoded", **headers}
        self.answer = self.client.post(path, content=urlencode(pairs), headers=sent)
        return self

    def to_the_agenda(self, **answers):
        """Answer the six questions as they stand, some of them otherwise."""
        return self.open("/").send("/ask", answers)
