/**
 * The page is told what changed, by kind, and asks again for what it shows. Bursts are gathered:
 * a query is asked again at most once per 500 ms.
 */
import type { QueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { apiUrl } from "./api";

export type LiveStatus = "connecting" | "live" | "reconnecting" | "offline";
export interface LiveState {
  status: LiveStatus;
  /** When the server was last heard, in ms. */
  heardAt: number | null;
}

/** What a kind of change makes stale: first words of query keys. */
const STALE: Record<string, readonly string[]> = {
  clients: ["clients", "growth", "journey", "journeys"],
  health: ["health", "clients", "growth", "journey"],
  mrr: ["growth", "clients", "journeys"],
  // What a journey says of a client stands in the list of clients too.
  journey: ["journey", "journeys", "clients", "growth"],
  usage: ["usage", "ingestion", "clients"],
  quarantine: ["quarantine", "ingestion"],
  opportunities: ["opportunities", "journey"],
  tasks: ["tasks", "opportunities", "journey"],
  surveys: ["surveys"],
  // Notes stand in the stream of their client.
  notes: ["clients"],
  notifications: ["notifications"],
  objectives: ["growth"],
  spend: ["growth"],
  workspace: ["session", "workspace", "workspaces", "growth", "clients", "health", "profiles"],
  // A role that changes is also somebody's own.
  members: ["members", "session", "workspaces"],
  tokens: ["tokens", "ingestion"],
  sessions: ["sessions", "members"],
  audit: ["audit"],
};
/** What a page that fell behind is told. */
const EVERYTHING = "everything";

/** What messages of these kinds make stale. */
export function staleWords(kinds: readonly string[]): string[] {
  const all = kinds.includes(EVERYTHING) ? Object.keys(STALE) : kinds;
  return [...new Set(all.flatMap((kind) => STALE[kind] ?? [kind]))];
}

const GATHER = 500;
const OFFLINE_AFTER = 15_000;

let state: LiveState = { status: "connecting", heardAt: null };
const listeners = new Set<() => void>();

function publish(next: LiveState): void {
  state = next;
  for (const listener of listeners) listener();
}

export function useLive(): LiveState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

/** Gathers words, then hands them over together. */
export function gather(flush: (words: string[]) => void, delay = GATHER) {
  const waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    add(words: readonly string[]) {
      for (const word of words) waiting.add(word);
      timer ??= setTimeout(() => {
        timer = undefined;
        const all = [...waiting];
        waiting.clear();
        flush(all);
      }, delay);
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      waiting.clear();
    },
  };
}

/** Opens the stream; returns what closes it. */
export function connectLive(client: QueryClient): () => void {
  if (typeof EventSource === "undefined") return () => {};
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let offline: ReturnType<typeof setTimeout> | undefined;
  let missed = false;
  let attempts = 0;

  const stale = gather((words) => {
    for (const word of words) void client.invalidateQueries({ queryKey: [word] });
  });

  function heard(): void {
    clearTimeout(offline);
    offline = undefined;
    attempts = 0;
    publish({ status: "live", heardAt: Date.now() });
    if (!missed) return;
    missed = false;
    // Changes may have passed while nobody listened.
    stale.add(staleWords([EVERYTHING]));
  }

  function lost(): void {
    missed = true;
    if (state.status !== "offline") publish({ ...state, status: "reconnecting" });
    offline ??= setTimeout(() => publish({ ...state, status: "offline" }), OFFLINE_AFTER);
  }

  function open(): void {
    source = new EventSource(apiUrl("/live"));
    source.onopen = heard;
    source.addEventListener("hello", heard);
    source.addEventListener("change", (event) => {
      heard();
      try {
        const { kinds } = JSON.parse((event as MessageEvent<string>).data) as { kinds: string[] };
        stale.add(staleWords(kinds));
      } catch {
        // A message that cannot be read says nothing.
      }
    });
    source.onerror = () => {
      lost();
      // The browser tries again by itself unless the answer was not a stream at all.
      if (source?.readyState === EventSource.CLOSED) {
        clearTimeout(retry);
        retry = setTimeout(open, Math.min(30_000, 1000 * 2 ** attempts++));
      }
    };
  }

  function onOffline(): void {
    missed = true;
    publish({ ...state, status: "offline" });
  }
  function onOnline(): void {
    source?.close();
    clearTimeout(retry);
    open();
  }

  window.addEventListener("offline", onOffline);
  window.addEventListener("online", onOnline);
  open();
  return () => {
    window.removeEventListener("offline", onOffline);
    window.removeEventListener("online", onOnline);
    source?.close();
    clearTimeout(retry);
    clearTimeout(offline);
    stale.stop();
    publish({ status: "connecting", heardAt: null });
  };
}

/**
 * The class that tints a value for 600 ms after it has changed (never on first showing, and never
 * when the person asked for less motion).
 */
export function useFlash(value: unknown): string {
  const [on, setOn] = useState(false);
  const previous = useRef(value);
  useEffect(() => {
    const changed = previous.current !== value && previous.current != null;
    previous.current = value;
    if (!changed || window.matchMedia?.("(prefers-reduced-motion: reduce)").matches) return;
    setOn(true);
    const timer = setTimeout(() => setOn(false), 600);
    return () => clearTimeout(timer);
  }, [value]);
  return on ? "flash" : "";
}
