/** What an open menu and an open popover are made of. */
import { Check } from "lucide-react";
import { DropdownMenu, Popover as RadixPopover } from "radix-ui";
import { type ReactNode, type RefObject, useRef } from "react";
import { cn } from "@/lib/cn";
import type { MenuItemProps, MenuProps, MenuRadioGroupProps, PopoverProps } from "./menu";

const panel =
  "z-50 max-h-(--radix-popper-available-height) animate-pop overflow-y-auto rounded-card border border-border bg-popover shadow-float";
const row =
  "relative flex min-h-8 cursor-pointer select-none items-center gap-2.5 rounded-control px-2 py-1.5 text-body text-ink outline-none data-[disabled]:cursor-not-allowed data-[highlighted]:bg-accent-soft data-[disabled]:text-ink-3 pointer-coarse:min-h-10 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-3";

export function Menu({
  trigger,
  children,
  align = "end",
  side,
  className,
  open,
  onOpenChange,
}: MenuProps & { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <DropdownMenu.Root modal={false} open={open} onOpenChange={onOpenChange}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className={cn(panel, "min-w-48 max-w-80 p-1", className)}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

export function MenuItem({ icon, danger, children, className, ...props }: MenuItemProps) {
  return (
    <DropdownMenu.Item
      className={cn(row, danger && "text-critical-text [&_svg]:text-critical-text", className)}
      {...props}
    >
      {icon}
      <span className="min-w-0 flex-1">{children}</span>
    </DropdownMenu.Item>
  );
}

export function MenuRadioGroup<T extends string>({
  label,
  value,
  onChange,
  options,
}: MenuRadioGroupProps<T>) {
  return (
    <DropdownMenu.Group>
      <MenuLabel>{label}</MenuLabel>
      <DropdownMenu.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
        {options.map((option) => (
          <DropdownMenu.RadioItem key={option.value} value={option.value} className={row}>
            <span className="min-w-0 flex-1">{option.label}</span>
            <DropdownMenu.ItemIndicator>
              <Check aria-hidden />
            </DropdownMenu.ItemIndicator>
          </DropdownMenu.RadioItem>
        ))}
      </DropdownMenu.RadioGroup>
    </DropdownMenu.Group>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return (
    <DropdownMenu.Label className="px-2 pt-2 pb-1 font-medium text-ink-3 text-meta">
      {children}
    </DropdownMenu.Label>
  );
}

export function MenuSeparator() {
  return <DropdownMenu.Separator className="-mx-1 my-1 h-px bg-border" />;
}

/** The content of a popover, held at a button that stands elsewhere. */
export function PopoverPanel({
  anchor,
  children,
  label,
  open,
  onOpenChange,
  align = "start",
  className,
}: Omit<PopoverProps, "trigger"> & { anchor: RefObject<HTMLElement | null> }) {
  const left = useRef(false);
  return (
    <RadixPopover.Root open={open} onOpenChange={onOpenChange}>
      <RadixPopover.Anchor virtualRef={anchor as RefObject<HTMLElement>} />
      <RadixPopover.Portal>
        <RadixPopover.Content
          aria-label={label}
          align={align}
          sideOffset={8}
          collisionPadding={12}
          // The page may move under its button (live news): it stays in sight all the same.
          sticky="always"
          onOpenAutoFocus={() => {
            left.current = false;
          }}
          onInteractOutside={(event) => {
            // The button closes it by itself.
            if (anchor.current?.contains(event.target as Node)) event.preventDefault();
            else left.current = true;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (!left.current) anchor.current?.focus({ preventScroll: true });
          }}
          className={cn(panel, "w-[min(360px,calc(100vw-24px))] p-4", className)}
        >
          {children}
        </RadixPopover.Content>
      </RadixPopover.Portal>
    </RadixPopover.Root>
  );
}
