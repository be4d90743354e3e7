"""What people say about a repository: asked in a terminal, kept in a file that git keeps."""
