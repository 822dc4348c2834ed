/** The links that can be handed over: each to copy, all as a file. They are fetched when asked for, never kept. */
import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog";
import { CopyField } from "@/components/ui/misc";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { downloadCsv, fileName } from "@/lib/download";
import { useLocale } from "@/lib/i18n";
import { useFormat } from "@/lib/session";
import { type Survey, surveyLinks } from "./api";

/** So many are shown; the file has them all. */
const SHOWN = 50;

export function LinksSheet({
  survey,
  open,
  onClose,
}: {
  survey: Survey;
  open: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation("surveys");
  return (
    <Sheet
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("links.title")}
      description={t("links.text")}
    >
      {open && <Links survey={survey} />}
    </Sheet>
  );
}

function Links({ survey }: { survey: Survey }) {
  const { t } = useTranslation("surveys");
  const format = useFormat();
  const locale = useLocale();
  const { data, error, refetch } = useQuery({
    // Whoever reads them could answer: each reading is recorded, and none is kept.
    queryKey: ["survey-links", survey.id],
    queryFn: () => surveyLinks(survey.id),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error) {
    return <ErrorState title={t("links.error")} error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return (
      <Loading>
        <Skeleton className="h-24 w-full" />
      </Loading>
    );
  }
  if (data.length === 0) return <p className="text-ink-2">{t("links.none")}</p>;
  function file() {
    const head = ["client", "contact", "email", "expires", "url"].map((key) =>
      t(`links.column.${key}`),
    );
    const rows = (data ?? []).map((link) => [
      link.clientName,
      link.contactName,
      link.email,
      link.expiresAt.slice(0, 10),
      link.url,
    ]);
    downloadCsv(fileName(`${survey.name} ${t("links.file")}`), head, rows, locale);
  }
  return (
    <div className="flex flex-col gap-4">
      <Button className="self-start" onClick={file}>
        <Download aria-hidden />
        {t("links.download", { count: data.length, n: format.number(data.length) })}
      </Button>
      <ul className="flex flex-col gap-3">
        {data.slice(0, SHOWN).map((link) => {
          const name = link.contactName ?? link.email ?? link.clientName;
          return (
            <li key={link.id}>
              <p className="mb-1 truncate">
                {name} · {link.clientName}
              </p>
              <CopyField value={link.url} label={t("links.of", { name })} />
            </li>
          );
        })}
      </ul>
      {data.length > SHOWN && <p className="text-ink-3 text-meta">{t("links.more")}</p>}
    </div>
  );
}
