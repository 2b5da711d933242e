"""What it costs, as ratios beside a raw limit measured in the same run. Nothing here is a test."""
