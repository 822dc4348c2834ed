import { useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useAnnouncePage } from "@/components/layout/page-header";
import { Button } from "@/components/ui/button";
import { Field, FieldError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { api, type Schemas } from "@/lib/api";
import { email, required, useForm } from "@/lib/form";
import { PasswordField } from "./password-field";

export function SignInPage() {
  const { t } = useTranslation("identity");
  const client = useQueryClient();
  const router = useRouter();
  const { next } = useSearch({ strict: false }) as { next?: string };
  useAnnouncePage(t("signIn.title"));
  const form = useForm({
    initial: { email: "", password: "" },
    validate: (values) => ({ email: email(values.email), password: required(values.password) }),
    onSubmit: async (values) => {
      await api.post("/session", {
        email: values.email.trim(),
        password: values.password,
      } satisfies Schemas["SignInForm"]);
      client.clear();
      router.history.push(next ?? "/");
    },
  });
  return (
    <>
      <h1 className="font-semibold text-page">{t("signIn.title")}</h1>
      <form {...form.props} className="mt-4 flex flex-col gap-4">
        {form.error && <FieldError>{form.error}</FieldError>}
        <Field label={t("fields.email")} error={form.errorOf("email")} required>
          <Input
            {...form.control("email")}
            type="email"
            inputMode="email"
            autoComplete="username"
            autoCapitalize="none"
          />
        </Field>
        <PasswordField
          label={t("fields.password")}
          error={form.errorOf("password")}
          autoComplete="current-password"
          {...form.control("password")}
        />
        <Button type="submit" variant="primary" size="lg" busy={form.busy}>
          {t("signIn.submit")}
        </Button>
      </form>
      <p className="mt-4 text-ink-2 text-meta">{t("signIn.forgotten")}</p>
    </>
  );
}
