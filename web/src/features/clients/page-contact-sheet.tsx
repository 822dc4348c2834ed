/** Adds or changes a person at a client. */
import { useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Sheet, SheetActions } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import { toast, toastError } from "@/components/ui/toast";
import { api, type Schemas } from "@/lib/api";
import { changedOf } from "@/lib/changed";
import { isEmail, useForm } from "@/lib/form";
import type { ClientDetail, Contact } from "./api";
import { PersonData } from "./page-person-data";

const ROLES = [
  "champion",
  "decision_maker",
  "user",
  "billing",
  "technical",
  "executive_sponsor",
  "detractor",
] as const;
const CONSENTS = ["unknown", "given", "refused"] as const;

export function ContactSheet({
  client,
  contact,
  onClose,
}: {
  client: ClientDetail;
  contact: Contact | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation(["client", "common"]);
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ["clients", "one", client.id] });
  const list = `/clients/${client.id}/contacts`;
  const known = contact?.role && !(ROLES as readonly string[]).includes(contact.role);
  const form = useForm({
    initial: {
      name: contact?.name ?? "",
      email: contact?.email ?? "",
      title: contact?.title ?? "",
      role: contact?.role ?? "",
      leftOn: contact?.leftOn ?? "",
      consent: (contact?.consent ?? "unknown") as string,
      consentOn: contact?.consentOn ?? "",
    },
    validate: (values) => ({
      name:
        values.name.trim() || values.email.trim() || contact
          ? undefined
          : { code: "field_required" },
      email:
        values.email.trim() === "" || isEmail(values.email)
          ? undefined
          : { code: "identity_email_invalid" },
    }),
    onSubmit: async (values) => {
      const body: Schemas["ContactForm"] = {
        name: values.name.trim() || null,
        email: values.email.trim() || null,
        title: values.title.trim() || null,
        role: values.role || null,
        leftOn: values.leftOn || null,
        consent: values.consent,
        consentOn: values.consent === "unknown" ? null : values.consentOn || null,
      };
      const name = values.name.trim() || values.email.trim();
      if (contact) {
        const before: Schemas["ContactForm"] = {
          name: contact.name ?? null,
          email: contact.email ?? null,
          title: contact.title ?? null,
          role: contact.role ?? null,
          leftOn: contact.leftOn ?? null,
          consent: contact.consent ?? "unknown",
          consentOn: contact.consentOn ?? null,
        };
        // What somebody else has changed meanwhile stays as they left it.
        const change = (from: Schemas["ContactForm"], to: Schemas["ContactForm"]) => {
          const changed = changedOf(from, to);
          // The day goes with what was agreed on it.
          return "consent" in changed ? { ...changed, consentOn: to.consentOn } : changed;
        };
        await api.patch(`${list}/${contact.id}`, change(before, body));
        const back = change(body, before);
        const undo = () => void api.patch(`${list}/${contact.id}`, back).then(refresh, toastError);
        toast({ message: t("contact.saved", { name: name || contact.externalId }), undo });
      } else {
        const { id } = await api.post<Contact>(list, body);
        const undo = () => void api.delete(`${list}/${id}`).then(refresh, toastError);
        toast({ message: t("contact.added", { name }), undo });
      }
      await refresh();
      onClose();
    },
  });
  async function remove(of: Contact) {
    try {
      await api.delete(`${list}/${of.id}`);
      // At once: until then the way back from what was done before would stand there.
      toast({
        message: t("contact.removed", { name: of.name || of.email || of.externalId }),
        undo: () => void api.post(`${list}/${of.id}/restore`).then(refresh, toastError),
      });
      onClose();
      await refresh();
    } catch (error) {
      toastError(error);
    }
  }
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(contact ? "contact.editTitle" : "contact.addTitle")}
    >
      <form {...form.props} className="flex min-h-full flex-col gap-4">
        <Field
          label={t("contact.name")}
          help={contact ? undefined : t("contact.nameOrEmail")}
          error={form.errorOf("name")}
        >
          <Input maxLength={512} autoComplete="off" {...form.control("name")} />
        </Field>
        <Field label={t("contact.email")} error={form.errorOf("email")}>
          <Input type="email" maxLength={512} autoComplete="off" {...form.control("email")} />
        </Field>
        <div className="grid grid-cols-2 gap-3">
          <Field label={t("contact.title")} error={form.errorOf("title")}>
            <Input maxLength={512} {...form.control("title")} />
          </Field>
          <Field label={t("contact.role")} error={form.errorOf("role")}>
            <Select {...form.control("role")}>
              <option value="">{t("contact.noRole")}</option>
              {known && <option value={contact.role ?? ""}>{contact.role}</option>}
              {ROLES.map((role) => (
                <option key={role} value={role}>
                  {t(`contact.roles.${role}`)}
                </option>
              ))}
            </Select>
          </Field>
          <Field label={t("contact.consent")} error={form.errorOf("consent")}>
            <Select {...form.control("consent")}>
              {CONSENTS.map((consent) => (
                <option key={consent} value={consent}>
                  {t(`contact.consents.${consent}`)}
                </option>
              ))}
            </Select>
          </Field>
          <Field label={t("contact.consentOn")} error={form.errorOf("consentOn")}>
            <Input
              type="date"
              disabled={form.values.consent === "unknown"}
              {...form.control("consentOn")}
            />
          </Field>
        </div>
        <Field label={t("contact.leftOn")} error={form.errorOf("leftOn")} optional>
          <Input type="date" {...form.control("leftOn")} />
        </Field>
        {form.error && <FieldError>{form.error}</FieldError>}
        {contact && <PersonData client={client} contact={contact} onClose={onClose} />}
        <SheetActions
          note={
            contact && (
              <Button variant="danger" onClick={() => void remove(contact)}>
                <Trash2 aria-hidden />
                {t("contact.remove")}
              </Button>
            )
          }
        >
          <Button type="submit" variant="primary" busy={form.busy}>
            {t(contact ? "contact.save" : "contact.create")}
          </Button>
        </SheetActions>
      </form>
    </Sheet>
  );
}
