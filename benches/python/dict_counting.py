counts = {}
for i in range(10_000_000):
    key = i % 1000
    counts[key] = counts.get(key, 0) + 1
print(len(counts), counts[7])
