/** What an import does, or did: four numbers, the first refused rows, and where all of them are. */
import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { errorCodeText, useLocale } from "@/lib/i18n";
import { useFormat } from "@/lib/session";
import { type Import, refusedQuery, refusedUrl } from "./api";

/** What becomes of rows. */
export const COUNTS = ["created", "changed", "unchanged", "refused"] as const;

export function Counts({ item }: { item: Import }) {
  const { t } = useTranslation("connectors");
  const format = useFormat();
  return (
    <dl aria-label={t("counts.label")} className="grid grid-cols-2 gap-3 md:grid-cols-4">
      {COUNTS.map((name) => (
        <div key={name} className="rounded-card border border-border bg-surface p-3.5">
          <dt className="text-ink-2">{t(`counts.${name}`)}</dt>
          <dd className="tnum mt-0.5 font-semibold text-page">{format.number(item[name])}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Progress({ item }: { item: Import }) {
  const { t } = useTranslation("connectors");
  const format = useFormat();
  const said = t(`progress.${item.state === "checking" ? "checking" : "running"}`, {
    done: format.number(item.done),
    total: format.number(item.rows),
  });
  return (
    <div>
      <p role="status" className="font-medium">
        {said}
      </p>
      <div
        role="progressbar"
        aria-label={said}
        aria-valuemin={0}
        aria-valuemax={item.rows}
        aria-valuenow={item.done}
        className="mt-2 h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        <div
          className="h-full rounded-full bg-accent"
          style={{ width: `${(100 * item.done) / Math.max(1, item.rows)}%` }}
        />
      </div>
    </div>
  );
}

export function RefusedRows({ item }: { item: Import }) {
  const { t } = useTranslation("connectors");
  const locale = useLocale();
  const { data } = useQuery({ ...refusedQuery(item.id, item.state), enabled: item.refused > 0 });
  if (item.refused === 0) return null;
  return (
    <Card>
      <CardHeader
        title={t("check.refused")}
        subtitle={t(item.state === "checked" ? "check.refusedText" : "check.refusedDone")}
        actions={
          <Button asChild>
            <a href={refusedUrl(item.id, locale)} download>
              <Download aria-hidden />
              {t("check.download")}
            </a>
          </Button>
        }
      />
      <CardBody>
        <ul className="divide-y divide-border">
          {data?.items.map((row) => (
            <li key={row.line} className="flex gap-3 py-2">
              <span className="tnum shrink-0 text-ink-2">
                {t("preview.line")} {row.line}
              </span>
              <span className="min-w-0 break-words">
                {row.refusal && <Reason code={row.refusal.code} params={row.refusal.params} />}
              </span>
            </li>
          ))}
        </ul>
        {data?.nextCursor && <p className="mt-2 text-ink-2 text-meta">{t("check.more")}</p>}
      </CardBody>
    </Card>
  );
}

/** A refusal names its column, whether its sentence does or not. */
function Reason({ code, params }: { code: string; params: Record<string, unknown> }) {
  const { t } = useTranslation("connectors");
  const said = errorCodeText(code, params);
  const column = typeof params.column === "string" ? params.column : "";
  return <>{column && !said.includes(column) ? t("check.inColumn", { column, said }) : said}</>;
}
