/** People at the client's. */
import { useQuery } from "@tanstack/react-query";
import { UserRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { DataTable } from "@/components/data-table";
import { Avatar } from "@/components/ui/avatar";
import { Card, CardHeader } from "@/components/ui/card";
import { RelativeTime } from "@/components/ui/misc";
import { EmptyState } from "@/components/ui/states";
import { useFormat } from "@/lib/session";
import { type ClientDetail, type Contact, contactsQuery } from "./api";

export const contactName = (contact: Contact) =>
  contact.name || contact.email || contact.externalId;

/** Name and role, the way every list shows a person. */
export function Person({ contact }: { contact: Contact }) {
  const name = contactName(contact);
  return (
    <span className="flex min-w-0 items-center gap-3">
      <Avatar id={contact.id} name={name} kind="person" />
      <span className="min-w-0">
        <span className="block truncate font-medium">{name}</span>
        {contact.role && (
          <span className="block truncate text-ink-2 text-meta">{contact.role}</span>
        )}
      </span>
    </span>
  );
}

export function ContactsTab({ client }: { client: ClientDetail }) {
  const { t } = useTranslation("clients");
  const format = useFormat();
  const query = useQuery(contactsQuery(client.id));
  const rows = query.data?.items ?? [];
  const total = query.data?.items.length;
  const seen = (row: Contact) =>
    row.lastSeenAt ? (
      <RelativeTime at={row.lastSeenAt} />
    ) : (
      <span className="text-ink-3">{t("page.contacts.never")}</span>
    );
  return (
    <Card aria-labelledby="contacts">
      <CardHeader
        id="contacts"
        title={t("page.contacts.title", {
          count: client.contactsCount,
          n: format.number(client.contactsCount),
        })}
      />
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
            key: "seen",
            header: t("page.contacts.lastSeen"),
            className: "whitespace-nowrap",
            cell: seen,
          },
        ]}
        renderCard={(row) => (
          <div className="flex items-center justify-between gap-3">
            <Person contact={row} />
            <span className="shrink-0 text-ink-2 text-meta">{seen(row)}</span>
          </div>
        )}
      />
    </Card>
  );
}
