/** Records a signal by hand, or corrects one that was. */
import { useQuery } from "@tanstack/react-query";
import { RadioGroup } from "radix-ui";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { SheetActions } from "@/components/ui/dialog";
import { Sheet } from "@/components/ui/dialog-panel";
import { Field, FieldError } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import { toast, toastError } from "@/components/ui/toast";
import { api } from "@/lib/api";
import { type Form, useForm } from "@/lib/form";
import { useFormat } from "@/lib/session";
import { contactsQuery, HAND_KINDS, type HandKind, type TimelineItem } from "./api";
import { contactName } from "./page-contacts";
import { TIMELINE_ICONS } from "./page-icons";
import {
  bodyOf,
  checkDraft,
  currencyOf,
  type Draft,
  draftOf,
  FIELD_OF,
  type HandSignalBody,
  hasTime,
} from "./page-signal";
import { SignalFields } from "./page-signal-fields";
import { useSignals } from "./page-signals";

export function SignalSheet({
  clientId,
  item,
  open,
  onOpenChange,
}: {
  clientId: string;
  /** The one to correct. */
  item?: TimelineItem;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation("client");
  return (
    <Sheet
      open={open}
      onOpenChange={onOpenChange}
      title={t(item ? "signal.editTitle" : "signal.addTitle")}
      description={item && t(`signal.kinds.${item.kind}`)}
    >
      {open && <SignalForm clientId={clientId} item={item} onDone={() => onOpenChange(false)} />}
    </Sheet>
  );
}

function SignalForm({
  clientId,
  item,
  onDone,
}: {
  clientId: string;
  item: TimelineItem | undefined;
  onDone: () => void;
}) {
  const { t } = useTranslation("client");
  const format = useFormat();
  const signals = useSignals(clientId);
  const form = useForm<Draft>({
    initial: draftOf(format, new Date(), item),
    validate: (draft) => checkDraft(format, draft, new Date(), item),
    rename: FIELD_OF,
    onSubmit: async (draft) => {
      const now = new Date();
      const body = bodyOf(format, draft, now, item);
      if (item) {
        const put = (to: HandSignalBody) => api.put(`${signals.path}/${item.id}`, to);
        await put(body);
        const before = bodyOf(format, draftOf(format, now, item), now, item);
        const undo = () => void put(before).then(signals.refresh, toastError);
        toast({ message: t("signal.saved"), undo });
      } else {
        const { id } = await api.post<{ id: string }>(signals.path, body);
        toast({
          message: t("signal.added"),
          undo: () => void signals.remove(id).catch(toastError),
        });
      }
      await signals.refresh();
      onDone();
    },
  });
  return (
    <form {...form.props} className="flex min-h-full flex-col gap-4">
      {/* Its kind stays: another kind is another fact. */}
      {!item && <KindChoice form={form} />}
      <When form={form} />
      <SignalFields
        form={form}
        currency={format.currencySymbol(currencyOf(format, item))}
        max={format.today()}
      />
      <Person clientId={clientId} form={form} />
      {form.error && <FieldError>{form.error}</FieldError>}
      <SheetActions>
        <Button type="submit" variant="primary" busy={form.busy}>
          {t(item ? "signal.save" : "signal.create")}
        </Button>
      </SheetActions>
    </form>
  );
}

function KindChoice({ form }: { form: Form<Draft> }) {
  const { t } = useTranslation("client");
  return (
    <RadioGroup.Root
      aria-label={t("signal.kind")}
      value={form.values.kind}
      // What was typed stays; what was wrong with it as another kind is no longer said.
      onValueChange={(kind) => form.set({ ...form.values, kind: kind as HandKind })}
      className="grid grid-cols-4 gap-1.5"
    >
      {HAND_KINDS.map((kind) => {
        const Icon = TIMELINE_ICONS[kind];
        return (
          <RadioGroup.Item
            key={kind}
            value={kind}
            className="flex min-h-14 min-w-0 flex-col items-center justify-center gap-1 rounded-control border border-border-strong px-1 py-1.5 text-meta hover:bg-sunken data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft data-[state=checked]:font-medium data-[state=checked]:text-accent-words"
          >
            {Icon && <Icon className="size-4" aria-hidden />}
            <span className="max-w-full break-words">{t(`signal.kinds.${kind}`)}</span>
          </RadioGroup.Item>
        );
      })}
    </RadioGroup.Root>
  );
}

function When({ form }: { form: Form<Draft> }) {
  const { t } = useTranslation("client");
  const format = useFormat();
  const { kind } = form.values;
  const elsewhere = new Intl.DateTimeFormat().resolvedOptions().timeZone !== format.timeZone;
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label={t("signal.field.day", { context: kind })} error={form.errorOf("day")} required>
        <Input type="date" max={format.today()} {...form.control("day")} />
      </Field>
      {hasTime(kind) && (
        <Field
          label={t("signal.field.time")}
          // The clock of the workspace, which need not be that of who reads it.
          help={elsewhere && t("signal.zone", { zone: format.timeZone.replaceAll("_", " ") })}
          error={form.errorOf("time")}
          required
        >
          <Input type="time" {...form.control("time")} />
        </Field>
      )}
    </div>
  );
}

function Person({ clientId, form }: { clientId: string; form: Form<Draft> }) {
  const { t } = useTranslation("client");
  const { data } = useQuery(contactsQuery(clientId));
  if (data?.items.length === 0) return null;
  return (
    <Field label={t("signal.field.contactId")} error={form.errorOf("contactId")} optional>
      <Select disabled={!data} {...form.control("contactId")}>
        <option value="">{t("signal.unsaid")}</option>
        {data?.items.map((contact) => (
          <option key={contact.id} value={contact.id}>
            {contactName(contact)}
          </option>
        ))}
      </Select>
    </Field>
  );
}
