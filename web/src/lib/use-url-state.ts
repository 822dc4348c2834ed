/**
 * Filters, tabs and periods live in the URL so that a view can be shared. Values that are
 * `undefined` leave the URL; the route's `validateSearch` decides what is read back.
 */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

export function useUrlState<T extends object>(): [
  T,
  (patch: Partial<T>, options?: { push?: boolean }) => void,
] {
  const search = useSearch({ strict: false } as never) as unknown as T;
  const navigate = useNavigate();
  const set = useCallback(
    (patch: Partial<T>, options?: { push?: boolean }) => {
      void navigate({
        to: ".",
        search: (previous: object) => ({ ...previous, ...patch }),
        replace: !options?.push,
        resetScroll: false,
      } as never);
    },
    [navigate],
  );
  return [search, set];
}
