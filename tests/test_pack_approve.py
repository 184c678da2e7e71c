"""The approval of a pack: a sheet to sign, and a record that holds for the text as it was."""

import json
import shutil
import zipfile

import pytest
from lxml import etree
from pack_help import GOOD, PACK, STATUE, STEP, pack
from pack_update_help import LESSON
from test_pack_status import run
from word_help import W

from builder.packs.approvals import approval_of, read_records
from builder.packs.layers import read_layer

ROLES = "approvers:\n  - {role: Head of people}\n  - {role: Chair of the network}\n"
FILES = {
    STEP: (
        "---\ntitle: Two quiet minutes\nmaterials: {add: [{item: Bell, per: room}]}\nremove: [Access]\n"
        "because: {Access: We say it on the invitation.}\n---\n\n## Notes\n\n- On a ward, close the door.\n"
    ),
    LESSON: "---\naudience: Nurses\n---\n",
}


@pytest.fixture
def riverside(tmp_path):
    """A pack with two roles that approve."""
    return pack(tmp_path / "riverside", FILES, ROLES)


@pytest.fixture
def modules(tmp_path):
    """The library under it."""
    return shutil.copytree(GOOD, tmp_path / "modules")


def approve(capsys, folder, modules, *more):
    """What `workshop pack approve` says."""
    return run(capsys, "pack", "approve", folder, "--modules", modules, "--as-of", "2026-12-01", *more)


def text_of_docx(path):
    """The words of a Word file, a paragraph a line."""
    with zipfile.ZipFile(path) as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
    return "\n".join("".join(each.text or "" for each in row.iter(f"{W}t")) for row in body.iter(f"{W}p"))


def told(folder):
    """The line about a pack's approval."""
    return approval_of(read_layer(folder)).told


def test_the_sheet_says_each_change_before_and_after(tmp_path, riverside, modules, capsys):
    """Organisation, versions, roles, every change in plain words with its reason, and the fingerprint below."""
    out = tmp_path / "sheet.docx"
    code, where, _ = approve(capsys, riverside, modules, "-o", out)
    assert (code, where.strip()) == (0, out.as_posix())
    text = text_of_docx(out)
    for words in (
        "Approval: the lessons of Riverside Trust", "riverside 1.2.0, 2026-11-20", "Good library 1.0.0",
        "listening 1.0.0",
        "Head of people", "Chair of the network", "Signature", "The step “Two quiet minutes”", "Changed: title",
        "Two minutes without a word", "Two quiet minutes", "Added: the material “Bell”", "item: Bell", "per: room",
        "Removed: “Access”, which is guarded", "Reason, as it is printed: We say it on the invitation.",
        "With an interpreter, pairs become threes.", "The silence feels long. Let it.", "On a ward, close the door.",
        "Anyone who is asked for help", "Nurses", read_layer(riverside).fingerprint,
    ):  # fmt: skip
        assert words in text, words


def test_the_sheet_is_the_same_twice_and_never_goes_over_another_file(tmp_path, riverside, modules, capsys):
    """Written again it is left alone; a file with other content is refused."""
    out = tmp_path / "sheet.docx"
    approve(capsys, riverside, modules, "-o", out)
    before = out.read_bytes()
    assert approve(capsys, riverside, modules, "-o", out)[0] == 0
    assert out.read_bytes() == before
    out.write_bytes(b"signed")
    code, _, said = approve(capsys, riverside, modules, "-o", out)
    assert (code, out.read_bytes()) == (1, b"signed")
    assert "[file-exists]" in said


def test_an_approval_holds_until_the_pack_changes(riverside, modules, capsys):
    """From none to one of two to both; then a word changes, and one of them approves again."""
    assert told(riverside) == "not approved"
    approve(capsys, riverside, modules, "--record", "head of people=2026-11-18")
    assert told(riverside) == "approved by 1 of 2 roles on 2026-11-18, unchanged since"
    approve(capsys, riverside, modules, "--record", "Chair of the network=2026-11-20")
    assert told(riverside) == "approved by 2 of 2 roles on 2026-11-18 and 2026-11-20, unchanged since"
    path = riverside / LESSON
    path.write_text(path.read_text(encoding="utf-8").replace("Nurses", "Porters"), encoding="utf-8")
    assert told(riverside) == "changed since its approval on 2026-11-18 and 2026-11-20"
    approve(capsys, riverside, modules, "--record", "Head of people=2026-11-30")
    assert told(riverside) == (
        "approved by 1 of 2 roles on 2026-11-30, unchanged since; changed since the approval by Chair of the network"
    )
    path.write_text(path.read_text(encoding="utf-8").replace("Porters", "Nurses"), encoding="utf-8")
    assert told(riverside).startswith("approved by 1 of 2 roles on 2026-11-20")


