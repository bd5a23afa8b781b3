"""How the network that finds pores is trained: the set, the training, its calibration; README.md says how."""
