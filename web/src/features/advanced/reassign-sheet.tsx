/** The clients of somebody who leaves or is away: to whom, how, what each would receive. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/components/ui/button";
import { Sheet, SheetActions } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Loading, Skeleton } from "@/components/ui/states";
import { Table, Td, Th } from "@/components/ui/table";
import { Checkbox } from "@/components/ui/toggles";
import { useDebounced } from "@/lib/hooks";
import { errorText } from "@/lib/i18n";
import { useFormat } from "@/lib/session";
import { type Fact, membersQuery } from "./api";
import {
  type ReassignBody,
  type ReassignPreview,
  reassignmentsQuery,
  reassignPreviewQuery,
  startReassign,
} from "./api-reassign";
import { ReassignAway } from "./reassign-away";

export interface ReassignSheetProps {
  open: boolean;
  /** Whose clients, if that is known. */
  from: string | undefined;
  facts: readonly Fact[];
  onClose: () => void;
  onStarted: (run: string) => void;
}

export function ReassignSheet({ open, ...props }: ReassignSheetProps) {
  const { t } = useTranslation("advanced");
  return (
    <Sheet
      open={open}
      onOpenChange={(next) => !next && props.onClose()}
      title={t("reassign.title")}
      description={t("reassign.text")}
    >
      {open && <Form {...props} />}
    </Sheet>
  );
}

const EMPTY: ReassignBody = {
  from: "",
  receivers: [],
  deal: "count",
  segments: [],
  tasks: true,
};

function Form({ from, facts, onClose, onStarted }: Omit<ReassignSheetProps, "open">) {
  const { t } = useTranslation("advanced");
  const { t: words } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const [draft, setDraft] = useState<ReassignBody>({ ...EMPTY, from: from ?? "" });
  const [away, setAway] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const { data: members } = useQuery(membersQuery);
  const choices = (key: string) => facts.find((fact) => fact.key === key)?.choices ?? [];
  const people = [
    ...new Set([
      ...(members?.items.map(({ name }) => name) ?? []),
      ...choices("owner"),
      ...(from ? [from] : []),
    ]),
  ].sort((a, b) => a.localeCompare(b));
  const others = members?.items.filter(({ name }) => name !== draft.from) ?? [];
  const change = (patch: Partial<ReassignBody>) => {
    setFailure(undefined);
    setDraft((before) => ({ ...before, ...patch }));
  };
  const asked: ReassignBody | undefined =
    draft.from && draft.receivers.length > 0 && (!away || draft.returnsOn)
      ? {
          ...draft,
          segments: draft.segments.filter(({ segment, receiver }) => segment && receiver),
          returnsOn: away ? draft.returnsOn : undefined,
        }
      : undefined;
  const now = JSON.stringify(asked);
  const settled = useDebounced(now, 300);
  const preview = useQuery(
    reassignPreviewQuery(settled === undefined ? undefined : (JSON.parse(settled) as ReassignBody)),
  );
  const ready = asked && settled === now && preview.data !== undefined && !preview.isFetching;

  async function run() {
    if (!asked || busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const { id } = await startReassign(asked);
      void client.invalidateQueries({ queryKey: reassignmentsQuery.queryKey });
      onStarted(id);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      noValidate
      className="flex min-h-full flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void run();
      }}
    >
      <ReassignAway onUndo={onStarted} />
      <Field label={t("reassign.from")} required>
        <Select
          value={draft.from}
          onChange={(event) => change({ from: event.target.value, receivers: [], segments: [] })}
        >
          <option value="">{t("reassign.choose")}</option>
          {people.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      {draft.from && (
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 font-medium">{t("reassign.to")}</legend>
          {others.length === 0 && <p className="text-ink-2">{t("reassign.nobody")}</p>}
          {others.map(({ userId, name }) => (
            <Checkbox
              key={userId}
              label={name}
              checked={draft.receivers.includes(userId)}
              onChange={(on) =>
                change({
                  receivers: on
                    ? [...draft.receivers, userId]
                    : draft.receivers.filter((id) => id !== userId),
                })
              }
            />
          ))}
        </fieldset>
      )}
      {draft.receivers.length > 1 && (
        <div className="flex flex-col gap-1">
          <span className="font-medium">{t("reassign.deal")}</span>
          <Segmented
            label={t("reassign.deal")}
            value={draft.deal}
            onChange={(deal) => change({ deal })}
            options={[
              { value: "count", label: t("reassign.byCount") },
              { value: "mrr", label: t("reassign.byMrr") },
            ]}
            className="self-start"
          />
        </div>
      )}
      {draft.receivers.length > 0 && choices("segment").length > 0 && (
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 font-medium">{t("reassign.segments")}</legend>
          <p className="text-ink-2 text-meta">{t("reassign.segmentsText")}</p>
          {draft.segments.map((rule, at) => {
            const edit = (patch: Partial<typeof rule>) =>
              change({
                segments: draft.segments.map((one, i) => (i === at ? { ...one, ...patch } : one)),
              });
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a rule has no name of its own
              <div key={at} className="flex items-end gap-2">
                <Field label={t("reassign.segment")} className="min-w-0 flex-1">
                  <Select
                    value={rule.segment}
                    onChange={(event) => edit({ segment: event.target.value })}
                  >
                    <option value="">{t("reassign.choose")}</option>
                    {choices("segment")
                      .filter(
                        (segment) =>
                          segment === rule.segment ||
                          !draft.segments.some((one) => one.segment === segment),
                      )
                      .map((segment) => (
                        <option key={segment} value={segment}>
                          {segment}
                        </option>
                      ))}
                  </Select>
                </Field>
                <Field label={t("reassign.receiver")} className="min-w-0 flex-1">
                  <Select
                    value={rule.receiver}
                    onChange={(event) => edit({ receiver: event.target.value })}
                  >
                    <option value="">{t("reassign.choose")}</option>
                    {others.map(({ userId, name }) => (
                      <option key={userId} value={userId}>
                        {name}
                      </option>
                    ))}
                  </Select>
                </Field>
                <IconButton
                  label={t("reassign.removeRule")}
                  onClick={() => change({ segments: draft.segments.filter((_, i) => i !== at) })}
                >
                  <X aria-hidden />
                </IconButton>
              </div>
            );
          })}
          <Button
            className="self-start"
            onClick={() => change({ segments: [...draft.segments, { segment: "", receiver: "" }] })}
          >
            <Plus aria-hidden />
            {t("reassign.addRule")}
          </Button>
        </fieldset>
      )}
      <Checkbox
        label={t("reassign.tasks")}
        help={t("reassign.tasksHelp")}
        checked={draft.tasks}
        onChange={(tasks) => change({ tasks })}
      />
      <Checkbox
        label={t("reassign.away")}
        help={t("reassign.awayHelp")}
        checked={away}
        onChange={setAway}
      />
      {away && (
        <Field label={t("reassign.returnsOn")} required>
          <Input
            type="date"
            value={draft.returnsOn ?? ""}
            onChange={(event) => change({ returnsOn: event.target.value || undefined })}
          />
        </Field>
      )}
      {asked &&
        (preview.error ? (
          <FieldError>{errorText(preview.error)}</FieldError>
        ) : preview.data && settled === now ? (
          <Shares preview={preview.data} />
        ) : (
          <Loading className="flex flex-col gap-2">
            <Skeleton className="h-5 w-3/4" />
            <Skeleton className="h-24 w-full" />
          </Loading>
        ))}
      {Boolean(failure) && <FieldError>{errorText(failure)}</FieldError>}
      <SheetActions>
        <Button onClick={onClose}>{words("actions.cancel")}</Button>
        <Button type="submit" variant="primary" busy={busy} disabled={!ready}>
          {ready
            ? t("reassign.run", {
                count: preview.data.clients,
                n: format.number(preview.data.clients),
              })
            : t("reassign.runNone")}
        </Button>
      </SheetActions>
    </form>
  );
}

