"""Settings of all tests."""

from hypothesis import settings

# A busy machine is no failure: time is judged by the benchmarks, not by single examples.
settings.register_profile("chokepoint", deadline=None)
settings.load_profile("chokepoint")
