"""The Rasa action server: each action is one service call and what to say about its outcome."""
