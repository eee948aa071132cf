# Sends: one message to many people.

section-inform = Inform
