"""What answers a prompt: the gold rows, a local model, or a model behind an endpoint."""
