"""The ways by which a message leaves the hub. One file each, one line in the registry, one contract test."""
