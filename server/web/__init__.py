"""What the faces share: who is asking, how tables become fields, and how a refusal is shown."""
