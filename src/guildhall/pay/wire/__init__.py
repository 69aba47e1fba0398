"""What programs speak with pay."""
