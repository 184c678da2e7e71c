"""What happens to a folder that already holds a kit."""

import errno
import hashlib
import json
import multiprocessing
import os
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from builder.folder import Decision, Kept, Manifest, Mark, decide, look, parse_manifest, safe_name, write_kit
from builder.folder.lock import locked
from builder.problems import InputError

MONDAY, FRIDAY = "MON1", "FRI5"
AGENDA, GUIDE, SHEETS, BRIEF = "agenda.docx", "guide.docx", "sheets.docx", "workshop.yaml"
NEW_GUIDE, NEWER_GUIDE = "guide.new.docx", "guide.new-2.docx"
OLD_KIT = {AGENDA: b"old agenda", GUIDE: b"old guide", SHEETS: b"old sheets", BRIEF: b"brief"}
NEW_KIT = {AGENDA: b"new agenda", GUIDE: b"new guide", "card.docx": b"new card", BRIEF: b"brief"}
FACTS: Mapping[str, object] = {"program": "0.1.0", "lessons": {"power-dynamics": "1.2"}}
LONGEST_NAME, MOST_BYTES = 60, 200


def digest(content: bytes) -> str:
    """Give the fingerprint of a content."""
    return hashlib.sha256(content).hexdigest()


def disk(**files: bytes) -> dict[str, str]:
    """Give the fingerprints of Word files, named without their suffix."""
    return {f"{name.replace('_', '.')}.docx": digest(content) for name, content in files.items()}


def manifest(plan_code: str = MONDAY, **files: bytes) -> Manifest:
    """Give what kit.json says after these Word files were written."""
    return Manifest({}, {name: (Mark(sha, plan_code),) for name, sha in disk(**files).items()})


def decide_guide(known: Manifest | None, on_disk: Mapping[str, str], content: bytes = b"new") -> Decision:
    """Decide about a kit that is one guide."""
    return decide({GUIDE: content}, known, on_disk, plan_code=MONDAY)


def written(decision: Decision) -> list[str]:
    """List the names that a decision writes."""
    return [write.name for write in decision.writes]


def removed(decision: Decision) -> list[str]:
    """List the names that a decision removes."""
    return [removal.name for removal in decision.removals]


