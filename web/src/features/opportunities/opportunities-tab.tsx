/** The tab of all opportunities: three lists with their totals, and decisions in place. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Settings2, Sprout } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DataTable } from "@/components/data-table";
import { Button, IconButton } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { HealthMark } from "@/components/ui/health";
import { Select } from "@/components/ui/input";
import { TextLink } from "@/components/ui/misc";
import { Segmented } from "@/components/ui/segmented";
import { EmptyState } from "@/components/ui/states";
import { detectorName, whyText } from "@/lib/opportunity-words";
import { useFormat } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import { LISTS, listQuery, type Opportunity, STATES } from "./api";
import { DecideMenu } from "./decide";
import { DetailSheet, StateBadge } from "./detail-sheet";
import { Matrix } from "./matrix";
import { type Part, usePart, WHOLE } from "./part";
import type { OpportunitySearch } from "./search";
import { SettingsSheet } from "./settings-sheet";
import { TotalsStrip } from "./totals";

export function OpportunitiesTab() {
  const { t } = useTranslation("opportunities");
  const { t: words } = useTranslation();
  const format = useFormat();
  const [search, set] = useUrlState<OpportunitySearch & Part>();
  const part = usePart();
  const [settings, setSettings] = useState(false);
  const params = {
    list: search.list,
    state: search.state,
    ...part,
  };
  const query = useInfiniteQuery({ ...listQuery(params), enabled: search.shown !== "matrix" });
  const first = query.data?.pages[0];
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = Object.values(params).some(Boolean);
  const clear = () => set({ list: undefined, state: undefined, ...WHOLE });
  const open = (row: Opportunity) => set({ opportunity: row.id }, { push: true });
  const probability = (row: Opportunity) => format.percent(row.probability, { digits: 0 });
  const lists = (
    <>
      <TotalsStrip totals={first?.totals} chosen={search.list} />
      <Card aria-labelledby="opportunities">
        <CardHeader
          id="opportunities"
          title={search.list ? words(`opportunity.list.${search.list}`) : t("title")}
          subtitle={first && t("count", { count: first.total, n: format.number(first.total) })}
          actions={
            <>
              <Segmented
                label={t("filter.list")}
                value={search.list ?? "all"}
                onChange={(value) => set({ list: value === "all" ? undefined : value })}
                options={(["all", ...LISTS] as const).map((value) => ({
                  value,
                  label: value === "all" ? t("filter.all") : words(`opportunity.list.${value}`),
                }))}
                className="max-w-full max-md:hidden"
              />
              <IconButton label={t("settings.open")} onClick={() => setSettings(true)}>
                <Settings2 aria-hidden />
              </IconButton>
            </>
          }
        />
        <div className="grid grid-cols-2 gap-2 px-4 pb-3 md:flex md:flex-wrap">
          <Field label={t("filter.list")} className="md:hidden">
            <Select
              value={search.list ?? ""}
              onChange={(event) =>
                set({ list: LISTS.find((value) => value === event.target.value) })
              }
            >
              <option value="">{t("filter.all")}</option>
              {LISTS.map((value) => (
                <option key={value} value={value}>
                  {words(`opportunity.list.${value}`)}
                </option>
              ))}
            </Select>
          </Field>
          <Field label={t("filter.state")} className="md:w-44">
            <Select
              value={search.state ?? ""}
              onChange={(event) =>
                set({ state: STATES.find((value) => value === event.target.value) })
              }
            >
              <option value="">{t("filter.live")}</option>
              {STATES.map((value) => (
                <option key={value} value={value}>
                  {words(`opportunity.state.${value}`)}
                  {first?.states[value] ? ` (${format.number(first.states[value])})` : ""}
                </option>
              ))}
            </Select>
          </Field>
        </div>
        <DataTable
          label={t("title")}
          rows={rows}
          rowKey={(row) => row.id}
          rowLabel={(row) => `${row.clientName}, ${detectorName(row.detector)}`}
          rowHeight={45}
          onOpen={open}
          total={first?.total}
          hasMore={query.hasNextPage}
          loadingMore={query.isFetchingNextPage}
          onLoadMore={() => void query.fetchNextPage()}
          loading={query.isPending}
          error={query.error}
          errorTitle={t("error")}
          onRetry={() => void query.refetch()}
          resetKey={JSON.stringify(params)}
          empty={
            <EmptyState
              level={3}
              icon={<Sprout aria-hidden />}
              title={t("empty.title")}
              text={t("empty.text")}
              actions={filtered && <Button onClick={clear}>{t("empty.clear")}</Button>}
            />
          }
          columns={[
            {
              key: "client",
              header: t("col.client"),
              width: 190,
              cell: (row) => (
                <>
                  <span className="block max-w-48 truncate font-medium">{row.clientName}</span>
                  <span className="flex items-center gap-1.5 text-ink-2 text-meta">
                    <HealthMark score={row.clientHealth} class={row.clientHealthClass} />
                    {format.money(row.clientMrrCents)}
                  </span>
                </>
              ),
            },
            {
              key: "why",
              header: t("col.why"),
              cell: (row) => (
                <span className="block max-w-[390px] 2xl:max-w-[640px]">
                  <span className="flex items-center gap-2">
                    <span className="truncate">{detectorName(row.detector)}</span>
                    {row.state !== "open" && <StateBadge state={row.state} />}
                  </span>
                  <span
                    className="block truncate text-ink-2 text-meta"
                    title={whyText(format, row.evidence)}
                  >
                    {whyText(format, row.evidence)}
                  </span>
                </span>
              ),
            },
            {
              key: "amount",
              header: t("col.amount"),
              align: "end",
              cell: (row) => (
                <>
                  <span className="block">{format.money(row.amountCents)}</span>
                  <span className="block text-ink-2 text-meta">
                    {row.amountCents == null ? probability(row) : `× ${probability(row)}`}
                  </span>
                </>
              ),
            },
            {
              key: "expected",
              header: t("col.expected"),
              align: "end",
              cell: (row) => (
                <span className="font-semibold">
                  {row.state === "won"
                    ? format.money(row.wonCents)
                    : row.amountCents == null
                      ? format.money(null)
                      : format.money(row.expectedCents)}
                </span>
              ),
            },
            {
              key: "actions",
              header: t("col.actions"),
              align: "end",
              cell: (row) => (
                // biome-ignore lint/a11y/noStaticElementInteractions: keeps the row from opening
                <span
                  onClick={(event) => event.stopPropagation()}
                  onKeyDown={(event) => event.stopPropagation()}
                >
                  <DecideMenu item={row} onDetail={() => open(row)} />
                </span>
              ),
            },
          ]}
          renderCard={(row) => (
            <div className="flex flex-col gap-1">
              <span className="flex items-start justify-between gap-3">
                <span className="min-w-0 break-words font-medium">{row.clientName}</span>
                <span className="tnum shrink-0 font-semibold">
                  {row.amountCents == null ? t("noAmount") : format.money(row.expectedCents)}
                </span>
              </span>
              <span className="flex items-start justify-between gap-3 text-ink-2 text-meta">
                <span className="min-w-0">
                  {detectorName(row.detector)} · {whyText(format, row.evidence)}
                </span>
                <span className="tnum shrink-0">{probability(row)}</span>
              </span>
              {row.state !== "open" && (
                <span>
                  <StateBadge state={row.state} />
                </span>
              )}
            </div>
          )}
        />
      </Card>
    </>
  );
  const matrix = search.shown === "matrix";
  return (
    <div className="flex flex-col gap-4 max-md:gap-3">
      <Segmented
        label={t("shown.label")}
        value={matrix ? "matrix" : "lists"}
        onChange={(value) => set({ shown: value === "matrix" ? "matrix" : undefined })}
        options={[
          { value: "lists", label: t("shown.lists") },
          { value: "matrix", label: t("shown.matrix") },
        ]}
        className="self-start"
      />
      {matrix ? <Matrix /> : lists}
      <DetailSheet id={search.opportunity} onClose={() => set({ opportunity: undefined })} />
      <SettingsSheet open={settings} onOpenChange={setSettings} />
    </div>
  );
}

/** The way from elsewhere into a list of the tab. */
export function ListLink({
  list,
  children,
}: {
  list: (typeof LISTS)[number];
  children: React.ReactNode;
}) {
  return (
    <TextLink to="/clients/growth" search={{ tab: "opportunities", list, ...usePart() } as never}>
      {children}
    </TextLink>
  );
}