/** What each colleague would receive, beside what they have. */
function Shares({ preview }: { preview: ReassignPreview }) {
  const { t } = useTranslation("advanced");
  const format = useFormat();
  return (
    <section aria-labelledby="reassign-preview" aria-live="polite">
      <h3 id="reassign-preview" className="mb-1 font-semibold">
        {t("bulk.preview")}
      </h3>
      <p className="mb-2 text-ink-2">
        {t("reassign.total", {
          count: preview.clients,
          n: format.number(preview.clients),
          mrr: format.money(preview.mrrCents),
          tasks: t("reassign.taskCount", {
            count: preview.tasks,
            n: format.number(preview.tasks),
          }),
        })}
      </p>
      <Table aria-label={t("bulk.preview")}>
        <thead>
          <tr>
            <Th>{t("reassign.receiver")}</Th>
            <Th end>{t("reassign.receives")}</Th>
            <Th end>{t("reassign.then")}</Th>
          </tr>
        </thead>
        <tbody>
          {preview.receivers.map((share) => (
            <tr key={share.userId}>
              <Td className="font-medium">{share.name}</Td>
              <Td end>
                <span className="block">
                  {t("reassign.clients", {
                    count: share.clients,
                    n: format.number(share.clients),
                  })}
                </span>
                <span className="block text-ink-2 text-meta">
                  {format.money(share.mrrCents)} ·{" "}
                  {t("reassign.taskCount", { count: share.tasks, n: format.number(share.tasks) })}
                </span>
              </Td>
              <Td end>
                <span className="block">
                  {t("reassign.clients", {
                    count: share.holdsClients + share.clients,
                    n: format.number(share.holdsClients + share.clients),
                  })}
                </span>
                <span className="block text-ink-2 text-meta">
                  {format.money(share.holdsMrrCents + share.mrrCents)}
                </span>
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </section>
  );
}
