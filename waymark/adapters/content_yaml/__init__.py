"""Loads the clinical material in ``content/``; an unknown key anywhere is an error."""
