"""Bringing feedback in: the customers' pages and the channels."""
