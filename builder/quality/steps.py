"""What a facilitator needs of an activity: its purpose, steps, debrief, notes, and ways for everybody to take part."""

import re
from collections.abc import Iterator

from builder.kit.texts import DEBRIEF_PARTS
from builder.model import Activity
from builder.quality.found import Found
from builder.quality.language import listed, sentence_at, words
from builder.quality.subject import Subject, Written, all_words, numbered, spoken, unquoted

DEBRIEF_FROM = 8
CUT_FROM = 5
_IN = {
    "hear": r"aloud|says?|tells?|told|speaks?|talks?|hears?|listens?|asks?|voices?|spoken|introduces?|welcomes?",
    "read": r"reads?|print(?:ed|s)?|sheets?|screen|written|poster|wall|text|copy|copies|cards?|slips?|grid|map|table",
    "see": r"slides?|pictures?|drawings?|looks?|shows?|watch(?:es)?|film|colours?|sees?",
}
_OUT = {
    "speak": r"says?|shares?|tells?|speaks?|talks?|aloud|answers?|asks?|discuss|names?|reports?|sentence|questions?",
    "write": r"writes?|notes?|fills?|types?|marks?|lists?|drafts?|chat|pen|writing|records?|document",
    "act": r"draws?|points?|sorts?|moves?|puts?|lays?|places?|shows?|hands?|chooses?|stands?|ticks?|votes?|swaps?",
}
_SECTION = re.compile(r"^##\s+(\w+)", re.MULTILINE)


def no_purpose(subject: Subject) -> Iterator[Found]:
    """Activities that do not say what they are for, above their steps."""
    for _, steps in subject.steps:
        for step in steps:
            if not subject.texts.sections(step).get(""):
                yield Found("does not say what it is for.", step.body.path, step.body.line, 1)


def no_steps(subject: Subject) -> Iterator[Found]:
    """Activities without a section of numbered steps."""
    for _, steps in subject.steps:
        for step in steps:
            found = subject.texts.sections(step).get("Steps")
            if not found:
                yield Found("has no steps.", step.body.path, step.body.line, 1)
            elif not numbered(found):
                yield Found("the steps are not numbered.", step.body.path, _line(step, "Steps"), 1)


def no_debrief(subject: Subject) -> Iterator[Found]:
    """Activities that people learn from by doing, and that do not look back."""
    for lesson, steps in subject.steps:
        for step in steps:
            looked = lesson.phase in ("concept", "case", "practice") and step.grouping != "solo"
            long = step.minutes.typical >= DEBRIEF_FROM and step.interaction != "expository"
            if looked and long and not step.debrief and "Debrief" not in subject.texts.sections(step):
                yield subject.at(step, (), "people do something here, and do not look back on it.")


def no_question(subject: Subject) -> Iterator[Found]:
    """Debriefs without a question of each kind."""
    for _, steps in subject.steps:
        for step in steps:
            if step.debrief or "Debrief" in subject.texts.sections(step):
                asked = set(_asked(step.body.markdown))
                missing = [part for part in DEBRIEF_PARTS if part not in asked]
                if missing:
                    told = " nor under ".join(f"'{part}'" for part in missing)
                    message = f"the debrief asks nothing under {told}."
                    yield Found(message, step.body.path, _line(step, "Debrief"), 1)


def _asked(markdown: str) -> Iterator[str]:
    """The parts of the debrief under which something is asked: a question, or a request."""
    requests = re.compile(
        rf"(?:^|[-*.!,:;]\s+)(?:{'|'.join(words()['requests']['words'])})\b", re.MULTILINE | re.IGNORECASE
    )
    debrief = re.split(r"^##\s+Debrief\s*$", markdown, maxsplit=1, flags=re.MULTILINE)[-1]
    debrief = re.split(r"^##\s", debrief, maxsplit=1, flags=re.MULTILINE)[0]
    for part in re.split(r"^###\s+", debrief, flags=re.MULTILINE)[1:]:
        name, _, text = part.partition("\n")
        if "?" in text or requests.search(text):
            yield name.strip()


