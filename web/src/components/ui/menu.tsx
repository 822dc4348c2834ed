/** Menu of actions on a button, and popover for a few words to read: what changes the page is a sheet. */
import { type DropdownMenu, Slot } from "radix-ui";
import { type ComponentProps, type ReactNode, useRef, useState } from "react";
import { Later, useCode } from "./later";

const panel = new Later(() => import("./menu-panel"));

export interface MenuProps {
  /** The button that opens it. */
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "center" | "end";
  side?: "top" | "right" | "bottom" | "left";
  className?: string;
}

/** Its code comes when it is first opened; from then on the button is the menu's own. */
export function Menu({ trigger, ...props }: MenuProps) {
  const [open, setOpen] = useState(false);
  const [used, setUsed] = useState(false);
  const code = useCode(panel, used, () => setUsed(false));
  if (used && code) {
    return <code.Menu {...props} trigger={trigger} open={open} onOpenChange={setOpen} />;
  }
  function first() {
    setUsed(true);
    setOpen(true);
  }
  return (
    <Slot.Root
      aria-haspopup="menu"
      aria-expanded={false}
      {...panel.approach}
      onClick={first}
      onKeyDown={(event) => {
        if (event.key !== "ArrowDown") return;
        event.preventDefault();
        first();
      }}
    >
      {trigger}
    </Slot.Root>
  );
}

export interface MenuItemProps
  extends Omit<ComponentProps<typeof DropdownMenu.Item>, "onSelect" | "children"> {
  icon?: ReactNode;
  onSelect?: () => void;
  danger?: boolean;
  children: ReactNode;
}

export function MenuItem(props: MenuItemProps) {
  const code = useCode(panel, true);
  return code && <code.MenuItem {...props} />;
}

export interface MenuRadioGroupProps<T extends string> {
  label: ReactNode;
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; label: ReactNode }[];
}

export function MenuRadioGroup<T extends string>(props: MenuRadioGroupProps<T>) {
  const code = useCode(panel, true);
  return code && <code.MenuRadioGroup {...props} />;
}

export function MenuLabel(props: { children: ReactNode }) {
  const code = useCode(panel, true);
  return code && <code.MenuLabel {...props} />;
}

export function MenuSeparator() {
  const code = useCode(panel, true);
  return code && <code.MenuSeparator />;
}

export interface PopoverProps {
  /** The button that opens it. */
  trigger: ReactNode;
  children: ReactNode;
  /** Named for screen readers. */
  label: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  align?: "start" | "center" | "end";
  className?: string;
}

export function Popover({ trigger, ...props }: PopoverProps) {
  const { open, onOpenChange } = props;
  const anchor = useRef<HTMLElement>(null);
  const code = useCode(panel, open, () => onOpenChange(false));
  return (
    <>
      <Slot.Root
        ref={anchor}
        aria-haspopup="dialog"
        aria-expanded={open}
        data-state={open ? "open" : "closed"}
        {...panel.approach}
        onClick={() => onOpenChange(!open)}
      >
        {trigger}
      </Slot.Root>
      {code && <code.PopoverPanel {...props} anchor={anchor} />}
    </>
  );
}
