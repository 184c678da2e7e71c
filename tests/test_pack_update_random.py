"""Packs and libraries edited at random, update after update: nothing of the organisation's is lost."""

import os
import re
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from pack_help import GOOD
from pack_update_help import OLD, adapted, decided, put, update, written

from builder.packs import parts
from builder.packs.loading import laid_over
from builder.problems import InputError

STEP, LESSON, CARD = "listening/activities/two-minutes.md", "listening/lesson.md", "voices/cards/statue.md"
SECTIONS = [(STEP, part) for part in ("Steps", "Notes", "Access", "Debrief/What next", "New")]
FIELDS = [(STEP, "title"), (LESSON, "summary"), (CARD, "advisory")]
LISTS = [(STEP, "materials"), (CARD, "readings")]
HEADS = re.compile(r"(?m)^(#+ .*\n)")
TRIED = {"updates": 0, "clean": 0, "undecided": 0}
REASON = "We have one of our own, which everybody gets."


def section(part, *lines):
    """A section with these paragraphs."""
    head = "" if part == "lead" else f"### {part.partition('/')[2]}\n\n" if "/" in part else f"## {part}\n\n"
    return head + "".join(f"{line}\n\n" for line in lines)


def field(key, text):
    """A field of one text."""
    return f"{key}: {text}\n"


def entry(key, name, text):
    """An entry of a list, on lines of its own."""
    if key == "materials":
        return f"  - item: Thing {name}\n    per: room # {text}\n"
    if key == "facts":
        return f'  - text: Fact {name}.\n    source: town-archive-1990\n    date: "1990"\n'
    return f"  - holder: Holders {name}\n    constructed: true\n    text: >-\n      Holders say\n      {text}.\n"


