/** What the vertical axis of a chart takes, from its round values; one value alone is a flat zero. */
export function axisOf(round: readonly number[]) {
  const low = round[0] ?? 0;
  const high = round.length > 1 ? (round.at(-1) ?? 0) : low + 1;
  return { domain: [low, high], ticks: [...round] };
}

/** How low an axis must begin for `px` of words under `value` to stay on a plot of `height` px. */
export function roomBelow(value: number, high: number, px: number, height: number): number {
  const share = px / height;
  return share < 1 ? (value - share * high) / (1 - share) : value;
}

/** Round values for an axis: steps of 1, 2, 2.5 or 5 times a power of ten, around the data. */
export function niceTicks(values: readonly number[], most = 6): number[] {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return [];
  let low = Math.min(...known);
  let high = Math.max(...known);
  if (low === high) {
    if (low === 0) return [0];
    // One level: a little room on both sides, never below zero for what is not negative.
    const room = Math.abs(low) * 0.05;
    low = low >= 0 ? Math.max(0, low - room) : low - room;
    high += room;
  }
  const rough = (high - low) / (most - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  for (const factor of [1, 2, 2.5, 5, 10, 20]) {
    const step = factor * power;
    const from = Math.floor(low / step + 1e-9);
    const to = Math.ceil(high / step - 1e-9);
    if (to - from + 1 <= most) {
      return Array.from({ length: to - from + 1 }, (_, index) =>
        Number(((from + index) * step).toPrecision(12)),
      );
    }
  }
  return [low, high];
}
