"""Use cases: one module a business noun; the outside world only through ``ports``."""
