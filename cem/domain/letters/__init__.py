"""Letters to customers: composed from the facts of one case, and checked against them."""
