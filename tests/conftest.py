"""What the tests share: the shipped library, its examples, and a Word file read as a person reads it."""

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from builder import kit, planner, questions
from builder.library import load, read_text, shipped
from builder.strict import read_yaml

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"


@pytest.fixture(scope="session")
def library():
    """The lessons that come with the program."""
    return load(shipped("modules"))


@pytest.fixture(scope="session")
def example(library):
    """A function that gives the brief of an example, with some keys changed."""

    def brief_of(name, **changes):
        path = EXAMPLES / f"{name}.yaml"
        text, warnings = read_text(path)
        marked, problems = read_yaml(text, path.name)
        assert warnings + problems == []
        return questions.parse(questions.layered(changes, marked), library)

    return brief_of


@pytest.fixture(scope="session")
def kit_of(library, example):
    """A function that gives the kit of an example, with some keys of the brief changed; made once for each."""
    made = {}

    def make(name, **changes):
        key = (name, repr(sorted(changes.items())))
        if key not in made:
            made[key] = kit.make(planner.plan(library, example(name, **changes)), library)
        return made[key]

    return make


@pytest.fixture(scope="session")
def words_of():
    """A function that gives all text of a Word file, footers included, paragraph by paragraph."""
    import docx

    def words(content):
        document = docx.Document(io.BytesIO(content))
        body = [paragraph_text(p) for p in document.element.body.iter(W + "p")]
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = [name for name in package.namelist() if name.startswith("word/footer")]
            footers = [package.read(name).decode() for name in sorted(names)]
        import re

        return [*body, *(re.sub("<[^>]+>", "", footer) for footer in footers)]

    return words


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def paragraph_text(paragraph):
    """The text of one paragraph element."""
    return "".join(node.text or "" for node in paragraph.iter(W + "t"))


@pytest.fixture(scope="module")
def chromium():
    """One browser for all tests of a file; each has a window of its own."""
    from browser_help import CHROMIUM
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def opened(library, tmp_path, monkeypatch):
    """The pages with nothing answered yet: the address to open, and the desk behind it."""
    from browser_help import served

    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path / "data"))
    with served(library, tmp_path) as found:
        yield found


@pytest.fixture
def workshop(tmp_path):
    """A function that runs a command in an empty folder, without a terminal, and gives the finished process."""

    def run(*arguments, stdin="", **variables):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "WORKSHOP_DATA_DIR": str(tmp_path / "data"), **variables}
        return subprocess.run(
            [sys.executable, "-m", "builder", *map(str, arguments)],
            cwd=tmp_path,
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    return run
