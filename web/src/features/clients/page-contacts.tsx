/** People at the client's. */
import { useQuery } from "@tanstack/react-query";
import { Pencil, UserPlus, UserRound } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { DataTable } from "@/components/data-table";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Button, IconButton } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { RelativeTime } from "@/components/ui/misc";
import { EmptyState } from "@/components/ui/states";
import { cn } from "@/lib/cn";
import { useCan, useFormat } from "@/lib/session";
import { type ClientDetail, type Contact, contactsQuery } from "./api";

const ContactSheet = lazy(async () => ({
  default: (await import("./page-contact-sheet")).ContactSheet,
}));

export const contactName = (contact: Contact) =>
  contact.name || contact.email || contact.externalId;

/** Name and role, the way every list shows a person. */
export function Person({ contact }: { contact: Contact }) {
  const { t } = useTranslation("client");
  const format = useFormat();
  const name = contactName(contact);
  const facts = [
    contact.title,
    contact.role && t(`contact.roles.${contact.role}`, { defaultValue: contact.role }),
    contact.leftOn && t("contact.left", { day: format.date(contact.leftOn) }),
  ].filter(Boolean);
  return (
    <span className="flex min-w-0 items-center gap-3">
      <Avatar id={contact.id} name={name} kind="person" />
      <span className="min-w-0">
        <span
          className={cn("block truncate font-medium", contact.leftOn && "text-ink-2 line-through")}
        >
          {name}
        </span>
        {facts.length > 0 && (
          <span className="block text-ink-2 text-meta md:truncate">{facts.join(" · ")}</span>
        )}
      </span>
    </span>
  );
}

/** The last NPS answer of a person: 0–6 against, 7–8 neither, 9–10 for. */
export function Nps({ contact }: { contact: Contact }) {
  const { t } = useTranslation("client");
  const format = useFormat();
  if (contact.nps == null) return null;
  const tone = contact.nps >= 9 ? "excellent" : contact.nps >= 7 ? "watch" : "critical";
  return (
    <span title={t("contact.npsAt", { when: format.relative(contact.npsAt) })}>
      <Badge tone={tone}>{t("contact.nps", { n: format.number(contact.nps) })}</Badge>
    </span>
  );
}

export function ContactsTab({ client }: { client: ClientDetail }) {
  const { t } = useTranslation(["clients", "client"]);
  const format = useFormat();
  const edit = useCan("edit");
  const [sheet, setSheet] = useState<{ contact?: Contact }>();
  const query = useQuery(contactsQuery(client.id));
  const rows = query.data?.items ?? [];
  const total = query.data?.items.length;
  const seen = (row: Contact) =>
    row.lastSeenAt ? (
      <RelativeTime at={row.lastSeenAt} />
    ) : (
      <span className="text-ink-3">{t("page.contacts.never")}</span>
    );
  const consent = (row: Contact) =>
    row.consent && row.consentOn
      ? t(`client:contact.consentSince.${row.consent}`, { day: format.date(row.consentOn) })
      : t(`client:contact.consents.${row.consent ?? "unknown"}`);
  const change = (row: Contact) => (
    <IconButton
      size="sm"
      variant="ghost"
      label={t("client:contact.edit", { name: contactName(row) })}
      onClick={() => setSheet({ contact: row })}
    >
      <Pencil aria-hidden />
    </IconButton>
  );
  return (
    <Card aria-labelledby="contacts">
      <CardHeader
        id="contacts"
        title={t("page.contacts.title", {
          count: client.contactsCount,
          n: format.number(client.contactsCount),
        })}
        actions={
          edit && (
            <Button onClick={() => setSheet({})}>
              <UserPlus aria-hidden />
              {t("client:contact.add")}
            </Button>
          )
        }
      />
      {sheet && (
        <Suspense>
          <ContactSheet
            client={client}
            contact={sheet.contact}
            onClose={() => setSheet(undefined)}
          />
        </Suspense>
      )}
      <DataTable
        label={t("page.tabs.contacts")}
        rows={rows}
        rowKey={(row) => row.id}
        rowLabel={contactName}
        rowHeight={45}
        total={total}
        loading={query.isPending}
        error={query.error}
        errorTitle={t("page.contacts.error")}
        onRetry={() => void query.refetch()}
        empty={
          <EmptyState
            level={3}
            icon={<UserRound aria-hidden />}
            title={t("page.contacts.none")}
            text={t("page.contacts.noneText")}
          />
        }
        columns={[
          {
            key: "name",
            header: t("page.contacts.name"),
            width: 220,
            cell: (row) => <Person contact={row} />,
          },
          {
            key: "email",
            header: t("page.contacts.email"),
            cell: (row) =>
              row.email ? (
                <a
                  href={`mailto:${row.email}`}
                  className="rounded-check text-accent-words underline-offset-4 hover:underline"
                >
                  {row.email}
                </a>
              ) : (
                format.number(null)
              ),
          },
          {
            key: "nps",
            header: "NPS",
            cell: (row) => (row.nps == null ? format.number(null) : <Nps contact={row} />),
          },
          {
            key: "consent",
            header: t("client:contact.consentHeader"),
            cell: (row) => (
              <span className={row.consent === "refused" ? "text-critical-text" : "text-ink-2"}>
                {consent(row)}
              </span>
            ),
          },
          {
            key: "seen",
            header: t("page.contacts.lastSeen"),
            className: "whitespace-nowrap",
            cell: seen,
          },
          ...(edit
            ? [
                {
                  key: "edit",
                  header: <span className="sr-only">{t("client:edit.open")}</span>,
                  cell: change,
                },
              ]
            : []),
        ]}
        renderCard={(row) => (
          <div className="flex items-center justify-between gap-3">
            <Person contact={row} />
            <span className="flex shrink-0 items-center gap-1 text-ink-2 text-meta">
              <Nps contact={row} />
              {row.nps == null && seen(row)}
              {edit && change(row)}
            </span>
          </div>
        )}
      />
    </Card>
  );
}
