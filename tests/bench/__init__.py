"""`make bench`: the hub against the floor, in turn, in one run. Only the ratios count."""