def files(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder but kit.json."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "kit.json"}


def codes(error: InputError) -> list[str]:
    """List the codes of an error's problems."""
    return [problem.code for problem in error.problems]


class Build(Protocol):
    """How tests write a kit."""

    def __call__(self, kit: Mapping[str, bytes], plan_code: str = MONDAY, **more: Any) -> Any:
        """Write the kit into the test's folder."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Name a folder that does not exist yet."""
    return tmp_path / "kit"


@pytest.fixture
def build(folder: Path) -> Build:
    """Write a kit into the folder, with the usual facts."""

    def write(kit: Mapping[str, bytes], plan_code: str = MONDAY, **more: Any) -> Any:
        return write_kit(folder, kit, FACTS, plan_code, **more)

    return write


# Deciding: pure, no folder needed.


def test_a_first_kit_is_written_whole() -> None:
    """An empty folder gets every paper."""
    decision = decide(NEW_KIT, None, {})
    assert written(decision) == sorted(NEW_KIT)
    assert decision.places == {name: name for name in NEW_KIT}


def test_our_unedited_file_is_replaced() -> None:
    """A file that is as we wrote it is replaced, and only if it is still that."""
    (write,) = decide_guide(manifest(guide=b"old"), disk(guide=b"old")).writes
    assert (write.name, write.replaces) == (GUIDE, digest(b"old"))


def test_an_equal_file_is_left_alone() -> None:
    """A paper whose content is on the disk already is not written."""
    decision = decide_guide(manifest(guide=b"new"), disk(guide=b"new"))
    assert (decision.writes, decision.unchanged) == ((), (GUIDE,))


def test_an_edited_file_stays_and_the_new_version_goes_beside_it() -> None:
    """A file that differs from what we wrote is never written."""
    decision = decide_guide(manifest(guide=b"old"), disk(guide=b"edited"))
    assert written(decision) == [NEW_GUIDE]
    assert decision.kept == (Kept(GUIDE, NEW_GUIDE, MONDAY),)
    assert decision.places == {GUIDE: NEW_GUIDE}


@pytest.mark.parametrize("known", [None, Manifest(damaged=True), manifest(agenda=b"old")])
def test_a_file_that_is_not_listed_is_somebodys(known: Manifest | None) -> None:
    """Without an entry in kit.json a file stays, and nobody knows its plan code."""
    decision = decide_guide(known, disk(guide=b"theirs"))
    assert written(decision) == [NEW_GUIDE]
    assert decision.kept == (Kept(GUIDE, NEW_GUIDE, None),)


def test_an_unlisted_file_that_equals_the_new_one_is_ours() -> None:
    """A lost kit.json costs nothing where the files did not change."""
    decision = decide_guide(None, disk(guide=b"new"))
    assert (decision.writes, decision.kept) == ((), ())
    assert decision.after == {GUIDE: (Mark(digest(b"new"), MONDAY),)}


def test_a_new_version_that_nobody_edited_is_replaced() -> None:
    """The file beside an edited one is ours as long as it is as we wrote it."""
    known = manifest(guide=b"old", guide_new=b"newer")
    assert written(decide_guide(known, disk(guide=b"edited", guide_new=b"newer"), b"newest")) == [NEW_GUIDE]


def test_an_edited_new_version_stays_too() -> None:
    """Where the new version was edited as well, the next one gets a number."""
    known = manifest(guide=b"old", guide_new=b"newer")
    decision = decide_guide(known, disk(guide=b"edited", guide_new=b"edited too"), b"newest")
    assert written(decision) == [NEWER_GUIDE]
    assert [kept.name for kept in decision.kept] == [GUIDE, NEW_GUIDE]
    assert {kept.current for kept in decision.kept} == {NEWER_GUIDE}


@pytest.mark.parametrize("guide", [{}, disk(guide=b"new"), disk(guide=b"old")])
def test_a_new_version_nobody_needs_is_removed(guide: dict[str, str]) -> None:
    """Once the edited file is gone, or ours again, an unedited version beside it goes."""
    known = manifest(guide=b"old", guide_new=b"newer")
    decision = decide_guide(known, guide | disk(guide_new=b"newer"))
    assert removed(decision) == [NEW_GUIDE]
    assert decision.places == {GUIDE: GUIDE}
    assert list(decision.after) == [GUIDE]


def test_an_accepted_new_version_is_ours() -> None:
    """Whoever renames the new version over the old one goes on as before."""
    known = manifest(guide=b"old", guide_new=b"newer")
    decision = decide_guide(known, disk(guide=b"newer"), b"newest")
    assert (written(decision), decision.kept) == ([GUIDE], ())


def test_a_content_of_another_paper_is_not_ours() -> None:
    """What we wrote into one paper says nothing about a file with another's name."""
    assert written(decide_guide(manifest(agenda=b"same"), disk(guide=b"same"))) == [NEW_GUIDE]


def test_an_edited_version_beside_a_free_name_is_kept_and_named() -> None:
    """An edited version stays when its paper goes back to its own name."""
    decision = decide_guide(manifest(guide=b"old", guide_new=b"newer"), disk(guide_new=b"edited"))
    assert (written(decision), removed(decision)) == ([GUIDE], [])
    assert decision.kept == (Kept(NEW_GUIDE, GUIDE, MONDAY),)


def test_an_unedited_paper_that_left_the_kit_is_removed() -> None:
    """Nobody prints a paper that is no longer part of the workshop."""
    decision = decide({}, manifest(guide=b"old"), disk(guide=b"old"))
    assert (removed(decision), decision.after) == ([GUIDE], {})


def test_an_edited_paper_that_left_the_kit_stays_and_is_named() -> None:
    """An edited file stays, and stays in kit.json, so that each build names it."""
    known = manifest(guide=b"old")
    decision = decide({}, known, disk(guide=b"edited"))
    assert (decision.removals, decision.kept) == ((), (Kept(GUIDE, None, MONDAY),))
    assert decision.after == known.files


def test_an_edit_that_was_undone_makes_the_file_ours_again() -> None:
    """Kit.json keeps what we wrote into an edited file."""
    first = decide_guide(manifest(guide=b"old"), disk(guide=b"edited"))
    second = decide_guide(Manifest({}, first.after), disk(guide=b"old", guide_new=b"new"))
    assert (written(second), removed(second), second.kept) == ([GUIDE], [NEW_GUIDE], ())


def test_either_content_of_a_broken_off_build_is_ours() -> None:
    """While kit.json lists two contents for a file, both are ours."""
    known = Manifest({}, {GUIDE: (Mark(digest(b"old"), MONDAY), Mark(digest(b"half way"), FRIDAY))})
    for content in (b"old", b"half way"):
        assert written(decide_guide(known, disk(guide=content))) == [GUIDE]
    (kept,) = decide_guide(known, disk(guide=b"edited")).kept
    assert kept.plan_code is None


def test_during_a_build_kit_json_knows_old_and_new() -> None:
    """The first kit.json of a build lists what is there and what will be; the last only what is there then."""
    decision = decide({GUIDE: b"new"}, manifest(guide=b"old", agenda=b"a"), disk(guide=b"old", agenda=b"a"))
    old, new, gone = Mark(digest(b"old"), MONDAY), Mark(digest(b"new")), Mark(digest(b"a"), MONDAY)
    assert decision.during == {AGENDA: (gone,), GUIDE: (old, new)}
    assert decision.after == {GUIDE: (new,)}


def test_a_file_of_another_plan_is_a_different_clock() -> None:
    """The decision tells kept files of another plan from those of the present one."""
    known = Manifest({}, {GUIDE: (Mark(digest(b"old"), MONDAY),), AGENDA: (Mark(digest(b"old"), FRIDAY),)})
    on_disk = disk(guide=b"edited", agenda=b"edited")
    decision = decide({GUIDE: b"new", AGENDA: b"new"}, known, on_disk, plan_code=FRIDAY)
    assert [kept.name for kept in decision.kept] == [AGENDA, GUIDE]
    assert [kept.name for kept in decision.other_clocks] == [GUIDE]


def test_an_untouchable_file_is_left_alone() -> None:
    """Neither the file nor a version beside it is written, and it is not called edited."""
    decision = decide({BRIEF: b"new"}, None, {BRIEF: digest(b"theirs")}, untouchable={BRIEF})
    assert (decision.writes, decision.kept, decision.places) == ((), (), {BRIEF: BRIEF})


def test_an_untouchable_file_stays_when_its_paper_left_the_kit() -> None:
    """A build from the brief in the folder does not remove it, even where we wrote it."""
    known = Manifest({}, {BRIEF: (Mark(digest(b"ours"), MONDAY),)})
    decision = decide({}, known, {BRIEF: digest(b"ours")}, untouchable={BRIEF})
    assert (decision.removals, decision.kept, decision.after) == ((), (), known.files)


def test_an_untouchable_new_version_is_passed_by() -> None:
    """A build from the brief beside an edited one writes over neither."""
    known = Manifest({}, {BRIEF: (Mark(digest(b"old")),), "workshop.new.yaml": (Mark(digest(b"newer")),)})
    on_disk = {BRIEF: digest(b"edited"), "workshop.new.yaml": digest(b"newer")}
    decision = decide({BRIEF: b"newest"}, known, on_disk, untouchable={"workshop.new.yaml"})
    assert written(decision) == ["workshop.new-2.yaml"]


def test_a_name_in_other_letters_is_the_same_file() -> None:
    """Guide.docx and guide.docx are one file on some systems, so they are one for us."""
    assert written(decide_guide(None, disk(Guide=b"theirs"))) == [NEW_GUIDE]
    assert written(decide_guide(manifest(guide=b"old"), disk(Guide=b"old"))) == ["Guide.docx"]


def test_part_of_a_kit_gets_the_same_places_as_the_whole() -> None:
    """A caller may ask where papers go before the last one is made."""
    known, on_disk = manifest(guide=b"old"), disk(guide=b"edited", agenda=b"theirs")
    whole = decide(NEW_KIT, known, on_disk)
    for name, content in NEW_KIT.items():
        assert decide({name: content}, known, on_disk).places[name] == whole.places[name]


@pytest.mark.parametrize(
    "name", ["../up", "a/b", "kit.json", "KIT.json", ".hidden", "con.docx", "a.new.docx", "a\n", ""]
)
def test_a_paper_with_an_unusable_name_is_a_bug(name: str) -> None:
    """No kit of ours may hold such a name, so it is no InputError."""
    with pytest.raises(ValueError, match="cannot stand in one folder"):
        decide({name: b""}, None, {})


# Writing.


def test_a_kit_is_written_and_read_back(folder: Path, build: Build) -> None:
    """The folder holds the kit, and kit.json its facts and fingerprints."""
    report = build(OLD_KIT)
    record = json.loads((folder / "kit.json").read_text("utf-8"))
    assert files(folder) == OLD_KIT
    assert report.written == tuple(sorted(OLD_KIT))
    assert record["files"][GUIDE] == [{"plan_code": MONDAY, "sha256": digest(b"old guide")}]
    assert look(folder, OLD_KIT).facts == {**FACTS, "plan_code": MONDAY}


def test_a_rebuild_that_changes_nothing_writes_nothing(folder: Path, build: Build) -> None:
    """No file and not even the folder gets another time of change."""
    build(OLD_KIT)
    before = {path: path.stat().st_mtime_ns for path in (folder, *folder.iterdir())}
    report = build(OLD_KIT)
    assert {path: path.stat().st_mtime_ns for path in (folder, *folder.iterdir())} == before
    assert (report.written, report.unchanged) == ((), tuple(sorted(OLD_KIT)))


def test_a_rebuild_touches_only_what_changed(folder: Path, build: Build) -> None:
    """An equal file is not written again when another one changes."""
    build(OLD_KIT)
    before = (folder / GUIDE).stat().st_mtime_ns
    assert build({**OLD_KIT, AGENDA: b"new agenda"}).written == (AGENDA,)
    assert (folder / GUIDE).stat().st_mtime_ns == before


def test_new_facts_change_kit_json_alone(folder: Path, build: Build) -> None:
    """A new program version over equal papers is noted."""
    build(OLD_KIT)
    write_kit(folder, OLD_KIT, {"program": "0.2.0"}, MONDAY)
    assert look(folder, OLD_KIT).facts == {"program": "0.2.0", "plan_code": MONDAY}


def test_an_edited_file_is_reported_with_its_plan(folder: Path, build: Build) -> None:
    """The person is told which file was kept, where the new one is, and that two clocks meet."""
    build(OLD_KIT)
    (folder / GUIDE).write_bytes(b"my guide")
    report = build(NEW_KIT, FRIDAY)
    assert files(folder) == {**NEW_KIT, GUIDE: b"my guide", NEW_GUIDE: b"new guide"}
    assert report.removed == (SHEETS,)
    assert [warning.code for warning in report.warnings] == ["edited-kept", "two-clocks"]
    assert all(GUIDE in warning.message for warning in report.warnings)
    assert all(NEW_GUIDE in f"{warning.message} {warning.hint}" for warning in report.warnings)


def test_unrelated_files_are_left_alone(folder: Path, build: Build) -> None:
    """Files and folders that are not about the kit are neither changed nor listed."""
    (folder / "photos").mkdir(parents=True)
    (folder / "notes.txt").write_bytes(b"mine")
    report = build(NEW_KIT)
    assert (folder / "notes.txt").read_bytes() == b"mine"
    assert "notes.txt" not in (*report.written, *report.unchanged, *report.removed, *report.kept)


def test_a_damaged_kit_json_is_kept_and_everything_else_is_theirs(folder: Path, build: Build) -> None:
    """Nothing is taken for ours on the word of a damaged kit.json, and its text is not lost."""
    build(OLD_KIT)
    (folder / "kit.json").write_bytes(b"<<<<<<< HEAD")
    report = build(NEW_KIT)
    assert files(folder).items() >= {**OLD_KIT, "kit.damaged.json": b"<<<<<<< HEAD", NEW_GUIDE: b"new guide"}.items()
    assert report.warnings[0].code == "kit-record-damaged"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"7",
        b"{}",
        b"\xff",
        b"[" * 99999,
        b'{"files": 1}',
        b'{"files": {"a": 1}}',
        b'{"files": {"a": [{}]}}',
        b'{"files": {"../a": []}}',
        b'{"files": {"kit.json": []}}',
        b'{"files": {"a": [{"sha256": 1, "plan_code": ""}]}}',
    ],
)
def test_a_kit_json_that_makes_no_sense_is_damaged(text: bytes) -> None:
    """Any text that is not wholly as we write it says nothing."""
    assert parse_manifest(text) == Manifest(damaged=True)


