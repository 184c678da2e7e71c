"""What a kit's folder says about its workshop: plan code, people, factors, and the steps of its agenda."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.folder import parse_manifest
from builder.library import read_text
from builder.model import Brief, WorkshopRun
from builder.problems import InputError, Problem, has_errors
from builder.strict import check, read_yaml

_RECORD, _BRIEF = "kit.json", "workshop.yaml"


@dataclass(frozen=True)
class BookedStep:
    """A step of a kit's agenda: when it was to begin, which form of which version, and its minutes as planned."""

    clock: str
    activity: str
    version: str
    variant: str | None
    planned: int


@dataclass(frozen=True)
class Booked:
    """A kit as it was planned: its run without any step noted yet, and the steps that can be."""

    run: WorkshopRun
    steps: tuple[BookedStep, ...]


def read_kit(folder: Path) -> Booked:
    """What was planned in a kit's folder; InputError where it holds no kit that can be understood."""
    facts = _facts(folder / _RECORD)
    brief = _brief(folder / _BRIEF)
    try:
        steps = tuple(_steps(facts["agenda"], facts["lessons"]))
        return Booked(_run(str(facts["plan_code"]), brief), steps)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError([_no_kit(folder / _RECORD, "it does not say which steps were planned.")]) from None


def _facts(path: Path) -> Mapping[str, Any]:
    try:
        manifest = parse_manifest(path.read_bytes()) if path.is_file() else None
    except OSError as error:
        raise InputError([_no_kit(path, f"the system says: {error.strerror or error}.")]) from None
    if manifest is None:
        raise InputError([_no_kit(path, "there is no such file.")])
    if manifest.damaged:
        raise InputError([_no_kit(path, "it is damaged.")])
    return manifest.facts


def _no_kit(path: Path, why: str) -> Problem:
    hint = "Name the folder of a kit: it holds kit.json and workshop.yaml. 'workshop build' makes both anew."
    return Problem("no-kit", why, path.as_posix(), hint=hint)


def _brief(path: Path) -> Brief:
    if not path.is_file():
        raise InputError([_no_kit(path, "there is no such file.")])
    text, _ = read_text(path)
    marked, problems = read_yaml(text, path.as_posix())
    if has_errors(problems):
        raise InputError(problems)
    brief, wrong = check(Brief, marked, "a brief")
    if brief is None:
        raise InputError(wrong)
    return brief


def _run(code: str, brief: Brief) -> WorkshopRun:
    return WorkshopRun(
        code=code,
        date=brief.date,
        expected=brief.participants,
        mode=brief.mode,
        run_before=brief.run_before,
        interpretation=brief.interpretation,
        signed="sign-language" in brief.access,
    )


def _steps(agenda: list[str], lessons: Mapping[str, str]) -> Iterator[BookedStep]:
    """The steps of an agenda as `kit.json` lists it: clock, minutes, what, form and card, with tabs between."""
    for line in agenda:
        clock, minutes, what, variant, _card = line.split("\t")
        lesson, is_step, _stem = what.partition("/")
        if is_step:
            yield BookedStep(clock, what, lessons[lesson], variant or None, int(minutes))
