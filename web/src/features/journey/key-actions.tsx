/** Key actions of a stage: tasks that its beginning created, done here or in the list of tasks. */
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { useCan, useFormat } from "@/lib/session";
import { type KeyAction, type Stage, tickAction } from "./api";
import { isCurrent, StageLine, StageList } from "./stage-list";
import { useTick } from "./use-tick";
import { useLabel } from "./words";

export function KeyActions({ clientId, stage }: { clientId: string; stage: Stage }) {
  const { t } = useTranslation("journey");
  return (
    <StageList
      title={t("actions.title")}
      none={t("actions.none")}
      items={stage.actions}
      isDone={(item) => item.done}
    >
      {(item) => <Row key={item.key} clientId={clientId} stage={stage} item={item} />}
    </StageList>
  );
}

function Row({ clientId, stage, item }: { clientId: string; stage: Stage; item: KeyAction }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const edit = useCan("edit");
  const label = write(item.label);
  const { tick, busy } = useTick(
    (done) => tickAction(clientId, item.key, done),
    (done) => t(done ? "actions.ticked" : "actions.unticked", { what: label }),
  );
  const facts = [
    item.ownerName ?? t(`role.${item.owner}`),
    item.done
      ? item.doneOn && t("actions.doneOn", { day: format.date(item.doneOn) })
      : item.due && t("actions.due", { day: format.date(item.due) }),
  ].filter(Boolean);
  return (
    <StageLine
      done={item.done}
      label={label}
      busy={busy}
      onTick={edit && isCurrent(stage) ? tick : undefined}
    >
      <p className={cn("break-words", !item.done && "font-medium")}>
        {label}
        <span className="sr-only">, {t(item.done ? "actions.isDone" : "actions.toDo")}</span>
      </p>
      <p className="text-ink-2 text-meta">
        {facts.join(" · ")}
        {item.overdue && (
          <span className="font-semibold text-critical-text">
            {" · "}
            {item.due ? format.daysLeft(item.due) : t("late")}
          </span>
        )}
      </p>
    </StageLine>
  );
}