@pytest.mark.parametrize("spelling", ["plain", "roundabout", "link"])
def test_the_brief_in_the_folder_is_not_touched(folder: Path, build: Build, spelling: str) -> None:
    """A build from the folder's own brief leaves it as it is, however its path is spelled."""
    build(OLD_KIT)
    (folder / BRIEF).write_bytes(b"title: mine # a remark")
    path = {"plain": folder / BRIEF, "roundabout": folder / ".." / folder.name / BRIEF, "link": folder.parent / "link"}
    with suppress(OSError):
        (folder.parent / "link").symlink_to(folder / BRIEF)
    report = build(NEW_KIT, untouchable=(path[spelling],))
    assert files(folder) == {**NEW_KIT, BRIEF: b"title: mine # a remark"}
    assert (report.kept, report.warnings) == ((), ())


def test_a_brief_named_only_when_writing_is_not_touched(folder: Path, build: Build) -> None:
    """A file that write_kit is told to leave alone stays, whatever look was told."""
    build(OLD_KIT)
    build({**NEW_KIT, BRIEF: b"another"}, former=look(folder, NEW_KIT), untouchable=[folder / BRIEF])
    assert files(folder) == NEW_KIT


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_brief_that_is_a_link_stays_a_link(folder: Path, build: Build) -> None:
    """A brief kept elsewhere and linked into the folder is neither refused nor replaced."""
    folder.mkdir()
    (folder.parent / "mine.yaml").write_bytes(b"mine")
    (folder / BRIEF).symlink_to(folder.parent / "mine.yaml")
    for _ in range(2):
        build(NEW_KIT, untouchable=[folder / BRIEF])
    assert (folder / BRIEF).is_symlink()
    assert files(folder) == {**NEW_KIT, BRIEF: b"mine"}


