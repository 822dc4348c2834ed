/**
 * The rows of a list of any length. Each page is a query of its own: when clients change, only the
 * pages in sight are asked again, however far one has scrolled. A page tells where the next begins;
 * when that moves, the next page follows it.
 */
import { useQueries } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Params } from "@/lib/api";
import { type Client, type ClientPage, pageQuery } from "./api";

export const PAGE = 100;

/** Where each page begins, corrected by what the pages say: the first difference is mended. */
export function follow(
  cursors: readonly (string | null)[],
  pages: readonly (ClientPage | undefined)[],
): readonly (string | null)[] {
  for (let index = 0; index < cursors.length; index++) {
    const page = pages[index];
    if (!page) continue;
    const next = page.nextCursor ?? null;
    const has = index + 1 < cursors.length;
    if (!has) return cursors;
    if (next === null) return cursors.slice(0, index + 1);
    if (cursors[index + 1] !== next) {
      return [...cursors.slice(0, index + 1), next, ...cursors.slice(index + 2)];
    }
  }
  return cursors;
}

/** All rows once: one that moved between two pages is shown where it was met first. */
export function gather(pages: readonly (ClientPage | undefined)[]): Client[] {
  const seen = new Set<string>();
  const rows: Client[] = [];
  for (const page of pages) {
    for (const row of page?.items ?? []) {
      if (seen.has(row.id)) continue;
      seen.add(row.id);
      rows.push(row);
    }
  }
  return rows;
}

const START: readonly (string | null)[] = [null];

export function useRows(params: Params) {
  const key = JSON.stringify(params);
  const [chain, setChain] = useState({ key, cursors: START });
  const cursors = chain.key === key ? chain.cursors : START;
  const [range, setRange] = useState({ first: 0, last: 0 });
  const onRange = useCallback((first: number, last: number) => {
    const pages = { first: Math.floor(first / PAGE), last: Math.floor(last / PAGE) };
    setRange((before) =>
      before.first === pages.first && before.last === pages.last ? before : pages,
    );
  }, []);

  const known = useRef<{ key: string; pages: (ClientPage | undefined)[] }>({ key, pages: [] });
  const results = useQueries({
    queries: cursors.map((cursor, index) => ({
      ...pageQuery(params, cursor),
      enabled:
        // A page out of sight keeps what it has; one that never came is fetched.
        (index >= range.first - 1 && index <= range.last + 1) || index === cursors.length - 1,
    })),
  });

  // While a page comes from another place, or another list comes, what was there stays.
  const fresh = results.map((result) => result.data);
  const placeholder = known.current.key !== key && fresh[0] === undefined;
  const pages = useSame(
    placeholder
      ? known.current.pages
      : fresh.map(
          (page, index) =>
            page ?? (known.current.key === key ? known.current.pages[index] : undefined),
        ),
  );
  useEffect(() => {
    if (!placeholder) known.current = { key, pages: [...pages] };
  }, [key, pages, placeholder]);

  const rows = useMemo(() => gather(pages), [pages]);
  const current = useSame(fresh);
  useEffect(() => {
    const mended = follow(cursors, current);
    if (mended !== cursors) setChain({ key, cursors: mended });
  }, [key, cursors, current]);

  const last = results.at(-1);
  const next = last?.data?.nextCursor ?? null;
  const more = useCallback(() => {
    if (next === null) return;
    setChain((before) => {
      const at = before.key === key ? before.cursors : START;
      return at.includes(next) ? { key, cursors: at } : { key, cursors: [...at, next] };
    });
  }, [key, next]);

  const newest = results.reduce(
    (best, result) => (result.dataUpdatedAt > best.dataUpdatedAt ? result : best),
    results[0] as (typeof results)[number],
  );
  const refetch = () => {
    for (const result of results) if (result.error) void result.refetch();
  };
  const failed = results.find((result) => result.error);
  return {
    rows,
    total: newest?.data?.total,
    sumMrrCents: newest?.data?.sumMrrCents,
    /** Of the list asked for; the rows may still be those of the list before. */
    placeholder,
    pending: rows.length === 0 && results[0]?.isPending === true,
    error: results[0]?.error ?? null,
    /** A page further down, or a refresh, did not come. */
    failed: rows.length > 0 ? (failed?.error ?? null) : null,
    updatedAt: newest?.dataUpdatedAt ?? 0,
    hasMore: next !== null && !last?.error && !placeholder,
    loadingMore: cursors.length > 1 && last?.isPending === true && !last.error,
    more,
    onRange,
    refetch,
  };
}

/** The array of before, as long as it holds the same things. */
function useSame<T>(next: readonly T[]): readonly T[] {
  const before = useRef(next);
  if (
    before.current.length !== next.length ||
    before.current.some((item, index) => item !== next[index])
  ) {
    before.current = next;
  }
  return before.current;
}
