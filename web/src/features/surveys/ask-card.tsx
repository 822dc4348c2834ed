/** Asks one person of a client: which survey, whom, by e-mail or by a link to hand over. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { MessageCircleQuestion } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Sheet } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { Select } from "@/components/ui/input";
import { CopyField, TextLink } from "@/components/ui/misc";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { api, type Schemas } from "@/lib/api";
import { useForm } from "@/lib/form";
import { useLocale } from "@/lib/i18n";
import { useCan } from "@/lib/session";
import { askContact, surveysQuery } from "./api";

type Contact = Schemas["ContactBody"];

/** The way to it, on the client's page. */
export function AskCard({ clientId }: { clientId: string }) {
  const { t } = useTranslation("surveys");
  const may = useCan("edit");
  const [open, setOpen] = useState(false);
  if (!may) return null;
  return (
    <Card aria-label={t("title")} className="flex items-center justify-between gap-3 px-4 py-3">
      <TextLink to="/surveys">{t("title")}</TextLink>
      <Button {...Sheet.approach} onClick={() => setOpen(true)}>
        <MessageCircleQuestion aria-hidden />
        {t("ask.open")}
      </Button>
      <Sheet open={open} onOpenChange={setOpen} title={t("ask.open")}>
        {open && <Ask clientId={clientId} />}
      </Sheet>
    </Card>
  );
}

function Ask({ clientId }: { clientId: string }) {
  const { t } = useTranslation("surveys");
  const surveys = useQuery(surveysQuery);
  const contacts = useQuery({
    queryKey: ["clients", clientId, "ask"],
    queryFn: ({ signal }) =>
      api.get<{ items: Contact[] }>(`/clients/${clientId}/contacts`, undefined, { signal }),
  });
  const failed = surveys.error ?? contacts.error;
  if (failed) {
    return (
      <ErrorState
        title={t("error")}
        error={failed}
        onRetry={() => void Promise.all([surveys.refetch(), contacts.refetch()])}
      />
    );
  }
  if (!surveys.data || !contacts.data) {
    return (
      <Loading>
        <Skeleton className="h-32 w-full" />
      </Loading>
    );
  }
  const open = surveys.data.items.filter((survey) => survey.open);
  if (open.length === 0) return <p className="text-ink-2">{t("ask.none")}</p>;
  const people = contacts.data.items.filter((contact) => contact.consent !== "refused");
  if (people.length === 0) return <p className="text-ink-2">{t("ask.noContact")}</p>;
  return <AskForm surveys={open} people={people} mail={surveys.data.mail} />;
}

function AskForm({
  surveys,
  people,
  mail,
}: {
  surveys: readonly { id: string; name: string }[];
  people: readonly Contact[];
  mail: boolean;
}) {
  const { t } = useTranslation("surveys");
  const locale = useLocale();
  const client = useQueryClient();
  const [made, setMade] = useState<Schemas["SurveyAskedBody"]>();
  const form = useForm({
    initial: {
      survey: surveys[0]?.id ?? "",
      contactId: people[0]?.id ?? "",
      delivery: mail ? "email" : "link",
    },
    onSubmit: async ({ survey, contactId, delivery }) => {
      setMade(await askContact(survey, { contactId, delivery, locale }));
      await client.invalidateQueries({ queryKey: ["surveys"] });
    },
  });
  if (made) {
    return (
      <div role="status" className="flex flex-col gap-3">
        <p>{made.delivery === "email" ? t("ask.sent") : t("ask.ready")}</p>
        {made.delivery === "link" && <CopyField value={made.url} label={t("ask.link")} />}
      </div>
    );
  }
  return (
    <form {...form.props} className="flex flex-col gap-4">
      <Field label={t("ask.survey")}>
        <Select {...form.control("survey")}>
          {surveys.map((survey) => (
            <option key={survey.id} value={survey.id}>
              {survey.name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t("ask.contact")} error={form.errorOf("contactId")}>
        <Select {...form.control("contactId")}>
          {people.map((contact) => (
            <option key={contact.id} value={contact.id}>
              {contact.name ?? contact.email ?? contact.externalId}
            </option>
          ))}
        </Select>
      </Field>
      <Field
        label={t("send.how")}
        help={mail ? undefined : t("mailOff.title")}
        error={form.errorOf("delivery")}
      >
        <Select {...form.control("delivery")}>
          <option value="email" disabled={!mail}>
            {t("send.email")}
          </option>
          <option value="link">{t("send.link")}</option>
        </Select>
      </Field>
      {form.error && <FieldError>{form.error}</FieldError>}
      <Button type="submit" variant="primary" busy={form.busy} className="self-end">
        {form.values.delivery === "email" ? t("ask.send") : t("ask.makeLink")}
      </Button>
    </form>
  );
}
