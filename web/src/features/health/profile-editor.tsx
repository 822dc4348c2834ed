/** The editor of a profile: the effect of each change is shown before anything is saved. */
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast, toastError } from "@/components/ui/toast";
import { ApiError } from "@/lib/api";
import { type Form, fieldOf, useForm } from "@/lib/form";
import { useDebounced } from "@/lib/hooks";
import { errorCodeText, errorText } from "@/lib/i18n";
import { useCan, useFormat, useSession } from "@/lib/session";
import {
  type Curve,
  type Profile,
  type Profiles,
  previewQuery,
  saveProfile,
  type Version,
} from "./api-profiles";
import { ProfileCurves } from "./profile-curves";
import { checkDraft, type Draft, draftOf, NOTE_MAX, profileOf } from "./profile-draft";
import { ProfileEffect } from "./profile-effect";
import { ProfileForesight } from "./profile-foresight";
import { ProfileLevels } from "./profile-levels";
import { useProfilesChanged } from "./profile-page";
import { useSuggestion } from "./profile-suggest";
import { ProfileVersions } from "./profile-versions";
import { ProfileWeights } from "./profile-weights";

/** What was typed and not saved, by workspace and segment: leaving the page loses nothing. */
const drafts = new Map<string, Draft>();

/** What the parts of the editor share. */
export interface EditorPart {
  form: Form<Draft>;
  /** The words under a field: what is wrong as typed, else what the server refused. */
  errorOf: (field: string) => string | undefined;
  disabled: boolean;
}

export function ProfileEditor({
  profiles,
  segment,
  version,
  profile,
}: {
  profiles: Profiles;
  segment: string;
  /** What is in force for these clients. */
  version: Version;
  profile: Profile;
}) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const manage = useCan("manage");
  const { workspace } = useSession();
  const { curves } = profiles;
  const changed = useProfilesChanged();
  const write = useWriteNumber();
  const place = `${workspace.id}/${segment}`;
  const [start] = useState(() => draftOf(profile, curves, write));

  const form = useForm<Draft>({
    initial: start,
    validate: (values) => checkDraft(values, curves),
    rename: {
      "vetoes.invoiceDays": "invoiceDays",
      "vetoes.invoiceCap": "invoiceCap",
      "vetoes.championCap": "championCap",
    },
    onSubmit: async (values) => {
      const note = values.note.trim();
      const saved = await saveProfile(segment, profileOf(values, curves), note || undefined);
      drafts.delete(place);
      await changed();
      const before = version.segment === segment ? profile : null;
      toast({
        message: t("profile.saved", { n: format.number(saved.version) }),
        undo: () => {
          saveProfile(segment, before, t("profile.undoNote", { n: saved.version })).then(
            changed,
            toastError,
          );
        },
      });
    },
  });
  const { values, set } = form;

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the editor opens
  useEffect(() => {
    const kept = drafts.get(place);
    if (kept) set(kept);
  }, []);
  useEffect(() => {
    if (form.changed) drafts.set(place, values);
    else drafts.delete(place);
  }, [form.changed, values, place]);

  // Serialised: the note and what is only typed otherwise ask for nothing new.
  const found = useMemo(() => checkDraft({ ...values, note: "" }, curves), [values, curves]);
  const valid = Object.keys(found).length === 0;
  const asked = useDebounced(valid ? JSON.stringify(profileOf(values, curves)) : undefined, 350);
  const draft = useMemo(() => (asked ? (JSON.parse(asked) as Profile) : undefined), [asked]);
  const preview = useQuery({ ...previewQuery(segment, draft), enabled: manage && Boolean(draft) });
  const same = valid && asked === JSON.stringify(profileOf(start, curves));

  /** A refusal of the preview belongs to its field too. */
  function errorOf(field: string): string | undefined {
    const local = found[field];
    // A sum, an order or a curve is wrong while it is being typed; a lone number only once it is left.
    if (local && /^health_/.test(local.code)) return errorCodeText(local.code, local.params);
    const own = form.errorOf(field);
    if (own || !(preview.error instanceof ApiError)) return own;
    const about = fieldOf(preview.error, (name) => name === field, {
      "vetoes.invoiceDays": "invoiceDays",
      "vetoes.invoiceCap": "invoiceCap",
      "vetoes.championCap": "championCap",
    });
    return about ? errorText(preview.error) : undefined;
  }

  const load = (of: Version) => {
    if (of.profile) set({ ...draftOf(of.profile, curves, write), note: values.note });
  };
  const suggestion = useSuggestion({
    segment,
    draft: () => (valid ? profileOf(values, curves) : undefined),
    weights: values.weights,
    onWeights: (weights) => set({ weights }),
  });
  const part: EditorPart = { form, errorOf, disabled: !manage };
  const shown = preview.data;
  const waiting = manage && (preview.isFetching || (valid && asked !== JSON.stringify(draft)));
  const effect = { preview: shown, busy: waiting, valid, same, error: preview.error };

  return (
    <form
      {...form.props}
      className="flex flex-col gap-4 max-md:gap-3"
      aria-label={t("profile.form")}
      onKeyDown={keepEnter}
    >
      {manage && (
        <ProfileForesight {...effect} version={version} onRetry={() => void preview.refetch()} />
      )}
      <ProfileWeights {...part} profiles={profiles} suggestion={suggestion} />
      {manage && <ProfileEffect {...effect} onRetry={() => void preview.refetch()} />}
      <ProfileLevels {...part} />
      <ProfileCurves {...part} curves={curves as Curve[]} fed={fedOf(profiles)} />
      <ProfileVersions segment={segment} current={version} onLoad={manage ? load : undefined} />
      {manage && form.changed && (
        <SaveBar
          form={form}
          wrong={Object.keys(found).length}
          onDrop={() => {
            drafts.delete(place);
            form.reset(start);
          }}
        />
      )}
    </form>
  );
}

