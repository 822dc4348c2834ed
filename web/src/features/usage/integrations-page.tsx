/** What comes in: sources, the last 48 hours, and what was set aside. */
import { useQuery } from "@tanstack/react-query";
import { Code, FileUp, Plug } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { BarChart, ChartSkeleton } from "@/components/charts";
import { PageHeader } from "@/components/layout/page-header";
import { useSwitchWorkspace } from "@/components/layout/session-actions";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { RelativeTime, TextLink } from "@/components/ui/misc";
import { EmptyState, ErrorState, Notice } from "@/components/ui/states";
import { LinkTab, LinkTabs } from "@/components/ui/tabs";
import { useCan, useFormat, useSession } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import { type Ingestion, ingestionQuery } from "./api";
import { ConnectSheet } from "./connect-sheet";
import { Keys } from "./keys";
import { Quarantine } from "./quarantine";

export function IntegrationsPage({ imports }: { imports: ReactNode }) {
  const { t } = useTranslation("usage");
  const format = useFormat();
  const { workspace } = useSession();
  const administer = useCan("administer");
  const [search] = useUrlState<{ tab?: string }>();
  const [sheet, setSheet] = useState<"connect" | "examples" | null>(null);
  const { data, error, refetch } = useQuery(ingestionQuery);
  const tab = search.tab === "quarantine" ? "quarantine" : "sources";
  const mayConnect = administer && !workspace.isDemo;
  return (
    <>
      <PageHeader
        title={t("title")}
        facts={
          data &&
          (data.lastReceivedAt ? (
            <>
              {t("lastReceived")} <RelativeTime at={data.lastReceivedAt} />
            </>
          ) : (
            t("nothingReceived")
          ))
        }
        actions={
          <>
            {/* First where they stand one under the other, last where they stand side by side. */}
            {mayConnect && (
              <Button
                variant="primary"
                className="md:order-last"
                onClick={() => setSheet("connect")}
                disabled={!data}
              >
                <Plug aria-hidden />
                {t("connect.open")}
              </Button>
            )}
            <Button onClick={() => setSheet("examples")} disabled={!data}>
              <Code aria-hidden />
              {t("connect.examples")}
            </Button>
          </>
        }
        tabs={
          <LinkTabs label={t("tabs.label")}>
            <LinkTab
              to="/integrations"
              search={{ tab: undefined }}
              aria-current={tab === "sources" ? "page" : undefined}
              count={
                data?.keys.length
                  ? format.number(data.keys.filter((key) => !key.revokedAt).length)
                  : undefined
              }
            >
              {t("tabs.sources")}
            </LinkTab>
            <LinkTab
              to="/integrations"
              search={{ tab: "quarantine" }}
              aria-current={tab === "quarantine" ? "page" : undefined}
              count={data?.totals.quarantined ? format.number(data.totals.quarantined) : undefined}
            >
              {t("tabs.quarantine")}
            </LinkTab>
          </LinkTabs>
        }
      />
      <div className="flex flex-col gap-4 max-md:gap-3">
        {tab === "quarantine" ? (
          <Quarantine />
        ) : error && !data ? (
          <ErrorState title={t("error")} error={error} onRetry={() => void refetch()} />
        ) : data ? (
          <Sources
            data={data}
            mayConnect={mayConnect}
            onConnect={() => setSheet("connect")}
            onExamples={() => setSheet("examples")}
          />
        ) : (
          <ChartSkeleton />
        )}
        {tab === "sources" && imports}
      </div>
      {data && (
        <ConnectSheet
          mode={sheet}
          endpoint={data.endpoint}
          onOpenChange={(open) => !open && setSheet(null)}
        />
      )}
    </>
  );
}

function Sources({
  data,
  mayConnect,
  onConnect,
  onExamples,
}: {
  data: Ingestion;
  mayConnect: boolean;
  onConnect: () => void;
  onExamples: () => void;
}) {
  const { t } = useTranslation("usage");
  const { workspace, workspaces } = useSession();
  const change = useSwitchWorkspace();
  const own = workspaces.find((item) => !item.isDemo);
  const quiet = data.keys.length === 0 && data.totals.events === 0;
  return (
    <>
      {workspace.isDemo && (
        <Notice
          title={t("demo.title")}
          action={
            own && (
              <Button size="sm" busy={change.isPending} onClick={() => change.mutate(own.id)}>
                {t("demo.leave", { name: own.name })}
              </Button>
            )
          }
        >
          {t("demo.text")}
        </Notice>
      )}
      {quiet && !workspace.isDemo ? (
        <Card>
          <EmptyState
            icon={<Plug aria-hidden />}
            title={t("empty.title")}
            text={t(mayConnect ? "empty.text" : "empty.textRole")}
            actions={
              <>
                {mayConnect && (
                  <Button variant="primary" onClick={onConnect}>
                    <Plug aria-hidden />
                    {t("connect.open")}
                  </Button>
                )}
                <Button onClick={onExamples}>
                  <FileUp aria-hidden />
                  {t("empty.import")}
                </Button>
              </>
            }
          />
        </Card>
      ) : (
        <>
          <Totals data={data} />
          <Hours data={data} />
          {!workspace.isDemo && (
            <Keys keys={data.keys} mayConnect={mayConnect} onConnect={onConnect} />
          )}
        </>
      )}
    </>
  );
}

function Totals({ data }: { data: Ingestion }) {
  const { t } = useTranslation("usage");
  const format = useFormat();
  const { totals } = data;
  return (
    <dl className="grid gap-4 max-md:gap-3 md:grid-cols-3">
      {(["events", "parked", "quarantined"] as const).map((name) => (
        <div
          key={name}
          className="min-w-0 rounded-card border border-border bg-surface p-4 max-md:p-3.5"
        >
          <dt className="text-ink-2">{t(`totals.${name}`)}</dt>
          <dd className="tnum mt-0.5 font-semibold text-kpi max-md:text-page">
            {format.number(totals[name])}
          </dd>
          <dd className="mt-1 text-ink-2 text-meta">
            {t(`totals.${name}${totals[name] === 0 ? "None" : "Text"}`)}{" "}
            {name === "quarantined" && totals.quarantined > 0 && (
              <TextLink to="/integrations" search={{ tab: "quarantine" }}>
                {t("totals.open")}
              </TextLink>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Hours({ data }: { data: Ingestion }) {
  const { t } = useTranslation("usage");
  const format = useFormat();
  const sum = (name: "accepted" | "duplicates" | "quarantined") =>
    data.hours.reduce((all, hour) => all + hour[name], 0);
  const accepted = sum("accepted");
  return (
    <BarChart
      title={
        accepted === 0
          ? t("hours.none")
          : t("hours.title", { count: accepted, n: format.number(accepted) })
      }
      subtitle={t("hours.subtitle", {
        duplicates: format.number(sum("duplicates")),
        quarantined: format.number(sum("quarantined")),
      })}
      unit={t("hours.unit")}
      points={data.hours.map((hour) => ({
        key: hour.hour,
        label: format.dateTime(hour.hour),
        tick: format.time(hour.hour),
        values: {
          accepted: hour.accepted,
          duplicates: hour.duplicates,
          quarantined: hour.quarantined,
        },
      }))}
      series={[
        { key: "accepted", label: t("hours.accepted"), color: 1 },
        { key: "duplicates", label: t("hours.duplicates"), color: 2 },
        { key: "quarantined", label: t("hours.quarantined"), color: 3 },
      ]}
      formatValue={(value) => format.number(value)}
      pointLabel={t("hours.hour")}
      height={200}
    />
  );
}
