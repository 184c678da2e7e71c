"""Packs are other people's files: each that reaches out, runs, bursts or hides something is refused with its reason."""

import os

import pytest
from pack_help import CARD, GOOD, PACK, STEP, codes, front, laid, pack, told

from builder import checker, kit, planner, questions
from builder.packs import writing
from builder.packs.layers import read_layer
from builder.packs.loading import laid_over
from builder.problems import InputError

DAY = checker.day_of("2026-12-01")


def refused(tmp_path):
    """The errors of the pack in `tmp_path / riverside` over the good library, without the folder in front."""
    return told(laid_over(GOOD, [tmp_path / "riverside"]), "error")


# ------------------------------------------------------------ what lies in the folder


def test_a_folder_that_is_no_pack_is_refused(tmp_path):
    """A folder without pack.yaml, and one that is not there, are told; nothing else is."""
    (tmp_path / "riverside").mkdir()
    assert [line.rpartition("/")[2] for line in refused(tmp_path)] == ["riverside: holds no pack.yaml. [no-pack]"]
    assert codes(laid_over(GOOD, [tmp_path / "nowhere"])) == ["no-pack"]


@pytest.mark.parametrize("place", ["pack.yaml", "listening", STEP, "base", "letterhead.docx", "sources.yaml"])
def test_a_link_out_of_the_folder_is_never_followed(tmp_path, place):
    """A symbolic link to a file or folder elsewhere is refused, wherever it stands."""
    folder = pack(tmp_path / "riverside", {STEP: front("title: Quiet")}, "letterhead: letterhead.docx\n")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text(front("title: Secret"), encoding="utf-8")
    path = folder / place
    if path.is_dir():
        path.rename(folder.parent / "moved")
    path.unlink(missing_ok=True)
    path.symlink_to(outside if "." not in place else outside / "secret.md")
    found = refused(tmp_path)
    assert any("is a symbolic link. [link]" in line for line in found)
    assert not any("Secret" in line for line in found)


def test_a_pipe_does_not_hang(tmp_path):
    """Something that is neither file nor folder is refused without being opened."""
    folder = pack(tmp_path / "riverside")
    os.mkfifo(folder / "glossary.yaml")
    assert refused(tmp_path) == ["glossary.yaml: is neither a file nor a folder. [not-a-file]"]


@pytest.mark.parametrize(
    ("name", "told_as"),
    [
        ("look.html.j2", "a template"),
        ("listening/page.html", "a template"),
        ("run.py", "a program"),
        ("listening/activities/start.sh", "a program"),
        ("base/listening/x.exe", "a program"),
        ("macros.docm", "a program"),
    ],
)
def test_templates_and_programs_are_refused(tmp_path, name, told_as):
    """A pack holds words and pictures; what runs or lays out pages is an error, wherever it stands."""
    pack(tmp_path / "riverside", {name: "x"})
    assert refused(tmp_path) == [f"{name}: is {told_as}, and a pack holds none. [not-in-a-pack]"]


def test_a_file_that_nobody_knows_is_a_warning(tmp_path):
    """A stray file is named, and README, licence and the pack's own folders are not."""
    files = dict.fromkeys(("README.md", "LICENCE", "CHANGELOG.md", "approvals/a.txt", "review/b.md", "notes.txt"), "x")
    found = laid(tmp_path, files)
    assert told(found) == ["notes.txt: is not part of a pack. [unexpected-file]"]
    assert found.findings.problems[0].severity == "warning"


def test_too_many_files_and_too_large_ones_are_refused(tmp_path, monkeypatch):
    """A pack keeps the limits of a library."""
    from builder.library import reading

    monkeypatch.setattr(reading, "MOST_FILES", 5)
    pack(tmp_path / "riverside", {f"voices/cards/c{number}.md": CARD for number in range(9)})
    assert any("[too-many-files]" in problem for problem in map(str, read_layer(tmp_path / "riverside").problems))
    monkeypatch.undo()
    pack(tmp_path / "large", {STEP: front("title: x", "a" * 1_000_001)})
    assert [problem.code for problem in read_layer(tmp_path / "large").problems] == ["too-large"]


def test_a_deep_base_is_not_followed_down(tmp_path):
    """base/ has the depth of a library."""
    pack(tmp_path / "riverside", {"base/a/b/c/d.md": "x"})
    assert [problem.code for problem in read_layer(tmp_path / "riverside").problems] == ["unexpected-file"]


