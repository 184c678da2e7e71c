"""`workshop open` as a process: it shows an address, answers on this machine only, and ends as it is told to."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from builder.questions import write

ROOT = Path(__file__).parent.parent


@pytest.fixture
def opened(tmp_path):
    """A function that starts the program in an empty folder, and gives it with the address that it shows."""

    @contextmanager
    def start(*arguments):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "WORKSHOP_DATA_DIR": str(tmp_path / "data")}
        command = [sys.executable, "-m", "builder", "open", "--no-browser", *map(str, arguments)]
        with subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as program:
            try:
                yield program, program.stdout.readline().strip()
            finally:
                program.kill()

    return start


def browser():
    """What keeps cookies between requests."""
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))


def send(opener, address, path, **fields):
    """Send a form of our own page."""
    home = "http://" + urllib.parse.urlsplit(address).netloc
    body = urllib.parse.urlencode(fields).encode()
    return opener.open(urllib.request.Request(home + path, body, {"Origin": home}))


def test_the_address_opens_the_questions_and_quit_ends_the_program(opened):
    """The result on standard output is the address alone; Quit is a good end."""
    with opened() as (program, address):
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/start\?key=[\w-]{43}", address)
        visitor = browser()
        assert b"What workshop do you want?" in visitor.open(address).read()
        assert b"can be closed" in send(visitor, address, "/quit").read()
        assert program.wait(10) == 0
        told = program.stderr.read()
    assert "Open this address in a browser of this machine" in told
    assert "key=" not in told


def test_it_listens_on_this_machine_only(opened):
    """The port is closed to every other address of the machine."""
    with opened() as (_program, address):
        port = urllib.parse.urlsplit(address).port
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            pass
        with pytest.raises(OSError, match=r".+"), socket.create_connection(("127.0.0.2", port), timeout=5):
            pass


@pytest.mark.skipif(sys.platform == "win32", reason="there Ctrl-C cannot be sent to one process")
def test_ctrl_c_ends_it_as_interrupted_with_the_answers_kept(opened):
    """The exit code is 130, and started again, the program offers the answers."""
    with opened() as (program, address):
        visitor = browser()
        visitor.open(address)
        fields = {"purpose": "planner", "asked": "purpose", "revision": "0"}
        send(visitor, address, "/ask", **fields)
        program.send_signal(signal.SIGINT)
        assert program.wait(10) == 130
        assert "Your answers are kept" in program.stderr.read()
    with opened() as (_program, address):
        assert b"Last time you stopped after these answers" in browser().open(address).read()


def test_nothing_that_was_typed_is_told_in_the_terminal(opened):
    """No request and no answer appears on the screen of whoever looks over a shoulder."""
    with opened() as (program, address):
        visitor = browser()
        visitor.open(address)
        with pytest.raises(urllib.error.HTTPError):
            visitor.open(address.partition("/start")[0] + "/Ana-Pereira")
        send(visitor, address, "/quit")
        program.wait(10)
        assert "Ana" not in program.stderr.read() + program.stdout.read()


def test_a_port_that_is_taken_is_wrong_usage(opened):
    """Two programs cannot have one port: exit 2, with what to do."""
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        opened("--port", other.getsockname()[1]) as (program, address),
    ):
        assert address == ""
        assert program.wait(20) == 2
        assert "Leave --port out" in program.stderr.read()


def test_a_brief_that_cannot_be_used_is_told_with_its_place_before_anything_opens(opened, tmp_path):
    """The same refusal as that of `build`: path, line, column, exit 1."""
    (tmp_path / "bad.yaml").write_text("title: x\nminutes: many\n", encoding="utf-8")
    with opened("bad.yaml") as (program, address):
        assert address == ""
        assert program.wait(20) == 1
        assert "bad.yaml:2:" in program.stderr.read()


def test_a_brief_leads_to_its_agenda_or_to_what_it_leaves_open(opened, example, tmp_path):
    """A whole brief has no question left open; one with few answers is asked about, its own already in place."""
    (tmp_path / "whole.yaml").write_text(write(example("ninety-minutes")), encoding="utf-8")
    with opened("whole.yaml") as (_program, address):
        assert browser().open(address).url.endswith("/agenda")
    (tmp_path / "few.yaml").write_text("title: Few\nminutes: 60\nstart: '9:00'\n", encoding="utf-8")
    with opened("few.yaml") as (_program, address):
        assert b'value="09:00-10:00"' in browser().open(address).read()
