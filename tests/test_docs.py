"""The documents cannot drift: commands in the README run, and what is promised to CI is what is written there."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ (workshop .*)$", README, re.MULTILINE)
LINES = re.findall(r"```sh\n(.*?)\n```", README)


@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "workshop new"])
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