def test_looking_first_tells_where_papers_will_go(folder: Path, build: Build) -> None:
    """While the kit is being made, the caller can say which file is current and which changed."""
    build(OLD_KIT)
    (folder / GUIDE).write_bytes(b"my guide")
    former = look(folder, NEW_KIT)
    assert former.edited == (GUIDE,)
    assert {name: former.target(name) for name in (AGENDA, GUIDE)} == {AGENDA: AGENDA, GUIDE: NEW_GUIDE}
    assert written(former.decide({AGENDA: b"new agenda", GUIDE: b"new guide"}, FRIDAY)) == [AGENDA, NEW_GUIDE]
    build(NEW_KIT, former=former)
    assert (folder / NEW_GUIDE).read_bytes() == b"new guide"


@pytest.mark.parametrize("name", [AGENDA, "card.docx", "kit.json"])
def test_a_change_since_looking_is_not_written_over(folder: Path, build: Build, name: str) -> None:
    """Where the folder changed while the kit was made, nothing is written."""
    build(OLD_KIT)
    former = look(folder, NEW_KIT)
    (folder / name).write_bytes(b"just now")
    before = files(folder)
    with pytest.raises(InputError) as caught:
        build(NEW_KIT, former=former)
    assert codes(caught.value) == ["folder-changed"]
    assert files(folder) == before


