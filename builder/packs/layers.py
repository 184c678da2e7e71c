"""Reading a pack's folder: pack.yaml, the files that lie over the library or are new, and what `base/` keeps."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from builder.library.raw import Raw
from builder.library.reading import (
    IGNORED,
    LISTS,
    MOST_BYTES_OF_A_PICTURE,
    PARTS,
    UNUSABLE_PICTURE,
    LibraryReading,
    is_id,
    is_png,
    shown,
)
from builder.model import Pack
from builder.packs import parts, shapes, undecided
from builder.problems import Problem, did_you_mean, has_errors
from builder.strict import Marked, check, not_an_id, read_yaml

PACK, BASE = "pack.yaml", "base"
OWN_FOLDERS = (BASE, "approvals", "review")
_OWN_FILES = IGNORED | {"LICENCE", "LICENCE.md", "README", "CHANGELOG"}
_TEMPLATES = {".j2", ".jinja", ".jinja2", ".tmpl", ".mustache", ".html", ".htm", ".xml"}
_PROGRAMS = {
    ".py", ".pyc", ".sh", ".bash", ".zsh", ".bat", ".cmd", ".ps1", ".exe", ".dll", ".so", ".js", ".vbs", ".jar",
    ".docm", ".dotm", ".xlsm", ".app", ".msi", ".rb", ".pl", ".php", ".lua", ".wasm", ".desktop", ".lnk", ".scr",
}  # fmt: skip
KINDS = {"activities": "activities", "handouts": "sheets", "cards": "cards"}


@dataclass(frozen=True)
class Layer:
    """A pack as it was read. All paths but `folder` are those inside the library, with `/`.

    `texts` are its files as they are written (cleaned), those of `base/` in `base`; `raws` are the files with front
    matter, `lists` the list files, each with its places; `pictures` by path.
    """

    folder: Path
    pack: Pack | None = None
    marked: Marked = field(default_factory=lambda: Marked({}))
    raws: Mapping[str, Raw] = field(default_factory=dict)
    lists: Mapping[str, Marked] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    base: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    fingerprint: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def name(self) -> str:
        """What the pack is called, or its folder where pack.yaml does not say."""
        return self.pack.name if self.pack else self.folder.name

    @property
    def written(self) -> Mapping[str, str]:
        """Every text file of the pack by its path in it, those of `base/` included."""
        return {**self.texts, **{f"{BASE}/{path}": text for path, text in self.base.items()}}

    def shown(self, path: str) -> str:
        """A file of the pack as messages name it."""
        return shown(self.folder / path)

    def base_parts(self, path: str) -> Mapping[str, str]:
        """The parts of a file that `base/` keeps, as they were written."""
        return parts.parts_of(self.base.get(path, ""), listed=is_list(path))

    def base_names(self, path: str) -> frozenset[str]:
        """The names of all that `base/` keeps of a file, entries of lists and maps included."""
        found = set(self.base_parts(path))
        text = self.base.get(path, "")
        front = "".join(piece.text for piece in parts.taken_apart(text, listed=is_list(path)) if _is_field(piece, path))
        for key, value in read_yaml(front, "")[0].values.items():
            entries = [shapes.name_of(each) for each in value] if isinstance(value, list) else []
            entries += list(value) if isinstance(value, Mapping) else []
            found |= {f"{key}/{entry}" for entry in entries}
        return frozenset(found)

    def base_version(self, lesson: str) -> str | None:
        """The version of a lesson from which it was adapted."""
        written = self.base_parts(f"{lesson}/lesson.md").get("version", "")
        version = read_yaml(written, "")[0].values.get("version")
        return version if isinstance(version, str) else None


def _is_field(piece: parts.Piece, path: str) -> bool:
    return bool(piece.part) and parts.is_field(piece.part, listed=is_list(path))


def is_list(path: str) -> bool:
    """Whether a path inside a library is that of a list file."""
    return path in LISTS


def is_pack(folder: Path) -> bool:
    """Whether a folder is a pack."""
    return (folder / PACK).is_file()


def kind_of(path: str) -> str:
    """The kind of a file inside a library, as `classes.toml` names it."""
    steps = PurePosixPath(path).parts
    if len(steps) == 1:
        return path.removesuffix(".yaml")
    return KINDS[steps[1]] if len(steps) == 3 else "lessons"


def read_layer(folder: Path) -> Layer:
    """A pack's folder, with every problem in it that can be seen without the library."""
    work = _PackReading(folder)
    work.everything()
    work.undecided()
    return Layer(
        folder,
        work.pack,
        work.marked,
        work.raws,
        work.lists,
        work.texts,
        work.base,
        work.reading.pictures,
        work.fingerprint(),
        tuple(work.reading.problems),
    )


