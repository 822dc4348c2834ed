/** Which columns, in which order: boxes, and buttons or a drag to move them. */
import { ArrowDown, ArrowUp, GripVertical, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog";
import { SearchInput } from "@/components/ui/input";
import { Checkbox } from "@/components/ui/toggles";
import { cn } from "@/lib/cn";
import type { Fact } from "./api";
import { type ColumnChoice, move, NAME, toggle } from "./columns";
import { factLabel } from "./words";

export function ColumnsSheet({
  open,
  onClose,
  columns,
  facts,
  onChange,
}: {
  open: boolean;
  onClose: () => void;
  /** Those shown, the name first. */
  columns: readonly ColumnChoice[];
  facts: readonly Fact[];
  /** Absent: the usual ones. */
  onChange: (columns: ColumnChoice[] | undefined) => void;
}) {
  const { t } = useTranslation("advanced");
  return (
    <Sheet
      open={open}
      onOpenChange={(to) => !to && onClose()}
      title={t("columns.title")}
      description={t("columns.text")}
      footer={<Button onClick={() => onChange(undefined)}>{t("columns.usual")}</Button>}
    >
      <Chosen columns={columns} facts={facts} onChange={onChange} />
      <Others columns={columns} facts={facts} onChange={onChange} />
    </Sheet>
  );
}

type Lists = Pick<Parameters<typeof ColumnsSheet>[0], "columns" | "facts" | "onChange">;

function Chosen({ columns, facts, onChange }: Lists) {
  const { t } = useTranslation("advanced");
  const [held, setHeld] = useState<string>();
  const [over, setOver] = useState<string>();
  const label = (key: string) => factLabel(t, facts.find((fact) => fact.key === key) ?? { key });
  return (
    <section aria-labelledby="columns-chosen">
      <h3 id="columns-chosen" className="mb-1 font-medium text-ink-3 text-meta">
        {t("columns.shown")}
      </h3>
      <ol>
        {columns.map(({ key }, index) => {
          const name = label(key);
          return (
            <li
              key={key}
              draggable={key !== NAME}
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = "move";
                setHeld(key);
              }}
              onDragEnd={() => {
                setHeld(undefined);
                setOver(undefined);
              }}
              onDragOver={(event) => {
                if (!held || index === 0) return;
                event.preventDefault();
                setOver(key);
              }}
              onDrop={(event) => {
                event.preventDefault();
                if (held && held !== key) onChange(move(columns, held, index));
              }}
              className={cn(
                "flex min-h-10 items-center gap-2 border-border border-b",
                over === key && held !== key && "bg-accent-soft",
              )}
            >
              <GripVertical
                aria-hidden
                className={cn(
                  "size-4 shrink-0 text-ink-3",
                  key === NAME ? "invisible" : "cursor-grab",
                )}
              />
              <span className="min-w-0 flex-1 truncate">{name}</span>
              {key !== NAME && (
                <>
                  <IconButton
                    size="sm"
                    variant="ghost"
                    label={t("columns.up", { name })}
                    disabled={index === 1}
                    onClick={() => onChange(move(columns, key, index - 1))}
                  >
                    <ArrowUp aria-hidden />
                  </IconButton>
                  <IconButton
                    size="sm"
                    variant="ghost"
                    label={t("columns.down", { name })}
                    disabled={index === columns.length - 1}
                    onClick={() => onChange(move(columns, key, index + 1))}
                  >
                    <ArrowDown aria-hidden />
                  </IconButton>
                  <IconButton
                    size="sm"
                    variant="ghost"
                    label={t("columns.hide", { name })}
                    onClick={() => onChange(toggle(columns, key))}
                  >
                    <X aria-hidden />
                  </IconButton>
                </>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function Others({ columns, facts, onChange }: Lists) {
  const { t } = useTranslation("advanced");
  const [q, setQ] = useState("");
  const chosen = new Set(columns.map(({ key }) => key));
  const others = facts
    .filter((fact) => fact.column && !chosen.has(fact.key))
    .map((fact) => ({ key: fact.key, name: factLabel(t, fact) }))
    .filter(({ name }) => plain(name).includes(plain(q.trim())));
  return (
    <section aria-labelledby="columns-others" className="mt-5">
      <h3 id="columns-others" className="mb-2 font-medium text-ink-3 text-meta">
        {t("columns.others")}
      </h3>
      <SearchInput
        aria-label={t("columns.search")}
        placeholder={t("columns.search")}
        value={q}
        onChange={(event) => setQ(event.target.value)}
        className="mb-2"
      />
      <ul>
        {others.map(({ key, name }) => (
          <li key={key} className="flex min-h-9 items-center pl-1">
            <Checkbox
              checked={false}
              label={name}
              onChange={() => onChange(toggle(columns, key))}
            />
          </li>
        ))}
      </ul>
      {others.length === 0 && <p className="text-ink-2">{t("columns.none")}</p>}
    </section>
  );
}
