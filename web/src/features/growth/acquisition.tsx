/** Acquisition spend by month and the gross margin, entered by hand: what LTV, CAC and payback are made of. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field, FieldError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { Table, Td, Th } from "@/components/ui/table";
import { toast } from "@/components/ui/toast";
import { api, type Schemas } from "@/lib/api";
import { type Refusal, useForm } from "@/lib/form";
import { useCan, useFormat } from "@/lib/session";
import { parseNumber } from "@/lib/typed";
import { type Spend, spendQuery } from "./api";
import { endOfMonth } from "./periods";

const MONTHS = 12;

export function AcquisitionCard() {
  const { t } = useTranslation("growth");
  const query = useQuery(spendQuery(MONTHS));
  return (
    <Card id="acquisition" aria-labelledby="acquisition-title" className="scroll-mt-16">
      <CardHeader
        id="acquisition-title"
        title={t("acquisition.title")}
        subtitle={query.data && t("acquisition.text", { currency: query.data.currency })}
      />
      {query.data ? (
        // Saved elsewhere meanwhile, the form starts over from what was saved.
        <SpendForm key={JSON.stringify(query.data)} spend={query.data} />
      ) : query.isError ? (
        <ErrorState
          className="m-4"
          title={t("acquisition.error")}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <Loading className="p-4">
          <Skeleton className="h-64 w-full" />
        </Loading>
      )}
    </Card>
  );
}

interface Values {
  grossMarginPct: string;
  /** As typed, in the order shown: the current month first. */
  months: string[];
}

function check(values: Values): Record<string, Refusal | undefined> {
  const out: Record<string, Refusal | undefined> = {};
  const margin = values.grossMarginPct.trim();
  const pct = parseNumber(margin);
  if (margin !== "" && (pct === null || pct <= 0 || pct > 100)) {
    out.grossMarginPct = { code: "field_range", params: { min: 0, max: 100 } };
  }
  values.months.forEach((typed, index) => {
    if (typed.trim() === "") return;
    const amount = parseNumber(typed);
    if (amount === null) out[`months[${index}].amountCents`] = { code: "number_invalid" };
    else if (amount < 0) out[`months[${index}].amountCents`] = { code: "growth_amount_negative" };
  });
  return out;
}

function SpendForm({ spend }: { spend: Spend }) {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const manage = useCan("manage");
  const client = useQueryClient();
  const minor = format.minorUnits();
  const rows = [...spend.months].reverse();
  const form = useForm<Values>({
    initial: {
      grossMarginPct: format.number(spend.grossMarginPct, { digits: 2 }).replace("—", ""),
      months: rows.map((row) =>
        row.amountCents == null ? "" : format.number(row.amountCents / minor, { digits: 2 }),
      ),
    },
    validate: check,
    onSubmit: async (values) => {
      const body: Schemas["SpendForm"] = {
        months: rows.map((row, index) => {
          const typed = values.months[index] ?? "";
          const amount = parseNumber(typed);
          return {
            month: row.month,
            amountCents: amount === null ? null : Math.round(amount * minor),
            currency: spend.currency,
          };
        }),
        grossMarginPct: parseNumber(values.grossMarginPct),
      };
      await api.put("/growth/spend", body);
      toast({ message: t("acquisition.saved") });
      await client.invalidateQueries({ queryKey: ["growth"] });
    },
  });
  return (
    <form {...form.props}>
      <fieldset disabled={!manage} className="min-w-0">
        <CardBody>
          <Field
            label={t("acquisition.margin")}
            help={t("acquisition.marginHelp")}
            error={form.errorOf("grossMarginPct")}
            className="max-w-80"
          >
            <Input {...form.control("grossMarginPct")} inputMode="decimal" autoComplete="off" />
          </Field>
        </CardBody>
        <Table aria-label={t("acquisition.title")}>
          <thead>
            <tr>
              <Th>{t("forecast.month")}</Th>
              <Th>{t("acquisition.spend", { currency: format.currencySymbol(spend.currency) })}</Th>
              <Th end>{t("acquisition.won")}</Th>
              <Th end>{t("acquisition.cac")}</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => {
              const name = `months[${index}].amountCents`;
              const month = format.month(endOfMonth(row.month));
              return (
                <tr key={row.month}>
                  <th
                    scope="row"
                    className="h-12 whitespace-nowrap border-border border-b px-2 pl-4 text-left font-medium"
                  >
                    {month}
                  </th>
                  <Td className="min-w-36">
                    <Field
                      label={t("acquisition.spendOf", { month })}
                      hideLabel
                      error={form.errorOf(name)}
                    >
                      <Input
                        className="max-w-40"
                        inputMode="decimal"
                        autoComplete="off"
                        placeholder={t("acquisition.unknown")}
                        value={form.values.months[index] ?? ""}
                        onChange={(event) =>
                          form.set({
                            months: form.values.months.map((typed, at) =>
                              at === index ? event.target.value : typed,
                            ),
                          })
                        }
                        onBlur={() => form.leave(name)}
                      />
                    </Field>
                  </Td>
                  <Td end>{format.number(row.wonClients)}</Td>
                  <Td end>{format.money(row.cacCents)}</Td>
                </tr>
              );
            })}
          </tbody>
        </Table>
      </fieldset>
      <div className="flex flex-wrap items-center gap-3 border-border border-t px-4 py-3">
        {manage ? (
          <Button type="submit" busy={form.busy} disabled={!form.changed}>
            {t("acquisition.save")}
          </Button>
        ) : (
          <p className="text-ink-2">{t("acquisition.refused")}</p>
        )}
        {form.error && <FieldError>{form.error}</FieldError>}
      </div>
    </form>
  );
}