@pytest.mark.parametrize("name", [AGENDA, "card.docx", SHEETS])
def test_a_change_at_the_last_moment_is_not_lost(
    folder: Path, build: Build, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that somebody saves while we write survives, and the next build puts everything right."""
    build(OLD_KIT)
    fsync, saved = os.fsync, []

    def save_meanwhile(descriptor: int) -> None:
        fsync(descriptor)
        saved.append((folder / name).write_bytes(b"just now"))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", save_meanwhile)
        with pytest.raises(InputError, match="folder-changed"):
            build(NEW_KIT)
    assert (folder / name).read_bytes() == b"just now"
    assert [kept.name for kept in build(NEW_KIT).kept] == [name]
    assert files(folder).keys() == {*NEW_KIT, name, *([name.replace(".", ".new.")] if name in NEW_KIT else [])}


# Refusals.


def make_folder(path: Path) -> None:
    """Put a folder there."""
    path.mkdir(parents=True)


def make_link(path: Path) -> None:
    """Put a link there that leads nowhere."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to("nowhere")


def make_pipe(path: Path) -> None:
    """Put a pipe there, which blocks whoever opens it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)


MAKERS = [make_folder, *([make_link, make_pipe] if hasattr(os, "mkfifo") else [])]


@pytest.mark.parametrize("name", [AGENDA, "kit.json", ".workshop.lock"])
@pytest.mark.parametrize("make", MAKERS)
def test_what_is_no_file_under_our_names_is_refused(
    folder: Path, build: Build, name: str, make: Callable[[Path], None]
) -> None:
    """A folder, link or pipe is neither followed nor opened, and nothing is written."""
    make(folder / name)
    with pytest.raises(InputError) as caught:
        build(NEW_KIT)
    assert codes(caught.value) == ["not-a-file"]
    assert [path.name for path in folder.iterdir()] == [name]


@pytest.mark.parametrize("make", MAKERS)
def test_what_is_no_file_beside_an_edited_one_is_passed_by(
    folder: Path, build: Build, make: Callable[[Path], None]
) -> None:
    """The new version takes the next free name."""
    make(folder / NEW_GUIDE)
    (folder / GUIDE).write_bytes(b"theirs")
    build(NEW_KIT)
    assert (folder / NEWER_GUIDE).read_bytes() == b"new guide"


def test_a_file_in_place_of_the_folder_is_refused(folder: Path, build: Build) -> None:
    """A file with the folder's name stays."""
    folder.write_bytes(b"mine")
    with pytest.raises(InputError, match="folder-is-a-file"):
        build(NEW_KIT)
    assert folder.read_bytes() == b"mine"


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_link_in_place_of_the_folder_is_refused(folder: Path, build: Build) -> None:
    """A kit is not written through a link."""
    folder.symlink_to(folder.parent)
    with pytest.raises(InputError, match="folder-is-a-link"):
        build(NEW_KIT)


def test_a_folder_below_a_file_is_explained(folder: Path) -> None:
    """What the system refuses is an InputError with a hint, not a traceback."""
    folder.write_bytes(b"mine")
    with pytest.raises(InputError) as caught:
        write_kit(folder / "below", NEW_KIT, FACTS, MONDAY)
    assert all(problem.hint for problem in caught.value.problems)


def test_a_full_disk_changes_nothing(folder: Path, build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no room for all new files, the old kit stays whole, without strays."""
    build(OLD_KIT)
    before, calls = {**files(folder), "kit.json": (folder / "kit.json").read_bytes()}, count()

    def fill_up(_: int) -> None:
        if next(calls) == len(NEW_KIT):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fill_up)
    with pytest.raises(InputError, match="disk-full"):
        build(NEW_KIT)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_file_open_in_word_is_named_before_anything_is_written(
    folder: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file that another program holds is named at once, with what to do."""
    build(OLD_KIT)
    really_open = os.open

    def refuse_word_files(path: Path, flags: int, *mode: int) -> int:
        if flags & os.O_RDWR and Path(path).name in (AGENDA, SHEETS):
            raise PermissionError(errno.EACCES, "Permission denied")
        return really_open(path, flags, *mode)

    monkeypatch.setattr(os, "open", refuse_word_files)
    with pytest.raises(InputError) as caught:
        build(NEW_KIT)
    assert [Path(problem.path).name for problem in caught.value.problems] == [AGENDA, SHEETS]
    assert all("close it in word" in problem.hint.lower() for problem in caught.value.problems)
    assert files(folder) == OLD_KIT


def test_a_file_opened_in_word_meanwhile_is_explained(
    folder: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that cannot be replaced after all is named, and the next build finishes."""
    build(OLD_KIT)
    really_replace = os.replace

    def refuse_word_file(source: Path, target: Path) -> None:
        if Path(target).name == GUIDE:
            raise PermissionError(errno.EACCES, "Permission denied")
        really_replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse_word_file)
        with pytest.raises(InputError, match="file-busy"):
            build(NEW_KIT)
    assert build(NEW_KIT).kept == ()
    assert files(folder) == NEW_KIT


def test_a_folder_without_permission_is_explained(folder: Path, build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed folder is refused in words."""

    def refuse(path: Path, *_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(os, "mkdir", refuse)
    with pytest.raises(InputError, match="folder-closed"):
        build(NEW_KIT)
    assert not folder.exists()


# Two builds at once.


def test_the_loser_is_told_who_writes(folder: Path, build: Build) -> None:
    """A second build says which process holds the folder, and leaves everything as it is."""
    build(OLD_KIT)
    with locked(folder), pytest.raises(InputError) as caught:
        build(NEW_KIT)
    assert codes(caught.value) == ["folder-busy"]
    assert os.name == "nt" or f"process {os.getpid()} on" in str(caught.value)
    assert files(folder) == OLD_KIT


def test_a_lock_left_by_a_crash_is_no_lock(folder: Path, build: Build) -> None:
    """The file that a killed build left does not keep anybody out, and is cleared away."""
    folder.mkdir()
    (folder / ".workshop.lock").write_bytes(b"process 1 on elsewhere\n")
    build(NEW_KIT)
    assert files(folder) == NEW_KIT


@pytest.mark.skipif(os.name == "nt", reason="Windows removes no file that is open")
def test_a_lock_that_its_holder_just_removed_is_no_lock(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opened the file of the last winner, and locks it when it is gone, opens the new one instead."""
    import fcntl

    folder.mkdir()
    really_lock, calls = fcntl.flock, count()

    def remove_first(descriptor: int, operation: int) -> None:
        if next(calls) == 0:
            (folder / ".workshop.lock").unlink()
        really_lock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", remove_first)
    with locked(folder), pytest.raises(InputError, match="folder-busy"), locked(folder):
        pytest.fail("two builds hold one folder")


def race(folder: Path, letter: bytes, rounds: int, start: Any, results: Any) -> None:
    """Build a kit of one letter in each round, at the same moment as the other process."""
    for number in range(rounds):
        target = folder / str(number)
        former = look(target, NEW_KIT)
        start.wait()
        try:
            write_kit(target, dict.fromkeys(NEW_KIT, letter), {}, letter.decode(), former=former)
            results.put((number, letter))
        except InputError as error:
            results.put((number, codes(error)[0]))


def test_two_builds_at_once_have_one_winner(tmp_path: Path) -> None:
    """Of two builds from the same state one wins, the other is told, and the kit is the winner's alone."""
    rounds, spawn = 25, multiprocessing.get_context("spawn")
    start, results = spawn.Barrier(2), spawn.Queue()
    racers = [spawn.Process(target=race, args=(tmp_path, letter, rounds, start, results)) for letter in (b"A", b"B")]
    for racer in racers:
        racer.start()
    outcomes = [results.get(timeout=60) for _ in range(2 * rounds)]
    for racer in racers:
        racer.join()
    for number in range(rounds):
        told = [outcome for which, outcome in outcomes if which == number]
        (winner,) = [outcome for outcome in told if isinstance(outcome, bytes)]
        assert set(told) - {winner} <= {"folder-busy", "folder-changed"}
        assert files(tmp_path / str(number)) == dict.fromkeys(NEW_KIT, winner)


# Power cuts.


class PowerCutError(BaseException):
    """The machine stops: nothing is done any more, not even tidying up."""


@contextmanager
def power_cut(after: int, *, links: bool = True) -> Iterator[None]:
    """Let `after` changes of the disk happen, and none from then on; optionally on a disk without hard links."""
    done = count(1)

    def fuse(name: str) -> Callable[..., Any]:
        really = getattr(os, name)

        def act(*args: Any, **more: Any) -> Any:
            changes = name != "open" or args[1] & os.O_CREAT
            if changes and next(done) > after:
                if name == "fsync":
                    with suppress(OSError):
                        os.ftruncate(args[0], os.fstat(args[0]).st_size // 2)
                raise PowerCutError
            if name == "link" and not links:
                raise OSError(errno.EPERM, "Operation not permitted")
            return None if name == "fsync" else really(*args, **more)

        return act

    with pytest.MonkeyPatch.context() as patch:
        for name in ("open", "replace", "link", "unlink", "mkdir", "fsync"):
            patch.setattr(os, name, fuse(name))
        yield


def prepare(folder: Path) -> None:
    """Make a folder where a build of NEW_KIT replaces, adds, removes, keeps, and writes beside."""
    write_kit(folder, OLD_KIT, FACTS, MONDAY)
    (folder / GUIDE).write_bytes(b"my guide")


def finish(folder: Path) -> dict[str, bytes]:
    """Build NEW_KIT undisturbed and read everything, kit.json too."""
    write_kit(folder, NEW_KIT, FACTS, FRIDAY)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("links", [True, False])
def test_the_next_build_recovers_from_a_power_cut_at_any_step(tmp_path: Path, *, links: bool) -> None:
    """After a cut at any step no file of ours looks edited, none is half written, and the next build finishes."""
    prepare(tmp_path / "whole")
    whole = finish(tmp_path / "whole")
    contents = {b"", b"my guide", *OLD_KIT.values(), *NEW_KIT.values()} - ({b""} if links else set())
    for after in count():
        folder = tmp_path / str(after)
        prepare(folder)
        try:
            with power_cut(after, links=links):
                write_kit(folder, NEW_KIT, FACTS, FRIDAY)
        except PowerCutError:
            assert {content for name, content in files(folder).items() if not name.startswith(".")} <= contents
            assert look(folder, NEW_KIT).edited == (GUIDE,)
            assert finish(folder) == whole
        else:
            assert finish(folder) == whole
            break


def test_a_power_cut_at_a_first_build_leaves_nothing_strange(tmp_path: Path) -> None:
    """A first build that broke off is finished by the next one, whatever it will hold."""
    for after in count():
        folder = tmp_path / str(after)
        try:
            with power_cut(after):
                write_kit(folder, OLD_KIT, FACTS, MONDAY)
        except PowerCutError:
            assert write_kit(folder, NEW_KIT, FACTS, FRIDAY).kept == ()
            assert files(folder) == NEW_KIT
        else:
            break


PAPERS = (AGENDA, GUIDE, BRIEF)
NAMES = (*PAPERS, NEW_GUIDE, NEWER_GUIDE, "agenda.new.docx", "Guide.docx")
KITS = st.dictionaries(st.sampled_from(PAPERS), st.sampled_from([b"one", b"two", b"three", b""]))
CODES = st.sampled_from([MONDAY, FRIDAY])


class OwnerAndBuilds(RuleBasedStateMachine):
    """Somebody edits, renames and deletes between builds, some of which break off."""

    def __init__(self) -> None:
        """Start without a folder; `owned` is what the owner wrote and did not write over or delete."""
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        self.folder = self.home / "kit"
        self.owned: dict[str, bytes] = {}
        self.damaged: bytes | None = None
        self.number = count()

    def teardown(self) -> None:
        """Clear away."""
        shutil.rmtree(self.home)

    def brief(self, *, given: bool) -> Sequence[Path]:
        """Give the brief in the folder, where a build is from it."""
        return [self.folder / BRIEF] if given else []

    @rule(kit=KITS, code=CODES, given_brief=st.booleans())
    def build(self, kit: dict[str, bytes], code: str, *, given_brief: bool) -> None:
        """After a build every paper is in its place, and the same build again has nothing to do."""
        brief = self.brief(given=given_brief)
        before = [path.read_bytes() for path in brief if path.exists()]
        with power_cut(10**6):
            write_kit(self.folder, kit, {}, code, untouchable=brief)
        assert [path.read_bytes() for path in brief if path.exists() and before] == before
        former = look(self.folder, PAPERS, brief)
        decision = former.decide(kit, code)
        assert (decision.writes, decision.removals, former.strays) == ((), (), ())
        for paper in kit.keys() - former.untouchable:
            assert (self.folder / decision.places[paper]).read_bytes() == kit[paper]

    @rule(kit=KITS, code=CODES, given_brief=st.booleans(), after=st.integers(0, 40), links=st.booleans())
    def break_off(self, kit: dict[str, bytes], code: str, after: int, *, given_brief: bool, links: bool) -> None:
        """Break off a build: it makes no listed file look edited."""
        before = look(self.folder, PAPERS)
        listed = set(before.manifest.files) if before.manifest else set()
        known = {*before.edited, *(before.on_disk.keys() - listed)}
        with suppress(PowerCutError), power_cut(after, links=links):
            write_kit(self.folder, kit, {}, code, untouchable=self.brief(given=given_brief))
        assert set(look(self.folder, PAPERS).edited) <= known

    @rule(name=st.sampled_from(NAMES))
    def edit(self, name: str) -> None:
        """Write something of one's own."""
        self.folder.mkdir(exist_ok=True)
        self.owned[name] = f"owner {next(self.number)}".encode()
        (self.folder / name).write_bytes(self.owned[name])

    @rule(name=st.sampled_from(NAMES))
    def delete(self, name: str) -> None:
        """Delete a file."""
        (self.folder / name).unlink(missing_ok=True)
        self.owned.pop(name, None)

    @rule(name=st.sampled_from(NAMES), to=st.sampled_from(NAMES))
    def rename(self, name: str, to: str) -> None:
        """Rename a file over another one."""
        if name != to and (self.folder / name).exists():
            (self.folder / name).replace(self.folder / to)
            self.owned.pop(to, None)
            if name in self.owned:
                self.owned[to] = self.owned.pop(name)

    @rule(name=st.sampled_from(NAMES))
    def copy(self, name: str) -> None:
        """Save a copy under another name, and put it into the kit's place later."""
        if name != "Guide.docx" and (self.folder / name).exists():
            shutil.copy(self.folder / name, self.folder / "Guide.docx")
            self.owned.pop("Guide.docx", None)
            if name in self.owned:
                self.owned["Guide.docx"] = self.owned[name]

    @rule()
    def damage(self) -> None:
        """Spoil kit.json."""
        if (self.folder / "kit.json").exists():
            self.damaged = f"damaged {next(self.number)}".encode()
            (self.folder / "kit.json").write_bytes(self.damaged)

    @rule()
    def lose(self) -> None:
        """Delete kit.json."""
        record = self.folder / "kit.json"
        if record.exists():
            self.damaged = None if record.read_bytes() == self.damaged else self.damaged
            record.unlink()

    @invariant()
    def nothing_of_the_owners_is_lost(self) -> None:
        """Every file that the owner wrote is still there, byte for byte."""
        assert {name: (self.folder / name).read_bytes() for name in self.owned} == self.owned
        assert self.damaged is None or self.damaged in [path.read_bytes() for path in self.folder.iterdir()]


TestOwnerAndBuilds = OwnerAndBuilds.TestCase
TestOwnerAndBuilds.settings = settings(
    max_examples=100, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


# Names.


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Power Dynamics: Who decides?", "power-dynamics-who-decides"),
        ("Women\u2019s rights & Men's", "womens-rights-mens"),
        ("CON", "con-workshop"),
        ("com1", "com1-workshop"),
        ("aux.docx", "aux-docx"),
        ("a:b", "a-b"),
        ("../../etc/passwd", "etc-passwd"),
        ("two\nlines\tand a tab", "two-lines-and-a-tab"),
        ("...", "workshop"),
        ("", "workshop"),
        ("🎉", "workshop"),
        ("ends with dots. . ", "ends-with-dots"),
        ("abc\u202egpj.exe", "abcgpj-exe"),
        ("\u3164", "workshop"),
        ("Cafe\u0301 Übung", "café-übung"),
        ("公平のワークショップ", "公平のワークショップ"),
        ("Справедливость на работе", "справедливость-на-работе"),
        ("न्याय कार्यशाला", "न्याय-कार्यशाला"),
        ("x" * 300, "x" * 60),
        ("word " * 60, "-".join(["word"] * 12)),
        ("e" + "\u0301" * 300, "workshop"),
    ],
)
def test_a_title_becomes_a_readable_name(title: str, name: str) -> None:
    """Words stay readable in every script, and what no system can name goes."""
    assert safe_name(title) == name


@given(st.one_of(st.text(max_size=90), st.text(alphabet="cCoOnN. :/\\-\u0301\u200fİςΣ𒀀", max_size=300)))
@example("𒀀" * 70)
@example("\u0391\u0345\u03a3")
def test_any_title_becomes_a_safe_name(title: str) -> None:
    """A name is short, made of words and hyphens, usable as it is, and stays the same when named again."""
    name = safe_name(title)
    assert name
    assert len(name) <= LONGEST_NAME + len("-workshop")
    assert len(name.encode()) <= MOST_BYTES + len("-workshop")
    assert name == name.strip("-. ") == unicodedata.normalize("NFC", name)
    assert all(character == "-" or unicodedata.category(character)[0] in "LMN" for character in name)
    assert safe_name(name) == name
