"""Distances, weights, temperatures, fuel, energy, and what people work out with them."""
