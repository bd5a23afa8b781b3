"""The family "relief": skin as a height field with pigment and blood, lit from a side and seen through a phone.

For training and tuning only; what is tuned here is judged on a family that was written apart from this one.
"""

from benchmarks.render.relief.skin import Skin, draw_skin
from benchmarks.render.relief.take import take

__all__ = ["Skin", "draw_skin", "take"]
