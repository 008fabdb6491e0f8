"""What the calf does: when it contracts, how far the ankle is bent, how long it works in the shortened position."""
