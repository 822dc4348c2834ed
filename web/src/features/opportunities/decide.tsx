/** Deciding: accept at once, the others with a few words beside the page; each can be taken back. */
import { useQuery } from "@tanstack/react-query";
import {
  CalendarClock,
  CircleCheck,
  CircleSlash,
  CircleX,
  Info,
  MoreHorizontal,
  RotateCcw,
} from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { Input, Select, Textarea } from "@/components/ui/input";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { toast } from "@/components/ui/toast";
import { Checkbox } from "@/components/ui/toggles";
import { useForm } from "@/lib/form";
import { addDays } from "@/lib/format";
import { useCan, useFormat } from "@/lib/session";
import { cents, euros } from "@/lib/typed";
import {
  type Decision,
  DISMISSED_FOR,
  LOST_FOR,
  type Opportunity,
  runningQuery,
  type State,
  type Subscription,
  sendDecision,
  useDecide,
  useRefresh,
} from "./api";

type Asked = "won" | "lost" | "dismissed" | "snoozed";

/** Says what was decided, with the way back. */
export function useTold() {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const decide = useDecide();
  return (after: Opportunity) => {
    const key =
      after.state === "won" && after.recorded ? "done.wonLedger" : (`done.${after.state}` as const);
    toast({
      message: t(key, { client: after.clientName, day: format.date(after.snoozedUntil) }),
      undo:
        after.state === "open" ? undefined : () => decide.mutate({ id: after.id, state: "open" }),
    });
  };
}

/** The button and the menu of one opportunity. */
export function DecideMenu({ item, onDetail }: { item: Opportunity; onDetail?: () => void }) {
  const { t } = useTranslation("opportunities");
  const may = useCan("edit");
  const decide = useDecide();
  const told = useTold();
  const [asked, setAsked] = useState<Asked>();
  const send = (state: State) => decide.mutate({ id: item.id, state }, { onSuccess: told });
  const lives = ["open", "accepted", "snoozed"].includes(item.state);
  if (!may && !onDetail) return null;
  return (
    <>
      <span className="flex shrink-0 items-center justify-end gap-1.5">
        {may && (item.state === "open" || item.state === "snoozed") && (
          <Button size="sm" busy={decide.isPending} onClick={() => send("accepted")}>
            {t("accept")}
          </Button>
        )}
        {may && item.state === "accepted" && (
          <Button size="sm" aria-label={t("win")} onClick={() => setAsked("won")}>
            <CircleCheck aria-hidden />
            {t("winShort")}
          </Button>
        )}
        <Menu
          trigger={
            <IconButton
              size="sm"
              variant="ghost"
              label={t("actionsOf", { client: item.clientName })}
            >
              <MoreHorizontal aria-hidden />
            </IconButton>
          }
        >
          {onDetail && (
            <MenuItem icon={<Info aria-hidden />} onSelect={onDetail}>
              {t("details")}
            </MenuItem>
          )}
          {may && onDetail && item.state !== "expired" && <MenuSeparator />}
          {may && lives && (
            <>
              <MenuItem icon={<CircleCheck aria-hidden />} onSelect={() => setAsked("won")}>
                {t("win")}
              </MenuItem>
              <MenuItem icon={<CircleX aria-hidden />} onSelect={() => setAsked("lost")}>
                {t("lose")}
              </MenuItem>
              <MenuItem icon={<CalendarClock aria-hidden />} onSelect={() => setAsked("snoozed")}>
                {t("snooze")}
              </MenuItem>
              <MenuItem icon={<CircleSlash aria-hidden />} onSelect={() => setAsked("dismissed")}>
                {t("dismiss")}
              </MenuItem>
            </>
          )}
          {may && item.state !== "open" && item.state !== "expired" && (
            <MenuItem icon={<RotateCcw aria-hidden />} onSelect={() => send("open")}>
              {t("reopen")}
            </MenuItem>
          )}
        </Menu>
      </span>
      <Sheet
        open={asked !== undefined}
        onOpenChange={(open) => !open && setAsked(undefined)}
        title={asked ? t(`sheet.${asked}`) : ""}
        description={item.clientName}
      >
        {asked && (
          <DecideForm
            item={item}
            asked={asked}
            onDone={(after) => {
              setAsked(undefined);
              told(after);
            }}
          />
        )}
      </Sheet>
    </>
  );
}

interface Values {
  reason: string;
  note: string;
  until: string;
  amount: string;
  record: boolean;
  subscription: string;
  newAmount: string;
  quantity: string;
}

