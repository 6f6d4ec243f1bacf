"""Every way in that has a parser of its own. To add one: a module like its neighbours, and one line here.

A parser makes a `Submission` of what came in, or raises `Invalid` with the names of the fields.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from cem.domain.submission import Submission
from cem.domain.vocabulary import Channel
from surveys.channels import api, kiosk, link

PARSERS: Final[dict[Channel, Callable[..., Submission]]] = {
    Channel.API: api.parse,
    Channel.KIOSK: kiosk.parse,
    Channel.LINK: link.parse,
}


def parser_of(channel: Channel) -> Callable[..., Submission]:
    """The parser of a channel; what has none of its own comes in through the API."""
    parse: Callable[..., Any] = PARSERS.get(channel, api.parse)
    return parse
