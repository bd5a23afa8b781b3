"""What the photo shows: calibration, quality, pores, colour, change. Values in, values out; no person is known here."""
