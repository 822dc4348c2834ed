/** Finds a client by name: a field over a short list, the focus stays in the field. */
import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { type KeyboardEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { HealthMark } from "@/components/ui/health";
import { cn } from "@/lib/cn";
import { useDebounced } from "@/lib/hooks";
import { useFormat } from "@/lib/session";
import { clientSearchQuery, type FoundClient } from "./api-portfolio";

export function ClientPicker({ onChoose }: { onChoose: (client: FoundClient) => void }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const id = useId();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const asked = useDebounced(typed.trim(), 150);
  const { data, isError, isPending } = useQuery({ ...clientSearchQuery(asked), enabled: open });
  const items = data?.items ?? [];
  const position = Math.min(active, items.length - 1);
  const current = items[position];
  function choose(client: FoundClient) {
    onChoose(client);
    setOpen(false);
    setTyped("");
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape" && open) {
      setOpen(false);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (!open) setOpen(true);
      else if (items.length > 0) setActive((position + step + items.length) % items.length);
    } else if (event.key === "Enter" && open && current && !event.nativeEvent.isComposing) {
      choose(current);
    } else return;
    event.preventDefault();
  }
  const rest = (data?.total ?? 0) - items.length;
  const line = isError
    ? t("picker.failed")
    : isPending
      ? t("picker.searching")
      : items.length === 0
        ? t("picker.nothing")
        : rest > 0
          ? t("picker.more", { count: rest, n: format.number(rest) })
          : "";
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only listens to the focus that leaves
    <div
      className="relative w-72 max-w-full max-md:w-full"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-ink-3"
      />
      <input
        role="combobox"
        aria-label={t("picker.label")}
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={open && current ? `${id}-${current.id}` : undefined}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        placeholder={t("picker.label")}
        onFocus={() => setOpen(true)}
        onClick={() => setOpen(true)}
        onChange={(event) => {
          setTyped(event.target.value);
          setActive(0);
          setOpen(true);
        }}
        onKeyDown={onKeyDown}
        className="h-8 w-full rounded-control border border-border-strong bg-surface pr-3 pl-8 text-[1rem] text-ink hover:border-ink-3 md:text-body pointer-coarse:h-11"
      />
      <div
        hidden={!open}
        className="absolute inset-x-0 top-full z-20 mt-1 overflow-hidden rounded-card border border-border bg-popover shadow-float md:min-w-80"
      >
        <div
          id={`${id}-list`}
          role="listbox"
          aria-label={t("picker.label")}
          className={cn("max-h-80 overflow-y-auto", items.length > 0 && "p-1")}
        >
          {items.map((client, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above holds the keyboard
            <div
              key={client.id}
              id={`${id}-${client.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={client === current}
              onPointerDown={(event) => event.preventDefault()}
              onPointerMove={() => setActive(index)}
              onClick={() => choose(client)}
              className={cn(
                "flex min-h-9 cursor-pointer items-center justify-between gap-3 rounded-control px-2 pointer-coarse:min-h-11",
                client === current && "bg-accent-soft",
              )}
            >
              <span className="min-w-0">
                <span className="block truncate">{client.name}</span>
                {client.segment && (
                  <span className="block truncate text-ink-2 text-meta">{client.segment}</span>
                )}
              </span>
              <HealthMark score={client.health} class={client.healthClass} />
            </div>
          ))}
        </div>
        <p role="status" className={line ? "px-3 py-2 text-ink-2 text-meta" : "sr-only"}>
          {line}
        </p>
      </div>
    </div>
  );
}
