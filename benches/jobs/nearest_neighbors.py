# The 5 nearest of 20,000 rows of 20 features to each of 2,000.
import time
import numpy as np
from sklearn.neighbors import NearestNeighbors

ids = np.arange(22_000)
x = np.column_stack([np.sin(ids * 12.9898 + j * 78.233) * 43758.5453 for j in range(20)])
x = x - np.floor(x)

model = NearestNeighbors(n_neighbors=5, algorithm="brute").fit(x[:20_000])
start = time.perf_counter()
distances, rows = model.kneighbors(x[20_000:])
print("seconds", time.perf_counter() - start)
print("check", round(float(distances.sum()), 4), int(rows.sum()))
