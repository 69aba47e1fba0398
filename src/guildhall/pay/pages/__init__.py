"""What payers and officers see of payments."""
