/** The client's own view of its plan: chosen stages, and the actions that are its to tick. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Link2Off } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Logo } from "@/components/layout/logo";
import { useAnnouncePage } from "@/components/layout/page-header";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { toast, toastError } from "@/components/ui/toast";
import { Checkbox } from "@/components/ui/toggles";
import { ApiError } from "@/lib/api";
import { setLocale, useLocale } from "@/lib/i18n";
import { useFormat } from "@/lib/session";
import { type Shared, type SharedStage, sharedQuery, tickShared } from "./api-shared";
import { MilestoneBadge, MilestoneGlyph, ProgressBar, StageBadge, StageGlyph } from "./marks";
import { useLabel } from "./words";

export function SharedPage() {
  const { token = "" } = useParams({ strict: false }) as { token?: string };
  const { t } = useTranslation("journey");
  const { data, error, refetch } = useQuery(sharedQuery(token));
  const over = error instanceof ApiError && (error.status === 404 || error.status === 410);
  useAnnouncePage(
    data && !over ? t("shared.title", { client: data.clientName }) : t("shared.plan"),
  );
  // A link that is over shows nothing any more, not even what was shown before.
  if (over) return <Frame>{<Over error={error} />}</Frame>;
  if (data) {
    return (
      <Frame workspace={data.workspaceName}>
        <Plan token={token} data={data} />
      </Frame>
    );
  }
  return (
    <Frame>
      <h1 className="sr-only">{t("shared.plan")}</h1>
      {error ? (
        <ErrorState title={t("shared.error")} error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading className="flex flex-col gap-4">
          <Skeleton className="h-7 w-64 max-w-full" />
          <Skeleton className="h-48 w-full" />
        </Loading>
      )}
    </Frame>
  );
}

function Frame({ workspace, children }: { workspace?: string; children: ReactNode }) {
  const { t } = useTranslation("journey");
  const { t: words } = useTranslation();
  const locale = useLocale();
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-3xl flex-col px-4 py-6 max-md:px-3">
      <header className="mb-6 flex flex-wrap items-center justify-between gap-3">
        <span className="flex min-w-0 items-center gap-3">
          <Logo />
          <span className="min-w-0 truncate font-semibold text-value">
            {workspace ?? words("product")}
          </span>
        </span>
        <Segmented
          label={words("user.language")}
          value={locale}
          onChange={(value) => void setLocale(value)}
          options={[
            { value: "fr", label: <span lang="fr">{words("user.fr")}</span> },
            { value: "en", label: <span lang="en">{words("user.en")}</span> },
          ]}
        />
      </header>
      <main id="content" className="flex flex-1 flex-col gap-4 max-md:gap-3">
        {children}
      </main>
      {workspace && (
        <footer className="mt-8 text-ink-3 text-meta">{t("shared.by", { workspace })}</footer>
      )}
    </div>
  );
}

function Over({ error }: { error: ApiError }) {
  const { t } = useTranslation("journey");
  const why =
    error.status === 404 ? "unknown" : error.params.why === "revoked" ? "revoked" : "expired";
  return (
    <EmptyState
      level={1}
      className="py-16"
      icon={<Link2Off aria-hidden />}
      title={t(`shared.over.${why}`)}
      text={t(`shared.overText.${why}`)}
    />
  );
}

function Plan({ token, data }: { token: string; data: Shared }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  return (
    <>
      <div>
        <h1 className="break-words font-semibold text-page">
          {t("shared.title", { client: data.clientName })}
        </h1>
        <p className="mt-0.5 text-ink-2">
          {t("shared.facts", {
            workspace: data.workspaceName,
            day: format.date(data.today),
            until: format.date(format.dayOf(data.expiresAt)),
          })}
        </p>
      </div>
      {data.stages.map((stage) => (
        <StageCard key={stage.key} token={token} stage={stage} />
      ))}
    </>
  );
}

function StageCard({ token, stage }: { token: string; stage: SharedStage }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const dates = [
    stage.enteredOn && t("stage.entered", { day: format.date(stage.enteredOn) }),
    stage.expectedEnd && t("stage.expected", { day: format.date(stage.expectedEnd) }),
  ].filter(Boolean);
  const current = stage.status === "active" || stage.status === "at_risk";
  // Of a stage that is over, what was reached is told: what was not is waited for no longer.
  const over = stage.status === "completed" || stage.status === "skipped";
  const criteria = stage.criteria.filter((item) => item.met || !over);
  const actions = stage.actions.filter((item) => item.done || !over);
  return (
    <Card aria-labelledby={`stage-${stage.key}`}>
      <CardHeader
        id={`stage-${stage.key}`}
        title={write(stage.label)}
        subtitle={write(stage.description)}
        actions={
          // The client is told that the stage is under way; how we judge it is ours.
          <StageBadge status={stage.status === "at_risk" ? "active" : stage.status} />
        }
      />
      <CardBody className="flex flex-col gap-4">
        <div>
          <div className="flex items-center gap-3">
            <ProgressBar
              pct={stage.progressPct}
              status={stage.status === "at_risk" ? "active" : stage.status}
              className="flex-1"
            />
            <span className="tnum font-semibold">
              <span className="sr-only">{t("header.progress")} </span>
              {format.percentValue(stage.progressPct, { digits: 0 })}
            </span>
          </div>
          {dates.length > 0 && <p className="mt-1 text-ink-2 text-meta">{dates.join(" · ")}</p>}
        </div>
        {criteria.length > 0 && (
          <section>
            <h3 className="font-semibold">{t("criteria.title")}</h3>
            <ul className="mt-1 flex flex-col gap-1.5">
              {criteria.map((item) => (
                <li key={write(item.label)} className="flex items-start gap-2">
                  <StageGlyph status={item.met ? "completed" : "pending"} className="mt-0.5" />
                  <span className="min-w-0 break-words">
                    {write(item.label)}
                    <span className="sr-only">
                      {" "}
                      {t(item.met ? "criteria.met" : "criteria.notMet")}
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          </section>
        )}
        {actions.length > 0 && (
          <section>
            <h3 className="font-semibold">{t("actions.title")}</h3>
            <ul className="mt-1 divide-y divide-border">
              {actions.map((item) => (
                <ActionRow key={item.key} token={token} item={item} ticks={current && item.yours} />
              ))}
            </ul>
          </section>
        )}
        {stage.milestones.length > 0 && (
          <section>
            <h3 className="font-semibold">{t("parts.milestones")}</h3>
            <ul className="mt-1 flex flex-col gap-1.5">
              {stage.milestones.map((item) => (
                <li key={`${write(item.title)} ${item.due}`} className="flex items-start gap-2">
                  <MilestoneGlyph status={item.status} className="mt-0.5" />
                  <span className="min-w-0 flex-1 break-words">
                    {write(item.title)}
                    <span className="block text-ink-2 text-meta">{format.date(item.due)}</span>
                  </span>
                  <MilestoneBadge status={item.status} />
                </li>
              ))}
            </ul>
          </section>
        )}
      </CardBody>
    </Card>
  );
}

function ActionRow({
  token,
  item,
  ticks,
}: {
  token: string;
  item: SharedStage["actions"][number];
  ticks: boolean;
}) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const client = useQueryClient();
  const { queryKey } = sharedQuery(token);
  const tick = useMutation({
    mutationFn: (done: boolean) => tickShared(token, item.key, done),
    onSuccess: (after, done) => {
      client.setQueryData(queryKey, after);
      toast({
        message: t(done ? "actions.ticked" : "actions.unticked", { what: write(item.label) }),
        undo: () => tick.mutate(!done),
      });
    },
    onError: (error) => {
      toastError(error);
      // The link may be over meanwhile: the page says so.
      void client.invalidateQueries({ queryKey });
    },
  });
  const facts = [
    item.yours && t("shared.yours"),
    item.due && t("actions.due", { day: format.date(item.due) }),
  ].filter(Boolean);
  return (
    <li className="flex items-start gap-2 py-2">
      {ticks ? (
        <Checkbox
          className="mt-0.5"
          checked={item.done}
          disabled={tick.isPending}
          hideLabel
          label={write(item.label)}
          onChange={(done) => tick.mutate(done)}
        />
      ) : (
        <StageGlyph status={item.done ? "completed" : "pending"} className="mt-0.5" />
      )}
      <span className="min-w-0 flex-1">
        <span className="block break-words font-medium">
          {write(item.label)}
          <span className="sr-only">, {t(item.done ? "actions.isDone" : "actions.toDo")}</span>
        </span>
        {facts.length > 0 && (
          <span className="block text-ink-2 text-meta">{facts.join(" · ")}</span>
        )}
      </span>
    </li>
  );
}
