/** What features put into the shell: the routes hand it over, so that the shell knows no feature. */
import { createContext, type ReactNode, use } from "react";
import type { Destination } from "./navigation";

export interface Shell {
  /** Beside an entry of the navigation: as written, and as said. */
  counts?: Partial<Record<Destination["key"], { text: string; said: string }>>;
  /** The bell of the top bar. */
  bell?: ReactNode;
}

export const ShellContext = createContext<Shell>({});

export const useShell = () => use(ShellContext);
