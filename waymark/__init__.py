"""Waymark: a conversational assistant for people working on their substance use or gambling."""

__version__ = "0.1.0"
