"""Updates of packs that mean harm or are broken, and updates that are stopped: nothing is half done."""

import os
import signal
import threading

import pytest
from pack_help import CARD, GOOD, PACK, pack
from pack_update_help import LESSON, OLD, STEP, adapted, layer_of, newer, texts_in, update
from test_pack_status import run

from builder.folder import disk
from builder.packs import swapping, undecided, updating
from builder.packs.loading import laid_over
from builder.problems import InputError


@pytest.fixture
def behind(tmp_path):
    """A pack that has two files to bring forward, the library of today, and what an update decides."""
    folder = tmp_path / "riverside"
    files = adapted(folder, {}, OLD, f"{STEP}#Notes", f"{LESSON}#summary")
    library = newer({**OLD, STEP: OLD[STEP].replace("Let it.", "Let it be.")})
    library[LESSON] = library[LESSON].replace("before they say", "before they ever say")
    layer = layer_of(folder, files)
    return folder, layer, updating.decide(layer, library, "2.0.0")


def strays(folder):
    """Files that no update should leave behind."""
    return [path.name for path in folder.rglob(".workshop*")]


# ------------------------------------------------------------ all or nothing


def test_an_update_writes_every_file_or_none(behind, monkeypatch):
    """A disk that is full, a file that cannot be replaced, a stop: at each of its steps the old pack stays whole."""
    folder, layer, found = behind
    before = texts_in(folder)
    assert len(found.files) >= 5
    for name, error in (("staged", OSError(28, "No space left on device")), ("publish", PermissionError(13, "no"))):
        for step in range(len(found.files)):
            real, count = getattr(disk, name), iter(range(100))

            def failing(*arguments, real=real, count=count, step=step, error=error):
                if next(count) == step:
                    raise error
                return real(*arguments)

            with monkeypatch.context() as patch:
                patch.setattr(disk, name, failing)
                with pytest.raises(InputError):
                    swapping.swap(folder, found.files, layer.written)
            assert texts_in(folder) == before
            assert strays(folder) == []
    assert swapping.swap(folder, found.files, layer.written) == sorted(found.files)
    assert texts_in(folder) == {**before, **found.files}


@pytest.fixture
def keyboard():
    """Ctrl-C is heard, also where a shell started these tests in the background, deaf to it."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)


@pytest.mark.usefixtures("keyboard")
@pytest.mark.parametrize("name", ["staged", "publish"])
def test_a_stop_from_the_keyboard_leaves_the_old_pack_or_the_new_one(behind, monkeypatch, name):
    """Before the first file is replaced everything stays; after it the rest is finished first."""
    folder, layer, found = behind
    before, real = texts_in(folder), getattr(disk, name)

    def stopped(*arguments):
        os.kill(os.getpid(), 2)
        return real(*arguments)

    monkeypatch.setattr(disk, name, stopped)
    with pytest.raises(KeyboardInterrupt):
        swapping.swap(folder, found.files, layer.written)
    assert texts_in(folder) == (before if name == "staged" else {**before, **found.files})
    assert strays(folder) == []


def test_a_file_that_changes_during_an_update_is_not_written_over(behind):
    """Whoever edits while the update decides keeps the edit, and nothing else changes."""
    folder, layer, found = behind
    (folder / STEP).write_text("---\ntitle: Edited\n---\n", encoding="utf-8")
    before = texts_in(folder)
    with pytest.raises(InputError) as refused:
        swapping.swap(folder, found.files, layer.written)
    assert [each.code for each in refused.value.problems] == ["pack-changed"]
    assert texts_in(folder) == before


def test_two_updates_at_once_have_one_winner(behind):
    """The others are refused, or find what they read changed; the pack is the new one."""
    folder, layer, found = behind
    ended = []

    def one():
        try:
            ended.append(swapping.swap(folder, found.files, layer.written))
        except InputError as error:
            ended.append(error.problems[0].code)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each for each in ended if isinstance(each, list)] == [sorted(found.files)]
    assert {each for each in ended if isinstance(each, str)} <= {"folder-busy", "pack-changed"}


def test_line_ends_and_what_a_killed_run_left(behind):
    """A file with the line ends of Windows keeps them; what a run that was killed left behind goes."""
    folder, layer, found = behind
    path = folder / STEP
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    stray = path.parent / f".workshop-{'0' * 16}.tmp"
    stray.write_text("x", encoding="utf-8")
    swapping.swap(folder, found.files, layer.written)
    written = path.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf---\r\n")
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert strays(folder) == []


# ------------------------------------------------------------ packs that mean harm


@pytest.mark.parametrize("place", ["base/listening", "base", "listening", "listening/activities/two-minutes.md"])
def test_a_link_anywhere_in_a_pack_is_refused_before_anything_is_written(tmp_path, capsys, place):
    """What it leads to stays as it is."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "lesson.md").write_text("---\nsummary: Theirs\n---\n", encoding="utf-8")
    folder = pack(tmp_path / "riverside")
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    (folder / place).symlink_to(outside / "lesson.md" if place.endswith(".md") else outside)
    before = texts_in(outside)
    code, _, told = run(capsys, "pack", "update", folder, "--modules", GOOD)
    assert code == 1
    assert "[link]" in told
    assert texts_in(outside) == before


