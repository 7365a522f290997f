"""Speech: prompts rendered to sound, sound to words; a process of its own."""
