"""Screens and the read API: check the right, call a service, present, render."""
