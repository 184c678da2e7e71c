"""Small packs over a small library, written where a test wants them."""

import shutil
from pathlib import Path

from builder.packs.loading import laid_over

DATA = Path(__file__).parent / "data"
GOOD = DATA / "good_library"

PACK = """\
name: riverside
organisation: Riverside Trust
version: 1.2.0
date: 2026-11-20
parent: {name: Good library, version: 1.0.0}
authors: [Equity team of Riverside Trust]
"""
CARD = """\
---
title: The night rota
deck: voice
level: 0
argument:
  holder: The rota group
  text: Three of us agreed, so all nights are covered.
---

A ward plans its nights.
"""
STATUE = "voices/cards/statue.md"
STEP = "listening/activities/two-minutes.md"
SHEET = "listening/handouts/say-it-back.md"


def library(tmp_path, **changes):
    """A copy of the good library; `changes` are texts by path, `/` and `.` written as two and three underscores."""
    folder = tmp_path / "modules"
    if not folder.exists():
        shutil.copytree(GOOD, folder)
    return folder


def pack(folder, files=None, more=""):
    """A pack with these files by path, and `more` at the end of its pack.yaml."""
    for name, text in {"pack.yaml": PACK + more, **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text, encoding="utf-8")
    return folder


def front(keys, body=""):
    """A file with front matter and a body."""
    return f"---\n{keys.strip()}\n---\n{body}"


def laid(tmp_path, files=None, more="", *others):
    """The good library with one pack of these files over it, and others above."""
    return laid_over(GOOD, [pack(tmp_path / "riverside", files, more), *others])


def told(found, severity=None):
    """The problems in words, those of one severity where that is asked; paths from the pack's folder on."""
    return [
        str(problem).rpartition("/riverside/")[2]
        for problem in found.findings.problems
        if severity in {None, problem.severity}
    ]


def codes(found):
    """The codes of all problems."""
    return [problem.code for problem in found.findings.problems]


def changes(found, number=0):
    """What a pack changes: part by part, with how."""
    return [(change.path, change.part, change.kind) for change in found.findings.library.adaptations[number].changes]
