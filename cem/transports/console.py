"""The console: a line in the log, for whoever develops and has no messenger. Not offered in production."""

from __future__ import annotations

import logging

from cem.transports.base import Message

log = logging.getLogger(__name__)


class Console:
    def send(self, message: Message) -> str | None:
        log.info("%s to %s: %s (%s)", message.kind, message.to, message.words, message.id)
        return None
