/** Underlined tabs in place, with their panels; apart from those that are links, which every page has. */
import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { Count, list, tab, useActiveInView } from "./tabs";

export interface TabsProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  tabs: readonly { value: T; label: ReactNode; count?: ReactNode; content: ReactNode }[];
  className?: string;
}

/** Tabs in place; only the active panel is mounted. */
export function Tabs<T extends string>({ label, value, onChange, tabs, className }: TabsProps<T>) {
  const strip = useActiveInView<HTMLDivElement>();
  return (
    <Radix.Root
      value={value}
      onValueChange={(next) => onChange(next as T)}
      activationMode="manual"
      className={className}
    >
      <Radix.List ref={strip} aria-label={label} className={list}>
        {tabs.map((item) => (
          <Radix.Trigger
            key={item.value}
            value={item.value}
            className={cn(
              tab,
              "data-[state=active]:font-semibold data-[state=active]:text-ink data-[state=active]:after:bg-accent",
            )}
          >
            {item.label}
            {item.count != null && <Count>{item.count}</Count>}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((item) => (
        <Radix.Content key={item.value} value={item.value} className="pt-4">
          {item.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
