/** What a survey has brought: who was asked, who answered, what their answers say; and the people behind each figure. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Download, Link2, Pencil, Send } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PageHeader } from "@/components/layout/page-header";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { Sheet } from "@/components/ui/dialog";
import { KpiCard, KpiCardSkeleton } from "@/components/ui/kpi-card";
import { TextLink } from "@/components/ui/misc";
import { ErrorState } from "@/components/ui/states";
import { toastError } from "@/components/ui/toast";
import { downloadCsv, fileName } from "@/lib/download";
import { useLocale } from "@/lib/i18n";
import { useCan, useFormat } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import { allAnswers, patchSurvey, type SurveyDetail, surveyQuery } from "./api";
import { People } from "./behind";
import { LinksSheet } from "./links-sheet";
import { behind, type SurveySearch } from "./search";
import { SendSheet } from "./send-sheet";
import { SurveySheet } from "./survey-sheet";
import { Distribution, Parts } from "./survey-tables";
import { figureText, figureUnit, question } from "./words";

type Open = "edit" | "send" | "links";

export function SurveyPage() {
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const { t } = useTranslation("surveys");
  const query = useQuery(surveyQuery(id));
  const crumbs = [{ label: t("title"), to: "/surveys" }];
  if (!query.data) {
    return (
      <>
        <PageHeader title={t("title")} crumbs={crumbs} back="/surveys" />
        {query.error ? (
          <ErrorState title={t("error")} error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <div className="grid gap-4 md:grid-cols-3">
            <KpiCardSkeleton />
            <KpiCardSkeleton />
            <KpiCardSkeleton />
          </div>
        )}
      </>
    );
  }
  return <Results survey={query.data} />;
}

function Results({ survey }: { survey: SurveyDetail }) {
  const { t } = useTranslation("surveys");
  const locale = useLocale();
  const [search, set] = useUrlState<SurveySearch>();
  const [open, setOpen] = useState<Open>();
  const shown = behind(search.of, survey.kind);
  const close = () => setOpen(undefined);
  return (
    <>
      <PageHeader
        title={survey.name}
        crumbs={[{ label: t("title"), to: "/surveys" }]}
        back="/surveys"
        facts={[
          t(`kind.${survey.kind}`),
          question(survey, locale),
          survey.open ? t("opened") : t("closed"),
        ].join(" · ")}
        actions={<Actions survey={survey} onOpen={setOpen} />}
      />
      <div className="flex flex-col gap-4">
        <Figures survey={survey} />
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <Distribution survey={survey} />
          <div className="flex flex-col gap-4">
            <Parts survey={survey} word="month" parts={survey.months} />
            <Parts survey={survey} word="segment" parts={survey.segments} />
          </div>
        </div>
        <Card aria-labelledby="comments">
          <CardHeader id="comments" title={t("comments")} />
          <People id={survey.id} params={{ commented: true }} empty={t("noComments")} />
        </Card>
      </div>
      <Sheet
        open={shown !== undefined}
        onOpenChange={(next) => !next && set({ of: undefined })}
        title={t("people.title")}
      >
        {shown && (
          <div className="-mx-5">
            <People id={survey.id} params={shown} empty={t("people.none")} />
          </div>
        )}
      </Sheet>
      <SurveySheet open={open === "edit"} survey={survey} onClose={close} />
      <SendSheet
        survey={survey}
        open={open === "send"}
        onClose={close}
        onLinks={() => setOpen("links")}
      />
      <LinksSheet survey={survey} open={open === "links"} onClose={close} />
    </>
  );
}

function Actions({ survey, onOpen }: { survey: SurveyDetail; onOpen: (what: Open) => void }) {
  const { t } = useTranslation("surveys");
  const manages = useCan("manage");
  const locale = useLocale();
  const client = useQueryClient();
  const file = useMutation({
    mutationFn: async () => {
      const rows = await allAnswers(survey.id);
      const head = ["client", "segment", "contact", "email", "answered", "score", "comment"];
      downloadCsv(
        fileName(survey.name),
        head.map((key) => t(`file.${key}`)),
        rows.map((row) => [
          row.clientName,
          row.segment,
          row.contactName,
          row.email,
          row.answeredAt,
          row.score,
          row.comment,
        ]),
        locale,
      );
    },
    onError: toastError,
  });
  const toggle = useMutation({
    mutationFn: () => patchSurvey(survey.id, { open: !survey.open }),
    onError: toastError,
    onSettled: () => client.invalidateQueries({ queryKey: ["surveys"] }),
  });
  return (
    <>
      <Button busy={file.isPending} disabled={survey.answered === 0} onClick={() => file.mutate()}>
        <Download aria-hidden />
        {t("export")}
      </Button>
      {manages && (
        <>
          <Button onClick={() => onOpen("edit")}>
            <Pencil aria-hidden />
            {t("edit")}
          </Button>
          <Button busy={toggle.isPending} onClick={() => toggle.mutate()}>
            {survey.open ? t("close") : t("reopen")}
          </Button>
          {survey.states.link + survey.states.failed > 0 && (
            <Button onClick={() => onOpen("links")}>
              <Link2 aria-hidden />
              {t("links.open")}
            </Button>
          )}
          {survey.open && (
            <Button variant="primary" onClick={() => onOpen("send")}>
              <Send aria-hidden />
              {t("send.open")}
            </Button>
          )}
        </>
      )}
    </>
  );
}

/** A link to the people behind a figure. */
function Door({ survey, of, children }: { survey: SurveyDetail; of: string; children: string }) {
  return (
    <TextLink to="/surveys/$id" params={{ id: survey.id }} search={{ of }}>
      {children}
    </TextLink>
  );
}

