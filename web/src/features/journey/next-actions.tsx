/** What to do next for a client: tasks and recommended actions, by what they are worth. */
import { ChevronsUp, ChevronUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { Card, CardHeader } from "@/components/ui/card";
import { TextLink } from "@/components/ui/misc";
import { cn } from "@/lib/cn";
import { detectorName } from "@/lib/opportunity-words";
import { useFormat } from "@/lib/session";
import type { Journey, NextAction } from "./api";

/** Where each kind is decided on the client's page. */
const TAB = { task: "tasks", opportunity: "opportunities", invoice: "subscriptions" } as const;

export function NextActions({ data, most }: { data: Journey; most?: number }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const count = data.nextActions.length;
  return (
    <Card aria-labelledby="next-actions">
      <CardHeader
        id="next-actions"
        title={count === 0 ? t("next.none") : t("next.title", { count, n: format.number(count) })}
        subtitle={count > 1 ? t("next.text") : undefined}
      />
      {count > 0 && (
        <ul className="divide-y divide-border border-border border-t">
          {data.nextActions.slice(0, most).map((item) => (
            <Row key={`${item.kind}-${item.id}`} clientId={data.clientId} item={item} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Row({ clientId, item }: { clientId: string; item: NextAction }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const title =
    item.kind === "opportunity" && item.detector
      ? detectorName(item.detector)
      : item.kind === "invoice"
        ? t("next.invoice", { number: item.title ?? "" })
        : (item.title ?? "");
  return (
    <li className="flex items-start gap-3 px-4 py-2.5">
      <div className="min-w-0 flex-1">
        <TextLink
          to="/clients/$id"
          params={{ id: clientId }}
          search={{ tab: TAB[item.kind] }}
          className="break-words text-ink"
        >
          {title}
        </TextLink>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-2 text-meta">
          <span>{t(`next.kind.${item.kind}`)}</span>
          <span>{item.ownerName ?? t("next.nobody")}</span>
          {item.due && (
            <span className={cn(item.overdue && "font-semibold text-critical-text")}>
              {item.overdue ? format.daysLeft(item.due) : format.date(item.due)}
            </span>
          )}
        </p>
      </div>
      <span className="flex shrink-0 flex-col items-end gap-1">
        {item.expectedCents != null && item.expectedCents > 0 && (
          <span className="tnum font-semibold">
            {format.money(item.expectedCents, { signed: true })}
          </span>
        )}
        <PriorityBadge priority={item.priority} />
      </span>
    </li>
  );
}

/** Raised ones have a mark of their own; the others are there to be read, not to be seen first. */
function PriorityBadge({ priority }: { priority: NextAction["priority"] }) {
  const { t } = useTranslation(["journey", "common"]);
  const word = t(`common:priority.${priority}`);
  const hint = t("next.priority", { priority: word });
  const icon =
    priority === "urgent" ? (
      <ChevronsUp aria-hidden />
    ) : priority === "high" ? (
      <ChevronUp aria-hidden />
    ) : undefined;
  const tone = priority === "urgent" ? "critical" : priority === "high" ? "watch" : "neutral";
  return (
    <span title={hint}>
      <Badge tone={tone} icon={icon}>
        {word}
      </Badge>
    </span>
  );
}
