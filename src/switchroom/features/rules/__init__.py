"""Rules: when something happens and its facts fit, actions are done (ROUT-106, ROUT-107)."""
