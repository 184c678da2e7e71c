"""Measure the pages of `workshop open` on this machine: start, a change as seen in the browser, bytes, memory, speed.

python tests/benchmarks/web.py [--rounds N]
"""

import argparse
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

from lxml.html import fromstring as html

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

DROP = """async () => {
  const rest = () => new Promise((done) => {
    const look = () => {
      if (document.querySelector("[aria-busy]")) setTimeout(look, 1);
      else requestAnimationFrame(() => setTimeout(done));
    };
    look();
  });
  const grip = [...document.querySelectorAll(".grip")].at(-1);
  const key = (name) => grip.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true }));
  grip.focus();
  grip.click();
  key("ArrowUp");
  key("ArrowDown");
  key(document.querySelectorAll(".here").length ? "ArrowDown" : "ArrowUp");
  const start = performance.now();
  grip.click();
  await rest();
  return performance.now() - start;
}"""


def main():
    """Print one line for each figure: the median, and the range."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=7, help="how often each thing is measured (default: 7)")
    rounds = options.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WORKSHOP_DATA_DIR"] = f"{folder}/one"
        say("python itself", [process("pass") for _ in range(rounds)])
        say("import starlette, uvicorn", [process("import starlette.applications, uvicorn") for _ in range(rounds)])
        say("first page, from the command on", [start() for _ in range(rounds)])
        whole_run(rounds)
        os.environ["WORKSHOP_DATA_DIR"] = f"{folder}/two"
        in_the_browser(rounds)


def say(what, pairs, unit="ms"):
    """One line: median and range of the first values, and the median of the second where there are any."""
    wall = [pair[0] for pair in pairs]
    other = f", of that {statistics.median(pair[1] for pair in pairs):.0f} ms of work" if pairs[0][1:] else ""
    print(f"{what:34} {statistics.median(wall):7.0f} {unit} ({min(wall):.0f} to {max(wall):.0f}{other})")  # noqa: T201


# ------------------------------------------------------------ processes


def process(code):
    """How long Python takes for some code: by the clock, and of the processor, in milliseconds."""
    before, begin = work(), time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return (time.perf_counter() - begin) * 1000, work() - before


def work():
    """What the processes that ended so far took of the processor, in milliseconds."""
    times = os.times()
    return (times.children_user + times.children_system) * 1000


def start():
    """From the command to the whole first page."""
    before, begin = work(), time.perf_counter()
    with program() as (opener, address, _):
        opener.open(address).read()
        wall = (time.perf_counter() - begin) * 1000
    return wall, work() - before


@contextmanager
def program():
    """The program, what visits it and keeps its cookie, and the address to open."""
    command = [sys.executable, "-m", "builder", "open", "--no-browser"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        jar = CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        opener.jar = jar
        try:
            yield opener, running.stdout.readline().strip(), running
        finally:
            running.kill()


def whole_run(rounds):
    """Bytes of the first page, requests a second, and memory after the papers were made."""
    with program() as (opener, address, running):
        home = "http://" + urllib.parse.urlsplit(address).netloc
        page = opener.open(address).read()
        files = re.findall(rb'(?:src|href)="(/static/[^"]+)"', page)
        sizes = [len(page), *(len(opener.open(home + name.decode()).read()) for name in files)]
        say("bytes of the first page, all in", [(sum(sizes) / 1000,)], "kB")
        memory(running, "memory at the first page")
        body = filled(page, "/ask")
        opener.open(urllib.request.Request(f"{home}/ask", body, {"Origin": home})).read()
        assert b"<table" in opener.open(f"{home}/agenda").read()
        say("one agenda page", [(agenda(home, opener),) for _ in range(rounds)])
        body = filled(opener.open(f"{home}/details").read(), "/details")
        opener.open(urllib.request.Request(f"{home}/details", body, {"Origin": home})).read()
        opener.open(f"{home}/papers/all.zip").read()
        memory(running, "memory after all papers")


def filled(page, action):
    """A form as it stands in a page."""
    return urllib.parse.urlencode(
        next(form.form_values() for form in html(page).forms if form.action == action)
    ).encode()


def agenda(home, opener):
    """How long one agenda page takes, of fifty asked for one after the other."""
    netloc, cookie = urllib.parse.urlsplit(home).netloc, "; ".join(f"{each.name}={each.value}" for each in opener.jar)
    connection = http.client.HTTPConnection(netloc)
    begin = time.perf_counter()
    for _ in range(50):
        connection.request("GET", "/agenda", headers={"Cookie": cookie})
        connection.getresponse().read()
    connection.close()
    return (time.perf_counter() - begin) * 20


def memory(running, what):
    """What the program holds in memory, where the system says it."""
    status = Path(f"/proc/{running.pid}/status")
    if status.exists():
        kilobytes = int(re.search(r"VmRSS:\s+(\d+)", status.read_text())[1])
        say(what, [(kilobytes / 1000,)], "MB")


# ------------------------------------------------------------ in the browser


def in_the_browser(rounds):
    """From dropping a lesson to the painted agenda, and without the time that the planner took of it."""
    import browser_help
    from playwright.sync_api import sync_playwright

    from builder.library import load, shipped

    planned = []
    with sync_playwright() as play, browser_help.served(load(shipped("modules")), Path.cwd()) as (address, desk):
        desk.planning = timed(desk.planning, planned)
        chromium = play.chromium.launch(executable_path=browser_help.CHROMIUM)
        with browser_help.window(chromium, address) as page:
            page.click("text=Show the agenda")
            page.wait_for_selector("table.agenda")
            seen = []
            for _ in range(rounds):
                planned.clear()
                wall = page.evaluate(DROP)
                seen.append((wall, sum(planned)))
        say("a lesson dropped, until painted", [(wall,) for wall, _ in seen])
        say("... of that the planner", [(plan,) for _, plan in seen])
        say("... and all the rest", [(wall - plan,) for wall, plan in seen])
        chromium.close()


def timed(planning, planned):
    """The same planning, each call of it noted in milliseconds."""
    from dataclasses import replace

    def plan(*given, **named):
        begin = time.perf_counter()
        try:
            return planning.plan(*given, **named)
        finally:
            planned.append((time.perf_counter() - begin) * 1000)

    return replace(planning, plan=plan)


if __name__ == "__main__":
    main()
