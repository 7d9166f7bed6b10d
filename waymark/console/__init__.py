"""Staff screens and the read API."""
