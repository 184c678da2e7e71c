"""A new pack: its pack.yaml from a few answers. Pure."""

import datetime
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence

from builder import __version__
from builder.model import ID
from builder.problems import InputError, Problem, UsageError, did_you_mean
from builder.strict import clean, not_an_id

KEYS: Mapping[str, str] = {
    "organisation": "Your organisation, as the papers name it:",
    "name": "A short name for the pack, in small letters and hyphens:",
    "authors": "Who adapts, as the papers name them:",
    "contacts": "Whom people can turn to: roles, with commas between them:",
    "colleague_network": "What your network of colleagues is called, if there is one:",
}
DEFAULT_ORGANISATION = "Our organisation"
PARENT = "Workshop curriculum builder lessons"
TO_DO = "TODO: how to reach them"
LONGEST = 200


def read_settings(pairs: Sequence[str]) -> dict[str, str]:
    """The answers that `--set KEY=VALUE` gives; raises UsageError where one cannot be understood."""
    found: dict[str, str] = {}
    for pair in map(clean, pairs):
        key, equals, text = pair.partition("=")
        if not equals or key.strip() not in KEYS:
            hint = did_you_mean(key.strip(), KEYS) if equals else "Such as --set organisation=…"
            raise UsageError([Problem("unknown-key", f"--set {pair}: is no answer for a new pack.", hint=hint)])
        found[key.strip()] = text.strip()
    return found


def suggested(answers: Mapping[str, str]) -> dict[str, str]:
    """All answers, what was not given as it follows from the others."""
    organisation = answers.get("organisation") or DEFAULT_ORGANISATION
    plain = unicodedata.normalize("NFKD", organisation).encode("ascii", "ignore").decode().lower().replace("'", "")
    name = "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-") or "our-pack"
    told = {
        "organisation": organisation,
        "name": name,
        "authors": f"Equity team of {organisation}",
        "contacts": "Equity adviser",
        "colleague_network": "",
    }
    return {**told, **{key: text for key, text in answers.items() if text}}


def pack_yaml(answers: Mapping[str, str], day: datetime.date) -> str:
    """The text of pack.yaml; raises InputError where an answer cannot be used."""
    given = {key: " ".join(clean(text).split()) for key, text in suggested(answers).items()}
    if re.fullmatch(ID, given["name"]) is None:
        message, hint = not_an_id(given["name"])
        raise InputError([Problem("not-an-id", message, hint=hint)])
    long = next((key for key, text in given.items() if len(text) > LONGEST), None)
    if long is not None:
        raise InputError([Problem("too-long-text", f"{long}: has more than {LONGEST} characters.", hint="Shorten it.")])
    roles = [role.strip() for role in given["contacts"].split(",") if role.strip()]
    network = given["colleague_network"]
    term = f"{{one: {_text(network)}}}" if network else "{meaning: your network of colleagues}"
    lines = [
        "# What an organisation lays over the library. docs/packs.md says what each key holds.",
        f"name: {given['name']}",
        f"organisation: {_text(given['organisation'])}",
        "version: 0.1.0",
        f"date: {day}",
        f"parent: {{name: {PARENT}, version: {__version__}}}",
        f"authors: [{_text(given['authors'])}]",
        "approvers:",
        "  - {role: Head of people}",
        "terms:",
        f"  colleague_network: {term}",
        "contacts:" if roles else "contacts: []",
        *(f"  - {{role: {_text(role)}, reach: {_text(TO_DO)}}}" for role in dict.fromkeys(roles)),
        "jurisdiction_notes: []",
        "defaults: {}",
        "limits: {}",
    ]
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