def _line(step: Activity, section: str) -> int:
    """The line of a section's heading, or of the text where there is none."""
    before = re.split(rf"^##\s+{section}\s*$", step.body.markdown, maxsplit=1, flags=re.MULTILINE)
    return step.body.line + (before[0].count("\n") if len(before) > 1 else 0)


def no_notes(subject: Subject) -> Iterator[Found]:
    """Activities without notes for the facilitator."""
    yield from _without(subject, "Notes", "has no notes for whoever leads it.")


def no_access(subject: Subject) -> Iterator[Found]:
    """Activities that do not say how everybody can take part."""
    yield from _without(subject, "Access", "does not say how everybody can take part.", "seated")


def no_online(subject: Subject) -> Iterator[Found]:
    """Activities that do not say how they go online."""
    yield from _without(subject, "Online", "does not say how it goes online.", "online")


def _without(subject: Subject, section: str, message: str, variant: str = "") -> Iterator[Found]:
    for _, steps in subject.steps:
        for step in steps:
            if section not in subject.texts.sections(step) and variant not in step.variants:
                yield subject.at(step, (), message)


def no_cut(subject: Subject) -> Iterator[Found]:
    """Notes that do not say what to leave out first."""
    for _, step in subject.english_steps:
        notes = subject.texts.sections(step).get("Notes")
        if notes and step.minutes.typical > CUT_FROM and not listed("cut-first").search(all_words(notes)):
            yield Found("the notes do not say what to cut first.", step.body.path, _line(step, "Notes"), 1)


def no_pass(subject: Subject) -> Iterator[Found]:
    """Steps that ask for something of one's own, in an activity that offers no way out."""
    for written, text in _activities(subject):
        match = listed("personal").search(text)
        if match and not listed("way-out").search(written.text):
            yield written.found(f"asks for something personal ('{match[0]}') and offers no way out.", match.start())


def disclosure(subject: Subject) -> Iterator[Found]:
    """Words that make people show or say who they are."""
    for written in subject.written:
        if written.kind in ("activity", "sheet"):
            text = unquoted(written)
            for match in listed("disclosure").finditer(text):
                if not listed("not").search(sentence_at(text, match.start())):
                    yield written.found(f"'{match[0]}' can make people show who they are.", match.start())


def one_way_in(subject: Subject) -> Iterator[Found]:
    """Activities that reach people in one way only."""
    for step, text in _steps_in_words(subject):
        ways = {way for way, pattern in _IN.items() if re.search(rf"\b(?:{pattern})\b", text, re.IGNORECASE)}
        ways |= {"read"} if step.handouts else set()
        ways |= {"hear"} if spoken(subject.texts.blocks(step.body)) else set()
        if len(ways) == 1:
            yield subject.at(step, (), f"people can take it in only in one way: they {ways.pop()}.")


def one_way_out(subject: Subject) -> Iterator[Found]:
    """Activities in which people can answer in one way only."""
    for step, text in _steps_in_words(subject):
        ways = {way for way, pattern in _OUT.items() if re.search(rf"\b(?:{pattern})\b", text, re.IGNORECASE)}
        if len(ways) == 1 and step.interaction != "expository":
            yield subject.at(step, (), f"people can answer only in one way: they {ways.pop()}.")


def _steps_in_words(subject: Subject) -> Iterator[tuple[Activity, str]]:
    """Each activity in English that has steps, with the words of what people do and how they may do it otherwise."""
    for _, step in subject.english_steps:
        sections = subject.texts.sections(step)
        if sections.get("Steps"):
            yield step, "\n".join(all_words(sections.get(name, ())) for name in ("Steps", "Online", "Access"))


def _activities(subject: Subject) -> Iterator[tuple[Written, str]]:
    """Each activity's steps: the text, and the same without quotations and what stands in other sections."""
    for written in subject.written:
        if written.kind == "activity" and written.exact:
            text = unquoted(written)
            parts = list(_SECTION.finditer(text))
            for here, after in zip(parts, [*parts[1:], None], strict=False):
                if here[1] == "Steps":
                    end = after.start() if after else len(text)
                    yield written, re.sub(r"[^\n]", " ", text[: here.end()]) + text[here.end() : end]
