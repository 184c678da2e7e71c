"""Putting one prompt to somebody: by arrow keys (questionary), or by numbered lines that any terminal can show."""

from __future__ import annotations

import enum
import sys
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from builder.questions import LEAVES_EMPTY, Choice, Given
from builder.strict import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
    from prompt_toolkit.layout import Container
    from questionary import Question as KeyQuestion
    from questionary.prompts.common import InquirerControl

    from builder.terminal.screen import Screen


class Back(enum.Enum):
    """Somebody wants to go back."""

    BACK = "<"


BACK = Back.BACK
GO_BACK = "<"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is put: `given` is the answer that Enter keeps; `back` is empty where there is nothing to go back to."""

    text: str
    kind: Literal["one", "many", "line"] = "line"
    choices: tuple[Choice, ...] = ()
    given: Given = ""
    back: str = "← Back"


def answer(prompt: Prompt, screen: Screen) -> Given | Back:
    """What somebody answers; KeyboardInterrupt and EOFError go through."""
    return _by_keys(prompt, screen) if screen.fancy else _by_lines(prompt, screen)


def _picked(prompt: Prompt) -> tuple[str, ...]:
    """The values that Enter keeps and that can still be picked (a stale one would stop questionary)."""
    given = (prompt.given,) if isinstance(prompt.given, str) else prompt.given
    return tuple(choice.value for choice in prompt.choices if choice.value in given and not choice.closed)


# ------------------------------------------------------------ by arrow keys


def _by_keys(prompt: Prompt, screen: Screen) -> Given | Back:
    put = {"one": _select, "many": _tick, "line": _type}[prompt.kind]
    given = put(prompt, screen).unsafe_ask()
    if prompt.kind == "line":
        typed = clean(given).strip()
        return BACK if typed == GO_BACK else typed or str(prompt.given)
    return tuple(given) if isinstance(given, list) else given


def _style() -> Any:
    import questionary

    return questionary.Style([
        ("qmark", "bold"), ("question", "bold"), ("answer", "fg:ansicyan"), ("pointer", "bold"),
        ("highlighted", "bold"), ("selected", "fg:ansicyan"), ("instruction", "fg:ansibrightblack"),
        ("separator", "fg:ansibrightblack"), ("disabled", "fg:ansibrightblack"),
    ])  # fmt: skip


def _select(prompt: Prompt, screen: Screen) -> KeyQuestion:
    import questionary

    last = [questionary.Choice(prompt.back, value=BACK)] if prompt.back else []
    put = questionary.select(
        prompt.text,
        [*_key_choices(prompt, screen), *last],
        default=next(iter(_picked(prompt)), None),
        instruction=_fitting(prompt, "(arrow keys, Enter)", screen),
        style=_style(),
        show_description=False,
    )
    return _prepared(put, prompt, screen)


def _tick(prompt: Prompt, screen: Screen) -> KeyQuestion:
    import questionary

    keys = "(Space ticks, Enter goes on; < goes back)" if prompt.back else "(Space ticks, Enter goes on)"
    put = questionary.checkbox(
        prompt.text,
        _key_choices(prompt, screen),
        instruction=_fitting(prompt, keys, screen),
        style=_style(),
        show_description=False,
    )
    return _prepared(put, prompt, screen)


def _type(prompt: Prompt, screen: Screen) -> KeyQuestion:
    import questionary

    words = [f"Enter: {prompt.given or 'none'}", *([f"{GO_BACK} goes back"] if prompt.back else [])]
    instruction = _fitting(prompt, f"({'; '.join(words)})", screen)
    return questionary.text(prompt.text, instruction=instruction, style=_style())


def _fitting(prompt: Prompt, words: str, screen: Screen) -> str:
    """What the keys do, on a line of its own where it does not fit beside the question."""
    return words if len(prompt.text) + len(words) + 12 < screen.width else f"\n  {words}"


def _key_choices(prompt: Prompt, screen: Screen) -> list[Any]:
    """Choices as questionary wants them, each group under its name; what cannot be chosen is only a line to read."""
    import questionary

    entries: list[Any] = []
    picked = _picked(prompt) if prompt.kind == "many" else ()
    for group, choice in _grouped(prompt.choices):
        entries += [questionary.Separator(_folded(group, screen))] if group else []
        title = _folded(choice.title, screen)
        if choice.closed:
            entries.append(questionary.Separator(_folded(f"- {choice.title} (not now: {choice.closed})", screen)))
        else:
            ticked = choice.value in picked
            entries.append(questionary.Choice(title, choice.value, checked=ticked, description=choice.help or None))
    return entries


def _folded(title: str, screen: Screen) -> str:
    """A title on as many lines as it needs, broken between words."""
    return "\n     ".join(textwrap.wrap(clean(title), screen.width - 8)) or title


def _grouped(choices: Sequence[Choice]) -> Iterator[tuple[str, Choice]]:
    """Each choice with the name of its group where a new group begins."""
    before = ""
    for choice in choices:
        yield (choice.group if choice.group != before else ""), choice
        before = choice.group


def _prepared(put: KeyQuestion, prompt: Prompt, screen: Screen) -> KeyQuestion:
    """The same question with our keys, long lines wrapped, and the help of what the pointer is on always in sight."""
    from prompt_toolkit.filters import Always
    from prompt_toolkit.key_binding import merge_key_bindings
    from prompt_toolkit.layout import HSplit
    from questionary.prompts.common import InquirerControl

    application = put.application
    keys = _keys(prompt)
    application.key_bindings = merge_key_bindings([application.key_bindings or keys, keys])
    for window in application.layout.find_all_windows():
        if isinstance(window.content, InquirerControl) and isinstance(application.layout.container, HSplit):
            window.wrap_lines = Always()
            application.layout.container.children.append(_help_window(window.content, screen))
    return put


def _help_window(control: InquirerControl, screen: Screen) -> Container:
    """A few lines under the list; where the list is too long for the screen, it is the list that scrolls."""
    from prompt_toolkit.filters import is_done
    from prompt_toolkit.layout import ConditionalContainer, FormattedTextControl, Window

    def told() -> str:
        words = textwrap.wrap(control.get_pointed_at().description or "", screen.width - 8)
        return "".join(f"\n     {line}" for line in words)

    window = Window(FormattedTextControl(told), dont_extend_height=True, wrap_lines=True)
    return ConditionalContainer(window, filter=~is_done)


def _keys(prompt: Prompt) -> KeyBindings:
    """Left and `<` go back, Ctrl-D ends the input."""
    from prompt_toolkit.key_binding import KeyBindings

    keys = KeyBindings()

    @keys.add("c-d", eager=True)
    def _end(event: KeyPressEvent) -> None:
        event.app.exit(exception=EOFError)

    if prompt.back:

        @keys.add("left", eager=True)
        @keys.add(GO_BACK, eager=True)
        def _back(event: KeyPressEvent) -> None:
            event.app.exit(result=BACK)

    return keys


# ------------------------------------------------------------ by numbered lines


def _by_lines(prompt: Prompt, screen: Screen) -> Given | Back:
    screen.say(prompt.text)
    numbered = {str(number): choice for number, choice in enumerate(prompt.choices, 1)}
    _list(numbered, screen)
    while True:
        screen.write(_line_prompt(prompt, numbered))
        typed = _read_line()
        if typed == GO_BACK:
            return BACK
        if not typed:
            return prompt.given
        if prompt.kind == "line":
            return typed
        if prompt.kind == "many" and typed == LEAVES_EMPTY:
            return ()
        values = [numbered[number].value for number in typed.replace(",", " ").split() if number in numbered]
        if len(values) == len(typed.replace(",", " ").split()) and (prompt.kind == "many" or len(values) == 1):
            return tuple(values) if prompt.kind == "many" else values[0]
        screen.say(f"Type a number from 1 to {len(numbered)}{' (or several)' if prompt.kind == 'many' else ''}.", "  ")


def _read_line() -> str:
    """One line of standard input; EOFError at its end, also where there is none."""
    if sys.stdin is None:
        raise EOFError
    try:
        return clean(input()).strip()
    except UnicodeDecodeError:
        return "?"


def _list(numbered: dict[str, Choice], screen: Screen) -> None:
    """The choices with their numbers; what cannot be chosen says why."""
    groups = dict(zip(numbered, _grouped(tuple(numbered.values())), strict=True))
    for number, (group, choice) in groups.items():
        if group:
            screen.say(group, indent="  ")
        closed = f" - not now: {choice.closed}" if choice.closed else ""
        screen.say(f"{number:>4}. {choice.title}{closed}", indent=" ")
        if choice.help:
            screen.say(choice.help, indent="        ")


def _line_prompt(prompt: Prompt, numbered: dict[str, Choice]) -> str:
    way_back = f"{GO_BACK} {prompt.back.removeprefix('← ').lower()}" if prompt.back else ""
    kept = [number for number, choice in numbered.items() if choice.value in _picked(prompt)]
    what = {"one": "A number", "many": "Numbers, such as 1, 3", "line": ""}[prompt.kind]
    shown = ", ".join(kept) if prompt.kind != "line" else str(prompt.given)
    none = f"{LEAVES_EMPTY} for none" if prompt.kind == "many" and kept else ""
    words = [word for word in (what, none, way_back, f"Enter: {shown or 'none'}") if word]
    return f"  ({'; '.join(words)}) > "
