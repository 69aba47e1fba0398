"""What a form is and what follows from answers to it, in plain values."""
