/** Names an icon or completes a short word; never the only place for something needed. */
import { Slot } from "radix-ui";
import {
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { createPortal } from "react-dom";

type Side = "top" | "right" | "bottom" | "left";

/** Time under the pointer before it shows, and before it goes; in ms. */
const DELAY = 400;
const LINGER = 120;
/** Distance to what it names, and to the edges of the screen; in px. */
const GAP = 6;
const EDGE = 8;

export function Tooltip({
  content,
  side = "top",
  children,
}: {
  content: ReactNode;
  side?: Side;
  children: ReactNode;
}) {
  const id = useId();
  const anchor = useRef<HTMLElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [open, setOpen] = useState(false);
  function turn(to: boolean, delay: number) {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOpen(to), delay);
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  const stay = () => clearTimeout(timer.current);
  const leave = () => turn(false, LINGER);
  return (
    <>
      <Slot.Root
        ref={anchor}
        aria-describedby={open ? id : undefined}
        onPointerEnter={(event) => event.pointerType === "mouse" && turn(true, open ? 0 : DELAY)}
        onPointerLeave={leave}
        onPointerDown={() => turn(false, 0)}
        onFocus={(event) => event.currentTarget.matches(":focus-visible") && turn(true, 0)}
        onBlur={leave}
      >
        {children}
      </Slot.Root>
      {open &&
        createPortal(
          <Bubble
            id={id}
            anchor={anchor}
            side={side}
            onPointerEnter={stay}
            onPointerLeave={leave}
            onClose={() => turn(false, 0)}
          >
            {content}
          </Bubble>,
          document.body,
        )}
    </>
  );
}

/** It stays under the pointer that moves onto it; Escape and scrolling close it. */
function Bubble({
  anchor,
  side,
  onClose,
  ...props
}: {
  id: string;
  anchor: RefObject<HTMLElement | null>;
  side: Side;
  onPointerEnter: () => void;
  onPointerLeave: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const bubble = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = bubble.current;
    const at = anchor.current?.getBoundingClientRect();
    if (!element || !at) return;
    const { left, top } = place(at, element.getBoundingClientRect(), side);
    element.style.left = `${left}px`;
    element.style.top = `${top}px`;
  });
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const over = (event: Event) => {
      if (!(event instanceof KeyboardEvent) || event.key === "Escape") close.current();
    };
    document.addEventListener("keydown", over);
    document.addEventListener("scroll", over, true);
    return () => {
      document.removeEventListener("keydown", over);
      document.removeEventListener("scroll", over, true);
    };
  }, []);
  return (
    <div
      ref={bubble}
      role="tooltip"
      className="fixed top-0 left-0 z-50 max-w-72 animate-fade rounded-control bg-inverse px-2 py-1 font-medium text-meta text-on-inverse"
      {...props}
    />
  );
}

/** On its side, or on the other where there is no room; never past an edge of the screen. */
export function place(at: DOMRect, own: DOMRect, side: Side): { left: number; top: number } {
  const { innerWidth: width, innerHeight: height } = window;
  const room = {
    top: at.top - GAP - own.height,
    left: at.left - GAP - own.width,
    bottom: height - at.bottom - GAP - own.height,
    right: width - at.right - GAP - own.width,
  };
  const opposite = { top: "bottom", bottom: "top", left: "right", right: "left" } as const;
  const to = room[side] < EDGE && room[opposite[side]] >= EDGE ? opposite[side] : side;
  const middle = {
    left: (at.left + at.right - own.width) / 2,
    top: (at.top + at.bottom - own.height) / 2,
  };
  const { left, top } = {
    top: { ...middle, top: room.top },
    bottom: { ...middle, top: at.bottom + GAP },
    left: { ...middle, left: room.left },
    right: { ...middle, left: at.right + GAP },
  }[to];
  const within = (value: number, most: number) => Math.max(EDGE, Math.min(value, most - EDGE));
  return { left: within(left, width - own.width), top: within(top, height - own.height) };
}
