/** Key actions of a stage: tasks that its beginning created, done here or in the list of tasks. */
import { useTranslation } from "react-i18next";
import { toast } from "@/components/ui/toast";
import { Checkbox } from "@/components/ui/toggles";
import { cn } from "@/lib/cn";
import { useCan, useFormat } from "@/lib/session";
import { type KeyAction, type Stage, tickAction, useChange } from "./api";
import { isCurrent } from "./criteria";
import { StageGlyph } from "./marks";
import { useLabel } from "./words";

export function KeyActions({ clientId, stage }: { clientId: string; stage: Stage }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const done = stage.actions.filter((item) => item.done).length;
  return (
    <section aria-labelledby="stage-actions" className="min-w-0">
      <h3 id="stage-actions" className="font-semibold">
        {t("actions.title")}{" "}
        <span className="tnum font-normal text-ink-3">
          {t("outOf", { n: format.number(done), all: format.number(stage.actions.length) })}
        </span>
      </h3>
      {stage.actions.length === 0 ? (
        <p className="mt-1 text-ink-2">{t("actions.none")}</p>
      ) : (
        <ul className="mt-1 divide-y divide-border">
          {stage.actions.map((item) => (
            <Row key={item.key} clientId={clientId} stage={stage} item={item} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({ clientId, stage, item }: { clientId: string; stage: Stage; item: KeyAction }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const edit = useCan("edit");
  const change = useChange();
  const label = write(item.label);
  function tick(done: boolean) {
    change.mutate(async () => {
      await tickAction(clientId, item.key, done);
      toast({
        message: t(done ? "actions.ticked" : "actions.unticked", { what: label }),
        undo: () => change.mutate(() => tickAction(clientId, item.key, !done)),
      });
    });
  }
  const facts = [
    item.ownerName ?? t(`role.${item.owner}`),
    item.done
      ? item.doneOn && t("actions.doneOn", { day: format.date(item.doneOn) })
      : item.due && t("actions.due", { day: format.date(item.due) }),
  ].filter(Boolean);
  return (
    <li className="flex items-start gap-2 py-2">
      {edit && isCurrent(stage) ? (
        <Checkbox
          className="mt-0.5"
          checked={item.done}
          disabled={change.isPending}
          hideLabel
          label={label}
          onChange={tick}
        />
      ) : (
        <StageGlyph status={item.done ? "completed" : "pending"} className="mt-0.5" />
      )}
      <div className="min-w-0 flex-1">
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
      </div>
    </li>
  );
}