function Figures({ survey }: { survey: SurveyDetail }) {
  const { t } = useTranslation("surveys");
  const format = useFormat();
  const n = (value: number) => format.number(value);
  const { states } = survey;
  const present = (["sent", "link", "queued", "failed"] as const).filter((key) => states[key] > 0);
  return (
    <div className="grid gap-4 md:grid-cols-3">
      <KpiCard
        label={t("figures.asked")}
        value={n(survey.asked)}
        reference={present.map((key) => t(`counts.${key}`, { n: n(states[key]) })).join(" · ")}
        provenance={{
          title: t("figures.asked"),
          formula: t("figures.askedFormula"),
          parts: present.map((key) => ({ label: t(`state.${key}`), value: n(states[key]) })),
          links: (
            <>
              <Door survey={survey} of="asked">
                {t("figures.seeAsked")}
              </Door>
              {states.failed > 0 && (
                <Door survey={survey} of="failed">
                  {t("figures.seeFailed")}
                </Door>
              )}
            </>
          ),
        }}
      />
      <KpiCard
        label={t("figures.rate")}
        value={format.percent(survey.responseRate, { digits: 0 })}
        reference={t("answers", { count: survey.answered, n: n(survey.answered) })}
        provenance={{
          title: t("figures.rate"),
          formula: t("figures.rateFormula"),
          parts: [
            { label: t("figures.answered"), value: n(survey.answered) },
            { label: t("figures.asked"), value: n(survey.asked) },
          ],
          links: (
            <>
              <Door survey={survey} of="answered">
                {t("figures.seeAnswered")}
              </Door>
              <Door survey={survey} of="waiting">
                {t("figures.seeWaiting")}
              </Door>
            </>
          ),
        }}
      />
      <KpiCard
        label={t(`kind.${survey.kind}`)}
        value={figureText(format, survey.kind, survey.figure)}
        unit={survey.figure == null ? undefined : figureUnit(survey.kind)}
        reference={(["good", "middle", "bad"] as const)
          .map((side) =>
            t(`side.${survey.kind}.${side}`, { count: survey[side], n: n(survey[side]) }),
          )
          .join(" · ")}
        provenance={{
          title: t(`kind.${survey.kind}`),
          formula: t(`formula.${survey.kind}`),
          parts: (["good", "middle", "bad"] as const).map((side) => ({
            label: t(`sides.${survey.kind}.${side}`),
            value: n(survey[side]),
          })),
          total: { label: t("figures.answered"), value: n(survey.answered) },
          links: (["good", "middle", "bad"] as const).map((side) => (
            <Door key={side} survey={survey} of={side}>
              {t(`sides.${survey.kind}.${side}`)}
            </Door>
          )),
        }}
      />
    </div>
  );
}
