"""What the front door and Rasa's connector agree on, apart from the body (docs/architecture.md, hand-over)."""

SECRET_PURPOSE = "front-to-rasa"
SECRET_HEADER = "X-Waymark-Hand-Over"
SAFETY_EVENT = "EXTERNAL_safety"
