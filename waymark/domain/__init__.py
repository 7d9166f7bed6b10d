"""What is true, in plain Python: standard library only; time, ids and randomness come in as arguments."""
