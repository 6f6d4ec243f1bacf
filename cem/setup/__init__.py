"""Filling an empty hub: an organisation of one's own, or the demo company with its past."""
