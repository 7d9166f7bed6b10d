"""What leaves the house: checks of the services that carry notices, beginning with Telegram."""
