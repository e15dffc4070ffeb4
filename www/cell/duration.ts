/** A run time as a reader takes it in: `8 ms`, `0.42 s`, `3 min 5 s`. */
export function formatDuration(millis: number): string {
  if (millis < 100) return `${Math.max(1, Math.round(millis))} ms`;
  const seconds = millis / 1000;
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