class _PackReading:
    """A pack's folder being read, within the limits of a library."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reading = LibraryReading(folder)
        self.pack: Pack | None = None
        self.marked = Marked({}, shown(folder / PACK), {(): (1, 1)})
        self.raws: dict[str, Raw] = {}
        self.lists: dict[str, Marked] = {}
        self.texts: dict[str, str] = {}
        self.base: dict[str, str] = {}
        self.letterhead: str | None = None

    def everything(self) -> None:
        """Read every file; pack.yaml first, since it names the letterhead."""
        if not self.folder.is_dir():
            self.reading.say(
                "no-pack", "there is no such folder.", self.folder, "Name a folder with a pack.yaml in it."
            )
        else:
            entries = {entry.name: entry for entry in self.reading.entries(self.folder)}
            if PACK not in entries or not entries[PACK].is_file():
                hint = "'workshop pack new DIR' makes a pack."
                self.reading.say("no-pack", f"holds no {PACK}.", self.folder, hint)
                return
            self.pack_file()
            for name, entry in entries.items():
                path = Path(entry.path)
                if entry.is_dir():
                    self.folder_in(name, path)
                else:
                    self.file_in(name, path)

    def pack_file(self) -> None:
        """Read pack.yaml."""
        text = self.reading.text(self.folder / PACK)
        self.marked, problems = read_yaml(text or "", shown(self.folder / PACK))
        self.reading.problems += problems
        if text is None or (has_errors(problems) and not self.marked.values):
            return
        self.texts[PACK] = text
        self.pack, wrong = check(Pack, self.marked, "a pack")
        self.reading.problems += wrong
        name = self.marked.values.get("letterhead")
        self.letterhead = name if isinstance(name, str) else None

    def folder_in(self, name: str, path: Path) -> None:
        """A folder of a pack: base/, one of its own, or a lesson's."""
        if name == BASE:
            self.base_in(path)
        elif name in OWN_FOLDERS:
            return
        elif not is_id(name):
            message, hint = not_an_id(name)
            self.reading.say("not-an-id", message, path, hint)
        else:
            self.lesson_in(name, path)

    def file_in(self, name: str, path: Path) -> None:
        """A file beside pack.yaml."""
        if name in LISTS:
            self.list_in(name, path)
        elif name not in {PACK, *_OWN_FILES} and name != self.letterhead:
            self.unexpected(path, [*LISTS, PACK])

    def list_in(self, name: str, path: Path) -> None:
        """Read one list file."""
        text = self.reading.text(path)
        marked, problems = read_yaml(text or "", shown(path))
        self.reading.problems += problems
        if text is not None:
            self.texts[name] = text
            self.lists[name] = marked

    def lesson_in(self, lesson: str, folder: Path) -> None:
        """The files that lie over a lesson, or are a new one."""
        for entry in self.reading.entries(folder):
            path, name = Path(entry.path), entry.name
            if entry.is_dir() and name in PARTS:
                for inner in self.reading.entries(path):
                    self.text_in(f"{lesson}/{name}/{inner.name}", Path(inner.path), is_folder=inner.is_dir())
            elif entry.is_dir():
                for inner in self.reading.entries(path):
                    self.picture_in(f"{lesson}/{name}/{inner.name}", Path(inner.path), is_folder=inner.is_dir())
            elif name.endswith(".png"):
                self.picture_in(f"{lesson}/{name}", path, is_folder=False)
            elif name == "lesson.md":
                self.text_in(f"{lesson}/{name}", path, is_folder=False)
            elif name not in _OWN_FILES:
                self.unexpected(path, ["lesson.md", *PARTS])

    def text_in(self, inside: str, path: Path, *, is_folder: bool) -> None:
        """Read a file with front matter."""
        if path.name in _OWN_FILES:
            return
        if is_folder or path.suffix != ".md":
            self.unexpected(path, [])
        elif not is_id(path.stem):
            message, hint = not_an_id(path.stem)
            self.reading.say("not-an-id", message, path, hint)
        else:
            raw = self.reading.raw(path)
            text = self.reading.texts.get(shown(path))
            if raw is not None and text is not None:
                self.raws[inside], self.texts[inside] = raw, text

    def picture_in(self, inside: str, path: Path, *, is_folder: bool) -> None:
        """Read a picture."""
        if is_folder or not path.name.endswith(".png"):
            self.unexpected(path, PARTS)
            return
        content = self.reading.bytes_of(path, MOST_BYTES_OF_A_PICTURE)
        if content is not None and not is_png(content):
            hint = "Open it in a picture editor and save it as PNG."
            self.reading.say("bad-picture", "is not a PNG picture.", path, hint)
            content = None
        self.reading.pictures[inside] = content if content is not None else UNUSABLE_PICTURE

    def base_in(self, folder: Path, above: str = "") -> None:
        """Read what base/ keeps: text files at the paths of a library."""
        for entry in self.reading.entries(folder):
            inside, path = f"{above}{entry.name}", Path(entry.path)
            if entry.is_dir() and above.count("/") < 2:
                self.base_in(path, f"{inside}/")
            elif entry.is_dir() or path.suffix not in {".md", ".yaml"}:
                self.unexpected(path, [])
            else:
                text = self.reading.text(path)
                if text is not None:
                    self.base[inside] = text

    def undecided(self) -> None:
        """Refuse what an update left to decide."""
        for path, text in {**{f"{BASE}/{path}": text for path, text in self.base.items()}, **self.texts}.items():
            found = undecided.problems_in(text, shown(self.folder / path), listed=path in {*LISTS, PACK})
            self.reading.problems += found

    def unexpected(self, path: Path, known: Any) -> None:
        """A file that is no part of a pack: templates and programs are errors, all else is a warning."""
        suffix = path.suffix.lower()
        if suffix in _TEMPLATES or suffix in _PROGRAMS:
            what = "a template" if suffix in _TEMPLATES else "a program"
            message = f"is {what}, and a pack holds none."
            self.reading.say("not-in-a-pack", message, path, "Take it out. Papers are laid out by the program alone.")
        else:
            hint = did_you_mean(path.name, known) if known else "It must be a file whose name ends in .md."
            self.reading.say("unexpected-file", "is not part of a pack.", path, hint, "warning")

    def fingerprint(self) -> str:
        """One number for all that the pack says: any change of a text or a picture changes it, approvals aside."""
        digest = hashlib.sha256()
        texts = dict(self.texts)
        if PACK in texts:
            texts[PACK] = parts.with_part(texts[PACK], "approvers", None, listed=True)
        content_of = {**self.reading.pictures, **{name: text.encode() for name, text in texts.items()}}
        for name, content in sorted(content_of.items()):
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()
