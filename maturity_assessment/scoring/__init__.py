"""From findings and answers to standings, dimensions, levels and views."""
