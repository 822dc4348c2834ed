/** One-time links: first setup, invitation, sign-in. Opening the page uses nothing; its button does. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams, useRouter } from "@tanstack/react-router";
import { Link2Off } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useAnnouncePage } from "@/components/layout/page-header";
import { Button } from "@/components/ui/button";
import { Field, FieldError } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import { TextLink } from "@/components/ui/misc";
import { EmptyState, ErrorState, Loading, Notice, Skeleton } from "@/components/ui/states";
import { ApiError } from "@/lib/api";
import { email, password, required, useForm } from "@/lib/form";
import { makeFormat } from "@/lib/format";
import { setLocale, useLocale } from "@/lib/i18n";
import { consumeLink, type LinkForm, type LinkInfo, linkQuery } from "./api";
import { browserCurrency, browserTimeZone } from "./choices";
import { PasswordField } from "./password-field";
import { CurrencyField, TimeZoneField } from "./place-fields";

export function LinkPage() {
  const { t } = useTranslation("identity");
  const { token = "" } = useParams({ strict: false }) as { token?: string };
  const { data, error, refetch } = useQuery(linkQuery(token));
  useAnnouncePage(data ? t(`link.${data.purpose}.title`) : t("link.title"));
  if (error) {
    if (error instanceof ApiError && error.status !== 404) {
      return (
        <>
          <h1 className="sr-only">{t("link.title")}</h1>
          <ErrorState title={t("link.error")} error={error} onRetry={() => void refetch()} />
        </>
      );
    }
    return <InvalidLink />;
  }
  if (!data) {
    return (
      <Loading className="flex flex-col gap-4">
        <Skeleton className="h-7 w-48" />
        <Skeleton className="h-9 w-full" />
        <Skeleton className="h-10 w-full" />
      </Loading>
    );
  }
  if (data.purpose === "setup") return <Setup token={token} />;
  return data.purpose === "invite" ? (
    <Invite token={token} info={data} />
  ) : (
    <SignIn token={token} info={data} />
  );
}

function InvalidLink() {
  const { t } = useTranslation("identity");
  return (
    <EmptyState
      level={1}
      className="py-2"
      icon={<Link2Off aria-hidden />}
      title={t("link.invalid.title")}
      text={t("link.invalid.text")}
      footer={<TextLink to="/sign-in">{t("link.invalid.signIn")}</TextLink>}
    />
  );
}

/** Uses the link, then enters. */
function useEnter(token: string) {
  const client = useQueryClient();
  const router = useRouter();
  return async (body: LinkForm) => {
    await consumeLink(token, body);
    client.clear();
    await router.navigate({ to: "/", replace: true });
  };
}

function Setup({ token }: { token: string }) {
  const { t } = useTranslation("identity");
  const locale = useLocale();
  const enter = useEnter(token);
  const form = useForm({
    initial: {
      email: "",
      name: "",
      password: "",
      workspaceName: "",
      currency: browserCurrency(),
      timezone: browserTimeZone(),
    },
    validate: (values) => ({
      name: required(values.name),
      email: email(values.email),
      password: password(values.password),
      workspaceName: required(values.workspaceName),
    }),
    onSubmit: (values) =>
      enter({
        ...values,
        email: values.email.trim(),
        name: values.name.trim(),
        workspaceName: values.workspaceName.trim(),
        locale,
      }),
  });
  return (
    <>
      <h1 className="font-semibold text-page">{t("link.setup.title")}</h1>
      <p className="mt-1 text-ink-2">{t("link.setup.text")}</p>
      <form {...form.props} className="mt-4 flex flex-col gap-4">
        <Field label={t("fields.name")} error={form.errorOf("name")} required>
          <Input {...form.control("name")} autoComplete="name" />
        </Field>
        <Field
          label={t("fields.email")}
          help={t("link.setup.emailHelp")}
          error={form.errorOf("email")}
          required
        >
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
          help={t("password.help")}
          error={form.errorOf("password")}
          autoComplete="new-password"
          {...form.control("password")}
        />
        <hr className="border-border" />
        <Field
          label={t("fields.workspaceName")}
          help={t("link.setup.workspaceHelp")}
          error={form.errorOf("workspaceName")}
          required
        >
          <Input {...form.control("workspaceName")} autoComplete="organization" />
        </Field>
        <CurrencyField
          help={t("link.setup.currencyHelp")}
          error={form.errorOf("currency")}
          {...form.control("currency")}
        />
        <TimeZoneField
          help={t("link.setup.timezoneHelp")}
          error={form.errorOf("timezone")}
          {...form.control("timezone")}
        />
        <Field label={t("fields.locale")}>
          <Select
            value={locale}
            onChange={(event) => void setLocale(event.target.value === "en" ? "en" : "fr")}
          >
            <option value="fr" lang="fr">
              Français
            </option>
            <option value="en" lang="en">
              English
            </option>
          </Select>
        </Field>
        {form.error && <FieldError>{form.error}</FieldError>}
        <Button type="submit" variant="primary" size="lg" busy={form.busy}>
          {t("link.setup.submit")}
        </Button>
      </form>
    </>
  );
}

