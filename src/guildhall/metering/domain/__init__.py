"""What is counted, what is free and what is charged: decisions on plain values."""
