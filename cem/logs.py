"""Logs: one line of JSON for each thing, with ids and never with words or contacts."""

from __future__ import annotations

import logging

import structlog

from cem.settings import Settings


def configure(settings: Settings) -> None:
    """Send the logs of ours and of the libraries to standard error, in one form."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processor=structlog.processors.JSONRenderer(ensure_ascii=False)
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in ("cem", "surveys", "nlp", "workers"):
        logging.getLogger(name).setLevel(settings.log_level.upper())
