"""From text to meaning. No Rasa, no SQL, no network."""
