"""What leaves the house on paper or in a file: frozen facts in, bytes out, the same bytes for the same facts."""
