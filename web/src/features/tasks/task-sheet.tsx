/** Creates or changes a task. */
import { useQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { type ClientChoice, ClientField } from "@/components/ui/client-field";
import { Sheet, SheetActions } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { Input, Select, Textarea } from "@/components/ui/input";
import { PrioritySelect } from "@/components/ui/priority-select";
import { toast } from "@/components/ui/toast";
import { changedOf } from "@/lib/changed";
import { required, useForm } from "@/lib/form";
import { addBusinessDays } from "@/lib/format";
import type { Priority } from "@/lib/priority";
import { useCan, useFormat, useSession } from "@/lib/session";
import {
  createTask,
  deleteTask,
  holidaysQuery,
  membersQuery,
  patchTask,
  restoreTask,
  type Task,
  useRefresh,
  useTaskChange,
} from "./api";
import { Checklist, type Step } from "./task-checklist";

/** What is most often meant by "soon". */
const BUSINESS_DAYS = [1, 2, 5, 10] as const;

/** What the sheet is open for. */
export type Editing = { task: Task } | { client?: ClientChoice };

export function TaskSheet({
  editing,
  onClose,
}: {
  editing: Editing | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation("tasks");
  const task = editing && "task" in editing ? editing.task : undefined;
  return (
    <Sheet
      open={editing !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={t(task ? "edit" : "new")}
    >
      {editing && (
        <TaskFields
          key={task?.id ?? "new"}
          task={task}
          client={"task" in editing ? undefined : editing.client}
          onDone={onClose}
        />
      )}
    </Sheet>
  );
}

function TaskFields({
  task,
  client,
  onDone,
}: {
  task: Task | undefined;
  client: ClientChoice | undefined;
  onDone: () => void;
}) {
  const { t } = useTranslation("tasks");
  const may = useCan("edit");
  const { user } = useSession();
  const format = useFormat();
  const refresh = useRefresh();
  const change = useTaskChange();
  const { data: members } = useQuery(membersQuery);
  const { data: holidays } = useQuery(holidaysQuery);
  const [chosen, setChosen] = useState<ClientChoice | undefined>(
    task?.clientId ? { id: task.clientId, name: task.clientName ?? "" } : client,
  );
  const form = useForm({
    initial: {
      title: task?.title ?? "",
      note: task?.note ?? "",
      ownerId: task ? (task.ownerId ?? "") : user.id,
      priority: task?.priority ?? ("normal" as Priority),
      due: task?.due ?? "",
      checklist: task?.checklist ?? ([] as Step[]),
    },
    validate: (values) => ({ title: required(values.title) }),
    onSubmit: async (values) => {
      const checklist = values.checklist.filter((step) => step.text.trim() !== "");
      if (task) {
        const before = {
          title: task.title,
          note: task.note ?? null,
          ownerId: task.ownerId ?? null,
          priority: task.priority as string,
          due: task.due ?? null,
          clientId: task.clientId ?? null,
          checklist: task.checklist,
        };
        // What somebody else has changed meanwhile stays as they left it.
        const changed = changedOf(before, {
          title: values.title,
          note: values.note || null,
          ownerId: values.ownerId || null,
          priority: values.priority,
          due: values.due || null,
          clientId: chosen?.id ?? null,
          checklist,
        });
        if (Object.keys(changed).length > 0) await patchTask(task.id, changed);
      } else {
        await createTask({
          title: values.title,
          note: values.note || undefined,
          ownerId: values.ownerId || undefined,
          priority: values.priority,
          due: values.due || undefined,
          clientId: chosen?.id,
          checklist,
        });
      }
      await refresh();
      toast({ message: t(task ? "saved" : "created", { title: values.title }) });
      onDone();
    },
  });
  return (
    <form {...form.props} className="flex min-h-full flex-col gap-4">
      <Field label={t("form.title")} error={form.errorOf("title")} required>
        <Input maxLength={200} disabled={!may} {...form.control("title")} />
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <Field label={t("form.due")} error={form.errorOf("due")}>
          <Input type="date" disabled={!may} {...form.control("due")} />
        </Field>
        <PrioritySelect
          disabled={!may}
          {...form.control("priority")}
          onChange={(priority) => form.set({ priority })}
          error={form.errorOf("priority")}
        />
      </div>
      {may && (
        <div>
          <div className="flex flex-wrap gap-2">
            {BUSINESS_DAYS.map((count) => (
              <Button
                key={count}
                size="sm"
                onClick={() => form.set({ due: addBusinessDays(format.today(), count, holidays) })}
              >
                {t("form.inDays", { count, n: format.number(count) })}
              </Button>
            ))}
          </div>
          <p className="mt-1 text-ink-3 text-meta">{t("form.dueHelp")}</p>
        </div>
      )}
      <Checklist
        steps={form.values.checklist}
        disabled={!may}
        onChange={(checklist) => form.set({ checklist })}
      />
      <Field label={t("form.owner")} error={form.errorOf("ownerId")}>
        <Select disabled={!may} {...form.control("ownerId")}>
          <option value="">{t("noOwner")}</option>
          {members?.items.map((member) => (
            <option key={member.userId} value={member.userId}>
              {member.name}
            </option>
          ))}
        </Select>
      </Field>
      <ClientField label={t("form.client")} chosen={chosen} onChoose={setChosen} disabled={!may} />
      <Field label={t("form.note")} error={form.errorOf("note")} optional>
        <Textarea maxLength={2000} disabled={!may} {...form.control("note")} />
      </Field>
      {form.error && <FieldError>{form.error}</FieldError>}
      {may && (
        <SheetActions
          note={
            task && (
              <Button
                variant="danger"
                onClick={() => {
                  onDone();
                  change.mutate(async () => {
                    await deleteTask(task.id);
                    toast({
                      message: t("deleted", { title: task.title }),
                      undo: () => change.mutate(() => restoreTask(task.id)),
                    });
                  });
                }}
              >
                <Trash2 aria-hidden />
                {t("form.delete")}
              </Button>
            )
          }
        >
          <Button type="submit" variant="primary" busy={form.busy}>
            {t(task ? "form.save" : "form.create")}
          </Button>
        </SheetActions>
      )}
    </form>
  );
}
