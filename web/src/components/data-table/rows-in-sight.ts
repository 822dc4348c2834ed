/** Which rows of a long table are drawn: those in sight of its scroller, and some on each side. */
import { type RefObject, useLayoutEffect, useState } from "react";

/** Rows drawn above and below those in sight, so that scrolling shows no gap. */
const SPARE = 12;

export interface RowsInSight {
  /** The first row drawn, and the one after the last. */
  from: number;
  to: number;
  /** Scrolls as little as shows the row whole, below a sticky header of `header` px. */
  show: (index: number, header: number) => void;
}

/** All rows are `height` px high. */
export function useRowsInSight(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  height: number,
): RowsInSight {
  const [seen, setSeen] = useState({ from: 0, to: 0 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows are looked at again
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    function look() {
      if (!element) return;
      const from = Math.floor(element.scrollTop / height);
      const to = Math.ceil((element.scrollTop + element.clientHeight) / height);
      setSeen((old) => (old.from === from && old.to === to ? old : { from, to }));
    }
    look();
    element.addEventListener("scroll", look, { passive: true });
    const sized = new ResizeObserver(look);
    sized.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      sized.disconnect();
    };
  }, [scroller, count, height]);

  function show(index: number, header: number) {
    const element = scroller.current;
    if (!element) return;
    const top = index * height;
    const lowest = top + height + header - element.clientHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (lowest > element.scrollTop) element.scrollTop = lowest;
  }
  const to = Math.min(count, seen.to + SPARE);
  return { from: Math.max(0, Math.min(seen.from, to) - SPARE), to, show };
}
