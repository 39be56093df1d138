"""A house with devices in it that can be looked at, switched and timed."""
