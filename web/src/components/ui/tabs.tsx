/** Underlined tabs that are links: which one is open stands in the address. In place, with panels: `tab-panels.tsx`. */
import { createLink, type LinkComponent } from "@tanstack/react-router";
import {
  type AnchorHTMLAttributes,
  type ReactNode,
  type Ref,
  type RefObject,
  useEffect,
  useRef,
} from "react";
import { cn } from "@/lib/cn";

export const tab =
  "relative flex h-10 shrink-0 items-center gap-1.5 whitespace-nowrap font-medium text-ink-2 transition-colors duration-120 hover:text-ink after:absolute after:inset-x-0 after:-bottom-px after:h-0.5 after:rounded-full after:bg-transparent";
export const list =
  "no-scrollbar flex gap-5 overflow-x-auto border-border border-b max-md:-mx-3 max-md:px-3";

/** What stays visible of the next tab, in px. */
const PEEK = 32;

export function Count({ children }: { children: ReactNode }) {
  return <span className="tnum font-normal text-ink-3">{children}</span>;
}

interface TabAnchorProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  /** How many things stand behind the tab, already written. */
  count?: ReactNode;
  ref?: Ref<HTMLAnchorElement>;
}

function TabAnchor({ count, className, children, ...props }: TabAnchorProps) {
  return (
    <a
      className={cn(
        tab,
        "aria-[current=page]:font-semibold aria-[current=page]:text-ink aria-[current=page]:after:bg-accent",
        className,
      )}
      {...props}
    >
      {children}
      {count != null && <Count>{count}</Count>}
    </a>
  );
}

const CreatedTab = createLink(TabAnchor);

/** A tab that is a link of the router: `<LinkTab to="." search={…} count="23">Santé</LinkTab>`. */
export const LinkTab: LinkComponent<typeof TabAnchor> = (props) => (
  <CreatedTab activeOptions={{ includeSearch: true, exact: true }} {...props} />
);

/** The tab in use comes into view, wherever it stands in the strip. */
export function useActiveInView<T extends HTMLElement>(): RefObject<T | null> {
  const ref = useRef<T>(null);
  useEffect(() => {
    const strip = ref.current;
    if (!strip) return;
    const show = () => {
      const active = strip
        .querySelector("[aria-current=page], [data-state=active]")
        ?.getBoundingClientRect();
      const box = strip.getBoundingClientRect();
      if (!active) return;
      if (active.left < box.left + PEEK) strip.scrollLeft -= box.left + PEEK - active.left;
      else if (active.right > box.right - PEEK) strip.scrollLeft += active.right - box.right + PEEK;
    };
    show();
    const observer = new MutationObserver(show);
    // A count that comes later makes its tab wider.
    observer.observe(strip, {
      subtree: true,
      childList: true,
      characterData: true,
      attributeFilter: ["aria-current", "data-state"],
    });
    // A strip may be shown, or become narrow, after it was made.
    const sizes = typeof ResizeObserver === "undefined" ? undefined : new ResizeObserver(show);
    sizes?.observe(strip);
    return () => {
      observer.disconnect();
      sizes?.disconnect();
    };
  }, []);
  return ref;
}

export function LinkTabs({
  label,
  children,
  className,
}: {
  label: string;
  children: ReactNode;
  className?: string;
}) {
  const ref = useActiveInView<HTMLElement>();
  return (
    <nav ref={ref} aria-label={label} className={cn(list, className)}>
      {children}
    </nav>
  );
}
