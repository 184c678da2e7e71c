"""Minutes from own runs: `calibrated(library, runs)` draws the usual minutes of each step toward what it took.

Pure. Each run is first brought back to 16 people in a room by the planner's own arithmetic, read backwards. The median
of n runs then weighs n / (n + 3) against the author's minutes.
"""

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from fractions import Fraction
from statistics import median

from builder.model import Activity, Brief, Calibration, Lesson, Library, Minutes, Plan, VariantName, WorkshopRun
from builder.planner import plan as planned
from builder.planner.numbers import numbers
from builder.planner.shapes import usual_minutes

_LONGEST = 480


def plan(library: Library, brief: Brief) -> Plan:
    """The planner's plan, with a warning for each step in it that took longer than its author allows."""
    found = planned(library, brief)
    more = [*found.warnings, *_warnings(found, library)]
    return found.model_copy(update={"warnings": tuple(more)}) if len(more) > len(found.warnings) else found


def calibrated(library: Library, runs: Sequence[WorkshopRun]) -> Library:
    """The library with the typical minutes of every step that was run calibrated, and `calibrations` that say so.

    Never below a step's minimum; where above its maximum, the maximum is raised to it. The debrief stays as it is.
    Runs of another form of a step, or of another major version of its lesson, are not used for it.
    """
    found = {key: _calibrated(step, library.lessons[step.lesson], runs) for key, step in library.activities.items()}
    calibrations = tuple(each for _, made in found.values() for each in made)
    if not calibrations:
        return library
    activities = {key: step for key, (step, _) in found.items()}
    return library.model_copy(update={"activities": activities, "calibrations": calibrations})


def at_sixteen(form: Activity, run: WorkshopRun, actual: int) -> int:
    """What a step that took `actual` minutes in a run would usually take with 16 people in a room.

    It is the number from which the planner comes nearest to `actual` for the people and the factors of that run.
    """
    brief = _brief(run)

    def usual(typical: int) -> int:
        return usual_minutes(_with_typical(form, typical), brief)

    if usual(form.minutes.typical) == actual:
        return form.minutes.typical
    above = 1 + bisect_left(range(1, _LONGEST), actual, key=usual)
    return min((max(above - 1, 1), above), key=lambda typical: abs(usual(typical) - actual))


def _calibrated(
    activity: Activity, lesson: Lesson, runs: Sequence[WorkshopRun]
) -> tuple[Activity, Sequence[Calibration]]:
    """A step with the minutes of each of its forms calibrated by the runs of that form."""
    made = {form: found for form in (None, *activity.variants) if (found := _of_form(activity, form, lesson, runs))}
    if not made:
        return activity, ()
    variants = {}
    for name, variant in activity.variants.items():
        form = activity.varied(name)
        calibrated_form = _with_minutes(form, made[name].minutes) if name in made else form
        variants[name] = variant.model_copy(update={"minutes": calibrated_form.minutes, "talk": calibrated_form.talk})
    plain = _with_minutes(activity, made[None].minutes) if None in made else activity
    return plain.model_copy(update={"variants": variants}), tuple(made.values())


def _of_form(
    activity: Activity, variant: VariantName | None, lesson: Lesson, runs: Sequence[WorkshopRun]
) -> Calibration | None:
    form = activity if variant is None else activity.varied(variant)
    taken = [Fraction(at_sixteen(form, run, actual)) for run, actual in _taken(form, variant, lesson, runs)]
    if not taken:
        return None
    middle = median(taken)
    minutes = _drawn_toward(form.minutes, middle, len(taken))
    return Calibration(
        activity=form.id,
        variant=variant,
        runs=len(taken),
        median=float(middle),
        author=form.minutes,
        minutes=minutes,
    )


def _taken(
    form: Activity, variant: VariantName | None, lesson: Lesson, runs: Sequence[WorkshopRun]
) -> Iterator[tuple[WorkshopRun, int]]:
    """The runs of a step in one form and in this major version of its lesson, with its minutes."""
    for run in runs:
        for step in run.steps:
            same = step.activity == form.id and step.variant == variant
            if same and _major(step.version) == _major(lesson.version):
                yield run, step.actual


def _major(version: str) -> str:
    return version.partition(".")[0].partition("-")[0].partition("+")[0]


def _drawn_toward(author: Minutes, middle: Fraction, count: int) -> Minutes:
    """The author's minutes with the typical ones drawn toward the median of so many runs."""
    weight = Fraction(count, count + numbers()["runs"]["author_weighs"])
    drawn = math.floor(weight * middle + (1 - weight) * author.typical + Fraction(1, 2))
    typical = max(drawn, author.min)
    return Minutes(min=author.min, typical=typical, max=max(author.max, typical))


def _with_minutes(form: Activity, minutes: Minutes) -> Activity:
    """A step with other minutes; its talk is never more than its typical ones."""
    talk = None if form.talk is None else min(form.talk, minutes.typical)
    return form.model_copy(update={"minutes": minutes, "talk": talk})


def _with_typical(form: Activity, typical: int) -> Activity:
    return _with_minutes(form, Minutes(min=1, typical=typical, max=_LONGEST))


def _brief(run: WorkshopRun) -> Brief:
    """As much of a run's brief as its minutes depend on."""
    brief = Brief.model_validate(
        {
            "title": "-",
            "minutes": 60,
            "mode": run.mode,
            "run_before": run.run_before,
            "interpretation": run.interpretation,
            "access": ("sign-language",) if run.signed else (),
        }
    )
    return brief.model_copy(update={"participants": run.people})


def _warnings(found: Plan, library: Library) -> Iterator[str]:
    """A step of the plan whose maximum was raised."""
    for slot in found.agenda.steps:
        made = library.calibration(slot.activity.id, slot.variant) if slot.activity else None
        if made is not None and made.minutes.max > made.author.max:
            times = "in your run" if made.runs == 1 else f"in the middle of your {made.runs} runs"
            yield (
                f"'{slot.title}' took {made.median:g} minutes {times}, reckoned for 16 people in a room; its author "
                f"allows {made.author.max} at the most. It may now take up to {made.minutes.max}."
            )
