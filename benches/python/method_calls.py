class Counter:
    def __init__(self):
        self.count = 0

    def add(self, step):
        self.count += step


counter = Counter()
for i in range(10_000_000):
    counter.add(1)
print(counter.count)
