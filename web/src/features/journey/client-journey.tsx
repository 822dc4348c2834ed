/** One client's journey: the header with its track, then one part of it at a time. */
import { useQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Columns } from "@/components/layout/page-header";
import { Card } from "@/components/ui/card";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { Tabs } from "@/components/ui/tab-panels";
import { useFormat } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import { isGone, type Journey, journeyQuery, type OwnJourney } from "./api";
import { Factors, Opportunities, Risks } from "./factors";
import { JourneyHeader } from "./header";
import { History } from "./history";
import { Milestones } from "./milestones";
import { NextActions } from "./next-actions";
import { type JourneySearch, PARTS, type Part } from "./search";
import { StagePanel } from "./stage-panel";
import { NoJourney } from "./start";

export function ClientJourney({ clientId, named }: { clientId: string; named?: boolean }) {
  const { t } = useTranslation("journey");
  const { data, error, refetch } = useQuery(journeyQuery(clientId));
  if (error && !data) {
    return isGone(error) ? (
      <Card>
        <EmptyState icon={<SearchX aria-hidden />} title={t("gone.title")} text={t("gone.text")} />
      </Card>
    ) : (
      <ErrorState title={t("error")} error={error} onRetry={() => void refetch()} />
    );
  }
  if (!data) return <JourneySkeleton />;
  if (!data.journey) return <NoJourney clientId={clientId} name={data.clientName} />;
  return <Content data={data} journey={data.journey} named={named} />;
}

function JourneySkeleton() {
  return (
    <Card className="p-4">
      <Loading className="flex flex-col gap-4">
        <Skeleton className="h-6 w-64 max-w-full" />
        <Skeleton className="h-4 w-80 max-w-full" />
        <Skeleton className="h-20 w-full" />
      </Loading>
    </Card>
  );
}

function Content({
  data,
  journey,
  named,
}: {
  data: Journey;
  journey: OwnJourney;
  named: boolean | undefined;
}) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const [search, set] = useUrlState<JourneySearch>();
  const part = search.part ?? "journey";
  // The stage of the URL, else the current one, else the last.
  const stage =
    data.stages.find((item) => item.key === search.stage) ??
    data.stages.find((item) => item.key === journey.stage) ??
    data.stages.at(-1);
  const open = data.milestones.filter((item) => item.status !== "completed").length;
  const factors = data.risks.length + data.opportunities.length + data.notes.length;
  const counts: Partial<Record<Part, number>> = {
    milestones: open,
    factors,
    actions: data.nextActions.length,
  };
  const content: Record<Part, () => ReactNode> = {
    journey: () => (
      <Columns
        main={
          <>
            {stage && <StagePanel clientId={data.clientId} stage={stage} />}
            <History data={data} />
          </>
        }
        side={
          <>
            <NextActions data={data} most={3} />
            <Milestones data={data} />
            <Risks data={data} stage={stage?.key} />
            <Opportunities data={data} stage={stage?.key} />
          </>
        }
      />
    ),
    milestones: () => <Milestones data={data} all />,
    factors: () => <Factors data={data} stage={stage?.key} />,
    actions: () => <NextActions data={data} />,
  };
  return (
    <div className="flex flex-col gap-4 max-md:gap-3">
      <JourneyHeader
        data={data}
        journey={journey}
        named={named}
        chosen={stage?.key}
        onChoose={(key) => set({ stage: key === journey.stage ? undefined : key, part: undefined })}
      />
      <Tabs<Part>
        label={t("parts.label")}
        value={part}
        onChange={(next) => set({ part: next === "journey" ? undefined : next }, { push: true })}
        tabs={PARTS.map((value) => ({
          value,
          label: t(`parts.${value}`),
          count: counts[value] ? format.number(counts[value]) : undefined,
          content: value === part ? content[value]() : null,
        }))}
      />
    </div>
  );
}
