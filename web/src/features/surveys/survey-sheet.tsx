/** Writes a survey, or changes its words; what it asks stays once somebody was asked. */
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Sheet, SheetActions } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { Input, Select, Textarea } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { required, useForm } from "@/lib/form";
import { createSurvey, KINDS, type Kind, patchSurvey, type Survey } from "./api";

interface Props {
  open: boolean;
  survey?: Survey;
  onClose: () => void;
  onSaved?: (survey: Survey) => void;
}

export function SurveySheet({ open, survey, onClose, onSaved }: Props) {
  const { t } = useTranslation("surveys");
  return (
    <Sheet
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={survey ? t("edit") : t("create")}
    >
      {open && <SurveyForm survey={survey} onClose={onClose} onSaved={onSaved} />}
    </Sheet>
  );
}

function SurveyForm({ survey, onClose, onSaved }: Omit<Props, "open">) {
  const { t } = useTranslation("surveys");
  const { t: words } = useTranslation();
  const client = useQueryClient();
  const asked = survey !== undefined && survey.asked + survey.states.failed > 0;
  const form = useForm({
    initial: {
      name: survey?.name ?? "",
      kind: (survey?.kind ?? "nps") as string,
      questionFr: survey?.questionFr ?? "",
      questionEn: survey?.questionEn ?? "",
      followFr: survey?.followFr ?? (survey ? "" : t("usual.followFr")),
      followEn: survey?.followEn ?? (survey ? "" : t("usual.followEn")),
    },
    validate: (values) => ({
      name: required(values.name),
      followEn: values.followFr.trim() && !values.followEn.trim() ? required("") : undefined,
      followFr: values.followEn.trim() && !values.followFr.trim() ? required("") : undefined,
    }),
    onSubmit: async (values) => {
      const kind = values.kind as Kind;
      const fields = {
        name: values.name.trim(),
        // Left empty, the usual question is asked.
        questionFr: asked ? undefined : values.questionFr.trim() || t(`usual.${kind}Fr`),
        questionEn: asked ? undefined : values.questionEn.trim() || t(`usual.${kind}En`),
        followFr: values.followFr.trim() || null,
        followEn: values.followEn.trim() || null,
      };
      const saved = survey
        ? await patchSurvey(survey.id, fields)
        : await createSurvey({ ...fields, kind });
      await client.invalidateQueries({ queryKey: ["surveys"] });
      toast({ message: t("saved", { name: saved.name }) });
      onClose();
      onSaved?.(saved);
    },
  });
  const kind = form.values.kind as Kind;
  return (
    <form {...form.props} className="flex min-h-full flex-col gap-4">
      <Field label={t("form.name")} error={form.errorOf("name")} required>
        <Input maxLength={80} {...form.control("name")} />
      </Field>
      <Field
        label={t("form.kind")}
        help={survey ? t("form.kindFixed") : t(`form.kindHelp.${kind}`)}
        error={form.errorOf("kind")}
      >
        <Select disabled={survey !== undefined} {...form.control("kind")}>
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {t(`form.kinds.${one}`)}
            </option>
          ))}
        </Select>
      </Field>
      {(["Fr", "En"] as const).map((locale) => (
        <Field
          key={locale}
          label={t(`form.question${locale}`)}
          help={asked ? t("form.questionFixed") : t("form.questionHelp")}
          error={form.errorOf(`question${locale}`)}
          optional={!asked}
        >
          <Textarea
            rows={2}
            maxLength={300}
            disabled={asked}
            lang={locale.toLowerCase()}
            placeholder={t(`usual.${kind}${locale}`)}
            {...form.control(`question${locale}`)}
          />
        </Field>
      ))}
      {(["Fr", "En"] as const).map((locale) => (
        <Field
          key={locale}
          label={t(`form.follow${locale}`)}
          help={locale === "En" ? t("form.followHelp") : undefined}
          error={form.errorOf(`follow${locale}`)}
          optional
        >
          <Input maxLength={300} lang={locale.toLowerCase()} {...form.control(`follow${locale}`)} />
        </Field>
      ))}
      {form.error && <FieldError>{form.error}</FieldError>}
      <SheetActions>
        <Button type="submit" variant="primary" busy={form.busy}>
          {words("actions.save")}
        </Button>
      </SheetActions>
    </form>
  );
}
