"""The documents cannot drift: commands in the README run, and what is promised to CI is what is written there."""

import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ (workshop .*)$", README, re.MULTILINE)
LINES = re.findall(r"```sh\n(.*?)\n```", README)


@pytest.mark.parametrize("command", [each for each in COMMANDS if each not in {"workshop new", "workshop open"}])
def test_each_command_of_the_readme_runs(command, tmp_path):
    """What a reader types after us works, in a folder with the examples."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    arguments = [sys.executable, "-m", "builder", *shlex.split(command)[1:]]
    done = subprocess.run(
        arguments, cwd=tmp_path, env={"PYTHONPATH": str(ROOT), "PATH": ""}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout != "") == (0, True), done.stderr


def test_the_readme_has_one_line_to_run_and_one_to_test():
    """One command runs the main job and one passes the tests; CI calls the very same line."""
    run, test = LINES
    assert run.endswith(".venv/bin/workshop new --defaults -o kit")
    assert test in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_key_of_a_brief_is_in_the_readme():
    """The table of options names every key that a brief may have."""
    from builder.model import Brief

    assert [key for key in Brief.model_fields if f"`{key}`" not in README] == []


def test_every_file_that_the_readme_names_is_there():
    """Links and pictures of the documents lead somewhere."""
    for name in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (ROOT / target).is_file(), target


def test_the_lock_file_pins_every_dependency_with_hashes_and_no_address():
    """What is declared is locked, with hashes, and without the address of any registry."""
    import tomllib

    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    for requirement in declared:
        name = re.split(r"[<>=; ]", requirement)[0].lower().replace("_", "-")
        assert re.search(rf"^{re.escape(name)}==", lock, re.MULTILINE), name
    assert "--hash=sha256:" in lock
    assert re.search(r"https?:|file:|--index-url|--find-links", lock) is None


def test_every_import_of_the_program_is_declared():
    """A package that the program imports stands among its dependencies, so that a fresh install has it."""
    import ast
    import tomllib

    names = {"docx": "python-docx", "yaml": "PyYAML", "markdown_it": "markdown-it-py", "jinja2": "Jinja2"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[<>=; ]", requirement)[0].lower() for requirement in project["dependencies"]}
    brought = {"pydantic_core": "pydantic", "prompt_toolkit": "questionary"}
    for path in (ROOT / "builder").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for module in modules:
                top = module.split(".")[0]
                if top not in sys.stdlib_module_names and top != "builder":
                    package = brought.get(top, names.get(top, top)).lower()
                    assert package in declared, f"{path.name}: {top}"


# ------------------------------------------------------------ CONTRIBUTING: a first lesson, as it is written there

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
WALK = re.findall(r"^   \$ (workshop .*)$", CONTRIBUTING, re.MULTILINE)
FILES = re.findall(r"^   `(modules/\S+)`\n\n   ```markdown\n(.*?)\n   ```$", CONTRIBUTING, re.MULTILINE | re.DOTALL)
GONE = re.findall(r"delete `(modules/\S+)`", CONTRIBUTING)


def walk(folder, command):
    """Type one line of CONTRIBUTING in a folder."""
    arguments = [sys.executable, "-m", "builder", *shlex.split(command)[1:]]
    return subprocess.run(
        arguments, cwd=folder, env={"PYTHONPATH": str(ROOT), "PATH": ""}, capture_output=True, text=True, check=False
    )


def test_the_first_lesson_of_contributing_works_as_it_is_written(tmp_path):
    """From an empty folder, its commands and its three files lead to a lesson without a finding, and to its papers."""
    kinds = [command.split()[1] for command in WALK]
    assert kinds == ["new-lesson", "new-lesson", "new-lesson", "check", "check", "new", "build"]
    for command in WALK[:3]:
        assert walk(tmp_path, command).returncode == 0
    before = walk(tmp_path, WALK[3])
    assert (before.returncode, "[to-do]" in before.stdout) == (0, True)
    for path in GONE:
        (tmp_path / path).unlink()
    for path, text in FILES:
        assert (tmp_path / path).is_file()
        (tmp_path / path).write_text(textwrap.dedent(text) + "\n", encoding="utf-8")
    after = walk(tmp_path, WALK[4])
    assert (after.returncode, after.stderr.split(",")[0], "[to-do]" in after.stdout) == (0, "0 errors", False)
    for command in WALK[5:]:
        done = walk(tmp_path, command)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "try" / "handouts-each-person.docx").is_file()
    assert "nothing had changed" in done.stderr


def test_contributing_begins_with_a_lesson_and_ends_with_code():
    """A first lesson stands first, then the format, then the program."""
    parts = re.findall(r"^## (.*)$", CONTRIBUTING, re.MULTILINE)
    assert parts[0].startswith("Your first lesson")
    assert parts.index("The format") < parts.index("Change the program")


def test_every_key_of_the_format_is_in_contributing():
    """The tables of the format name every key that a lesson, an activity, a sheet and a card may have."""
    from builder.model import Activity, Card, HandoutSheet, Lesson

    parts = dict(re.findall(r"^### (\S+)\n(.*?)(?=^##)", CONTRIBUTING, re.MULTILINE | re.DOTALL))
    placed = {"id", "body", "lesson"}
    for name, model in (
        ("lesson.md", Lesson),
        ("activities/…", Activity),
        ("handouts/…", HandoutSheet),
        ("cards/…", Card),
    ):
        assert [key for key in model.model_fields if key not in placed and f"`{key}`" not in parts[name]] == [], name


def test_every_block_and_placeholder_is_in_contributing():
    """What lesson text may hold beyond Markdown is listed, so that nobody has to guess."""
    from builder.markdown import CONTAINERS, PLACEHOLDERS

    assert [name for name in CONTAINERS if f"`::: {name}" not in CONTRIBUTING] == []
    assert [name for name in PLACEHOLDERS if f"{{{{{name}}}}}" not in CONTRIBUTING] == []
