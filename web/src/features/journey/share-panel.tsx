/** What the sheet of shared links holds. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog-panel";
import { Field, FieldError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { CopyField } from "@/components/ui/misc";
import { toast } from "@/components/ui/toast";
import { Checkbox } from "@/components/ui/toggles";
import { type Refusal, useForm } from "@/lib/form";
import { useFormat } from "@/lib/session";
import { type Journey, revokeShare, type Share, shareJourney, useChange, useRefresh } from "./api";
import { stageLabel, useLabel } from "./words";

const DAYS = { least: 1, most: 365, usual: 30 };

export function SharePanel({
  data,
  open,
  onOpenChange,
}: {
  data: Journey;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation("journey");
  return (
    <Sheet
      open={open}
      onOpenChange={onOpenChange}
      title={t("share.title", { client: data.clientName })}
      description={t("share.text")}
    >
      {open && (
        <div className="flex flex-col gap-6">
          <NewShare data={data} />
          <Shares data={data} />
        </div>
      )}
    </Sheet>
  );
}

function wholeDays(text: string): Refusal | undefined {
  const days = Number(text);
  const { least, most } = DAYS;
  return Number.isInteger(days) && days >= least && days <= most
    ? undefined
    : { code: "field_range", params: { min: least, max: most } };
}

function NewShare({ data }: { data: Journey }) {
  const { t } = useTranslation("journey");
  const write = useLabel();
  const refresh = useRefresh();
  const [url, setUrl] = useState<string>();
  const current = data.journey?.stage;
  const form = useForm({
    initial: {
      stages: current ? [current] : data.stages.slice(0, 1).map((stage) => stage.key),
      days: String(DAYS.usual),
    },
    validate: (values) => ({
      stages: values.stages.length === 0 ? { code: "field_required" } : undefined,
      days: wholeDays(values.days),
    }),
    onSubmit: async (values) => {
      const made = await shareJourney(data.clientId, {
        stages: data.stages.map(({ key }) => key).filter((key) => values.stages.includes(key)),
        days: Number(values.days),
      });
      setUrl(new URL(made.url, window.location.origin).href);
      await refresh();
    },
  });
  if (url) {
    return (
      <div role="status" className="flex flex-col gap-3">
        <p className="font-medium">{t("share.made")}</p>
        <CopyField value={url} label={t("share.link")} />
        <p className="text-ink-2 text-meta">{t("share.once")}</p>
        <Button className="self-start" onClick={() => setUrl(undefined)}>
          {t("share.another")}
        </Button>
      </div>
    );
  }
  const refused = form.errorOf("stages");
  const { stages } = form.values;
  return (
    <form {...form.props} className="flex flex-col gap-4">
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 font-medium">{t("share.stages")}</legend>
        {data.stages.map((stage) => (
          <Checkbox
            key={stage.key}
            checked={stages.includes(stage.key)}
            label={write(stage.label)}
            onChange={(on) =>
              form.set({
                stages: on ? [...stages, stage.key] : stages.filter((key) => key !== stage.key),
              })
            }
          />
        ))}
        {refused && <FieldError>{refused}</FieldError>}
      </fieldset>
      <Field label={t("share.days")} help={t("share.daysHelp")} error={form.errorOf("days")}>
        <Input inputMode="numeric" className="w-24" {...form.control("days")} />
      </Field>
      {form.error && <FieldError>{form.error}</FieldError>}
      <Button type="submit" variant="primary" className="self-start" busy={form.busy}>
        {t("share.make")}
      </Button>
    </form>
  );
}

const TONE: Record<Share["status"], Tone> = {
  active: "excellent",
  expired: "neutral",
  revoked: "neutral",
};

function Shares({ data }: { data: Journey }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const change = useChange();
  if (data.shares.length === 0) return null;
  return (
    <section>
      <h3 className="font-semibold">{t("share.list")}</h3>
      <ul className="mt-1 divide-y divide-border border-border border-y">
        {data.shares.map((share) => {
          const stages = share.stages.map((key) => stageLabel(data.stages, key, write)).join(", ");
          return (
            <li key={share.id} className="flex items-start gap-3 py-2.5">
              <div className="min-w-0 flex-1">
                <p className="flex flex-wrap items-center gap-2 font-medium">
                  {stages}{" "}
                  <Badge tone={TONE[share.status]}>{t(`share.status.${share.status}`)}</Badge>
                </p>
                <p className="text-ink-2 text-meta">
                  {[
                    share.createdBy,
                    t("share.until", { day: format.date(format.dayOf(share.expiresAt)) }),
                    share.lastSeenAt
                      ? t("share.seen", { when: format.relative(share.lastSeenAt) })
                      : t("share.neverSeen"),
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </p>
              </div>
              {share.status === "active" && (
                <Button
                  size="sm"
                  variant="danger"
                  disabled={change.isPending}
                  aria-label={t("share.revokeOf", { stages })}
                  onClick={() =>
                    change.mutate(async () => {
                      await revokeShare(data.clientId, share.id);
                      toast({ message: t("share.revoked") });
                    })
                  }
                >
                  {t("share.revoke")}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