/** Enter in a field moves on nothing: a version is saved by its button. */
function keepEnter(event: KeyboardEvent) {
  const target = event.target as HTMLElement;
  if (event.key === "Enter" && target instanceof HTMLInputElement && target.type !== "submit") {
    event.preventDefault();
  }
}

export const fedOf = (profiles: Profiles): ReadonlySet<string> =>
  new Set(profiles.components.filter((item) => item.fed).map((item) => item.component));

/** Numbers as one types them: a comma in French, nothing between thousands. */
export function useWriteNumber(): (value: number) => string {
  const { locale } = useFormat();
  return (value) => (locale === "fr" ? String(value).replace(".", ",") : String(value));
}

/** Stays in sight while there is something to save. */
function SaveBar({
  form,
  wrong,
  onDrop,
}: {
  form: Form<Draft>;
  wrong: number;
  onDrop: () => void;
}) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const note = form.errorOf("note");
  return (
    <div
      role="region"
      aria-label={t("profile.save")}
      data-bar="bottom"
      className="sticky bottom-[calc(var(--bottombar)+12px)] z-20 flex flex-col gap-2 rounded-card border border-border-strong bg-popover p-3 shadow-float"
    >
      {form.error && <FieldError>{form.error}</FieldError>}
      {note && <FieldError id="profile-note-error">{note}</FieldError>}
      <div className="flex flex-wrap items-center gap-2">
        <Input
          {...form.control("note")}
          aria-label={t("profile.note")}
          placeholder={t("profile.note")}
          maxLength={NOTE_MAX}
          aria-invalid={note ? true : undefined}
          aria-describedby={note ? "profile-note-error" : undefined}
          className="h-8 min-w-48 flex-1"
        />
        {wrong > 0 && (
          <span className="text-critical-text" role="status">
            {t("profile.wrong", { count: wrong, n: format.number(wrong) })}
          </span>
        )}
        <Button variant="ghost" onClick={onDrop}>
          {t("profile.drop")}
        </Button>
        <Button type="submit" variant="primary" busy={form.busy}>
          {t("profile.saveVersion")}
        </Button>
      </div>
    </div>
  );
}
