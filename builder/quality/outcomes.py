"""What a lesson is for: its outcomes, whom it is for, and the minutes that it takes."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from builder.model import Activity, Lesson
from builder.problems import nearest
from builder.quality.found import Found
from builder.quality.language import words
from builder.quality.subject import Subject

MINUTES_FOR_AN_OUTCOME = 10
SHORTEST, LONGEST = 20, 60
LONGEST_WITHOUT_A_CHECK = 15
LEAST_INTERACTION = 0.5
ALIKE_FROM = 3
_BEING = {"be", "become"}
_SHARE = {"active": 1.0, "mixed": 0.5, "expository": 0.0}
_STEP_MINUTES = re.compile(r"^\s*\((\d+)\s*min\b")


def unseen_verbs(subject: Subject) -> Iterator[Found]:
    """Outcomes that begin with what nobody can see somebody do."""
    unseen = set(words()["unseen-verbs"]["words"])
    for lesson, i, outcome in _outcomes(subject):
        first, *rest = outcome.split()
        being = first.lower() in _BEING
        if first.lower() in unseen or being:
            told = " ".join((first, *rest[:1])) if being else first
            message = f"'{told}' is nothing that anybody can see a participant do."
            yield subject.at(lesson, ("teaches", i, "outcome"), message)


def other_verbs(subject: Subject) -> Iterator[Found]:
    """Outcomes that begin with a word that is not in the list of verbs."""
    known, unseen = set(words()["verbs"]["words"]), set(words()["unseen-verbs"]["words"])
    for lesson, i, outcome in _outcomes(subject):
        first = outcome.split()[0].lower().strip(",:;")
        if first not in known | unseen | _BEING:
            near = nearest(first, known)
            hint = f"Did you mean '{near.capitalize()}'?" if near else ""
            message = f"'{outcome.split()[0]}' is not in the list of verbs for outcomes."
            yield subject.at(lesson, ("teaches", i, "outcome"), message, hint)


def two_skills(subject: Subject) -> Iterator[Found]:
    """Outcomes in which a second verb follows an 'and' or 'or'."""
    verbs, after = "|".join(words()["verbs"]["words"]), "|".join(words()["after-a-verb"]["words"])
    second = re.compile(rf"\b(and|or|then|and then) ({verbs}) (?={after}\b)", re.IGNORECASE)
    for lesson, i, outcome in _outcomes(subject):
        match = second.search(outcome)
        if match:
            message = f"an outcome holds one skill, and this one has a second: '{match[2]}'."
            yield subject.at(lesson, ("teaches", i, "outcome"), message)


def _outcomes(subject: Subject) -> Iterator[tuple[Lesson, int, str]]:
    """Each outcome of a lesson in English, with its number."""
    for lesson, _ in subject.steps:
        if subject.english(lesson.id):
            yield from ((lesson, i, outcome.outcome) for i, outcome in enumerate(lesson.teaches))


def unpractised(subject: Subject) -> Iterator[Found]:
    """Outcomes that no activity practises."""
    yield from _untouched(subject, "practises", "is practised in no activity")


def unchecked(subject: Subject) -> Iterator[Found]:
    """Outcomes that no activity checks."""
    yield from _untouched(subject, "checks", "is checked in no activity")


def _untouched(subject: Subject, key: str, told: str) -> Iterator[Found]:
    for lesson, steps in subject.steps:
        touched = {outcome for step in steps for outcome in getattr(step, key)}
        for i, outcome in enumerate(lesson.teaches):
            if outcome.id not in touched:
                yield subject.at(lesson, ("teaches", i, "id"), f"the outcome '{outcome.id}' {told}.")


def crowded(subject: Subject) -> Iterator[Found]:
    """Lessons with more outcomes than their minutes hold."""
    for lesson, _ in subject.steps:
        typical, outcomes = subject.library.minutes_of(lesson.id).typical, len(lesson.teaches)
        if outcomes > 1 and outcomes * MINUTES_FOR_AN_OUTCOME > typical:
            message = f"{outcomes} outcomes are more than {typical} minutes hold, at ten minutes each."
            yield subject.at(lesson, ("teaches",), message)


def no_audience(subject: Subject) -> Iterator[Found]:
    """Lessons that do not say whom they are for."""
    for lesson, _ in subject.steps:
        if not lesson.audience:
            yield subject.at(lesson, (), "does not say whom it is for.")


def lengths(subject: Subject) -> Iterator[Found]:
    """Lessons that are too short or too long for one unit."""
    for lesson, _ in subject.steps:
        typical = subject.library.minutes_of(lesson.id).typical
        if typical > LONGEST:
            message = f"takes {typical} minutes, and a lesson is at most {LONGEST} minutes long."
            yield subject.at(lesson, ("activities",), message, "Make two lessons of it.")
        elif typical < SHORTEST and not lesson.micro:
            message = f"takes {typical} minutes, fewer than {SHORTEST}."
            yield subject.at(lesson, ("activities",), message, "Write 'micro: true' where it is meant to be so short.")


def same_minutes(subject: Subject) -> Iterator[Found]:
    """Lessons of three or more activities that all take exactly the same."""
    for lesson, steps in subject.steps:
        if len(steps) >= ALIKE_FROM and len({step.minutes for step in steps}) == 1:
            least, usual, most = steps[0].minutes.min, steps[0].minutes.typical, steps[0].minutes.max
            message = f"all {len(steps)} activities take {least}, {usual} and {most} minutes."
            yield subject.at(lesson, ("activities",), message)


def step_minutes(subject: Subject) -> Iterator[Found]:
    """Activities whose steps, each with its minutes, do not add up to the typical minutes."""
    for _, steps in subject.steps:
        for step in steps:
            told = subject.step_minutes(step, _STEP_MINUTES)
            if told and sum(told) + step.debrief != step.minutes.typical:
                debrief = f", and the debrief {step.debrief}" if step.debrief else ""
                message = f"the steps take {sum(told)} minutes{debrief}: not {step.minutes.typical} together."
                yield subject.at(step, ("minutes",), message)


def long_without_check(subject: Subject) -> Iterator[Found]:
    """Activities with which more than 15 minutes have passed in which nothing was checked."""
    for _, steps in subject.steps:
        passed = 0
        for step in steps:
            passed = 0 if step.checks else passed + step.minutes.typical
            if passed > LONGEST_WITHOUT_A_CHECK:
                message = f"{passed} minutes have passed at its end, and nothing has been checked."
                yield subject.at(step, (), message)
                passed = 0


def mostly_listening(subject: Subject) -> Iterator[Found]:
    """Lessons in which people act for less than half of the time."""
    for lesson, steps in subject.steps:
        typical = sum(step.minutes.typical for step in steps)
        acting = sum(_SHARE[step.interaction] * step.minutes.typical for step in steps)
        if acting < LEAST_INTERACTION * typical:
            percent = round(100 * acting / typical)
            yield subject.at(lesson, ("activities",), f"people act for {percent} % of the time, and listen otherwise.")


def few_formats(subject: Subject) -> Iterator[Found]:
    """Lessons of several activities that all use one format."""
    for lesson, steps in subject.steps:
        formats = {step.grouping for step in steps}
        if len(steps) > 1 and len(formats) == 1:
            message = f"all {len(steps)} activities are for {_format(steps[0])}."
            yield subject.at(lesson, ("activities",), message)


def same_format(subject: Subject) -> Iterator[Found]:
    """The third activity in a row that uses the same format, where others use another."""
    for _, steps in subject.steps:
        if len({step.grouping for step in steps}) > 1:
            yield from (
                subject.at(step, ("grouping",), f"is the third activity in a row for {_format(step)}.")
                for step in _thirds(steps)
            )


def _thirds(steps: Sequence[Activity]) -> Iterator[Activity]:
    run = 1
    for before, step in pairwise(steps):
        run = run + 1 if step.grouping == before.grouping else 1
        if run == 3:
            yield step


def _format(step: Activity) -> str:
    named = {"solo": "people alone", "plenary": "the whole room"}
    return named.get(step.grouping, step.grouping)
