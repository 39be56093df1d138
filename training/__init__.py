"""Training: rendering, loss weights, LoRA, policies, episodes, scores."""
