"""Parts together with the real database, Rasa or operating system."""