@pytest.mark.parametrize("name", ["..", "A B", "Listening"])
def test_a_folder_that_can_be_no_lesson_is_refused(tmp_path, name):
    """Names of lessons are ids, so that nothing climbs out by its name."""
    folder = pack(tmp_path / "riverside")
    if name != "..":
        (folder / name).mkdir()
        assert codes(laid_over(GOOD, [folder])) == ["not-an-id"]
    else:
        with pytest.raises(InputError, match="lies outside the pack"):
            writing.write(folder, {"../x.md": "x"}, {})


# ------------------------------------------------------------ pack.yaml


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("letterheed: x.docx\n", "pack.yaml:7:1: 'letterheed' is not a key of a pack. [unknown-key]"),
        ("name: other\n", "pack.yaml:7:1: 'name' stands twice, first on line 1. [duplicate-key]"),
        ("limits: {max_level: 4}\n", "pack.yaml:7:21: limits.max_level: must be at most 3. [limits-range]"),
        (
            "limits: {modes: [on-line]}\n",
            "pack.yaml:7:18: limits.modes.1: 'on-line' is not known here. [unknown-value]",
        ),
        ("approvers: [{name: Jo}]\n", "pack.yaml:7:14: 'name' is not a key of 'approvers.1'. [unknown-key]"),
        ("contacts: [{role: Adviser}]\n", "pack.yaml:7:12: contacts.1: 'reach' is missing. [missing-key]"),
        ("defaults: {minuts: 60}\n", "pack.yaml:7:12: defaults: 'minuts' is not a key of a brief. [unknown-key]"),
        ("defaults: {minutes: 6}\n", "pack.yaml:7:21: defaults: minutes: must be at least 30. [minutes-range]"),
        ("defaults: {focus: [nobody]}\n", "defaults: focus: 'nobody' is no lesson or case here. [unknown-lesson]"),
        ("defaults: {title: x}\n", "pack.yaml:7:12: defaults: 'title' is not answered by a pack. [not-a-default]"),
        ("terms: {organisation: x}\n", "pack.yaml:7:9: terms: 'organisation' comes from 'organisation'. [term-taken]"),
        ("terms: {Ward: x}\n", "'Ward' is not an id"),
        ("terms: {ward: '{{7*7}}'}\n", "a term is printed as it is, and holds no placeholder. [term-placeholder]"),
        ("letterhead: ../x.docx\n", "letterhead: '../x.docx' does not lie in the pack's own folder. [letterhead]"),
        ("letterhead: /etc/x.docx\n", "letterhead: '/etc/x.docx' does not lie in the pack's own folder. [letterhead]"),
        ("letterhead: 'C:\\x.docx'\n", "does not lie in the pack's own folder. [letterhead]"),
        ("letterhead: x.docm\n", "letterhead: 'x.docm' is not a Word file (.docx). [letterhead]"),
        ("letterhead: x.docx\n", "letterhead: there is no file 'x.docx' in the pack. [letterhead]"),
        ("contacts: [&a {role: x, reach: y}, *a]\n", "anchors (&) and aliases (*) are not allowed. [yaml-alias]"),
        ("contacts: [{role: A, reach: x}, {role: a, reach: y}]\n", "the contact 'a' stands twice. [twice]"),
    ],
)
def test_a_wrong_pack_file_is_told_with_its_place(tmp_path, more, message):
    """Every key of pack.yaml is checked, and each problem has its line and column."""
    pack(tmp_path / "riverside", {}, more)
    assert any(message in line for line in refused(tmp_path)), refused(tmp_path)


def test_a_letterhead_that_fetches_is_refused(tmp_path):
    """The pack's letterhead passes the same guard as any other: a file that is no archive does not reach the papers."""
    from builder.packs.option import letterhead_of

    folder = pack(tmp_path / "riverside", {"l.docx": b"PK\x03\x04 not an archive"}, "letterhead: l.docx\n")
    with pytest.raises(InputError):
        letterhead_of(laid_over(GOOD, [folder]).findings.library)


# ------------------------------------------------------------ text is never a template