class Years(RuleBasedStateMachine):
    """A library and an organisation that both go on writing, and now and then an update."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.library, self.pack, self.number, self.words = dict(OLD), {}, 0, set()
        shutil.copytree(GOOD, self.folder / "modules")

    def teardown(self):
        """Leave nothing behind."""
        shutil.rmtree(self.folder)

    @initialize()
    def begin(self):
        """Both lists have three entries with names, the section three paragraphs."""
        for path, key in LISTS:
            listed = "".join(entry(key, name, f"as {name} says") for name in ("one", "two", "three"))
            self.library[path] = put(self.library[path], key, f"{key}:\n{listed}")
        for path, part in SECTIONS:
            if part in parts.parts_of(self.library[path]):
                self.library[path] = put(self.library[path], part, section(part, "One.", "Two.", "Three."))

    def word(self, who):
        """A word that nobody has written before."""
        self.number += 1
        word = f"{who}{self.number}x"
        if who == "ours":
            self.words.add(word)
        return word

    def in_pack(self, word):
        """Whether the pack says it."""
        return any(word in text for path, text in self.pack.items() if not path.startswith("base/"))

    # -------------------------------------------------------- the library goes on

    @rule(which=st.sampled_from(SECTIONS), at=st.integers(0, 3), how=st.sampled_from(["change", "insert", "remove"]))
    def library_section(self, which, at, how):
        """A paragraph is changed or put in, or the section goes."""
        path, part = which
        written_ = parts.parts_of(self.library.get(path, "")).get(part, section(part, "One."))
        lines = parts.words_of(part, written_).split("\n\n")
        if how == "remove" and part in {"Notes", "New"}:
            self.library[path] = put(self.library[path], part, None)
            return
        at = min(at, len(lines) - 1)
        lines[at : at + (how == "change")] = [f"Library says {self.word('theirs')}."]
        self.library[path] = put(self.library[path], part, section(part, *lines))

    @rule(which=st.sampled_from(FIELDS))
    def library_field(self, which):
        """A field is written anew."""
        path, key = which
        self.library[path] = put(self.library[path], key, field(key, f"Library {self.word('theirs')}"))

    @rule(which=st.sampled_from(LISTS), at=st.integers(0, 4), how=st.sampled_from(["change", "add", "remove"]))
    def library_list(self, which, at, how):
        """An entry of a list is changed, added or removed."""
        path, key = which
        rows = re.split(r"(?m)^(?=  - )", parts.parts_of(self.library[path])[key])[1:]
        name = f"new{self.number}"
        at = min(at, len(rows) - 1)
        if how == "remove" and len(rows) > 3:
            del rows[at]
        elif how == "change" and key == "materials":
            rows[at] = re.sub(r"per: \w+", "per: pair", rows[at])
        elif how == "change" and key == "readings":
            rows[at] = re.sub(r"(?s)Holders say.*", f"Holders say {self.word('theirs')}.\n", rows[at])
        else:
            self.word("theirs")
            rows.insert(at, entry(key, name, self.word("theirs")))
        if len(rows) <= 5:
            self.library[path] = put(self.library[path], key, f"{key}:\n{''.join(rows)}")

    @rule()
    def library_version(self):
        """The lessons get a new version."""
        self.number += 1
        for path, text in self.library.items():
            self.library[path] = re.sub(r"(?m)^version: .*", f"version: 1.{self.number}.0", text)

    # -------------------------------------------------------- the organisation goes on

    @rule(
        which=st.sampled_from(SECTIONS),
        at=st.integers(0, 3),
        how=st.sampled_from(["copy", "change", "insert", "remove"]),
    )
    def our_section(self, which, at, how):
        """A section is taken over, changed, or taken away."""
        path, part = which
        self.take(path, part)
        mine = parts.parts_of(self.pack.get(path, "")).get(part)
        if mine is None or how == "copy":
            return
        lines = [line for line in parts.words_of(part, mine).split("\n\n") if line]
        self.reason(path, part)
        if how == "remove" and not any(word in mine for word in self.words) and "<<<" not in mine and part != "lead":
            self.remove(path, part)
            return
        at = min(at, max(len(lines) - 1, 0))
        if how == "change" and lines and not any(word in lines[at] for word in self.words) and "<<<" not in mine:
            del lines[at]
        if "<<<" not in mine:
            lines.insert(at, f"We say {self.word('ours')}.")
            self.pack[path] = put(self.pack[path], part, section(part, *lines))

    @rule(which=st.sampled_from(FIELDS), how=st.sampled_from(["copy", "change"]))
    def our_field(self, which, how):
        """A field is taken over, or written anew, without its former words."""
        path, key = which
        self.take(path, key)
        mine = parts.parts_of(self.pack.get(path, "")).get(key)
        if mine is not None and how == "change":
            self.words -= {word for word in self.words if word in mine}
            self.pack[path] = put(self.pack[path], key, field(key, f"We {self.word('ours')}"))
            self.reason(path, key)

    @rule(which=st.sampled_from(LISTS), at=st.integers(0, 4), how=st.sampled_from(["copy", "add", "change", "remove"]))
    def our_list(self, which, at, how):
        """An entry of a list that was taken over whole is added, changed or removed."""
        path, key = which
        self.take(path, key)
        mine = parts.parts_of(self.pack.get(path, "")).get(key, "")
        rows = re.split(r"(?m)^(?=  - )", mine)[1:]
        if not rows or how == "copy" or re.search(r"(?m)^  (add|remove):", mine):
            return
        at = min(at, len(rows) - 1)
        self.reason(path, key)
        if how != "add" and not any(word in rows[at] for word in self.words):
            name = re.search(r"(Thing|Holders|Fact) (\w+)", rows[at])[2]
            rows[at : at + 1] = [] if how == "remove" and len(rows) > 1 else [entry(key, name, self.word("ours"))]
        elif len(rows) <= 5:
            word = self.word("ours")
            rows.insert(at, entry(key, word, word))
        self.words = {word for word in self.words if word in "".join(rows) or self.in_pack(word)}
        self.pack[path] = put(self.pack[path], key, f"{key}:\n{''.join(rows)}")

    @rule(which=st.sampled_from(LISTS), removing=st.sampled_from(["one", "two", "three", None]))
    def our_list_by_add_and_remove(self, which, removing):
        """What the pack said whole becomes what it adds and removes; the library must know what is removed."""
        path, key = which
        mine = parts.parts_of(self.pack.get(path, "")).get(key, "")
        self.take(path, key)
        if mine or path not in self.pack:
            return
        kind = {"materials": "Thing", "readings": "Holders", "facts": "Fact"}[key]
        kept = parts.parts_of(self.pack.get(f"base/{path}", "")).get(key, "")
        word = self.word("ours")
        text = f"{key}:\n  add:\n" + re.sub("(?m)^", "  ", entry(key, word, word)).rstrip() + "\n"
        name = f"{kind} {removing}" + ("." if key == "facts" else "")
        if removing and name in kept:
            text += f"  remove: [{name}]\n"
        self.pack[path] = put(self.pack[path], key, text)
        self.reason(path, key)

    @precondition(lambda self: any("undecided:" in text or "<<<<<<<" in text for text in self.pack.values()))
    @rule()
    def we_decide(self):
        """Somebody keeps the pack's side of everything."""
        self.pack = {path: text if path.startswith("base/") else decided(text) for path, text in self.pack.items()}

    def take(self, path, part):
        """Take a part over, where the pack is in order and the library has it."""
        try:
            self.pack = adapted(self.folder / "riverside", self.pack, self.library, f"{path}#{part}")
        except (InputError, KeyError):
            return

    def remove(self, path, part):
        """Take a part away, with its reason."""
        text = put(self.pack[path], part, None)
        text = put(text, "Debrief", None) if part.startswith("Debrief/") else text
        names = re.findall(r"(?m)^remove: \[(.*)\]", text)
        self.pack[path] = put(text, "remove", f"remove: [{', '.join([*names, part])}]\n")

    def reason(self, path, part):
        """Say why, once."""
        text = self.pack[path]
        said = dict.fromkeys([*re.findall(r"(?m)^  ([^\n]+): We have one", text), part])
        lines = "".join(f"  {each}: {REASON}\n" for each in said)
        self.pack[path] = put(text, "because", f"because:\n{lines}")

    # -------------------------------------------------------- an update

    @rule()
    def bring_forward(self):
        """Every word of the organisation stays, twice changes nothing, and the pack loads or names what is open."""
        folder, modules = self.folder / "riverside", written(self.folder / "modules", self.library)
        told, once = update(folder, self.pack, self.library)
        self.pack = once
        lost = [word for word in self.words if not self.in_pack(word)]
        assert lost == [], (told, lost)
        assert update(folder, once, self.library)[1] == once
        found = laid_over(modules, [written(folder, once)]).findings
        wrong = [each for each in found.problems if each.severity == "error" and each.code != "too-many"]
        is_open = any(kind in {"conflict", "waiting", "lost"} for _, _, kind in told)
        TRIED["updates"] += 1
        TRIED["undecided" if is_open else "clean"] += 1
        if is_open:
            assert {problem.code for problem in wrong} & {"undecided", "no-parent"}
            return
        assert wrong == []
        if any(each.severity == "error" for each in found.problems):
            return
        changes = {(change.path, change.part): change for change in found.library.adaptations[0].changes}
        readings = [reading.holder for reading in found.library.cards["statue"].readings]
        for name in re.findall(r"holder: (.*)", parts.parts_of(self.library[CARD])["readings"]):
            assert name in readings or changes[CARD, f"readings/{name}"].reason == REASON
        for part in parts.parts_of(self.library[STEP]):
            if part == "Access" or part.startswith("Debrief/"):
                body = found.library.activities["listening/two-minutes"].body.markdown
                assert part in parts.parts_of(f"---\n---\n{body}") or changes[STEP, part].reason == REASON


TestYears = Years.TestCase
TestYears.settings = settings(
    max_examples=int(os.environ.get("PACK_SEQUENCES", "20")),
    phases=[Phase.generate] if "PACK_SEQUENCES" in os.environ else list(Phase),
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
