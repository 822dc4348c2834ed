/** The table on phones: cards and a button for more. */
import { useEffect, useState } from "react";
import { LoadMore } from "../ui/misc";
import { Footer } from "./footer";
import type { DataTableProps } from "./types";

/** On phones a card takes a fifth of the screen: what stands below the list must stay in reach. */
const CARDS = 20;

export function Cards<T>({
  label,
  rows,
  rowKey,
  renderCard,
  onOpen,
  footer,
  hasMore = false,
  loadingMore = false,
  onLoadMore,
  resetKey,
}: DataTableProps<T>) {
  const [shown, setShown] = useState(CARDS);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the signal
  useEffect(() => setShown(CARDS), [resetKey]);
  function more() {
    const next = Math.min(shown, rows.length) + CARDS;
    setShown(next);
    if (next > rows.length && hasMore) onLoadMore?.();
  }
  return (
    <>
      <ul aria-label={label} className="divide-y divide-border">
        {rows.slice(0, shown).map((row) => (
          <li
            key={rowKey(row)}
            className="[contain-intrinsic-size:auto_64px] [content-visibility:auto]"
          >
            {onOpen ? (
              <button
                type="button"
                className="block w-full px-4 py-3 text-left -outline-offset-2 active:bg-sunken"
                onClick={() => onOpen(row)}
              >
                {renderCard?.(row)}
              </button>
            ) : (
              <div className="px-4 py-3">{renderCard?.(row)}</div>
            )}
          </li>
        ))}
      </ul>
      <LoadMore
        auto={false}
        hasMore={hasMore || shown < rows.length}
        loading={loadingMore}
        onLoadMore={more}
      />
      {footer && <Footer>{footer}</Footer>}
    </>
  );
}
