/** Asks people: whom, how, who would be asked and who is left out for what; then it is sent. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import { Notice } from "@/components/ui/states";
import { toast } from "@/components/ui/toast";
import { Checkbox } from "@/components/ui/toggles";
import { useDebounced } from "@/lib/hooks";
import { errorText, useLocale } from "@/lib/i18n";
import { useFormat } from "@/lib/session";
import {
  type LeftOut,
  previewQuery,
  type Sending,
  type SurveyDetail,
  sendSurvey,
  viewsQuery,
} from "./api";

const REASONS = ["refused", "silent", "recent", "noAddress", "left", "archived"] as const;

export function SendSheet({
  survey,
  open,
  onClose,
  onLinks,
}: {
  survey: SurveyDetail;
  open: boolean;
  onClose: () => void;
  /** Links were made: they are shown next. */
  onLinks: () => void;
}) {
  const { t } = useTranslation("surveys");
  return (
    <Sheet open={open} onOpenChange={(next) => !next && onClose()} title={t("send.title")}>
      {open && <SendForm survey={survey} onClose={onClose} onLinks={onLinks} />}
    </Sheet>
  );
}

function SendForm({
  survey,
  onClose,
  onLinks,
}: {
  survey: SurveyDetail;
  onClose: () => void;
  onLinks: () => void;
}) {
  const { t } = useTranslation("surveys");
  const format = useFormat();
  const locale = useLocale();
  const client = useQueryClient();
  const { data: views = [] } = useQuery(viewsQuery);
  const [whom, setWhom] = useState("all");
  const [where, setWhere] = useState("");
  const [email, setEmail] = useState(survey.mail);
  const [silent, setSilent] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const condition = useDebounced(where.trim(), 300);
  const sending: Sending = {
    where: whom === "where" ? condition : undefined,
    view: whom === "all" || whom === "where" ? undefined : whom,
    silent,
    delivery: email ? "email" : "link",
    locale,
  };
  // What is sent is what was counted.
  const waits = whom === "where" && (condition === "" || condition !== where.trim());
  const preview = useQuery({ ...previewQuery(survey.id, sending), enabled: !waits });
  const found = waits ? undefined : preview.data;
  const now = found ? Math.min(found.asked, found.most) : 0;

  async function send() {
    setBusy(true);
    setFailure(undefined);
    try {
      const sent = await sendSurvey(survey.id, sending);
      await client.invalidateQueries({ queryKey: ["surveys"] });
      toast({ message: t("send.done", { count: sent.asked, n: format.number(sent.asked) }) });
      onClose();
      if (!email) onLinks();
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      className="flex flex-col gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Field label={t("send.whom")}>
        <Select value={whom} onChange={(event) => setWhom(event.target.value)}>
          <option value="all">{t("send.all")}</option>
          {views.map((view) => (
            <option key={view.id} value={view.id}>
              {t("send.view", { name: view.name })}
            </option>
          ))}
          <option value="where">{t("send.where")}</option>
        </Select>
      </Field>
      {whom === "where" && (
        <Field
          label={t("send.condition")}
          help={t("send.conditionHelp")}
          error={preview.error && !waits ? errorText(preview.error) : undefined}
        >
          <Input
            value={where}
            onChange={(event) => setWhere(event.target.value)}
            placeholder={'segment = "enterprise" and mrr > 500'}
            autoCapitalize="off"
            spellCheck={false}
          />
        </Field>
      )}
      <Field label={t("send.how")}>
        <Select
          value={email ? "email" : "link"}
          onChange={(event) => setEmail(event.target.value === "email")}
        >
          <option value="email" disabled={!survey.mail}>
            {t("send.email")}
          </option>
          <option value="link">{t("send.link")}</option>
        </Select>
      </Field>
      {!survey.mail && <Notice title={t("mailOff.title")}>{t("mailOff.text")}</Notice>}
      <Checkbox
        checked={silent}
        onChange={setSilent}
        label={t("send.silent")}
        help={t("send.silentHelp")}
      />
      <section
        aria-label={t("send.preview")}
        aria-live="polite"
        className="rounded-card bg-sunken p-4"
      >
        {found ? (
          <>
            <p className="font-semibold text-card">
              {t("send.asked", { count: found.asked, n: format.number(found.asked) })}
            </p>
            {found.asked > found.most && (
              <p className="text-ink-2">{t("send.most", { n: format.number(found.most) })}</p>
            )}
            <Left leftOut={found.leftOut} />
          </>
        ) : (
          <p className="text-ink-2">
            {preview.error && whom !== "where" ? errorText(preview.error) : t("send.counting")}
          </p>
        )}
      </section>
      {failure !== undefined && <FieldError>{errorText(failure)}</FieldError>}
      <Button type="submit" variant="primary" busy={busy} disabled={now === 0} className="self-end">
        {email
          ? t("send.sendEmail", { count: now, n: format.number(now) })
          : t("send.makeLinks", { count: now, n: format.number(now) })}
      </Button>
    </form>
  );
}

function Left({ leftOut }: { leftOut: LeftOut }) {
  const { t } = useTranslation("surveys");
  const format = useFormat();
  const reasons = REASONS.filter((reason) => leftOut[reason] > 0);
  if (reasons.length === 0) return null;
  return (
    <>
      <p className="mt-2 text-ink-2">{t("send.leftOut")}</p>
      <dl>
        {reasons.map((reason) => (
          <div key={reason} className="flex justify-between gap-4 py-0.5">
            <dt className="text-ink-2">{t(`leftOut.${reason}`)}</dt>
            <dd className="tnum font-semibold">{format.number(leftOut[reason])}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
