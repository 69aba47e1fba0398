"""What residents see first: find my council, the council's own page, and everything they have asked for."""