function DecideForm({
  item,
  asked,
  onDone,
}: {
  item: Opportunity;
  asked: Asked;
  onDone: (after: Opportunity) => void;
}) {
  const { t } = useTranslation("opportunities");
  const { t: words } = useTranslation();
  const format = useFormat();
  const refresh = useRefresh();
  const minor = format.minorUnits();
  const reasons = asked === "dismissed" ? DISMISSED_FOR : asked === "lost" ? LOST_FOR : [];
  const need = (text: string) => (text.trim() === "" ? { code: "field_required" } : undefined);
  const amount = (text: string) =>
    cents(text, minor) === null ? { code: "field_type", params: { expected: "0,00" } } : undefined;
  const form = useForm<Values>({
    initial: {
      reason: "",
      note: "",
      until: addDays(format.today(), 30),
      amount: euros(item.amountCents ?? 0, minor, format.locale),
      record: false,
      subscription: "",
      newAmount: "",
      quantity: "",
    },
    validate: (values) => ({
      reason: reasons.length > 0 ? need(values.reason) : undefined,
      until: asked === "snoozed" ? need(values.until) : undefined,
      amount: asked === "won" ? amount(values.amount) : undefined,
      subscription: values.record ? need(values.subscription) : undefined,
      newAmount: values.record ? amount(values.newAmount) : undefined,
    }),
    rename: {
      amountCents: "amount",
      "subscription.externalId": "subscription",
      "subscription.amountCents": "newAmount",
      "subscription.quantity": "quantity",
    },
    onSubmit: async (values) => {
      const decision: Decision = { state: asked, note: values.note || undefined };
      if (reasons.length > 0) decision.reason = values.reason;
      if (asked === "snoozed") decision.until = values.until;
      if (asked === "won") {
        decision.amountCents = cents(values.amount, minor) ?? 0;
        if (values.record) {
          decision.subscription = {
            externalId: values.subscription,
            amountCents: cents(values.newAmount, minor) ?? 0,
            quantity: values.quantity.trim() === "" ? undefined : Number(values.quantity),
          };
        }
      }
      const after = await sendDecision(item.id, decision);
      await refresh();
      onDone(after);
    },
  });
  return (
    <form {...form.props} className="flex flex-col gap-4">
      {asked === "won" && (
        <>
          <Field
            label={t(item.list === "retention" ? "form.kept" : "form.won")}
            help={t("form.wonHelp")}
            error={form.errorOf("amount")}
            required
          >
            <Input inputMode="decimal" {...form.control("amount")} />
          </Field>
          <Record
            client={item.clientId}
            values={form.values}
            set={form.set}
            errorOf={form.errorOf}
            control={form.control}
          />
        </>
      )}
      {asked === "snoozed" && (
        <Field label={t("form.until")} error={form.errorOf("until")} required>
          <Input type="date" min={addDays(format.today(), 1)} {...form.control("until")} />
        </Field>
      )}
      {reasons.length > 0 && (
        <Field label={t("form.reason")} error={form.errorOf("reason")} required>
          <Select {...form.control("reason")}>
            <option value="">{t("form.choose")}</option>
            {reasons.map((reason) => (
              <option key={reason} value={reason}>
                {words(`opportunity.reason.${reason}`)}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <Field label={t("form.note")} error={form.errorOf("note")} optional>
        <Textarea maxLength={2000} {...form.control("note")} />
      </Field>
      {form.error && <FieldError>{form.error}</FieldError>}
      <div className="flex justify-end">
        <Button type="submit" variant="primary" busy={form.busy}>
          {t(`save.${asked}`)}
        </Button>
      </div>
    </form>
  );
}

/** The subscription that changed with the win: without it MRR stays as it is. */
function Record({
  client,
  values,
  set,
  errorOf,
  control,
}: {
  client: string;
  values: Values;
  set: (patch: Partial<Values>) => void;
  errorOf: (name: string) => string | undefined;
  control: ReturnType<typeof useForm<Values>>["control"];
}) {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const id = useId();
  const minor = format.minorUnits();
  const { data } = useQuery({ ...runningQuery(client), enabled: values.record });
  const running = data?.items.filter((item) => item.status === "active") ?? [];
  const chosen = running.find((item) => item.externalId === values.subscription);
  const choose = (item: Subscription | undefined) =>
    set({
      subscription: item?.externalId ?? "",
      newAmount: item ? euros(item.amountCents, minor, format.locale) : "",
      quantity: item ? String(item.quantity) : "",
    });
  return (
    <fieldset className="flex flex-col gap-3 rounded-card border border-border p-3" id={id}>
      <Checkbox
        checked={values.record}
        onChange={(on) => set({ record: on === true })}
        label={t("form.record")}
        help={t("form.recordHelp")}
      />
      {values.record && data && running.length === 0 && (
        <p className="text-ink-2">{t("form.noSubscription")}</p>
      )}
      {values.record && running.length > 0 && (
        <>
          <Field
            label={t("form.subscription")}
            error={errorOf("subscription")}
            required
            help={
              chosen &&
              t("form.was", {
                amount: format.money(chosen.amountCents, { currency: chosen.currency }),
                quantity: format.number(chosen.quantity),
              })
            }
          >
            <Select
              value={values.subscription}
              onChange={(event) =>
                choose(running.find((item) => item.externalId === event.target.value))
              }
            >
              <option value="">—</option>
              {running.map((item) => (
                <option key={item.id} value={item.externalId}>
                  {[item.product, item.plan].filter(Boolean).join(" · ")}
                </option>
              ))}
            </Select>
          </Field>
          {chosen && (
            <div className="grid grid-cols-[minmax(0,1fr)_104px] items-end gap-3">
              <Field
                label={t("form.newAmount", { period: t(`period.${chosen.period}`) })}
                error={errorOf("newAmount")}
                required
              >
                <Input inputMode="decimal" {...control("newAmount")} />
              </Field>
              <Field label={t("form.quantity")} error={errorOf("quantity")}>
                <Input inputMode="numeric" {...control("quantity")} />
              </Field>
            </div>
          )}
        </>
      )}
    </fieldset>
  );
}
