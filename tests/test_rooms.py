"""The rooms of `builder/`: a room imports only from rooms of lower rank, so that reasons to change stay apart."""

import ast
from pathlib import Path

import builder

RANKS = {
    "problems": 0,
    "blocks": 0,
    "model": 0,
    "streams": 0,
    "scripts": 0,
    "addresses": 0,
    "strict": 1,
    "markdown": 1,
    "licences": 1,
    "planner": 1,
    "picture": 1,
    "letterhead": 1,
    "late": 2,
    "slots": 1,
    "moved": 2,
    "calibrate": 2,
    "library": 2,
    "roster": 2,
    "questions": 2,
    "word": 2,
    "calendar": 2,
    "html": 2,
    "published": 2,
    "todo": 2,
    "kit": 3,
    "answers": 3,
    "reworking": 3,
    "folder": 4,
    "terminal": 4,
    "quality": 4,
    "pages": 5,
    "checker": 6,
    "packs": 5,
    "skeleton": 6,
    "exchange": 6,
    "actuals": 6,
    "printing": 7,
    "making": 8,
    "web": 9,
    "commands": 7,
    "cli": 10,
    "__main__": 11,
    "__init__": 0,
}
ROOT = Path(builder.__file__).parent
FILES = sorted(path for path in ROOT.rglob("*.py"))


def room_of(path):
    """The room that a file belongs to: its name, or its folder's."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports_of(path):
    """The rooms that a file imports from, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "builder":
            parts = node.module.split(".")
            yield from [parts[1]] if len(parts) > 1 else [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            yield from (alias.name.split(".")[1] for alias in node.names if alias.name.startswith("builder."))


def test_every_room_has_a_rank():
    """A new room is given its rank here, on purpose."""
    assert {room_of(path) for path in FILES} <= set(RANKS)


def test_a_room_imports_only_from_lower_ranks():
    """No room reaches up or sideways; a folder may import from itself."""
    wrong = [
        f"{path.relative_to(ROOT)} imports {other}"
        for path in FILES
        for other in imports_of(path)
        if other in RANKS and other != room_of(path) and RANKS[other] >= RANKS[room_of(path)]
    ]
    assert wrong == []


def test_only_the_command_line_prints():
    """`print` stands nowhere: what a person reads goes through the terminal and the command line."""
    calls = [
        path.name
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert calls == []


def test_files_and_functions_stay_small():
    """A file has at most about 400 lines and a function at most 50, so that a newcomer can hold it in mind."""
    long = []
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > 440:
            long.append(f"{path.name}: {text.count(chr(10))} lines")
        functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
        long += [f"{path.name}: {f.name}" for f in functions if (f.end_lineno or 0) - f.lineno >= 50]
    assert long == []
