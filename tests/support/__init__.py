"""What tests share: builders, strategies, fakes, readers of our own sources."""
