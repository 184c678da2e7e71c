"""How much of the processor `workshop pack update` takes from a cold start, for a pack over every file of every lesson.

Run: python tests/benchmarks/packs.py [rounds]
The pack takes over all nineteen lessons and changes one section of each file; the library changes another section of
each, and its title. Every round begins with the same pack. The mark: at most three seconds.
"""

import datetime
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from builder.packs import adapting, fresh, parts
from builder.packs.layers import read_layer
from builder.packs.writing import write

ROOT = Path(__file__).resolve().parent.parent.parent
MODULES = ROOT / "modules"
DAY = datetime.date(2026, 11, 22)


def texts_in(folder: Path) -> dict[str, str]:
    """Every text of a library by its path in it."""
    found = [path for path in folder.rglob("*") if path.suffix in {".md", ".yaml"}]
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in found}


def pack_of(folder: Path, library: dict[str, str]) -> Path:
    """A pack that changes the last section of every file, and holds a copy of all the rest."""
    write(folder, {"pack.yaml": fresh.pack_yaml({"organisation": "St Brigid's"}, DAY)}, {})
    for lesson in sorted({path.partition("/")[0] for path in library if "/" in path}):
        layer = read_layer(folder)
        write(folder, adapting.adapt(lesson, library, layer).files, layer.written)
    for path in [each for each in folder.rglob("*.md") if "base" not in each.relative_to(folder).parts]:
        path.write_text(
            path.read_text(encoding="utf-8").rstrip() + "\n\nHere, ask the staff network.\n", encoding="utf-8"
        )
    return folder


def newer(library: dict[str, str], folder: Path) -> Path:
    """A copy of the library in which the first section of every file, and its title, have changed."""
    shutil.copytree(MODULES, folder)
    for path, text in library.items():
        if path.endswith(".md"):
            made = re.sub(r"(?m)^(title: \"?)", r"\1More: ", text, count=1)
            first = next(
                (part for part in parts.parts_of(made) if not parts.is_field(part) and part != parts.HEAD), None
            )
            if first:
                said = parts.parts_of(made)[first]
                head = said[: said.index(parts.words_of(first, said)[:20])]
                made = parts.with_part(made, first, f"{head}New words at the beginning.\n\n{said[len(head) :]}")
            (folder / path).write_text(made, encoding="utf-8")
    return folder


def main() -> None:
    """Measure so many updates, a dry run and a second run, and print the medians."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as name:
        folder, library = Path(name), texts_in(MODULES)
        made, modules = pack_of(folder / "made", library), newer(library, folder / "modules")
        times: dict[str, list[float]] = {"dry run": [], "update": [], "second run": []}
        told = ""
        for _ in range(rounds):
            shutil.rmtree(folder / "pack", ignore_errors=True)
            shutil.copytree(made, folder / "pack")
            for each, more in (("dry run", ["--dry-run"]), ("update", []), ("second run", [])):
                command = [
                    sys.executable,
                    "-m",
                    "builder",
                    "pack",
                    "update",
                    folder / "pack",
                    "--modules",
                    modules,
                    *more,
                ]
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                times[each].append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
                told = done.stderr if each == "update" else told
        files = sum(1 for path in made.rglob("*.md") if "base" not in path.relative_to(made).parts)
        lessons = len({path.partition("/")[0] for path in library if "/" in path})
        lines = [f"{files} files of a pack over {lessons} lessons", told.strip()]
        for each, found in times.items():
            lines.append(f"{each}: {statistics.median(found):.2f} s ({min(found):.2f} to {max(found):.2f})")
        sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
