"""Latency against rows, from compare.json to an SVG."""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot

growth = json.loads(Path(sys.argv[1]).read_text())["growth"]
figure, axes = pyplot.subplots(figsize=(8, 5))
for path, points in growth.items():
    sizes = sorted(points, key=int)
    axes.plot([int(size) for size in sizes], [points[size] for size in sizes], marker="o", label=path)
axes.set(xscale="log", yscale="log", xlabel="organizations", ylabel="p50, ms", title="One connection, page not kept, total kept")
axes.grid(True, which="both", linewidth=0.3)
axes.legend()
figure.tight_layout()
figure.savefig(sys.argv[2], metadata={"Date": None})