function Invite({ token, info }: { token: string; info: LinkInfo }) {
  const { t } = useTranslation(["identity", "common"]);
  const locale = useLocale();
  // Nobody is signed in: the browser's own zone says which day it is.
  const format = makeFormat({ locale, currency: "EUR", timeZone: browserTimeZone() });
  return (
    <>
      <h1 className="font-semibold text-page">{t("link.invite.title")}</h1>
      <p className="mt-1 break-words text-ink-2">
        {info.workspaceName
          ? t("link.invite.text", { workspace: info.workspaceName })
          : t("link.invite.textNoName")}{" "}
        {info.role && t("link.invite.role", { role: t(`common:user.role.${info.role}`) })}
      </p>
      <p className="mt-1 text-ink-2 text-meta">
        {t("link.invite.expires", { day: format.date(info.expiresAt) })}
      </p>
      {info.account === "link" ? (
        <Notice className="mt-4" title={t("link.invite.needsLink")}>
          {t("link.invite.needsLinkText")}
        </Notice>
      ) : info.account === "password" || info.account === "signed_in" ? (
        <KnownGuest token={token} info={info} asks={info.account === "password"} />
      ) : (
        <NewGuest token={token} info={info} />
      )}
    </>
  );
}

function Address({ info }: { info: LinkInfo }) {
  const { t } = useTranslation("identity");
  if (!info.email) return null;
  return (
    <Field label={t("fields.email")} help={t("link.invite.emailHelp")}>
      <Input value={info.email} readOnly autoComplete="username" className="bg-sunken" />
    </Field>
  );
}

/** Somebody who is on this Essor already: their password, or their session, is enough. */
function KnownGuest({ token, info, asks }: { token: string; info: LinkInfo; asks: boolean }) {
  const { t } = useTranslation("identity");
  const enter = useEnter(token);
  const form = useForm({
    initial: { password: "" },
    validate: (values) => ({ password: asks ? required(values.password) : undefined }),
    about: { identity_bad_credentials: "password" },
    onSubmit: (values) => enter(asks ? { password: values.password } : {}),
  });
  return (
    <form {...form.props} className="mt-4 flex flex-col gap-4">
      <p className="text-ink-2">{t(asks ? "link.invite.known" : "link.invite.signedIn")}</p>
      <Address info={info} />
      {asks && (
        <PasswordField
          label={t("fields.password")}
          error={form.errorOf("password")}
          autoComplete="current-password"
          {...form.control("password")}
        />
      )}
      {form.error && <FieldError>{form.error}</FieldError>}
      <Button type="submit" variant="primary" size="lg" busy={form.busy}>
        {t("link.invite.accept")}
      </Button>
    </form>
  );
}

function NewGuest({ token, info }: { token: string; info: LinkInfo }) {
  const { t } = useTranslation("identity");
  const enter = useEnter(token);
  const form = useForm({
    initial: { name: "", password: "" },
    validate: (values) => ({ name: required(values.name), password: password(values.password) }),
    // Somebody of this address came in meanwhile: they prove themselves with their own password.
    about: { identity_bad_credentials: "password" },
    onSubmit: (values) => enter({ name: values.name.trim(), password: values.password }),
  });
  return (
    <form {...form.props} className="mt-4 flex flex-col gap-4">
      <Address info={info} />
      <Field label={t("fields.name")} error={form.errorOf("name")} required>
        <Input {...form.control("name")} autoComplete="name" />
      </Field>
      <PasswordField
        label={t("fields.password")}
        help={t("password.help")}
        error={form.errorOf("password")}
        autoComplete="new-password"
        {...form.control("password")}
      />
      {form.error && <FieldError>{form.error}</FieldError>}
      <Button type="submit" variant="primary" size="lg" busy={form.busy}>
        {t("link.invite.submit")}
      </Button>
    </form>
  );
}

function SignIn({ token, info }: { token: string; info: LinkInfo }) {
  const { t } = useTranslation("identity");
  const enter = useEnter(token);
  const form = useForm({ initial: {}, onSubmit: () => enter({}) });
  return (
    <>
      <h1 className="font-semibold text-page">{t("link.sign_in.title")}</h1>
      <p className="mt-1 break-words text-ink-2">
        {info.email ? t("link.sign_in.text", { email: info.email }) : t("link.sign_in.textNoName")}
      </p>
      <form {...form.props} className="mt-4 flex flex-col gap-4">
        {form.error && <FieldError>{form.error}</FieldError>}
        <Button type="submit" variant="primary" size="lg" busy={form.busy}>
          {t("link.sign_in.submit")}
        </Button>
      </form>
      <p className="mt-4 text-ink-2 text-meta">{t("link.sign_in.once")}</p>
    </>
  );
}
