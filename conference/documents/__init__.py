"""What leaves the house on paper or in a file: frozen facts in, bytes out, the same bytes for the same facts."""

from reportlab import rl_config

rl_config.shapeChecking = 0
"""Our drawings are typed and tested; checking each attribute of each shape again took a third of the time of a chart."""
