/** The surveys of the workspace, each with its figures. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { MessageCircleQuestion, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PageHeader } from "@/components/layout/page-header";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { TextLink } from "@/components/ui/misc";
import { EmptyState, ErrorState, Loading, Notice, Skeleton } from "@/components/ui/states";
import { useLocale } from "@/lib/i18n";
import { useCan, useFormat } from "@/lib/session";
import { type Survey, surveysQuery } from "./api";
import { SurveySheet } from "./survey-sheet";
import { figureText, question } from "./words";

export function SurveysPage() {
  const { t } = useTranslation("surveys");
  const manages = useCan("manage");
  const navigate = useNavigate();
  const [creating, setCreating] = useState(false);
  const query = useQuery(surveysQuery);
  const items = query.data?.items;
  const create = manages && (
    <Button variant="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden />
      {t("create")}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t("title")}
        facts={t("subtitle")}
        actions={items?.length ? create : undefined}
      />
      {query.isError && !items ? (
        <ErrorState title={t("error")} error={query.error} onRetry={() => void query.refetch()} />
      ) : !items ? (
        <Loading>
          <Skeleton className="h-40 w-full" />
        </Loading>
      ) : items.length === 0 ? (
        <Card>
          <EmptyState
            icon={<MessageCircleQuestion aria-hidden />}
            title={t("none.title")}
            text={t("none.text")}
            actions={create}
          />
        </Card>
      ) : (
        <div className="flex flex-col gap-4">
          {query.data && !query.data.mail && manages && (
            <Notice title={t("mailOff.title")}>{t("mailOff.text")}</Notice>
          )}
          <Card aria-label={t("title")}>
            <ul className="divide-y divide-border">
              {items.map((survey) => (
                <Row key={survey.id} survey={survey} />
              ))}
            </ul>
          </Card>
        </div>
      )}
      <SurveySheet
        open={creating}
        onClose={() => setCreating(false)}
        onSaved={(saved) => void navigate({ to: "/surveys/$id", params: { id: saved.id } })}
      />
    </>
  );
}

function Row({ survey }: { survey: Survey }) {
  const { t } = useTranslation("surveys");
  const format = useFormat();
  const locale = useLocale();
  const answers = t("answers", { count: survey.answered, n: format.number(survey.answered) });
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-1 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex items-center gap-2">
          <TextLink to="/surveys/$id" params={{ id: survey.id }} className="truncate">
            {survey.name}
          </TextLink>
          <Badge tone="accent">{t(`kind.${survey.kind}`)}</Badge>
          {!survey.open && <Badge>{t("closed")}</Badge>}
        </p>
        <p className="text-ink-3 text-meta md:truncate">{question(survey, locale)}</p>
      </div>
      <p className="tnum text-ink-2 text-meta">
        {answers} · {t("of", { n: format.number(survey.asked) })} ·{" "}
        {format.percent(survey.responseRate, { digits: 0 })}
      </p>
      <p className="tnum font-semibold text-value max-md:ml-auto md:w-16 md:text-right">
        <span className="sr-only">{t(`kind.${survey.kind}`)}, </span>
        {figureText(format, survey.kind, survey.figure)}
      </p>
    </li>
  );
}
