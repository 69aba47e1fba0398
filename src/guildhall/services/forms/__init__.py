"""Forms: what a council asks, what a resident answers, and the submission that opens a case."""
