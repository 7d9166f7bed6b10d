"""The front door: keeps every message, keeps people safe, keeps order per person."""
