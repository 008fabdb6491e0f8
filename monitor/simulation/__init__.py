"""What a calf does, with its truth, and virtual sensors on a virtual radio that tell of it."""
