"""What every room needs and none owns: money, clock, ids, refusals, the council's wall, transactions, events."""
