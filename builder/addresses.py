"""Which addresses a paper may lead to, and how they are told in print."""

import re
from typing import Final
from urllib.parse import quote, urlsplit

_STRAY_PERCENT: Final = re.compile("%(?![0-9A-Fa-f]{2})")
_IN_ADDRESSES: Final = "%/?#:@!$&'()*+,;=-._~[]"


def safe_target(address: str) -> str:
    """The address as a document may hold it, or nothing where it is not a whole http, https or mailto address."""
    address = address.strip()
    try:
        parts = urlsplit(address)
        whole = bool(parts.hostname) and parts.port != 0 if parts.scheme in ("http", "https") else bool(parts.path)
    except ValueError:
        return ""
    if not whole or parts.scheme not in ("http", "https", "mailto"):
        return ""
    return quote(_STRAY_PERCENT.sub("%25", address), safe=_IN_ADDRESSES)


def bare(address: str) -> str:
    """An address as people say it: without scheme and closing slash."""
    return re.sub("^(https?://|mailto:)", "", address.strip().casefold()).rstrip("/")
