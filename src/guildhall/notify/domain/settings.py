"""What a service may choose for its messages, and within which bounds."""

KEPT_FOR_DAYS = (3, 90)
"""How many days messages may be kept, at least and at most (contract: notify 1.12)."""
