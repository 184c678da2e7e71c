"""How a pack stands: what differs, what the library changed since, what is open, what expires."""

import datetime
import json

import pytest
from pack_help import CARD, STEP, pack
from pack_update_help import LESSON, OLD, STATUE, adapted, newer, put, written

from builder.cli import main
from builder.packs import updating
from builder.packs.layers import read_layer
from builder.packs.loading import laid_over
from builder.packs.status import status_of

DAY = datetime.date(2026, 11, 22)
MORE = """\
terms:
  lead: {required: yes, meaning: who leads a shift}
contacts:
  - {role: Adviser, reach: extension 204, verified_on: 2025-12-01}
  - {role: Chaplain, reach: "TODO: how to reach them"}
jurisdiction_notes:
  - {region: Ireland, text: Ask the people team., verified_on: 2025-01-31}
"""


def status(tmp_path, files, library=OLD, more="", day=DAY):
    """The state of a pack of these files over a library."""
    folder = pack(tmp_path / "riverside", files, more)
    layer = read_layer(folder)
    found = updating.decide(layer, library, "2.0.0")
    return status_of(laid_over(written(tmp_path / "modules", library), [folder]), found, day)


def run(capsys, *arguments):
    """The exit code of the program, and what it wrote on both streams."""
    with pytest.raises(SystemExit) as stop:
        main([str(each) for each in arguments])
    told = capsys.readouterr()
    return stop.value.code, told.out, told.err


def test_each_difference_comes_with_its_class_and_its_reason(tmp_path):
    """What is changed, added and removed, part by part."""
    text = (
        "---\ntitle: Two quiet minutes\nremove: [Access]\nmaterials: {add: [{item: Bell, per: room}]}\n"
        "because: {Access: We say it on the invitation.}\n---\n"
    )
    found = status(tmp_path, {STEP: text, "voices/cards/night-rota.md": CARD}).as_json()["differs"]
    assert [(each["part"], each["kind"], each["class"], each["reason"]) for each in found] == [
        ("title", "changed", "free", None),
        ("materials/Bell", "added", "free", None),
        ("Access", "removed", "guarded", "We say it on the invitation."),
        ("", "added", "free", None),
    ]


def test_what_the_library_changed_since_is_told_as_an_update_would(tmp_path):
    """A part that only the library changed, and one that both did; nothing is written."""
    files = adapted(tmp_path / "riverside", {}, OLD, f"{STEP}#Notes", f"{STEP}#title")
    files = {**files, STEP: put(files[STEP], "title", "title: Ours\n")}
    library = newer({**OLD, STEP: put(OLD[STEP], "title", "title: Theirs\n").replace("Let it.", "Let it be.")})
    found = status(tmp_path, files, library).since
    assert [(each.part, each.kind) for each in found] == [("title", "conflict"), ("Notes", "brought")]
    assert (tmp_path / "riverside" / STEP).read_text(encoding="utf-8") == files[STEP]


def test_what_is_unfilled_and_what_expires(tmp_path):
    """A required term, a contact never verified, a TODO; a contact after a year, a note, a card by its review day."""
    card = CARD.replace("level: 0\n", "level: 0\nreview_by: 2026-12-24\n")
    found = status(tmp_path, {"voices/cards/night-rota.md": card}, more=MORE)
    assert list(found.unfilled) == [
        "the term 'lead' (who leads a shift) is required and not filled",
        "the contact 'Chaplain' was never verified",
        "no role is named that approves the pack",
        "pack.yaml, line 11: how to reach them",
    ]
    assert [(each.what, str(each.day), each.is_past) for each in found.expires] == [
        ("the note on Ireland: verify again", "2026-01-31", True),
        ("the contact 'Adviser': verify again", "2026-12-01", False),
        ("the case “The night rota” (adapted or added by the pack): review", "2026-12-24", False),
        ("the case “The statue” (the library's): review", "2027-01-15", False),
    ]
    assert list(status(tmp_path, {}, more=MORE, day=datetime.date(2025, 2, 1)).expires) == []


def test_the_command_tells_it_all_and_ends_with_0(tmp_path, capsys):
    """Also where the pack cannot be used yet; JSON holds the same."""
    folder = pack(tmp_path / "riverside", {STEP: "---\nremove: [Access]\n---\n"}, MORE)
    modules = written(tmp_path / "modules", OLD)
    code, told, _ = run(capsys, "pack", "status", folder, "--modules", modules, "--as-of", "2026-11-22")
    assert code == 0
    assert "Access: removed (guarded)" in told
    assert "not approved" in told
    assert "cannot be used yet" in told
    code, told, _ = run(capsys, "pack", "status", folder, "--modules", modules, "--json")
    assert code == 0
    assert json.loads(told)["approval"] == {"told": "not approved", "matches": False, "roles": [], "given": []}


def test_a_pack_that_cannot_be_read_ends_with_1(tmp_path, capsys):
    """Each mistake is told with its place."""
    folder = pack(tmp_path / "riverside", {LESSON: "---\ntitle: [\n---\n", STATUE: "---\ntitle: x\n---\n"})
    code, _, told = run(capsys, "pack", "status", folder)
    assert code == 1
    assert "listening/lesson.md:3:1: this is not YAML" in told
