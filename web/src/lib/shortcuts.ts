/**
 * Keyboard shortcuts. `mod+k` style combinations always work; single letters (and `g` sequences)
 * can be turned off by the person, as WCAG 2.1.4 asks, and never fire while typing.
 */
import { useEffect, useRef, useSyncExternalStore } from "react";

const STORAGE_KEY = "essor.letters";
const listeners = new Set<() => void>();
let letters = read();

function read(): boolean {
  try {
    return localStorage.getItem(STORAGE_KEY) !== "off";
  } catch {
    return true;
  }
}

export function setLetters(on: boolean): void {
  letters = on;
  try {
    localStorage.setItem(STORAGE_KEY, on ? "on" : "off");
  } catch {
    // The choice then lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

export function useLetters(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => letters,
  );
}

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
      target.closest("[role=menu],[role=listbox]") !== null)
  );
}

/** Keys: "mod+k" (Ctrl or Command), "?", "g c" (one after the other within a second). */
export function useShortcuts(map: Record<string, () => void>): void {
  const current = useRef(map);
  current.current = map;
  useEffect(() => {
    let first = "";
    let timer: ReturnType<typeof setTimeout> | undefined;
    function onKey(event: KeyboardEvent) {
      if (event.defaultPrevented || event.isComposing) return;
      const key = event.key.toLowerCase();
      if (event.ctrlKey || event.metaKey) {
        const run = event.altKey ? undefined : current.current[`mod+${key}`];
        if (run) {
          event.preventDefault();
          run();
        }
        return;
      }
      if (event.altKey || !letters || typing(event.target)) return;
      // What is typed is for the dialog, the one that is still being fetched too.
      if (document.querySelector("[role=dialog][data-state=open], [data-coming]")) return;
      const sequence = first ? `${first} ${key}` : key;
      first = "";
      clearTimeout(timer);
      const run = current.current[sequence];
      if (run) {
        event.preventDefault();
        run();
      } else if (Object.keys(current.current).some((name) => name.startsWith(`${key} `))) {
        first = key;
        timer = setTimeout(() => {
          first = "";
        }, 1000);
      }
    }
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", onKey);
      clearTimeout(timer);
    };
  }, []);
}

/** "⌘" on Apple keyboards, "Ctrl" elsewhere. */
export const MOD = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";
