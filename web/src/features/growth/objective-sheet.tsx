/** One objective beside the page: where it stands and how it came there; or the form that sets it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LineChart } from "@/components/charts";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog";
import { TextLink } from "@/components/ui/misc";
import { ProvenanceView } from "@/components/ui/number-door";
import { toast, toastError } from "@/components/ui/toast";
import { api } from "@/lib/api";
import { useCan, useFormat } from "@/lib/session";
import { type Objective, objectivesQuery } from "./api";
import { ClientsLink, MovesLink } from "./links";
import { ObjectiveEditor } from "./objective-editor";
import { ProgressBar, TONES } from "./objectives";
import { targetOn, valueText } from "./values";

export interface ObjectiveSheetProps {
  objective: Objective | undefined;
  adding: boolean;
  onClose: () => void;
}

export function ObjectiveSheet({ objective, adding, onClose }: ObjectiveSheetProps) {
  const { t } = useTranslation("growth");
  const [editing, setEditing] = useState<string>();
  const edit = objective !== undefined && editing === objective.id;
  const close = () => {
    setEditing(undefined);
    onClose();
  };
  return (
    <Sheet
      open={objective !== undefined || adding}
      onOpenChange={(open) => !open && close()}
      title={adding ? t("objectives.newTitle") : (objective?.name ?? "")}
      description={objective && t(`objectives.metric.${objective.metric}`)}
    >
      {adding || edit ? (
        <ObjectiveEditor
          key={objective?.id ?? "new"}
          objective={objective}
          onDone={() => (adding ? close() : setEditing(undefined))}
          onCancel={() => (adding ? close() : setEditing(undefined))}
        />
      ) : (
        objective && (
          <Detail objective={objective} onEdit={() => setEditing(objective.id)} onDeleted={close} />
        )
      )}
    </Sheet>
  );
}

function Detail({
  objective,
  onEdit,
  onDeleted,
}: {
  objective: Objective;
  onEdit: () => void;
  onDeleted: () => void;
}) {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const manage = useCan("manage");
  const client = useQueryClient();
  const computedAt = useQuery(objectivesQuery).data?.computedAt;
  const { unit, state, metric } = objective;
  const write = (value: number | null | undefined, signed = false) =>
    valueText(format, unit, value, signed);
  const refresh = () => client.invalidateQueries({ queryKey: ["growth"] });

  async function remove() {
    try {
      await api.delete(`/growth/objectives/${objective.id}`);
      onDeleted();
      await refresh();
      toast({
        message: t("objectives.deleted", { name: objective.name }),
        undo: () => {
          api.post(`/growth/objectives/${objective.id}/restore`, {}).then(refresh, toastError);
        },
      });
    } catch (error) {
      toastError(error);
    }
  }

  const left =
    objective.value == null || state === "reached" ? null : objective.target - objective.value;
  return (
    <div className="flex flex-col gap-5">
      <div>
        <p className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-1">
          <Badge tone={TONES[state]}>{t(`objectives.state.${state}`)}</Badge>
          <span className="tnum text-ink-2">
            {objective.reachedOn
              ? t("objectives.reachedOn", {
                  date: format.date(objective.reachedOn),
                  value: write(objective.reachedValue),
                })
              : t("objectives.dueIn", {
                  date: format.date(objective.dueDate),
                  left: format.daysLeft(objective.dueDate),
                })}
          </span>
        </p>
        <ProgressBar
          progress={objective.progressPct ?? null}
          pace={objective.pacePct}
          state={state}
        />
      </div>
      <ProvenanceView
        provenance={{
          title: t(`objectives.metric.${metric}`),
          computedAt,
          formula: t("objectives.formula"),
          parts: [
            {
              label: t("objectives.startOn", { date: format.date(objective.startDate) }),
              value: write(objective.startValue),
            },
            { label: t("objectives.valueNow"), value: write(objective.value) },
            { label: t("objectives.target"), value: write(objective.target) },
            ...(left === null ? [] : [{ label: t("objectives.left"), value: write(left, true) }]),
            {
              label: t("objectives.paceLabel"),
              value: format.percentValue(objective.pacePct, { digits: 0 }),
            },
            ...(objective.chancePct == null
              ? []
              : [
                  {
                    label: t("objectives.chance"),
                    value: format.percentValue(objective.chancePct, { digits: 0 }),
                  },
                ]),
          ],
          total: {
            label: t("objectives.progress"),
            value: format.percentValue(objective.progressPct, { digits: 0 }),
          },
          note: t(`objectives.note.${metric}`),
          links: <Behind objective={objective} />,
        }}
      />
      {objective.points.length > 1 && (
        <LineChart
          level={3}
          title={t("objectives.course", { name: objective.name })}
          height={180}
          points={objective.points.map((point) => ({
            key: point.day,
            label: format.date(point.day),
            tick: format.dayMonth(point.day),
            values: { value: point.value, target: targetOn(objective, point.day) },
          }))}
          series={[
            { key: "value", label: t(`objectives.metric.${metric}`), color: 1 },
            { key: "target", label: t("objectives.linear"), color: "ink", dash: "dotted" },
          ]}
          formatValue={(value) => valueText(format, unit, value)}
          formatAxis={(value) =>
            unit === "cents" ? format.moneyCompact(value) : valueText(format, unit, value)
          }
          csvScale={unit === "cents" ? 1 / format.minorUnits() : 1}
          pointLabel={t("objectives.day")}
        />
      )}
      {manage && (
        <div className="flex flex-wrap gap-2">
          <Button onClick={onEdit}>
            <Pencil aria-hidden />
            {t("objectives.edit")}
          </Button>
          <Button variant="danger" onClick={() => void remove()}>
            <Trash2 aria-hidden />
            {t("objectives.delete")}
          </Button>
        </div>
      )}
    </div>
  );
}

const earlier = (a: string, b: string) => [a, b].sort()[0] as string;

/** What the metric is made of: movements since the start, or the clients that it counts. */
function Behind({ objective }: { objective: Objective }) {
  const { t } = useTranslation("growth");
  const today = useFormat().today();
  const { metric, startDate, dueDate } = objective;
  const to = earlier(today, dueDate);
  const kind = { newMrr: "new", newClients: "new", expansionMrr: "expansion" } as const;
  if (metric === "meanHealth") {
    return <ClientsLink filters={{}}>{t("links.byHealth")}</ClientsLink>;
  }
  if (metric === "nps" || metric === "csat" || metric === "ces") {
    return <TextLink to="/surveys">{t("links.surveys")}</TextLink>;
  }
  if (metric === "atRiskClients") {
    return <ClientsLink filters={{ risk: true }}>{t("links.atRisk")}</ClientsLink>;
  }
  if (metric === "activeClients") {
    return <ClientsLink filters={{ status: "active" }}>{t("links.byMrr")}</ClientsLink>;
  }
  return (
    <MovesLink
      moves={{
        from: earlier(startDate, to),
        to,
        kind:
          metric in kind
            ? kind[metric as keyof typeof kind]
            : metric === "logoChurn" || metric === "revenueChurn"
              ? "churn"
              : undefined,
      }}
    >
      {t("links.movements")}
    </MovesLink>
  );
}
