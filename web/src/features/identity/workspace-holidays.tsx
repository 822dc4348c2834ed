/** Public holidays of the workspace: days that are not business days. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { toast } from "@/components/ui/toast";
import { useForm } from "@/lib/form";
import { useCan, useFormat } from "@/lib/session";
import { holidaysQuery, saveHolidays } from "./api";
import {
  checkHolidays,
  type Holiday,
  type HolidayRow,
  holidaysOfFrance,
  toHolidays,
} from "./holidays";
import { Section, SectionForm } from "./section";

export function Holidays() {
  const { t } = useTranslation("identity");
  const { data, error, refetch } = useQuery(holidaysQuery);
  if (error && !data) {
    return (
      <ErrorState
        title={t("workspace.holidaysError")}
        error={error}
        onRetry={() => void refetch()}
      />
    );
  }
  return data ? <Editor days={data.days} /> : <Skeleton className="h-40 w-full" />;
}

function Editor({ days: saved }: { days: Holiday[] }) {
  const { t } = useTranslation("identity");
  const format = useFormat();
  const administer = useCan("administer");
  const client = useQueryClient();
  const key = useRef(0);
  const rowsOf = (days: readonly Holiday[]): HolidayRow[] =>
    days.map((holiday) => ({ key: key.current++, ...holiday }));
  const form = useForm({
    initial: { days: rowsOf(saved) },
    validate: (values) => checkHolidays(values.days),
    onSubmit: async (values) => {
      const after = await saveHolidays(toHolidays(values.days));
      form.reset({ days: rowsOf(after.days) });
      client.setQueryData(holidaysQuery.queryKey, after);
      toast({ message: t("workspace.saved") });
    },
  });
  const { days } = form.values;
  const field = (index: number, name: "day" | "name") => ({
    value: days[index]?.[name] ?? "",
    onChange: (event: { target: { value: string } }) =>
      form.set({
        days: days.map((row, at) => (at === index ? { ...row, [name]: event.target.value } : row)),
      }),
    onBlur: () => form.leave(`days[${index}].${name}`),
  });
  // This year's, then next year's: whichever is not there yet.
  const year = Number(format.today().slice(0, 4));
  const missing = (of: number) =>
    holidaysOfFrance(of).filter(({ day }) => !days.some((row) => row.day === day));
  const offered = missing(year).length > 0 ? year : year + 1;
  const offer = missing(offered);
  return (
    <Section
      title={t("workspace.holidays")}
      text={t("workspace.holidaysText")}
      refused={!administer && t("workspace.refused")}
    >
      <SectionForm form={form} disabled={!administer}>
        {days.length === 0 && <p className="text-ink-2">{t("workspace.holidaysNone")}</p>}
        {days.map((row, index) => (
          <fieldset
            key={row.key}
            aria-label={t("workspace.holidayRow", { n: format.number(index + 1) })}
            className="grid grid-cols-[150px_minmax(0,1fr)_auto] items-start gap-3"
          >
            <Field
              label={t("workspace.holidayDay")}
              hideLabel={index > 0}
              error={form.errorOf(`days[${index}].day`)}
            >
              <Input type="date" {...field(index, "day")} />
            </Field>
            <Field
              label={t("workspace.holidayName")}
              hideLabel={index > 0}
              error={form.errorOf(`days[${index}].name`)}
            >
              <Input maxLength={80} {...field(index, "name")} />
            </Field>
            {administer && (
              <IconButton
                className={index === 0 ? "mt-6.5 h-9" : "h-9"}
                label={t("workspace.holidayRemove", { n: format.number(index + 1) })}
                onClick={() => form.set({ days: days.filter((_, at) => at !== index) })}
              >
                <Trash2 aria-hidden />
              </IconButton>
            )}
          </fieldset>
        ))}
        {administer && (
          <div className="flex flex-wrap gap-2">
            <Button
              variant="ghost"
              onClick={() =>
                form.set({ days: [...days, { key: key.current++, day: "", name: "" }] })
              }
            >
              <Plus aria-hidden />
              {t("workspace.holidayAdd")}
            </Button>
            {offer.length > 0 && (
              <Button
                variant="ghost"
                onClick={() =>
                  form.set({
                    days: [
                      ...days,
                      ...rowsOf(
                        offer.map(({ day, key: name }) => ({ day, name: t(`holiday.${name}`) })),
                      ),
                    ],
                  })
                }
              >
                <Plus aria-hidden />
                {t("workspace.holidaysFrance", { year: String(offered) })}
              </Button>
            )}
          </div>
        )}
      </SectionForm>
    </Section>
  );
}
