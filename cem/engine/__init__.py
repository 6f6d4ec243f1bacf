"""What the product does. Each function is one transaction and one sentence."""
