"""The queues of background work: one for each kind, so that no kind waits behind another."""

from __future__ import annotations

from typing import Final

NLP, NOTIFY, OUTSIDE = "nlp", "notify", "outside"
QUEUES: Final = (NLP, NOTIFY, OUTSIDE)
"""Each has at least one worker of its own."""
