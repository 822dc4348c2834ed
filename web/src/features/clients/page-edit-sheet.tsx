/** Changes a client. Who saves second is shown what the first one changed, and chooses; nothing is lost. */
import { useQuery } from "@tanstack/react-query";
import { type ComponentType, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { type ClientChoice, ClientField } from "@/components/ui/client-field";
import { Sheet, SheetActions } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { TagsField } from "@/components/ui/tags-field";
import { toast, toastError } from "@/components/ui/toast";
import { Switch } from "@/components/ui/toggles";
import { ApiError } from "@/lib/api";
import { required, useForm } from "@/lib/form";
import { type ClientDetail, membersQuery } from "./api";
import { type Read, useChange } from "./page-change";
import { Conflict } from "./page-conflict";
import { differing, type Editable } from "./page-edit";

/** The workspace's own fields of a client: drawn by the feature that knows their kinds, handed over by the route. */
export type OwnFieldsForm = ComponentType<{
  values: Editable["fields"];
  onChange: (values: Editable["fields"]) => void;
  errorOf: (name: string) => string | undefined;
}>;

export function EditSheet({
  client,
  ownFields,
  onClose,
}: {
  client: ClientDetail;
  ownFields: OwnFieldsForm;
  onClose: () => void;
}) {
  const { t } = useTranslation("client");
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("edit.title", { name: client.name })}
    >
      <Edit client={client} ownFields={ownFields} onClose={onClose} />
    </Sheet>
  );
}

function Edit({
  client,
  ownFields,
  onClose,
}: {
  client: ClientDetail;
  ownFields: OwnFieldsForm;
  onClose: () => void;
}) {
  const { t } = useTranslation("client");
  // As it stood when the sheet was opened: live changes behind it must not move what one types.
  const [read] = useState<Read>({
    version: client.version,
    state: client.editable as Editable,
  });
  const [conflict, setConflict] = useState<{ mine: Editable; theirs: Read }>();
  const change = useChange(client.id);

  async function save(from: Read, to: Editable, mine: Editable) {
    let now: Read;
    try {
      now = await change(from, to);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "precondition_failed") throw error;
      const { current, version } = error.params as { current: Editable; version: string };
      setConflict({ mine, theirs: { version, state: current } });
      return;
    }
    onClose();
    const back = from.state;
    toast({
      message: t("edit.saved", { name: now.state.name }),
      undo: differing(back, now.state).length
        ? () => void change(now, back).catch(toastError)
        : undefined,
    });
  }

  if (conflict) {
    return (
      <Conflict
        key={conflict.theirs.version}
        base={read.state}
        mine={conflict.mine}
        theirs={conflict.theirs.state}
        onSave={(to) => save(conflict.theirs, to, conflict.mine)}
        onCancel={onClose}
      />
    );
  }
  return (
    <Fields
      clientId={client.id}
      read={read}
      ownFields={ownFields}
      onSave={(to) => save(read, to, to)}
      onCancel={onClose}
    />
  );
}

function parentOf(state: Editable): ClientChoice | undefined {
  const { parentId: id, parentName } = state;
  return id ? { id, name: parentName ?? id } : undefined;
}

const TEXTS = ["domain", "segment", "industry", "country", "plan"] as const;

function Fields({
  clientId,
  read,
  ownFields: OwnFields,
  onSave,
  onCancel,
}: {
  clientId: string;
  read: Read;
  ownFields: OwnFieldsForm;
  onSave: (to: Editable) => Promise<void>;
  onCancel: () => void;
}) {
  const { t } = useTranslation(["client", "common"]);
  const { data: members } = useQuery(membersQuery);
  const { state } = read;
  const form = useForm({
    initial: {
      name: state.name,
      domain: state.domain ?? "",
      owner: state.owner ?? "",
      segment: state.segment ?? "",
      industry: state.industry ?? "",
      country: state.country ?? "",
      plan: state.plan ?? "",
      seats: state.seats == null ? "" : String(state.seats),
      since: state.since ?? "",
      paused: state.paused,
      parentId: parentOf(state),
      tags: state.tags,
      fields: state.fields,
    },
    validate: (values) => ({
      name: required(values.name),
      seats: /^\d{0,8}$/.test(values.seats.trim())
        ? undefined
        : { code: "field_range", params: { min: 0, max: 10_000_000 } },
    }),
    onSubmit: (values) => {
      const text = (value: string) => value.trim() || null;
      return onSave({
        name: values.name.trim(),
        domain: text(values.domain)?.toLowerCase() ?? null,
        owner: text(values.owner),
        segment: text(values.segment),
        industry: text(values.industry),
        country: text(values.country),
        plan: text(values.plan),
        seats: values.seats.trim() === "" ? null : Number(values.seats),
        since: values.since || null,
        paused: values.paused,
        archived: state.archived,
        parentId: values.parentId?.id ?? null,
        parentName: values.parentId?.name ?? null,
        tags: values.tags,
        fields: values.fields,
      });
    },
  });
  return (
    <form {...form.props} className="flex min-h-full flex-col gap-4">
      <Field label={t("field.name")} error={form.errorOf("name")} required>
        <Input maxLength={512} {...form.control("name")} />
      </Field>
      <Field label={t("field.owner")} help={t("edit.ownerHelp")} error={form.errorOf("owner")}>
        <Input maxLength={512} list="client-owners" {...form.control("owner")} />
      </Field>
      <datalist id="client-owners">
        {members?.items.map((member) => (
          <option key={member.userId} value={member.name} />
        ))}
      </datalist>
      <div className="grid grid-cols-2 gap-3">
        {TEXTS.map((field) => (
          <Field key={field} label={t(`field.${field}`)} error={form.errorOf(field)}>
            <Input maxLength={512} {...form.control(field)} />
          </Field>
        ))}
        <Field label={t("field.seats")} error={form.errorOf("seats")}>
          <Input inputMode="numeric" {...form.control("seats")} />
        </Field>
        <Field label={t("field.since")} error={form.errorOf("since")}>
          <Input type="date" {...form.control("since")} />
        </Field>
      </div>
      <ClientField
        label={t("field.parentId")}
        help={t("edit.parentHelp")}
        error={form.errorOf("parentId")}
        chosen={form.values.parentId}
        onChoose={(parentId) => form.set({ parentId })}
        except={clientId}
      />
      <TagsField
        tags={form.values.tags}
        error={form.errorOf("tags")}
        onChange={(tags) => form.set({ tags })}
      />
      <OwnFields
        values={form.values.fields}
        onChange={(fields) => form.set({ fields })}
        errorOf={form.errorOf}
      />
      <Switch
        label={t("edit.paused")}
        help={t("edit.pausedHelp")}
        checked={form.values.paused}
        onChange={(paused) => form.set({ paused })}
      />
      {form.error && <FieldError>{form.error}</FieldError>}
      <SheetActions>
        <Button onClick={onCancel}>{t("common:actions.cancel")}</Button>
        <Button type="submit" variant="primary" busy={form.busy}>
          {t("edit.save")}
        </Button>
      </SheetActions>
    </form>
  );
}
