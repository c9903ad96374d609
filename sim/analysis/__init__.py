"""Questions asked of many runs: calibration, sensitivity, attribution; sits above runs."""
