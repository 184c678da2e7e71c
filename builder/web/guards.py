"""Who may talk to the pages: this machine's own browser that was opened from the terminal, and nobody else.

A page on the internet can make a browser send requests to 127.0.0.1. It cannot know the key, read our cookie or forge
`Origin` and `Host`; each of these is checked before anything else happens. Cookies do not know ports: another server
on this machine that the same browser visits is sent ours too, so this is no wall between programs of one person.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs

from builder.web.rendering import refusal_page

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

START: Final = "/start"
UPLOADS: Final = "/upload/"
"""Paths under which files may be sent; everywhere else a form is small."""
MOST_OF_A_FORM, MOST_OF_AN_UPLOAD = 200_000, 20_000_000

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors {ancestors}; base-uri 'none'; frame-src 'self'"
)
PREVIEWS: Final = "/preview/"
"""Paths whose pages may stand inside a frame of our own."""
_ALWAYS: Headers = [
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]


@dataclass(slots=True)
class Keys:
    """The secrets of one run: the key in the address that the terminal shows, the cookie, and keys that work once.

    What the browser is started with can be read in the list of processes, so that key works once only.
    """

    port: int
    printed: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    once: set[str] = field(default_factory=set)

    @property
    def cookie_name(self) -> str:
        """Cookies do not know ports, so that the port is in the name."""
        return f"workshop-{self.port}"

    @property
    def address(self) -> str:
        """The address to open, as often as one likes."""
        return f"http://127.0.0.1:{self.port}{START}?key={self.printed}"

    def address_once(self) -> str:
        """An address that can be opened once."""
        key = secrets.token_urlsafe(32)
        self.once.add(key)
        return f"http://127.0.0.1:{self.port}{START}?key={key}"

    def opens(self, key: str) -> bool:
        """Whether a key opens the pages; one that works once is used up."""
        fitting = {each for each in self.once if same(each, key)}
        self.once -= fitting
        return same(self.printed, key) or bool(fitting)


def same(secret: str, given: str) -> bool:
    """Whether two texts are the same, in a time that does not tell how much of them is."""
    return hmac.compare_digest(secret.encode(), given.encode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class Request:
    """What the guards look at: method, path, query and headers, the names in lower case."""

    method: str
    path: str
    query: str
    headers: Iterable[tuple[bytes, bytes]]

    def all_of(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value.decode("latin-1") for key, value in self.headers if key.decode("latin-1").lower() == name]

    def one(self, name: str) -> str | None:
        """The value of a header, None where there is none, and an impossible one where there are several."""
        found = self.all_of(name)
        return None if not found else found[0] if len(found) == 1 else ","

    def cookies(self, name: str) -> list[str]:
        """The values of a cookie."""
        pairs = (part.strip().partition("=") for line in self.all_of("cookie") for part in line.split(";"))
        return [value for key, _, value in pairs if key == name]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is no: the status, and a sentence for whoever reads the page."""

    status: int
    words: str


def guarded(app: App, keys: Keys, first: Callable[[], str]) -> App:
    """The app behind all guards, with the headers that every answer has; `first` is the page that one begins at."""

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            return
        request = Request(scope["method"], scope["path"], scope["query_string"].decode("latin-1"), scope["headers"])
        sending = _with_headers(send, request)
        found = _judged(request, keys)
        if found is None and request.path == START:
            await _let_in(request, keys, first(), sending)
        elif found is not None:
            await _say_no(found, sending)
        else:
            await _with_body(app, scope, receive, sending, request)

    return guard


# ------------------------------------------------------------ who asks


def _judged(request: Request, keys: Keys) -> Refusal | None:
    """Why a request is refused, or None."""
    hosts = {f"127.0.0.1:{keys.port}", f"localhost:{keys.port}"}
    host = request.one("host")
    if host not in hosts:
        return Refusal(421, "This address is not one of this page. Open the one that the terminal shows.")
    if request.method not in {"GET", "HEAD", "POST"}:
        return Refusal(405, "This page can only be read, and its forms be sent.")
    if request.path == START:
        return Refusal(405, "This page can only be opened.") if request.method == "POST" else None
    if not any(same(keys.cookie, given) for given in request.cookies(keys.cookie_name)):
        return _CLOSED
    return _judged_form(request, host) if request.method == "POST" else None


_CLOSED = Refusal(
    403, "This page is open only for whoever started it. Open it again with the address that the terminal shows."
)


def _judged_form(request: Request, host: str | None) -> Refusal | None:
    foreign = Refusal(403, "This form was not sent from this page, so nothing was done. Go back and send it again.")
    if request.one("origin") != f"http://{host}":
        return foreign
    if request.one("sec-fetch-site") not in {None, "same-origin"}:
        return foreign
    length = request.one("content-length")
    if length is not None and (not length.isascii() or not length.isdecimal()):
        return Refusal(400, "This form cannot be read.")
    return _too_large(request) if int(length or 0) > _most(request) else None


def _most(request: Request) -> int:
    return MOST_OF_AN_UPLOAD if request.path.startswith(UPLOADS) else MOST_OF_A_FORM


def _too_large(request: Request) -> Refusal:
    most = _most(request)
    size = f"{most // 1_000_000} MB" if most >= 1_000_000 else f"{most // 1000} kB"
    return Refusal(413, f"That is too much at once: at most {size} can be sent here. Nothing was changed.")


# ------------------------------------------------------------ answers


async def _let_in(request: Request, keys: Keys, first: str, send: Send) -> None:
    """Exchange the key for the cookie, and lead to an address without it."""
    if not keys.opens(_key_in(request.query)):
        await _say_no(_CLOSED, send)
        return
    cookie = f"{keys.cookie_name}={keys.cookie}; Path=/; HttpOnly; SameSite=Strict"
    headers = [(b"location", first.encode()), (b"set-cookie", cookie.encode()), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _key_in(query: str) -> str:
    try:
        return parse_qs(query, max_num_fields=5).get("key", [""])[0]
    except ValueError:
        return ""


async def _say_no(refusal: Refusal, send: Send) -> None:
    body = refusal_page(refusal.words).encode()
    length = str(len(body)).encode()
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", length), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _with_body(app: App, scope: Scope, receive: Receive, send: Send, request: Request) -> None:
    """Hand the request on with its whole body, unless that is too large; reading stops where it becomes so."""
    body = b""
    more = request.method == "POST"
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > _most(request):
            await _say_no(_too_large(request), send)
            return
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    await app(scope, again, send)


def _with_headers(send: Send, request: Request) -> Send:
    """Sends what every answer carries too; what is not for keeping is not kept."""
    ancestors = "'self'" if request.path.startswith(PREVIEWS) else "'none'"
    policy = (b"content-security-policy", _POLICY.format(ancestors=ancestors).encode())

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = list(message.get("headers", []))
            kept = [] if any(key.lower() == b"cache-control" for key, _ in own) else [(b"cache-control", b"no-store")]
            message = {**message, "headers": [*own, *_ALWAYS, policy, *kept]}
        await send(message)

    return sending
