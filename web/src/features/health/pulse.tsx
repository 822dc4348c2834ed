/** What the team thinks of the client: the last opinion, and a new one from 1 to 5. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { RadioGroup } from "radix-ui";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field, FieldError } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { RelativeTime, TextLink } from "@/components/ui/misc";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { toast, toastError } from "@/components/ui/toast";
import { ApiError, api, type Schemas } from "@/lib/api";
import { useForm } from "@/lib/form";
import { addDays } from "@/lib/format";
import { useCan, useFormat } from "@/lib/session";
import { PULSE_DAYS, type Pulse, pulseQuery } from "./api";
import { inForce, profilesQuery } from "./api-profiles";

const VALUES = [1, 2, 3, 4, 5] as const;
const NOTE_MAX = 2000;

export function PulseCard({
  clientId,
  segment,
}: {
  clientId: string;
  segment: string | null | undefined;
}) {
  const { t } = useTranslation("health");
  const edit = useCan("edit");
  const { data: last, error, refetch } = useQuery(pulseQuery(clientId));
  const { data: profiles } = useQuery(profilesQuery);
  const weight = profiles && inForce(profiles, segment)?.profile?.weights.pulse;
  return (
    <Card aria-labelledby="pulse">
      <CardHeader id="pulse" title={t("pulse.title")} subtitle={t("pulse.text")} />
      <CardBody className="flex flex-col gap-4">
        {error && last === undefined ? (
          <ErrorState title={t("pulse.error")} error={error} onRetry={() => void refetch()} />
        ) : last === undefined ? (
          <Loading>
            <Skeleton className="h-10 w-full" />
          </Loading>
        ) : last ? (
          <Last key={last.id} clientId={clientId} pulse={last} />
        ) : (
          <p className="text-ink-2">{t("pulse.none")}</p>
        )}
        {edit ? <Give clientId={clientId} /> : <p className="text-ink-2">{t("pulse.refused")}</p>}
        {weight === 0 && (
          <p className="text-ink-2 text-meta">
            {t("pulse.noWeight")}{" "}
            <TextLink
              to="/settings/$section"
              params={{ section: "health" }}
              className="pointer-coarse:inline pointer-coarse:py-2"
            >
              {t("pulse.profile")}
            </TextLink>
          </p>
        )}
      </CardBody>
    </Card>
  );
}

/** What an opinion makes stale: the timeline with the last one, and the score. */
function useRefresh(clientId: string) {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["clients", "one", clientId] }),
      client.invalidateQueries({ queryKey: ["health", clientId] }),
    ]);
}

function Last({ clientId, pulse }: { clientId: string; pulse: Pulse }) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const edit = useCan("edit");
  const refresh = useRefresh(clientId);
  const [leaving, setLeaving] = useState(false);
  const value = pulse.data.value ?? 0;
  const old = format.dayOf(pulse.at) < addDays(format.today(), -PULSE_DAYS);
  // It goes once it can no longer be taken back: given again, it would carry another name and day.
  function remove() {
    setLeaving(true);
    toast({
      message: t("pulse.removed"),
      undo: () => setLeaving(false),
      onGone: () => {
        api.delete(`/clients/${clientId}/pulse/${pulse.id}`).then(refresh, (error: unknown) => {
          setLeaving(false);
          toastError(error);
        });
      },
    });
  }
  if (leaving) return <p className="text-ink-3">{t("pulse.leaving")}</p>;
  return (
    <div className="flex items-start gap-3">
      <Scale value={value} />
      <div className="min-w-0 flex-1">
        <p className="font-medium">
          {t("pulse.last", {
            value: format.number(value),
            word: t(`pulse.value.${value}`, { defaultValue: "" }),
          })}
        </p>
        {pulse.data.note && (
          <p className="break-words text-ink-2">{t("pulse.quote", { note: pulse.data.note })}</p>
        )}
        <p className="text-ink-3 text-meta">
          {pulse.data.author && <>{pulse.data.author} · </>}
          <RelativeTime at={pulse.at} />
          {old && <> · {t("pulse.old", { n: format.number(PULSE_DAYS) })}</>}
        </p>
      </div>
      {edit && (
        <Button size="sm" variant="ghost" onClick={remove}>
          {t("pulse.remove")}
        </Button>
      )}
    </div>
  );
}

