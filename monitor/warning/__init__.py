"""What is said about a leg: signs of involuntary activity, points, state and the reasons in words."""