def test_a_link_that_appears_between_reading_and_writing_is_not_followed(behind, tmp_path):
    """A folder of the pack is exchanged for a link at the last moment."""
    folder, layer, found = behind
    (folder / "listening").rename(tmp_path / "elsewhere")
    (folder / "listening").symlink_to(tmp_path / "elsewhere")
    before = texts_in(tmp_path / "elsewhere")
    with pytest.raises(InputError) as refused:
        swapping.swap(folder, found.files, layer.written)
    assert refused.value.problems[0].code == "link"
    assert texts_in(tmp_path / "elsewhere") == before


@pytest.mark.parametrize("path", ["../outside.md", "base/../../outside.md", "/tmp/outside.md", "base\\..\\x.md", ""])
def test_nothing_is_written_outside_the_pack(tmp_path, path):
    """A path that leads out is refused, whoever made it."""
    folder = pack(tmp_path / "riverside")
    with pytest.raises(InputError) as refused:
        swapping.swap(folder, {path: "x"}, {})
    assert refused.value.problems[0].code == "outside"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("---\n---\n\n<<<<<<< mine\nOne.\n=======\nTwo.\n>>>>>>> theirs\n", [4]),
        ("---\n---\n\nOne.\n\n=======\n\nTwo.\n", [6]),
        ("---\n---\n\n>>>>>>> theirs\n\n<<<<<<<\n", [4, 6]),
        ("---\nundecided: x\n---\n", [2]),
        ("---\nundecided:\n  title: {a: b}\n  Notes: {a: b}\n---\n", [3, 4]),
        ("---\ntitle: x\nundecided:\n---\n", [3]),
        ("---\n---\n\n```\n<<<<<<< mine\n```\n", [5]),
    ],
)
def test_marker_lines_typed_by_hand_are_refused_with_their_places(tmp_path, text, lines):
    """Whole, in part, in the wrong order, in a fence, under the key: nothing of it is ever printed."""
    folder = pack(tmp_path / "riverside", {STEP: text})
    found = [each for each in laid_over(GOOD, [folder]).findings.problems if each.code == undecided.CODE]
    assert [each.line for each in found] == lines
    assert all(each.severity == "error" for each in found)


def test_marker_lines_in_base_and_in_pack_yaml_are_refused(tmp_path):
    """Nothing in a pack may hold them."""
    folder = pack(tmp_path / "riverside", {f"base/{STEP}": "---\n---\n\n<<<<<<< a\n"}, "<<<<<<< a\n")
    found = [each for each in laid_over(GOOD, [folder]).findings.problems if each.severity == "error"]
    assert {each.code for each in found} >= {"undecided"}


