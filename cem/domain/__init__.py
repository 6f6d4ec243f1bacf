"""The rules of the product: pure functions over frozen dataclasses. Time is always an argument."""
