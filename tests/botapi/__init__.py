"""A strict stand-in for the Telegram Bot API on loopback, for tests."""
