/** Top of a client's page: who they are, and six facts with where they come from. */
import { useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/components/ui/avatar";
import { Badge, type Tone } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { Change } from "@/components/ui/change";
import { HealthMark } from "@/components/ui/health";
import { RelativeTime, TextLink } from "@/components/ui/misc";
import { NumberDoor, type Provenance } from "@/components/ui/number-door";
import { cn } from "@/lib/cn";
import { daysBetween, type Format } from "@/lib/format";
import { useFlash } from "@/lib/live";
import { useFormat } from "@/lib/session";
import { type ClientDetail, subscriptionsQuery } from "./api";
import { ClientActions } from "./page-actions";
import type { OwnFieldsForm } from "./page-edit-sheet";

const STATUS_TONE: Record<ClientDetail["status"], Tone> = {
  active: "excellent",
  trial: "accent",
  churned: "critical",
  paused: "watch",
  archived: "neutral",
  none: "neutral",
  deleted: "neutral",
};

export function ClientHeader({
  client,
  ownFields,
  newTask,
  healthProvenance,
  stage,
}: {
  client: ClientDetail;
  ownFields: OwnFieldsForm;
  /** Makes a task for it; from another feature. */
  newTask: ReactNode;
  healthProvenance: Provenance | undefined;
  /** Where its journey stands; from another feature. */
  stage: ReactNode;
}) {
  const { t } = useTranslation("clients");
  const format = useFormat();
  const { data: subscriptions } = useQuery(subscriptionsQuery(client.id));
  const counted = subscriptions?.items.filter((item) => item.mrrCents !== 0) ?? [];
  const flash = useFlash(client.mrrCents);
  const healthFlash = useFlash(client.health);
  const facts = [
    client.domain,
    client.sinceDay && t("page.since", { day: format.date(client.sinceDay) }),
    client.seats != null &&
      t("page.seats", { count: client.seats, n: format.number(client.seats) }),
    client.plan && t("page.plan", { plan: client.plan }),
    client.renewsOn && renewal(t, format, client.renewsOn),
  ].filter(Boolean);
  const badges = [client.industry, client.segment, ...client.editable.tags].filter(Boolean);
  const mark = (
    <span className={cn(client.health == null ? "text-body" : "text-value", healthFlash)}>
      <HealthMark
        score={client.health}
        class={client.healthClass}
        coverage={client.healthCoverage}
        word
      />
    </span>
  );
  return (
    <Card aria-labelledby="client-name" className="mb-2">
      <div className="flex items-center gap-4 p-4 max-md:gap-3">
        <Avatar id={client.id} name={client.name} size="lg" />
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h1
              id="client-name"
              className="min-w-0 break-words font-semibold text-page max-md:text-value"
            >
              {client.name}
            </h1>
            {(badges.length > 0 || client.editable.archived) && (
              <span className="flex min-w-0 flex-wrap gap-1.5">
                {client.editable.archived && client.status !== "archived" && (
                  <Badge>{t("page.status.archived")}</Badge>
                )}
                {badges.map((word, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a tag may say the same as a segment
                  <Badge key={at}>{word}</Badge>
                ))}
              </span>
            )}
          </div>
          {client.parent && (
            <p className="mt-0.5">
              <TextLink to="/clients/$id" params={{ id: client.parent.id }}>
                {t("page.parent", { name: client.parent.name })}
              </TextLink>
            </p>
          )}
          {facts.length > 0 && (
            <p className="mt-0.5 break-words text-body text-ink-2">{facts.join(" · ")}</p>
          )}
        </div>
        <ClientActions client={client} ownFields={ownFields} newTask={newTask} />
      </div>
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the strip scrolls sideways on phones
        tabIndex={0}
        role="group"
        aria-label={t("page.facts.label")}
        className="no-scrollbar overflow-x-auto border-border border-t"
      >
        <dl className="grid min-w-max grid-flow-col divide-x divide-border xl:min-w-0 xl:grid-flow-row xl:grid-cols-[minmax(0,1.45fr)_repeat(4,minmax(0,1fr))_minmax(0,1.4fr)_minmax(0,1.1fr)]">
          <Fact
            label={t("page.facts.health")}
            note={
              client.frozen ? (
                t("page.facts.frozen")
              ) : client.healthChange30d == null ? (
                t("page.facts.noChange")
              ) : (
                <Over text={t("page.facts.days30")}>
                  <Change
                    value={client.healthChange30d}
                    text={format.points(client.healthChange30d, { digits: 0 })}
                  />
                </Over>
              )
            }
          >
            {healthProvenance ? (
              <NumberDoor provenance={healthProvenance}>{mark}</NumberDoor>
            ) : (
              mark
            )}
          </Fact>
          <Fact
            label={t("page.facts.mrr")}
            note={
              <>
                {client.mrrChange3mPct != null && (
                  <>
                    <Over text={t("page.facts.months3")}>
                      <Change
                        value={client.mrrChange3mPct}
                        text={format.percentValue(client.mrrChange3mPct, { signed: true })}
                      />
                    </Over>
                    <span aria-hidden> · </span>
                  </>
                )}
                {t("page.facts.arr", { amount: format.money(client.arrCents) })}
              </>
            }
          >
            <NumberDoor
              provenance={{
                title: t("page.mrrDoor.title"),
                formula: t("page.mrrDoor.formula"),
                parts: counted.map((item) => ({
                  label: item.product,
                  value: format.money(item.mrrCents),
                })),
                total: {
                  label: t("page.mrrDoor.total"),
                  value: format.money(client.mrrCents),
                },
                links: (
                  <TextLink
                    to="/clients/$id"
                    params={{ id: client.id }}
                    search={{ tab: "subscriptions" }}
                  >
                    {t("page.mrrDoor.link")}
                  </TextLink>
                ),
              }}
            >
              <span className={cn("tnum font-semibold text-value", flash)}>
                {format.money(client.mrrCents)}
              </span>
            </NumberDoor>
          </Fact>
          <Fact
            label={t("page.facts.status")}
            note={t("page.facts.subscriptions", {
              count: client.subscriptionsActive,
              n: format.number(client.subscriptionsActive),
            })}
          >
            <Badge tone={STATUS_TONE[client.status] ?? "neutral"}>
              {t(`page.status.${client.status}`)}
            </Badge>
          </Fact>
          {stage}
          <Fact
            label={t("page.facts.tickets")}
            note={t(client.openTickets > 0 ? "page.facts.ticketsNote" : "page.facts.ticketsNone")}
          >
            <TextLink
              to="/clients/$id"
              params={{ id: client.id }}
              search={{ tab: "tickets" }}
              className="tnum font-semibold text-ink text-value"
              aria-label={t("page.facts.ticketsLink", {
                count: client.openTickets,
                n: format.number(client.openTickets),
              })}
            >
              {format.number(client.openTickets)}
            </TextLink>
          </Fact>
          <Fact label={t("page.facts.owner")}>
            {client.owner ? (
              <span className="inline-flex min-w-0 items-center gap-2">
                <Avatar id={client.owner} name={client.owner} kind="person" size="sm" />
                <span className="truncate font-semibold text-value">{client.owner}</span>
              </span>
            ) : (
              <span className="text-ink-3">{t("page.facts.noOwner")}</span>
            )}
          </Fact>
          <Fact
            label={t("page.facts.lastSeen")}
            note={client.lastSeenAt ? exactly(format, client.lastSeenAt) : undefined}
          >
            {client.lastSeenAt ? (
              <span className="font-semibold text-value">
                <RelativeTime at={client.lastSeenAt} />
              </span>
            ) : (
              <span className="text-ink-3">{t("page.facts.neverSeen")}</span>
            )}
          </Fact>
        </dl>
      </div>
    </Card>
  );
}

/** When its next subscription renews, and in how many days. */
function renewal(t: TFunction<"clients">, format: Format, day: string): string {
  const count = Math.max(0, daysBetween(format.today(), day));
  const left = t("page.renewsIn", { count, n: format.number(count) });
  return t("page.renews", {
    day: format.date(day),
    left: count === 0 ? t("page.renewsToday") : left,
  });
}

/** What the value leaves out: it names the day itself once a week has passed. */
function exactly(format: Format, at: string): string {
  return format.relative(at) === format.date(at) ? format.time(at) : format.dateTime(at);
}

function Over({ text, children }: { text: string; children: ReactNode }) {
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-1">
      {children}
      <span className="whitespace-nowrap">{text}</span>
    </span>
  );
}

function Fact({ label, note, children }: { label: string; note?: ReactNode; children: ReactNode }) {
  return (
    <div className="min-w-0 px-4 py-3 xl:px-3 xl:first:pl-4">
      <dt className="whitespace-nowrap text-ink-2 text-meta">{label}</dt>
      <dd className="mt-0.5 flex min-h-6 items-center">{children}</dd>
      {note && (
        <dd className="mt-0.5 whitespace-nowrap text-ink-2 text-meta xl:whitespace-normal">
          {note}
        </dd>
      )}
    </div>
  );
}
