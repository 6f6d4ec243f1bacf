"""Request plumbing that the pages share."""
