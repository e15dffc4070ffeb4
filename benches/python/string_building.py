text = ""
for i in range(10_000_000):
    text += "x"
    if len(text) > 1000:
        text = str(i)
print(len(text), text[:8])
