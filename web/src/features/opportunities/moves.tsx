/** The best next moves: each done in one click, and taken back in another. */
import { useMutation, useQuery } from "@tanstack/react-query";
import {
  Check,
  type LucideIcon,
  MessagesSquare,
  Phone,
  Receipt,
  Sparkles,
  UsersRound,
} from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { Popover } from "@/components/ui/menu";
import { TextLink } from "@/components/ui/misc";
import { NumberDoor, type Provenance } from "@/components/ui/number-door";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { toast, toastError } from "@/components/ui/toast";
import { api, type Schemas } from "@/lib/api";
import { cn } from "@/lib/cn";
import type { Format } from "@/lib/format";
import { daysText, moveText, whyText } from "@/lib/opportunity-words";
import { useCan, useFormat } from "@/lib/session";
import { type List, movesQuery, type NextMove, sendDecision, useRefresh } from "./api";
import { usePart } from "./part";

type Task = Schemas["TaskBody"];
type Words = (key: string, values?: Record<string, unknown>) => string;

/** What is done about an opportunity of each list. */
const DOES: Record<List, { words: string; icon: LucideIcon }> = {
  retention: { words: "actions.call", icon: Phone },
  expansion: { words: "actions.offer", icon: UsersRound },
  conversation: { words: "actions.talk", icon: MessagesSquare },
};

/** What a move says: title, why, and what its button does. */
function said(format: Format, t: Words, move: NextMove) {
  const { opportunity, invoice, task } = move;
  if (opportunity) {
    return {
      title: moveText(format, opportunity.detector, opportunity.evidence),
      why: whyText(format, opportunity.evidence),
      does: t(DOES[opportunity.list].words),
      icon: DOES[opportunity.list].icon,
    };
  }
  if (invoice) {
    return {
      title: t("common:opportunity.move.invoice", { number: invoice.number }),
      why: t("actions.invoice", {
        number: invoice.number,
        days: daysText(format, invoice.daysLate),
        amount: format.money(invoice.amountCents),
      }),
      does: t("actions.chase"),
      icon: Receipt as LucideIcon,
    };
  }
  return {
    title: task?.title ?? "",
    why: !task?.due
      ? ""
      : t(task.due < format.today() ? "actions.overdue" : "actions.today", {
          day: format.date(task.due),
        }),
    does: t("actions.finish"),
    icon: Check as LucideIcon,
  };
}

/** Does a move and says how to take it back. */
function useMove() {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (move: NextMove) => {
      if (move.task) {
        const id = move.task.id;
        await api.patch(`/tasks/${id}`, { done: true });
        return {
          message: t("actions.finished", { title: move.task.title }),
          undo: () => api.patch(`/tasks/${id}`, { done: false }),
        };
      }
      const { title } = said(format, t, move);
      const task = await api.post<Task>("/tasks", {
        title: move.clientName ? `${title} (${move.clientName})` : title,
        note: said(format, t, move).why,
        origin: "action",
        due: move.due,
        priority: move.priority,
        ownerId: move.ownerId ?? undefined,
        clientId: move.clientId ?? undefined,
        opportunityId: move.opportunity?.id,
      } satisfies Schemas["TaskForm"]);
      return {
        message: t("actions.made", {
          owner: task.ownerName ?? move.ownerName ?? "",
          day: format.date(task.due),
        }),
        undo: async () => {
          await api.delete(`/tasks/${task.id}`);
          if (move.opportunity) await sendDecision(move.opportunity.id, { state: "open" });
        },
      };
    },
    onSuccess: ({ message, undo }) =>
      toast({
        message,
        undo: () => void undo().catch(toastError).finally(refresh),
      }),
    onError: toastError,
    onSettled: refresh,
  });
}

function provenance(format: Format, t: Words, move: NextMove): Provenance {
  const { opportunity, invoice } = move;
  const loss = opportunity?.list === "retention";
  return {
    title: said(format, t, move).title,
    formula: opportunity
      ? t(loss ? "detail.formulaKept" : "detail.formula")
      : t(invoice ? "actions.invoiceFormula" : "actions.taskFormula"),
    parts: opportunity
      ? [
          {
            label: t(loss ? "stake" : "amount"),
            value: format.money(opportunity.amountCents),
          },
          {
            label: t(loss ? "keptProbability" : "col.probability"),
            value: format.percent(opportunity.probability, { digits: 0 }),
          },
        ]
      : invoice
        ? [{ label: t("stake"), value: format.money(invoice.clientMrrCents) }]
        : [],
    total: { label: t("expected"), value: format.money(move.expectedCents) },
    note: said(format, t, move).why,
    links: opportunity ? (
      <TextLink
        to="/clients/growth"
        search={
          { tab: "opportunities", list: opportunity.list, opportunity: opportunity.id } as never
        }
      >
        {t("actions.seeOpportunity")}
      </TextLink>
    ) : move.clientId ? (
      <TextLink to="/clients/$id" params={{ id: move.clientId }}>
        {t("openClient")}
      </TextLink>
    ) : undefined,
  };
}

/** The card of the overview. */
export function MovesCard() {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const { data, error, refetch } = useQuery(movesQuery(usePart()));
  const count = data?.items.length ?? 0;
  return (
    <Card aria-labelledby="moves" className="flex flex-col">
      <CardHeader
        id="moves"
        title={
          data && count === 0
            ? t("actions.none")
            : t("actions.title", { count: count || 3, n: format.number(count || 3) })
        }
        subtitle={
          data &&
          (count === 0
            ? t("actions.noneText")
            : t("actions.total", { amount: format.money(data.expectedCents, { signed: true }) }))
        }
      />
      {error && !data ? (
        <ErrorState
          className="mx-4 mb-4"
          title={t("actions.error")}
          error={error}
          onRetry={() => void refetch()}
        />
      ) : !data ? (
        <Loading className="flex flex-col gap-4 px-4 pb-4">
          <Skeleton className="h-20 w-full" />
          <Skeleton className="h-20 w-full" />
          <Skeleton className="h-20 w-full" />
        </Loading>
      ) : (
        <ol className="divide-y divide-border">
          {data.items.map((move, index) => (
            <MoveRow key={move.key} move={move} place={index + 1} />
          ))}
        </ol>
      )}
    </Card>
  );
}

