"""The program as it is installed: built, installed into an environment of its own, and run from an empty folder."""

import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder with a wheel and a source archive built from a copy of what git knows."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_wheel_holds_lessons_and_templates_inside_the_package(built):
    """Lessons, templates and the base of the papers travel inside the package, and no test or environment does."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = wheel.namelist()
    assert "builder/modules/opening/lesson.md" in names
    assert "builder/handouts/agenda.md.j2" in names
    assert "builder/planner/numbers.toml" in names
    assert {"builder/quality/criteria.toml", "builder/quality/words.toml"} <= set(names)
    assert "builder/word/base/styles.xml" in names
    assert {"builder/web/pages/base.html", "builder/web/static/style.css"} <= set(names)
    assert "builder/skeleton/texts/lesson-case.md" in names
    assert "builder/licences/licences.toml" in names
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"builder"}
    assert any(name.endswith("licenses/LICENSE-LESSONS.md") for name in names)


def test_the_source_archive_holds_what_the_tests_need(built):
    """Whoever unpacks the source archive can run the tests."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"modules/recipes.yaml", "handouts/agenda.md.j2", "tests/test_kit.py", "examples/linehan.yaml"} <= names


def test_an_installed_program_makes_a_kit(built, tmp_path):
    """In a fresh environment and an empty folder, `workshop new --defaults` writes the papers."""
    venv.create(tmp_path / "env", with_pip=True)
    scripts = tmp_path / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    python = scripts / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", ROOT / "requirements.txt"]
    subprocess.run(list(map(str, install)), check=True)
    wheel = next(built.glob("*.whl"))
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", "--no-deps", str(wheel)], check=True)
    work = tmp_path / "work"
    work.mkdir()
    done = subprocess.run(
        [str(scripts / "workshop"), "new", "--defaults", "-o", "kit"],
        cwd=work, env={"PATH": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (work / "kit" / "facilitator-guide.docx").is_file()
