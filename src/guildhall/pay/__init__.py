"""Pay: take a payment once, and always know what became of it. Speaks GOV.UK Pay's API and shows its pages."""
