"""Every transport there is."""

from __future__ import annotations

from typing import Final

from cem.domain.vocabulary import TransportName
from cem.transports.base import Transport
from cem.transports.inbox import Inbox

TRANSPORTS: Final[dict[TransportName, Transport]] = {TransportName.INBOX: Inbox()}
