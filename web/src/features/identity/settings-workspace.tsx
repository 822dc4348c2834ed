/** The workspace: name and calendar, currency, unknown clients, exchange rates, its end. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { toast } from "@/components/ui/toast";
import { api, type Schemas } from "@/lib/api";
import { required, useForm } from "@/lib/form";
import { sessionQuery, useCan, useFormat } from "@/lib/session";
import { type Workspace, type WorkspaceForm, workspaceQuery } from "./api";
import { CurrencyField, TimeZoneField } from "./place-fields";
import { checkRates, type RateRow, toRates } from "./rates";
import { Section, SectionForm } from "./section";
import { Deletion } from "./workspace-deletion";
import { Holidays } from "./workspace-holidays";

export function WorkspaceSettings() {
  const { t } = useTranslation("identity");
  const { data, error, refetch } = useQuery(workspaceQuery);
  if (error && !data)
    return <ErrorState title={t("workspace.error")} error={error} onRetry={() => void refetch()} />;
  if (!data) {
    return (
      <Loading className="flex flex-col gap-4">
        <Skeleton className="h-64 w-full" />
        <Skeleton className="h-40 w-full" />
      </Loading>
    );
  }
  return (
    <>
      <General workspace={data} />
      <Currency workspace={data} />
      <UnknownGroups workspace={data} />
      <Holidays />
      <Rates workspace={data} />
      <Deletion />
    </>
  );
}

function useSaved() {
  const { t } = useTranslation("identity");
  const client = useQueryClient();
  return async () => {
    toast({ message: t("workspace.saved") });
    await client.invalidateQueries({ queryKey: ["workspace"] });
    await client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  };
}

function General({ workspace }: { workspace: Workspace }) {
  const { t } = useTranslation("identity");
  const administer = useCan("administer");
  const saved = useSaved();
  const form = useForm({
    initial: {
      name: workspace.name,
      timezone: workspace.timezone,
      weekStart: workspace.weekStart as string,
    },
    validate: (values) => ({ name: required(values.name) }),
    onSubmit: async (values) => {
      const next = { ...values, name: values.name.trim() };
      await api.patch("/workspace", next satisfies WorkspaceForm);
      form.reset(next);
      await saved();
    },
  });
  return (
    <Section title={t("workspace.general")} refused={!administer && t("workspace.refused")}>
      <SectionForm form={form} disabled={!administer}>
        <Field label={t("fields.workspaceName")} error={form.errorOf("name")} required>
          <Input {...form.control("name")} autoComplete="organization" />
        </Field>
        <TimeZoneField
          help={t("workspace.timezoneHelp")}
          error={form.errorOf("timezone")}
          {...form.control("timezone")}
        />
        <Field label={t("workspace.weekStart")} error={form.errorOf("weekStart")}>
          <Select {...form.control("weekStart")}>
            <option value="monday">{t("workspace.monday")}</option>
            <option value="sunday">{t("workspace.sunday")}</option>
          </Select>
        </Field>
      </SectionForm>
    </Section>
  );
}

function Currency({ workspace }: { workspace: Workspace }) {
  const { t } = useTranslation("identity");
  const own = useCan("own");
  const saved = useSaved();
  const form = useForm({
    initial: { currency: workspace.currency },
    onSubmit: async (values) => {
      await api.patch("/workspace", values satisfies WorkspaceForm);
      form.reset(values);
      await saved();
    },
  });
  const refused = !own
    ? t("workspace.currencyOwner")
    : !workspace.canChangeCurrency && t("workspace.currencyFixed");
  return (
    <Section title={t("fields.currency")} text={t("workspace.currencyText")} refused={refused}>
      <SectionForm form={form} disabled={Boolean(refused)}>
        <CurrencyField hideLabel error={form.errorOf("currency")} {...form.control("currency")} />
      </SectionForm>
    </Section>
  );
}

function UnknownGroups({ workspace }: { workspace: Workspace }) {
  const { t } = useTranslation("identity");
  const administer = useCan("administer");
  const saved = useSaved();
  const form = useForm({
    initial: { unknownGroups: workspace.unknownGroups as string },
    onSubmit: async (values) => {
      await api.patch("/workspace", values satisfies WorkspaceForm);
      form.reset(values);
      await saved();
    },
  });
  return (
    <Section
      title={t("workspace.unknown")}
      text={t("workspace.unknownText")}
      refused={!administer && t("workspace.refused")}
    >
      <SectionForm form={form} disabled={!administer}>
        <Field
          label={t("workspace.unknown")}
          hideLabel
          help={t(`workspace.unknownHelp.${form.values.unknownGroups}`)}
          error={form.errorOf("unknownGroups")}
        >
          <Select {...form.control("unknownGroups")}>
            <option value="create">{t("workspace.create")}</option>
            <option value="park">{t("workspace.park")}</option>
          </Select>
        </Field>
      </SectionForm>
    </Section>
  );
}

function Rates({ workspace }: { workspace: Workspace }) {
  const { t } = useTranslation("identity");
  const format = useFormat();
  const administer = useCan("administer");
  const saved = useSaved();
  const key = useRef(0);
  const rowsOf = (rates: Workspace["rates"]): RateRow[] =>
    rates.map((rate) => ({
      key: key.current++,
      currency: rate.currency,
      from: rate.from,
      rate: format.number(rate.rate, { digits: 10 }),
    }));
  const form = useForm({
    initial: { rates: rowsOf(workspace.rates) },
    validate: (values) => checkRates(values.rates, workspace.currency),
    onSubmit: async (values) => {
      const rates = toRates(values.rates);
      await api.put("/workspace/rates", { rates } satisfies Schemas["RatesForm"]);
      form.reset({ rates: rowsOf(rates) });
      await saved();
    },
  });
  const { rates } = form.values;
  const change = (index: number, patch: Partial<RateRow>) =>
    form.set({ rates: rates.map((row, at) => (at === index ? { ...row, ...patch } : row)) });
  const field = (index: number, name: "currency" | "from" | "rate") => ({
    value: rates[index]?.[name] ?? "",
    onChange: (event: { target: { value: string } }) =>
      change(index, { [name]: event.target.value }),
    onBlur: () => form.leave(`rates[${index}].${name}`),
  });
  return (
    <Section
      title={t("workspace.rates")}
      text={t("workspace.ratesText", { currency: workspace.currency })}
      refused={!administer && t("workspace.refused")}
    >
      <SectionForm form={form} disabled={!administer}>
        {rates.length === 0 && <p className="text-ink-2">{t("workspace.ratesNone")}</p>}
        {rates.map((row, index) => (
          <fieldset
            key={row.key}
            aria-label={t("workspace.rateRow", { n: format.number(index + 1) })}
            className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] gap-3 border-border border-b pb-4 md:grid-cols-[110px_160px_minmax(0,1fr)_auto] md:border-0 md:pb-0"
          >
            <Field
              label={t("workspace.rateCurrency")}
              error={form.errorOf(`rates[${index}].currency`)}
              required
            >
              <Input
                {...field(index, "currency")}
                maxLength={3}
                autoComplete="off"
                autoCapitalize="characters"
                placeholder="USD"
                className="uppercase"
              />
            </Field>
            <Field
              label={t("workspace.rateFrom")}
              error={form.errorOf(`rates[${index}].from`)}
              required
            >
              <Input {...field(index, "from")} type="date" />
            </Field>
            <Field
              label={t("workspace.rateValue", {
                currency: row.currency.trim().toUpperCase() || "…",
                reporting: workspace.currency,
              })}
              error={form.errorOf(`rates[${index}].rate`)}
              required
            >
              <Input {...field(index, "rate")} inputMode="decimal" autoComplete="off" />
            </Field>
            {administer && (
              <IconButton
                className="self-end md:mt-6.5 md:h-9 md:self-start"
                label={t("workspace.rateRemove", { n: format.number(index + 1) })}
                onClick={() => form.set({ rates: rates.filter((_, at) => at !== index) })}
              >
                <Trash2 aria-hidden />
              </IconButton>
            )}
          </fieldset>
        ))}
        {administer && (
          <Button
            variant="ghost"
            className="self-start"
            onClick={() =>
              form.set({
                rates: [
                  ...rates,
                  { key: key.current++, currency: "", from: format.today(), rate: "" },
                ],
              })
            }
          >
            <Plus aria-hidden />
            {t("workspace.rateAdd")}
          </Button>
        )}
      </SectionForm>
    </Section>
  );
}
