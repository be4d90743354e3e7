"""Readers of what configures a project: tables, manifests, images, infrastructure."""
