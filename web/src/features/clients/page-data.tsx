/** Raw facts, as the sources sent them. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card, CardHeader } from "@/components/ui/card";
import { useFormat } from "@/lib/session";
import { type ClientDetail, ownFieldsQuery } from "./api";
import { useShown } from "./page-conflict";
import type { Value } from "./page-edit";

export function DataTab({ client }: { client: ClientDetail }) {
  const { t } = useTranslation("clients");
  const format = useFormat();
  const facts: [string, string | null | undefined][] = [
    [t("page.data.externalId"), client.externalId],
    [t("page.data.id"), client.id],
    [t("page.data.domain"), client.domain],
    [t("page.data.segment"), client.segment],
    [t("page.data.industry"), client.industry],
    [t("page.data.country"), client.country],
    [t("page.data.owner"), client.owner],
    [t("page.data.plan"), client.plan],
    [t("page.data.seats"), client.seats == null ? null : format.number(client.seats)],
    [t("page.data.since"), client.sinceDay && format.date(client.sinceDay)],
    [t("page.data.created"), format.dateTime(client.createdAt)],
  ];
  const { data: own } = useQuery(ownFieldsQuery);
  const shown = useShown();
  const values = client.editable.fields as Record<string, Value | undefined>;
  const held = own?.items.filter(({ key }) => values[key] != null) ?? [];
  const tags = client.editable.tags;
  const traits = Object.entries(client.traits ?? {});
  return (
    <div className="grid items-start gap-4 max-md:gap-3 lg:grid-cols-2">
      <Card aria-labelledby="facts">
        <CardHeader id="facts" title={t("page.data.title")} />
        <Facts rows={facts.map(([name, value]) => [name, value ?? format.number(null)])} />
      </Card>
      {(held.length > 0 || tags.length > 0) && (
        <Card aria-labelledby="own">
          <CardHeader id="own" title={t("page.data.own")} />
          <Facts
            rows={[
              ...(tags.length > 0
                ? [[t("page.data.tags"), tags.join(", ")] as [string, string]]
                : []),
              ...held.map(({ key, label }): [string, string] => [
                label,
                shown(`fields.${key}`, values[key]),
              ]),
            ]}
          />
        </Card>
      )}
      <Card aria-labelledby="traits">
        <CardHeader
          id="traits"
          title={t("page.data.traits")}
          subtitle={t("page.data.traitsText")}
        />
        {traits.length === 0 ? (
          <p className="px-4 pb-4 text-ink-2">{t("page.data.none")}</p>
        ) : (
          <Facts
            mono
            rows={traits.map(([name, value]) => [
              name,
              typeof value === "string" ? value : JSON.stringify(value, null, 2),
            ])}
          />
        )}
      </Card>
    </div>
  );
}

function Facts({ rows, mono }: { rows: [string, string][]; mono?: boolean }) {
  return (
    <dl className="divide-y divide-border border-border border-t">
      {rows.map(([name, value]) => (
        <div key={name} className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)] gap-4 px-4 py-2.5">
          <dt className={mono ? "break-words font-mono text-ink-2 text-meta" : "text-ink-2"}>
            {name}
          </dt>
          <dd
            className={mono ? "whitespace-pre-wrap break-words font-mono text-meta" : "break-words"}
          >
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
