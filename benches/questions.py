# Times each frame of `questions`; the end of every job that has them.
total, rows = 0.0, []
for question, ask in questions.items():
    start = time.perf_counter()
    answer = ask().cache()
    rows.append(answer.count())
    seconds = time.perf_counter() - start
    answer.unpersist()
    print("part", round(seconds, 4), question)
    total += seconds
print("seconds", total)
print("check", rows)
