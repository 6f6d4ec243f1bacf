"""Where messages may be sent to, asked when an administrator or a program says so."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import gettext, lazy_gettext

from cem.domain.reasons import Invalid
from cem.settings import Settings
from cem.transports.base import TransportError
from cem.transports.http import Http

_l = lazy_gettext

_SENTENCES: Final[dict[str, Any]] = {
    "this is no https:// address": _l("Give an https:// address."),
    "the address is not a public one": _l("This address lies inside a private network, and is refused."),
    "the host was not found": _l("There is no such host."),
}


def refuse_unusable(url: str, settings: Settings) -> None:
    """Raises `Invalid` for `url`. Where nothing leaves the hub, nothing is looked up either."""
    try:
        http = Http(private=settings.private_addresses)
        http.refuse_unusable(url, look_up=not settings.nothing_leaves)
    except TransportError as error:
        words = _SENTENCES.get(str(error))
        raise Invalid({"url": [str(words) if words else gettext("This address cannot be used.")]}) from None
