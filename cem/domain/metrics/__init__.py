"""Measures with their interval and their n: pure, and in no need of the order of what they are given."""
