import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { gather, staleWords } from "./live";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("hands a burst over once per delay", () => {
  const flush = vi.fn();
  const stale = gather(flush, 500);
  stale.add(["health", "clients"]);
  stale.add(["clients"]);
  vi.advanceTimersByTime(499);
  expect(flush).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(flush).toHaveBeenCalledExactlyOnceWith(["health", "clients"]);
  stale.add(["growth"]);
  vi.advanceTimersByTime(500);
  expect(flush).toHaveBeenCalledTimes(2);
});

it("says nothing once stopped", () => {
  const flush = vi.fn();
  const stale = gather(flush, 500);
  stale.add(["health"]);
  stale.stop();
  vi.advanceTimersByTime(1000);
  expect(flush).not.toHaveBeenCalled();
});

it("makes stale what a kind touches, and all of it for a page that fell behind", () => {
  expect(staleWords(["tasks"])).toEqual(["tasks", "opportunities", "journey"]);
  expect(staleWords(["unheard-of"])).toEqual(["unheard-of"]);
  expect(staleWords(["everything"])).toEqual(
    expect.arrayContaining(["tasks", "growth", "notifications", "session"]),
  );
});
