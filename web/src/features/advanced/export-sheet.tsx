/** The table as a file: what is shown, of all that match or of the selection. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/field";
import { toast } from "@/components/ui/toast";
import { api } from "@/lib/api";
import { download } from "@/lib/download";
import { errorText } from "@/lib/i18n";
import { useFormat } from "@/lib/session";
import type { Fact } from "./api";
import type { BulkSelection } from "./api-bulk";
import { type ColumnChoice, NAME } from "./columns";
import { factLabel } from "./words";

const FORMATS = ["xlsx", "csv", "csvFrench"] as const;
type Format = (typeof FORMATS)[number];

export interface ExportAsked {
  selection: BulkSelection;
  /** How many clients that is. */
  count: number;
}

export function ExportSheet({
  asked,
  columns,
  facts,
  sort,
  onClose,
}: {
  asked: ExportAsked | undefined;
  columns: readonly ColumnChoice[];
  facts: ReadonlyMap<string, Fact>;
  sort: string;
  onClose: () => void;
}) {
  const { t } = useTranslation("advanced");
  const format = useFormat();
  return (
    <Sheet
      open={asked !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={t("export.title")}
      description={asked && t("export.text", { count: asked.count, n: format.number(asked.count) })}
    >
      {asked && (
        <ExportForm asked={asked} columns={columns} facts={facts} sort={sort} onDone={onClose} />
      )}
    </Sheet>
  );
}

function ExportForm({
  asked,
  columns,
  facts,
  sort,
  onDone,
}: {
  asked: ExportAsked;
  columns: readonly ColumnChoice[];
  facts: ReadonlyMap<string, Fact>;
  sort: string;
  onDone: () => void;
}) {
  const { t } = useTranslation("advanced");
  const [format, setFormat] = useState<Format>("xlsx");
  const make = useMutation({
    mutationFn: () => {
      // The identifier comes first: by it the file can be imported again.
      const keys = ["external_id", NAME, ...columns.map(({ key }) => key)];
      const shown = [...new Set(keys)].map((key) => ({
        key,
        heading: factLabel(t, facts.get(key) ?? { key }),
      }));
      return api.file("/clients/export", {
        selection: asked.selection,
        columns: shown,
        sort,
        format,
      });
    },
    onSuccess: (file) => {
      download(format === "xlsx" ? "clients.xlsx" : "clients.csv", file);
      toast({ message: t("export.done") });
      onDone();
    },
  });
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <fieldset className="flex flex-col">
        <legend className="mb-1.5 font-medium">{t("export.format")}</legend>
        {FORMATS.map((value) => (
          <label
            key={value}
            className="flex min-h-9 cursor-pointer items-start gap-2 py-1.5 pointer-coarse:min-h-11"
          >
            <input
              type="radio"
              name="format"
              className="mt-0.5 size-4 shrink-0 accent-(--accent)"
              checked={format === value}
              onChange={() => setFormat(value)}
            />
            <span>
              <span className="block">{t(`export.formats.${value}`)}</span>
              <span className="block text-ink-2 text-meta">{t(`export.formatText.${value}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <p className="text-ink-2">{t("export.safe")}</p>
      {make.error && <FieldError>{errorText(make.error)}</FieldError>}
      <Button type="submit" variant="primary" busy={make.isPending} className="self-end">
        {t("export.submit")}
      </Button>
    </form>
  );
}
