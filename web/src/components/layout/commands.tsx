/** Commands that the page in view adds to the palette. */
import { type ReactNode, useEffect, useSyncExternalStore } from "react";

export interface Command {
  id: string;
  label: string;
  icon?: ReactNode;
  run: () => void;
}

const NONE: readonly Command[] = [];
let current: readonly Command[] = NONE;
const listeners = new Set<() => void>();

function publish(next: readonly Command[]): void {
  current = next;
  for (const listener of listeners) listener();
}

/** Pass a memoised list: it is offered as long as the page is in view. */
export function useCommands(commands: readonly Command[]): void {
  useEffect(() => {
    publish(commands);
    return () => publish(NONE);
  }, [commands]);
}

export function usePageCommands(): readonly Command[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