def test_recording_twice_writes_once_and_never_over_a_record(riverside, modules, capsys):
    """The same approval is one file; another state on the same day is another."""
    for _ in range(2):
        assert approve(capsys, riverside, modules, "--record", "Head of people=2026-11-18")[0] == 0
    assert [path.name for path in (riverside / "approvals").iterdir()] == ["2026-11-18-head-of-people.yaml"]
    (riverside / LESSON).write_text("---\naudience: Porters\n---\n", encoding="utf-8")
    approve(capsys, riverside, modules, "--record", "Head of people=2026-11-18")
    assert len(read_records(riverside)[0]) == 2


@pytest.mark.parametrize(
    ("pair", "code"),
    [("Head of peple=2026-11-18", "unknown-role"), ("Head of people=soon", "date"),
     ("Head of people", "unknown-role"), ("Head of people=2027-01-01", "date")],
)  # fmt: skip
def test_a_record_that_cannot_be_is_refused(riverside, modules, capsys, pair, code):
    """Nothing is written."""
    ended, _, said = approve(capsys, riverside, modules, "--record", pair)
    assert ended == 2
    assert f"[{code}]" in said
    assert not (riverside / "approvals").exists()


def test_a_pack_with_something_undecided_is_not_approved(riverside, modules, capsys):
    """Neither a sheet nor a record comes out of it."""
    text = "---\n---\n\n<<<<<<< ours\n\nx\n\n=======\n\ny\n\n>>>>>>> library\n"
    (riverside / LESSON).write_text(text, encoding="utf-8")
    for more in ((), ("--record", "Head of people=2026-11-18")):
        code, _, said = approve(capsys, riverside, modules, *more)
        assert code == 1
        assert "[undecided]" in said


def test_a_record_is_no_part_of_what_is_approved_and_a_bad_one_is_only_told(riverside):
    """Links, long files and what is no record change nothing; dates under `approvers` neither."""
    before = read_layer(riverside).fingerprint
    folder = riverside / "approvals"
    folder.mkdir()
    (folder / "a.yaml").write_text("role: [", encoding="utf-8")
    (folder / "b.yaml").write_text("role: x\n" * 10_000, encoding="utf-8")
    (folder / "c.yaml").symlink_to("/etc/passwd")
    (folder / "d.yaml").mkdir()
    pack_yaml = riverside / "pack.yaml"
    pack_yaml.write_text(PACK + ROLES.replace("people}", "people, date: 2026-11-18}"), encoding="utf-8")
    assert read_layer(riverside).fingerprint == before
    assert len(read_records(riverside)[1]) == 4
    assert told(riverside) == "not approved"


def test_what_is_one_sided_stands_on_the_sheet(tmp_path, modules, capsys):
    """A contested case with fewer than three readings is named."""
    text = "---\nreadings: {remove: [The council]}\nbecause: {readings: A sheet of our own has it.}\n---\n"
    folder = pack(tmp_path / "riverside", {STATUE: text}, ROLES)
    out = tmp_path / "sheet.docx"
    assert approve(capsys, folder, modules, "-o", out)[0] == 0
    assert "What is one-sided" in text_of_docx(out)


def test_the_kit_says_whether_its_approval_still_holds(riverside, tmp_path, capsys):
    """In `kit.json`, and in the statement at the end of the guide."""
    brief = tmp_path / "brief.yaml"
    brief.write_text("title: Listening\nminutes: 60\nfocus: [listening]\npacks: [riverside]\n", encoding="utf-8")

    def built():
        kit = tmp_path / "kit"
        code, _, said = run(capsys, "build", brief, "--modules", GOOD, "--pack", riverside, "-o", kit)
        assert code == 0, said
        fact = json.loads((kit / "kit.json").read_text(encoding="utf-8"))["packs"][0]["approval"]
        assert f"Approval: {fact}." in text_of_docx(kit / "facilitator-guide.docx")
        return fact

    assert built() == "not approved"
    approve(capsys, riverside, GOOD, "--record", "Head of people=2026-11-18")
    assert built() == "approved by 1 of 2 roles on 2026-11-18, unchanged since"
    (riverside / LESSON).write_text("---\naudience: Porters\n---\n", encoding="utf-8")
    assert built() == "changed since its approval on 2026-11-18"
