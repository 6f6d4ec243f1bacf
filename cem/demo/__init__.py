"""The demo company: a restaurant and hotel group with three branches in two time zones, invented by us.

Data and pure functions only: `content` reads the files beside it, `customers` and `history` make the past,
`day` and `staff` a business day. Nothing here knows a database or the web; the same seed gives the same.
"""
