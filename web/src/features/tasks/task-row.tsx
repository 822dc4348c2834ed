/** One task: done by its box, opened by its title. */
import { ChevronsUp, ChevronUp, Lightbulb, ListChecks } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { TextLink } from "@/components/ui/misc";
import { toast } from "@/components/ui/toast";
import { Checkbox } from "@/components/ui/toggles";
import { cn } from "@/lib/cn";
import { useCan, useFormat } from "@/lib/session";
import { patchTask, type Task, useTaskChange } from "./api";

/** Completes or reopens, and says how to take it back. */
export function useComplete() {
  const { t } = useTranslation("tasks");
  const change = useTaskChange();
  return (task: Task, done: boolean) =>
    change.mutate(async () => {
      await patchTask(task.id, { done });
      toast({
        message: t(done ? "done" : "reopened", { title: task.title }),
        undo: () => change.mutate(() => patchTask(task.id, { done: !done })),
      });
    });
}

export function TaskRow({
  task,
  today,
  onEdit,
  hideClient,
  showOwner,
}: {
  task: Task;
  today: string;
  onEdit: () => void;
  hideClient?: boolean;
  showOwner?: boolean;
}) {
  const { t } = useTranslation("tasks");
  const { t: words } = useTranslation();
  const format = useFormat();
  const may = useCan("edit");
  const complete = useComplete();
  const done = task.doneAt != null;
  const overdue = !done && task.due != null && task.due < today;
  function onKeyDown(event: KeyboardEvent<HTMLLIElement>) {
    const row = event.currentTarget;
    const rows = [...document.querySelectorAll<HTMLElement>("[data-task]")];
    const at = rows.indexOf(row);
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) {
      event.preventDefault();
      rows[at + move]?.querySelector<HTMLElement>("[data-title]")?.focus();
    } else if (event.key.toLowerCase() === "x" && may && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      complete(task, !done);
      (rows[at + 1] ?? rows[at - 1])?.querySelector<HTMLElement>("[data-title]")?.focus();
    } else if (event.key.toLowerCase() === "e" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      onEdit();
    }
  }
  return (
    <li
      data-task={task.id}
      onKeyDown={onKeyDown}
      className="flex items-start gap-2 px-4 py-2.5 focus-within:bg-sunken"
    >
      <Checkbox
        className="mt-0.5"
        checked={done}
        disabled={!may}
        onChange={(on) => complete(task, on)}
        hideLabel
        label={t(done ? "markOpen" : "markDone", { title: task.title })}
      />
      <div className="min-w-0 flex-1">
        <button
          type="button"
          data-title
          onClick={onEdit}
          aria-label={t("editOf", { title: task.title })}
          className={cn(
            "min-h-6 max-w-full break-words rounded-check text-left font-medium hover:underline",
            done && "text-ink-3 line-through",
          )}
        >
          {task.title}
        </button>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-ink-2 text-meta">
          {!hideClient && task.clientId && (
            <TextLink
              to="/clients/$id"
              params={{ id: task.clientId }}
              className="inline-flex min-h-6 items-center"
            >
              {task.clientName}
            </TextLink>
          )}
          {task.origin !== "hand" && (
            <span className="inline-flex items-center gap-1">
              <Lightbulb className="size-3" aria-hidden />
              {t(`origin.${task.origin}`)}
            </span>
          )}
          {task.expectedCents != null && task.expectedCents > 0 && (
            <span className="tnum">
              {t("expected", { amount: format.money(task.expectedCents) })}
            </span>
          )}
          {task.checklist.length > 0 && (
            <span className="tnum inline-flex items-center gap-1">
              <ListChecks className="size-3" aria-hidden />
              {t("steps", {
                done: format.number(task.checklist.filter((step) => step.done).length),
                total: format.number(task.checklist.length),
              })}
            </span>
          )}
          {done && (
            <span>
              {task.doneByName
                ? t("doneBy", { when: format.relative(task.doneAt), who: task.doneByName })
                : t("doneAt", { when: format.relative(task.doneAt) })}
            </span>
          )}
        </p>
      </div>
      <span className="flex shrink-0 items-center gap-2 max-md:flex-col max-md:items-end max-md:gap-1">
        {(task.priority === "urgent" || task.priority === "high") && !done && (
          <Badge
            tone={task.priority === "urgent" ? "critical" : "watch"}
            icon={
              task.priority === "urgent" ? <ChevronsUp aria-hidden /> : <ChevronUp aria-hidden />
            }
          >
            {words(`priority.${task.priority}`)}
          </Badge>
        )}
        {task.due && !done && (
          <span
            className={cn(
              "whitespace-nowrap text-meta",
              overdue ? "font-semibold text-critical-text" : "text-ink-2",
            )}
          >
            {overdue ? format.daysLeft(task.due) : format.dayMonth(task.due)}
          </span>
        )}
        {showOwner &&
          (task.ownerName ? (
            <span title={task.ownerName}>
              <Avatar id={task.ownerName} name={task.ownerName} kind="person" size="sm" />
              <span className="sr-only">{task.ownerName}</span>
            </span>
          ) : (
            <span className="text-ink-3 text-meta max-md:sr-only">{t("noOwner")}</span>
          ))}
      </span>
    </li>
  );
}
