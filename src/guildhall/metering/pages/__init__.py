"""What officers see of their council's use."""
