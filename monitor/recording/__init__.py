"""A session on the disk: the recorder is a sink, a recording is a source, the file is XDF."""