@pytest.mark.parametrize("kept", ["---\ntitle: [\n---\n", "x", "---\n", "---\ntitle: {a: b}\n---\n", "\0"])
def test_a_base_that_somebody_broke_loses_nothing(tmp_path, kept):
    """What the pack says stays, and a second run changes nothing."""
    files = {STEP: "---\ntitle: Ours\nmaterials: {add: [{item: Bell, per: room}]}\n---\n\n## Notes\n\nOurs.\n"}
    _, once = update(tmp_path / "riverside", {**files, f"base/{STEP}": kept}, newer(OLD))
    assert "title: Ours" in once[STEP]
    assert "item: Bell" in once[STEP]
    assert "Ours." in once[STEP]
    assert update(tmp_path / "riverside", once, newer(OLD))[1] == once


def test_a_pack_of_five_thousand_files_is_refused_as_any_other(tmp_path, capsys):
    """The limit of a library holds, with its message, and nothing is written."""
    folder = pack(tmp_path / "riverside")
    cards = folder / "voices" / "cards"
    cards.mkdir(parents=True)
    for number in range(5_001):
        (cards / f"card-{number}.md").touch()
    code, _, told = run(capsys, "pack", "update", folder, "--modules", GOOD)
    assert code == 1
    assert "[too-many-files]" in told
    assert (folder / "pack.yaml").read_text(encoding="utf-8") == PACK


def test_the_command_says_what_it_does_and_ends_with_1_where_somebody_must_decide(tmp_path, capsys):
    """A dry run says the same, and writes nothing."""
    folder = tmp_path / "riverside"
    files = adapted(folder, {}, OLD, f"{STEP}#title")
    files[STEP] = files[STEP].replace("Two minutes without a word", "Ours")
    files[f"base/{STEP}"] = files[f"base/{STEP}"].replace("Two", "2")
    layer_of(folder, files)
    before = texts_in(folder)
    code, dry, told = run(capsys, "pack", "update", folder, "--modules", GOOD, "--dry-run")
    assert (code, texts_in(folder)) == (1, before)
    assert "nothing was" in told
    code, wet, told = run(capsys, "pack", "update", folder, "--modules", GOOD)
    assert (code, wet) == (1, dry)
    assert "title  changed by both: decide" in wet
    assert "1 part waits for a decision" in told
    code, _, told = run(capsys, "check", folder, "--modules", GOOD)
    assert code == 1
    after = texts_in(folder)
    assert run(capsys, "pack", "update", folder, "--modules", GOOD)[0] == 1
    assert texts_in(folder) == after


def test_a_pack_over_another_is_brought_forward_with_it(tmp_path, capsys):
    """What changes a card of the pack below is lost without it, and in order with it."""
    lower = pack(tmp_path / "lower", {"voices/cards/night-rota.md": CARD})
    (lower / "pack.yaml").write_text(PACK.replace("name: riverside", "name: lower"), encoding="utf-8")
    upper = pack(tmp_path / "riverside")
    over = ("--modules", GOOD, "--pack", lower)
    assert run(capsys, "pack", "adapt", "voices/night-rota#title", upper, *over)[0] == 0
    path = upper / "voices/cards/night-rota.md"
    path.write_text(path.read_text(encoding="utf-8").replace("The night rota", "The rota"), encoding="utf-8")
    before = texts_in(upper)
    assert run(capsys, "pack", "update", upper, *over)[0] == 0
    assert texts_in(upper) == before
    assert "title: changed (free)" in run(capsys, "pack", "status", upper, *over)[1]
    code, told, _ = run(capsys, "pack", "update", upper, "--modules", GOOD)
    assert code == 1
    assert "no such file any more" in told
    assert texts_in(upper) == before
