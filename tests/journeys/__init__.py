"""The whole installation, talked to from outside: front, Rasa with the trained model, actions, console, worker."""
