"""How laws are tried: the same cases in every run, however slow the machine.

``PELLUCID_EXAMPLES=20 HYPOTHESIS_PROFILE=explore`` looks at twenty times as many, new ones each time.
"""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("explore", settings.get_profile("ci"), derandomize=False, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
