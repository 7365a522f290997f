"""The participant service: what customers, agents and custom participants do in a chat."""
