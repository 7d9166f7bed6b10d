"""From domain objects to what a template prints: plain strings and lists, no rules."""
