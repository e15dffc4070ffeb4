class Counter:
    def __init__(self):
        self.count = 0
        self.step = 1


counter = Counter()
for i in range(10_000_000):
    counter.count = counter.count + counter.step
print(counter.count)
