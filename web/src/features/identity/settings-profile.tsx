/** The person: name, language, theme, password, sessions. */
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { toast } from "@/components/ui/toast";
import { api, type Schemas } from "@/lib/api";
import { password, required, useForm } from "@/lib/form";
import { useLocale } from "@/lib/i18n";
import { sessionQuery, usePreferences, useSession } from "@/lib/session";
import { useTheme } from "@/lib/theme";
import { PasswordField } from "./password-field";
import { Sessions } from "./profile-sessions";
import { Section, SectionForm } from "./section";

export function Profile() {
  return (
    <>
      <Identity />
      <Display />
      <Password />
      <Sessions />
    </>
  );
}

function Identity() {
  const { t } = useTranslation("identity");
  const { user } = useSession();
  const client = useQueryClient();
  const form = useForm({
    initial: { name: user.name },
    validate: ({ name }) => ({ name: required(name) }),
    onSubmit: async ({ name }) => {
      await api.patch("/session", { name: name.trim() } satisfies Schemas["ProfileForm"]);
      form.reset({ name: name.trim() });
      toast({ message: t("profile.saved") });
      await client.invalidateQueries({ queryKey: sessionQuery.queryKey });
      await client.invalidateQueries({ queryKey: ["members"] });
    },
  });
  return (
    <Section title={t("profile.identity")}>
      <SectionForm form={form}>
        <Field label={t("fields.name")} error={form.errorOf("name")} required>
          <Input {...form.control("name")} autoComplete="name" />
        </Field>
        <Field label={t("fields.email")} help={t("profile.emailHelp")}>
          <Input value={user.email} readOnly className="bg-sunken" />
        </Field>
      </SectionForm>
    </Section>
  );
}

function Display() {
  const { t } = useTranslation(["identity", "common"]);
  const locale = useLocale();
  const theme = useTheme();
  const save = usePreferences();
  return (
    <Section title={t("profile.display")} text={t("profile.displayText")}>
      <dl className="flex flex-col gap-4">
        <div>
          <dt className="mb-1.5 font-medium">{t("common:user.language")}</dt>
          <dd>
            <Segmented
              label={t("common:user.language")}
              value={locale}
              onChange={(value) => save.mutate({ locale: value })}
              options={(["fr", "en"] as const).map((value) => ({
                value,
                label: <span lang={value}>{t(`common:user.${value}`)}</span>,
              }))}
            />
          </dd>
        </div>
        <div>
          <dt className="mb-1.5 font-medium">{t("common:user.theme")}</dt>
          <dd>
            <Segmented
              label={t("common:user.theme")}
              value={theme}
              onChange={(value) => save.mutate({ theme: value })}
              options={(["light", "dark", "system"] as const).map((value) => ({
                value,
                label: t(`common:user.${value}`),
              }))}
            />
          </dd>
        </div>
      </dl>
    </Section>
  );
}

function Password() {
  const { t } = useTranslation("identity");
  const { user } = useSession();
  const client = useQueryClient();
  const empty = { currentPassword: "", newPassword: "" };
  const form = useForm({
    initial: empty,
    // "The password does not match" is about the current one.
    validate: (values) => ({
      currentPassword: user.hasPassword ? required(values.currentPassword) : undefined,
      newPassword: password(values.newPassword),
    }),
    about: { identity_bad_credentials: "currentPassword" },
    onSubmit: async (values) => {
      await api.put("/session/password", {
        ...(user.hasPassword ? { currentPassword: values.currentPassword } : {}),
        newPassword: values.newPassword,
      } satisfies Schemas["PasswordForm"]);
      form.reset(empty);
      toast({ message: t("profile.passwordSaved") });
      await client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
  });
  return (
    <Section
      title={t("profile.password")}
      text={user.hasPassword ? undefined : t("profile.noPassword")}
    >
      <SectionForm
        form={form}
        label={t(user.hasPassword ? "profile.changePassword" : "profile.setPassword")}
      >
        {/* Password managers want to know whose password it is. */}
        <input type="hidden" autoComplete="username" value={user.email} readOnly />
        {user.hasPassword && (
          <PasswordField
            label={t("fields.currentPassword")}
            error={form.errorOf("currentPassword")}
            autoComplete="current-password"
            {...form.control("currentPassword")}
          />
        )}
        <PasswordField
          label={t("fields.newPassword")}
          help={t("password.help")}
          error={form.errorOf("newPassword")}
          autoComplete="new-password"
          {...form.control("newPassword")}
        />
      </SectionForm>
    </Section>
  );
}
