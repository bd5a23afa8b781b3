"""Skin by layers of optics over a height field: the family that judges. Nothing is ever trained or tuned on it."""

from benchmarks.render.strata.skin import Skin, draw_skin
from benchmarks.render.strata.take import take

__all__ = ["Skin", "draw_skin", "take"]
