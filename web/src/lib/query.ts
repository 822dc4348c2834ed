/**
 * One query client. Keys begin with the word of what they hold ("clients", "health", "growth",
 * "usage", "ingestion", "quarantine"): live changes invalidate by that first word (see live.ts).
 */
import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./api";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // Refusals do not change by asking again; a lost network or a busy server may.
      retry: (count, error) =>
        count < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
      refetchOnWindowFocus: false,
    },
  },
});
