"""Where the tables of the score come from: simulated sessions or labelled recordings in, one data file out."""
