"""Texts become findings."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""numpy's own threads gain nothing on one text's vectors, and after each product they wait for the next one
by spinning: a third of the processors' time while texts are read. They are made when it is first imported."""
