"""The Monday page: what changed, whether it is real, what is owed, and the feedback behind every figure."""

from cem.web.executive.routes import register

__all__ = ["register"]
