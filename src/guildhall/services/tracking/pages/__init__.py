"""What residents see: the look-up by reference and email address, and the timeline."""
