/** The card of a list of clients, that links of the page lead to. */
import { useLocation } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { Card, CardHeader } from "@/components/ui/card";

export function ListCard({
  anchor,
  title,
  subtitle,
  children,
}: {
  /** Where links with this hash bring the person. */
  anchor: string;
  title: ReactNode;
  subtitle?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Card
      ref={useArrival(anchor)}
      id={anchor}
      tabIndex={-1}
      aria-labelledby={`${anchor}-title`}
      className="outline-none"
    >
      <CardHeader id={`${anchor}-title`} title={title} subtitle={subtitle} />
      {children}
    </Card>
  );
}

/** Links that name the list bring the keyboard there, not only the eyes. */
function useArrival(anchor: string) {
  const ref = useRef<HTMLElement>(null);
  const { hash, state } = useLocation();
  const visit = state.__TSR_key;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each visit counts, to the same place too
  useEffect(() => {
    if (hash !== anchor) return;
    // After the door that was followed has given the focus back.
    const timer = setTimeout(() => {
      ref.current?.scrollIntoView({ block: "start" });
      ref.current?.focus({ preventScroll: true });
    }, 60);
    return () => clearTimeout(timer);
  }, [hash, anchor, visit]);
  return ref;
}
