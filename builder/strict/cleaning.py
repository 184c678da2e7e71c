"""Text as it may be printed and shown: cleaned, shortened for a message, or turned into an id."""

import re

UNPRINTABLE = "held characters that cannot be printed; they were left out."
UNPRINTABLE_HINT = "Delete them, or save the file anew from your editor."

# Not in XML 1.0 (so Word files cannot hold them), or able to drive a terminal or reorder a line.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")


def clean(text: str) -> str:
    """`text` without what no paper can hold and no terminal should see; line ends of every kind become plain ones."""
    return text if text.isprintable() else _UNPRINTABLE.sub("", with_plain_ends(text))


def with_plain_ends(text: str) -> str:
    """`text` with one line feed for each line end: YAML counts seven kinds of them, Markdown one."""
    return text if text.isprintable() else _LINE_END.sub("\n", text)


def shortened(text: object, most: int = 60) -> str:
    """`text` on one line and no longer than a message can bear."""
    line = " ".join(clean(str(text)).split())
    return line if len(line) <= most else f"{line[:most]}…"


def not_an_id(text: str) -> tuple[str, str]:
    """What is wrong with an id, and one that is near it."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    near = "-".join(re.findall(r"[a-z0-9]+", plain.lower()))[:80].strip("-") or "power-grid"
    message = f"'{shortened(text)}' is not an id: lower-case letters, digits and hyphens, 80 at most."
    return message, f"Write one such as '{near}'."