/** Five steps, filled up to the value. */
function Scale({ value }: { value: number }) {
  const tone =
    value <= 2 ? "bg-critical-mark" : value === 3 ? "bg-watch-mark" : "bg-excellent-mark";
  return (
    <span aria-hidden className="mt-1.5 flex h-4 items-end gap-0.5">
      {VALUES.map((step) => (
        <span
          key={step}
          className={`w-1.5 rounded-check ${step <= value ? tone : "bg-border"}`}
          style={{ height: `${20 + step * 16}%` }}
        />
      ))}
    </span>
  );
}

function Give({ clientId }: { clientId: string }) {
  const { t } = useTranslation("health");
  const { t: words } = useTranslation();
  const refresh = useRefresh(clientId);
  const id = useId();
  const [open, setOpen] = useState(false);
  const start = { value: "", note: "" };
  const form = useForm({
    initial: start,
    validate: (values) => ({
      value: values.value === "" ? { code: "field_required" } : undefined,
      note:
        values.note.trim().length > NOTE_MAX
          ? { code: "field_too_long", params: { max: NOTE_MAX } }
          : undefined,
    }),
    onSubmit: async (values) => {
      const note = values.note.trim();
      const { id: added } = await api.post<{ id: string }>(`/clients/${clientId}/pulse`, {
        value: Number(values.value),
        note: note === "" ? null : note,
      } satisfies Schemas["PulseBody"]);
      form.reset(start);
      setOpen(false);
      await refresh();
      toast({
        message: t("pulse.saved"),
        undo: () => {
          api.delete(`/clients/${clientId}/pulse/${added}`).then(refresh, (error: unknown) => {
            // Taken back elsewhere already: that is what was asked for.
            if (!(error instanceof ApiError && error.status === 404)) toastError(error);
            void refresh();
          });
        },
      });
    },
  });
  if (!open) {
    return (
      <Button className="self-start" onClick={() => setOpen(true)}>
        {t("pulse.give")}
      </Button>
    );
  }
  const refusal = form.errorOf("value");
  return (
    <form {...form.props} className="flex flex-col gap-3">
      <div>
        <p id={`${id}-label`} className="mb-1.5 font-medium">
          {t("pulse.question")}
        </p>
        <RadioGroup.Root
          aria-labelledby={`${id}-label`}
          aria-invalid={refusal ? true : undefined}
          aria-describedby={refusal ? `${id}-error` : undefined}
          tabIndex={-1}
          value={form.values.value}
          onValueChange={(value) => form.set({ value })}
          className="grid grid-cols-5 gap-1.5"
        >
          {VALUES.map((value) => (
            <RadioGroup.Item
              key={value}
              value={String(value)}
              className="flex min-h-12 flex-col items-center justify-center gap-0.5 rounded-control border border-border-strong px-1 py-1.5 hover:bg-sunken data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft data-[state=checked]:text-accent-words"
            >
              <span className="font-semibold">{value}</span>
              <span className="max-w-full truncate text-meta max-sm:sr-only">
                {t(`pulse.value.${value}`)}
              </span>
            </RadioGroup.Item>
          ))}
        </RadioGroup.Root>
        <p aria-hidden className="mt-1 flex justify-between text-ink-3 text-meta sm:hidden">
          <span>{t("pulse.value.1")}</span>
          <span>{t("pulse.value.5")}</span>
        </p>
        {refusal && <FieldError id={`${id}-error`}>{refusal}</FieldError>}
      </div>
      <Field label={t("pulse.note")} optional error={form.errorOf("note")}>
        <Textarea {...form.control("note")} rows={2} className="min-h-16" />
      </Field>
      {form.error && <FieldError>{form.error}</FieldError>}
      <div className="flex gap-2">
        <Button type="submit" busy={form.busy}>
          {t("pulse.save")}
        </Button>
        <Button
          variant="ghost"
          onClick={() => {
            form.reset(start);
            setOpen(false);
          }}
        >
          {words("actions.cancel")}
        </Button>
      </div>
    </form>
  );
}