def test_what_looks_like_a_template_is_text_or_an_unknown_placeholder(tmp_path):
    """`{{7*7}}` is refused by name, and `{% … %}` comes out on paper as it was written."""
    files = {STEP: front("title: Quiet", "\n## Notes\n\n- {{7*7}} and {{ config }}.\n")}
    found = checker.judge(pack(tmp_path / "riverside", files), GOOD, DAY)
    assert [problem.code for problem in found if problem.severity == "error"] == ["unknown-placeholder"] * 2


def test_nothing_of_a_pack_is_evaluated(tmp_path):
    """Titles, reasons, contacts, notes and sections that look like templates are printed to the letter."""
    evil = "{% for x in cycler.mro() %}{{7*7}}{% endfor %}"
    section = evil.replace("{{7*7}}", "")
    files = {
        STEP: front(f"title: '{evil}'\nbecause: {{Notes: '{section}'}}", f"\n## Notes\n\n- {section}\n"),
        "listening/handouts/say-it-back.md": front("per: group", f"\n## Notes for me\n\nWrite: {section}\n"),
    }
    more = f"contacts: [{{role: '{evil}', reach: x}}]\njurisdiction_notes: [{{region: '{evil}', text: '{evil}'}}]\n"
    library = laid_over(GOOD, [pack(tmp_path / "riverside", files, more)]).findings.library
    brief = questions.parse({"title": evil, "minutes": 60, "focus": ["listening"]}, library)
    made = kit.make(planner.plan(library, brief), library)
    guide = text_of(made.files["facilitator-guide.docx"])
    assert guide.count("cycler.mro() %}{{7*7}}{% endfor %}") >= 4
    assert "49" not in guide.replace("1949", "")


def text_of(content):
    """All text of a Word file."""
    import io

    from docx import Document

    return "\n".join(part.text for part in Document(io.BytesIO(content)).element.body.iter() if part.text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<script>alert(1)</script>", "raw-html"),
        ("[click](javascript:alert(1))", "bad-link"),
        ("[click](file:///etc/passwd)", "bad-link"),
        ("![x](../../secret.png)", "bad-picture"),
        ("Cited [@nobody-1900].", "unknown-source"),
        ("::: insert running-sheet", "stray-block"),
    ],
)
def test_text_of_a_pack_keeps_the_rules_of_every_lesson(tmp_path, text, code):
    """HTML, links to elsewhere, pictures outside and unknown sources are errors at the pack's own line."""
    folder = pack(tmp_path / "riverside", {STEP: front("title: Quiet", f"\n## Notes\n\n{text}\n")})
    found = [problem for problem in checker.judge(folder, GOOD, DAY) if problem.severity == "error"]
    assert found
    assert all(problem.path.endswith(f"riverside/{STEP}") for problem in found)
    assert code in [problem.code for problem in found] or code == "stray-block"


# ------------------------------------------------------------ writing


def test_nothing_is_written_through_a_link(tmp_path):
    """A folder of the pack that leads elsewhere is refused before anything is written."""
    folder, outside = pack(tmp_path / "riverside"), tmp_path / "outside"
    outside.mkdir()
    (folder / "listening").symlink_to(outside)
    with pytest.raises(InputError, match="is a symbolic link"):
        writing.write(folder, {"a.yaml": "x", "listening/lesson.md": "x"}, {})
    assert list(outside.iterdir()) == []
    assert not (folder / "a.yaml").exists()


def test_a_file_changed_meanwhile_is_never_overwritten(tmp_path):
    """What somebody saved since we read it stays, and nothing else is written either."""
    folder = pack(tmp_path / "riverside", {STEP: front("title: Quiet")})
    layer = read_layer(folder)
    (folder / STEP).write_text(front("title: Edited"), encoding="utf-8")
    with pytest.raises(InputError, match="changed while we were at work"):
        writing.write(folder, {STEP: "x", "sources.yaml": "y"}, layer.written)
    assert "Edited" in (folder / STEP).read_text(encoding="utf-8")
    assert not (folder / "sources.yaml").exists()


def test_a_pack_never_changes_another(tmp_path):
    """Loading several packs leaves every file of all of them as it was."""
    lower, upper = pack(tmp_path / "riverside", {STEP: front("title: A")}), pack(tmp_path / "upper")
    (upper / "pack.yaml").write_text(PACK.replace("riverside", "upper"), encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    laid_over(GOOD, [lower, upper])
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
