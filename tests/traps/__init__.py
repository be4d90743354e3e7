"""Small repositories for the tests of the scan, each made of a few texts."""
