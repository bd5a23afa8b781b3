"""How fast a consultation is: one JSON line a figure, ours beside its peer where there is one.

Figures: profiles a second through ``assess`` and ``screen`` of every treatment, in one process on one core, beside
the same screening done rule by rule and treatment by treatment (no shared work); cold wall time of
``pellucid consult`` and ``pellucid --help``, beside an empty Python.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.profiles import EXAMPLES, TODAY, intakes
from pellucid.consult.assess import assess
from pellucid.consult.profile import make_profile
from pellucid.consult.screen import screen, screen_all, usual_performer
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.load import load
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.errors import InputError
from pellucid.model.profile import Profile

PROFILES = 400
COLD_RUNS = 15


def main() -> None:
    """Measure and print."""
    knowledge = load()
    profiles = _profiles(knowledge)
    ours = [_seconds(lambda each=each: _shared(each, knowledge)) for each in profiles]  # type: ignore[misc]
    peer = [_seconds(lambda each=each: _one_by_one(each, knowledge)) for each in profiles[:60]]  # type: ignore[misc]
    median, slower = statistics.median(ours), statistics.median(peer)
    _print("assess + screen of all treatments, median a profile", "ms", median * 1e3, slower * 1e3)
    _print("profiles a second on one core, by the median", "1/s", 1 / median, 1 / slower, aim=2000)
    _print("the same at the 95th percentile", "ms", statistics.quantiles(ours, n=20)[-1] * 1e3)
    empty = _cold([sys.executable, "-c", "pass"])
    pellucid = [sys.executable, "-m", "pellucid"]
    example = str(EXAMPLES / "oily_t_zone_student.toml")
    consult = _cold([*pellucid, "consult", example, "--today", TODAY.isoformat()])
    _print("cold pellucid consult, wall", "s", consult, empty, aim=0.7)
    _print("cold pellucid --help, wall", "s", _cold([*pellucid, "--help"]), empty, aim=0.25)


def _profiles(knowledge: Knowledge) -> list[Profile]:
    """Profiles of every drawn intake that does not contradict itself."""
    found = []
    for intake in intakes(PROFILES):
        try:
            found.append(make_profile(intake, knowledge=knowledge, today=TODAY))
        except InputError:
            continue
    return found


def _shared(profile: Profile, knowledge: Knowledge) -> None:
    assess(profile, knowledge=knowledge, today=TODAY)
    screen_all(profile, on=TODAY, performer=profile.performer, knowledge=knowledge)


def _one_by_one(profile: Profile, knowledge: Knowledge) -> None:
    assess(profile, knowledge=knowledge, today=TODAY)
    for treatment in knowledge.of(Treatment).values():
        level = usual_performer(treatment, profile.performer)
        screen(profile, treatment.id, on=TODAY, performer=level, knowledge=knowledge)


def _seconds(run: Callable[[], None]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _cold(command: list[str]) -> float:
    """Median wall time of a whole process."""

    def run() -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    run()
    return statistics.median(_seconds(run) for _ in range(COLD_RUNS))


def _print(figure: str, unit: str, ours: float, peer: float | None = None, aim: float | None = None) -> None:
    line = {"figure": figure, "unit": unit, "ours": round(ours, 4)}
    if peer is not None:
        line |= {"peer": round(peer, 4), "ratio": round(ours / peer, 3)}
    print(json.dumps(line | ({"aim": aim} if aim is not None else {})))


if __name__ == "__main__":
    main()
