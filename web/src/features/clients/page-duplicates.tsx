/** Says that another client is likely the same one, and opens the comparison. */
import { useQuery } from "@tanstack/react-query";
import { GitMerge } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { useCan, useFormat } from "@/lib/session";
import { type ClientDetail, duplicatesQuery } from "./api";

export const MergeSheet = lazy(async () => ({
  default: (await import("./page-merge-sheet")).MergeSheet,
}));

export function Duplicates({ client }: { client: ClientDetail }) {
  const { t } = useTranslation("client");
  const format = useFormat();
  const manage = useCan("manage");
  const [open, setOpen] = useState(false);
  const { data } = useQuery({ ...duplicatesQuery(client.id), enabled: manage });
  const items = data?.items ?? [];
  const first = items[0];
  if (!manage || !first) return null;
  return (
    <div className="mb-4 flex flex-wrap items-center gap-3 rounded-card border border-border bg-watch-soft px-4 py-3 [&_svg]:size-4 [&_svg]:shrink-0">
      <GitMerge aria-hidden />
      <p className="min-w-0 flex-1 break-words">
        {t("duplicates.found", {
          count: items.length,
          n: format.number(items.length),
          name: first.name,
        })}
      </p>
      <Button onClick={() => setOpen(true)}>{t("duplicates.compare")}</Button>
      <Suspense>{open && <MergeSheet client={client} onClose={() => setOpen(false)} />}</Suspense>
    </div>
  );
}