/** What a move is expected to bring; some have no amount to name. */
function Worth({ move }: { move: NextMove }) {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  if (move.expectedCents <= 0) {
    return <span className="text-ink-3 text-meta">{t("day.unvalued")}</span>;
  }
  return (
    <NumberDoor provenance={provenance(format, t as Words, move)}>
      <span className="tnum whitespace-nowrap font-semibold text-excellent-text">
        {format.money(move.expectedCents, { signed: true })}
      </span>
    </NumberDoor>
  );
}

function MoveRow({ move, place }: { move: NextMove; place: number }) {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const words = said(format, t as Words, move);
  return (
    <li className="flex gap-3 px-4 py-3">
      <span
        aria-hidden
        className="tnum mt-0.5 flex size-5 shrink-0 items-center justify-center rounded-full bg-sunken font-semibold text-ink-2 text-meta"
      >
        {place}
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex items-start justify-between gap-3">
          <p className="min-w-0 break-words font-semibold">{words.title}</p>
          <Worth move={move} />
        </div>
        <p className="mt-0.5 line-clamp-2 text-ink-2 text-meta">
          {move.clientId && (
            <TextLink
              to="/clients/$id"
              params={{ id: move.clientId }}
              className="text-ink pointer-coarse:inline pointer-coarse:min-h-0"
            >
              {move.clientName}
            </TextLink>
          )}
          {move.clientId && " · "}
          {words.why}
        </p>
        <MoveButtons move={move} />
      </div>
    </li>
  );
}

/** A move on one line of the cockpit: what kind, what about, what it is worth, and its button. */
export function MoveLine({ move }: { move: NextMove }) {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const words = said(format, t as Words, move);
  const Icon = words.icon;
  const tone = move.opportunity
    ? move.opportunity.list === "retention"
      ? "bg-critical-soft text-critical-text"
      : "bg-accent-soft text-accent-words"
    : move.invoice
      ? "bg-watch-soft text-watch-text"
      : "bg-sunken text-ink-2";
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-2 px-4 py-2.5 md:grid-cols-[auto_minmax(0,1fr)_auto_auto]">
      <span
        aria-hidden
        className={cn("flex size-8 items-center justify-center self-start rounded-full", tone)}
      >
        <Icon className="size-4" />
      </span>
      <div className="min-w-0">
        <p className="break-words font-medium">{words.title}</p>
        <p className="line-clamp-2 text-ink-2 text-meta">
          {move.clientId && (
            <TextLink
              to="/clients/$id"
              params={{ id: move.clientId }}
              className="text-ink pointer-coarse:inline pointer-coarse:min-h-0"
            >
              {move.clientName}
            </TextLink>
          )}
          {move.clientId && " · "}
          {words.why}
        </p>
      </div>
      <Worth move={move} />
      <MoveButton
        move={move}
        className="max-md:col-span-2 max-md:col-start-2 max-md:justify-self-start md:min-w-40"
      />
    </li>
  );
}

function MoveButton({
  move,
  primary,
  className,
}: {
  move: NextMove;
  primary?: boolean;
  className?: string;
}) {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const act = useMove();
  const may = useCan("edit");
  const words = said(format, t as Words, move);
  const Icon = words.icon;
  if (!may) return null;
  return (
    <Button
      variant={primary ? "primary" : "secondary"}
      busy={act.isPending}
      onClick={() => act.mutate(move)}
      className={className}
    >
      <Icon aria-hidden />
      {words.does}
    </Button>
  );
}

function MoveButtons({ move, primary }: { move: NextMove; primary?: boolean }) {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const [why, setWhy] = useState(false);
  const words = said(format, t as Words, move);
  const door = provenance(format, t as Words, move);
  return (
    <div className="mt-2 flex flex-wrap items-center gap-2">
      <MoveButton move={move} primary={primary} />
      <Popover
        open={why}
        onOpenChange={setWhy}
        label={t("actions.why")}
        trigger={
          <Button variant="ghost" className="max-md:px-2">
            {t("actions.why")}
          </Button>
        }
      >
        <p className="font-semibold">{words.title}</p>
        <p className="mt-1 text-ink-2">{words.why}</p>
        {door.links && <p className="mt-2">{door.links}</p>}
      </Popover>
    </div>
  );
}

/** The best move at one client, on top of its page; nothing when there is none. */
export function ClientMove({ clientId }: { clientId: string }) {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const { data } = useQuery(movesQuery({ client: clientId }, 1));
  const move = data?.items[0];
  if (!move) return null;
  const words = said(format, t as Words, move);
  return (
    <Card aria-labelledby="client-move" className="bg-accent-soft p-4">
      <div className="flex gap-3">
        <span className="flex size-8 shrink-0 items-center justify-center rounded-control bg-accent text-on-accent">
          <Sparkles className="size-4" aria-hidden />
        </span>
        <div className="min-w-0 flex-1">
          <p className="text-ink-2 text-meta">{t("actions.client")}</p>
          <h2 id="client-move" className="break-words font-semibold text-card">
            {words.title}
          </h2>
          <p className="mt-0.5 text-ink-2">
            {words.why} <Worth move={move} />
          </p>
          <MoveButtons move={move} primary />
        </div>
      </div>
    </Card>
  );
}
