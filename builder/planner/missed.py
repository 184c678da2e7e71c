"""Which preferences a plan misses, in plain words: the costliest first."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from builder.planner.fit import Fitted, stretches
from builder.planner.numbers import numbers
from builder.planner.score import Aim, content_minutes, longest_talk, worth

_SEEN = 0.005
"""A preference is missed where it costs at least so much of the score."""


def missed(fitted: Fitted, aim: Aim) -> Iterator[str]:
    """What is not as it is preferred, each with its figure."""
    lost = {name: worth(name) * (1 - value) for name, value in fitted.fulfilments.items()}
    for name in sorted(lost, key=lambda name: (-round(lost[name], 9), name)):
        if lost[name] >= _SEEN:
            yield f"{name}: {_WORDS[name](fitted, aim)}"


def _focus(fitted: Fitted, aim: Aim) -> str:
    inside = sum(step.lesson in aim.focus for step in fitted.steps)
    return f"{inside} of the {aim.could} steps of the lessons in focus are in"


def _interactive(fitted: Fitted, _aim: Aim) -> str:
    wanted = numbers()["preferences"]["interactive_share"]
    share = fitted.fulfilments["interactive"] * wanted
    return f"{share:.0%} of the minutes are interactive, {wanted:.0%} are wanted"


def _stretch(fitted: Fitted, aim: Aim) -> str:
    longest = max(stretches(fitted.entries, fitted.minutes))
    return f"{longest} minutes without a break, {aim.stretch} are wanted at most"


def _buffer(fitted: Fitted, aim: Aim) -> str:
    spent = next(m for entry, m in zip(fitted.entries, fitted.minutes, strict=True) if entry.kind == "buffer")
    return f"{spent} minutes are kept free, {aim.brief.buffer_percent} % of the time are wanted"


def _debriefs(fitted: Fitted, _aim: Aim) -> str:
    wanted = numbers()["preferences"]["debrief_share"]
    return f"{fitted.fulfilments['debriefs'] * wanted:.0%} of the content is debriefing, {wanted:.0%} are wanted"


def _plenary(fitted: Fitted, _aim: Aim) -> str:
    places, step = [], 0
    for entry in fitted.entries:
        places += [step] if entry.kind == "break" else []
        step += entry.step is not None
    wanted = numbers()["preferences"]["plenary"]
    return f"{longest_talk(fitted.steps, places)} minutes of plenary in a row, {wanted} are wanted at most"


def _alternate(fitted: Fitted, _aim: Aim) -> str:
    return f"{1 - fitted.fulfilments['alternate']:.0%} of the steps work in the same way as the step before"


def _practice(fitted: Fitted, _aim: Aim) -> str:
    return "practice comes earlier" if fitted.fulfilments["practice"] else "no practice lesson before the closing"


def _typical(fitted: Fitted, _aim: Aim) -> str:
    pairs = [
        (m, fitted.steps[e.step].span[1])
        for e, m in zip(fitted.entries, fitted.minutes, strict=True)
        if e.step is not None
    ]
    shorter, longer = sum(m < usual for m, usual in pairs), sum(m > usual for m, usual in pairs)
    return f"{shorter} of {len(pairs)} steps are shorter than usual, {longer} longer"


def _lessons(fitted: Fitted, _aim: Aim) -> str:
    count = len({step.lesson for step in fitted.steps if content_minutes(step)})
    rules = numbers()["preferences"]
    wanted = f"{rules['lessons_least']} or {rules['lessons_most']}"
    return f"{count} content lesson{'s' if count != 1 else ''}, {wanted} are wanted (more in a longer session)"


def _middle(fitted: Fitted, _aim: Aim) -> str:
    return f"{fitted.fulfilments['middle']:.0%} of the heaviest material lies in the middle third"


def _build(fitted: Fitted, _aim: Aim) -> str:
    return f"{1 - fitted.fulfilments['build']:.0%} of the steps within lessons go back to working in smaller groups"


def _regroup(fitted: Fitted, _aim: Aim) -> str:
    return f"people regroup for {1 - fitted.fulfilments['regroup']:.0%} of the steps"


def _breaks(_fitted: Fitted, _aim: Aim) -> str:
    return "a break stands inside a lesson, or right before the closing"


_WORDS: Mapping[str, Callable[[Fitted, Aim], str]] = MappingProxyType(
    {
        "focus": _focus,
        "interactive": _interactive,
        "stretch": _stretch,
        "buffer": _buffer,
        "debriefs": _debriefs,
        "plenary": _plenary,
        "alternate": _alternate,
        "practice": _practice,
        "typical": _typical,
        "lessons": _lessons,
        "middle": _middle,
        "build": _build,
        "regroup": _regroup,
        "breaks": _breaks,
    }
)
