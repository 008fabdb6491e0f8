"""What was recorded or imported, in the files of other programs: XDF, EDF+/BDF+, tables, MAT, EMG-BIDS."""
