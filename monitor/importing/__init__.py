"""Files of other programs: each format in a small file, all of them as the same `Content`."""
