/** The clients that match, as a table or as cards, with what is chosen among them. */
import { Link, useNavigate } from "@tanstack/react-router";
import { FileUp, SearchX } from "lucide-react";
import { type RefObject, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Column, DataTable } from "@/components/data-table";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState, ErrorState, Loading, Notice, Skeleton } from "@/components/ui/states";
import { cn } from "@/lib/cn";
import { useDelayed, usePhone } from "@/lib/hooks";
import { useCan, useFormat } from "@/lib/session";
import type { Client, Fact } from "./api";
import { ClientCards } from "./cards";
import { FactCell, NameCell } from "./cells";
import { type ColumnChoice, move, NAME, resize, widthOf } from "./columns";
import type { Layout } from "./search";
import { choose, has, type Selection, stateOf, touch } from "./selection";
import type { useRows } from "./use-rows";
import { factLabel, inSentence } from "./words";

export interface ClientTableProps {
  list: ReturnType<typeof useRows>;
  columns: readonly ColumnChoice[];
  facts: ReadonlyMap<string, Fact>;
  layout: Layout;
  sort: string;
  selection: Selection;
  /** The row touched last, from which Shift extends. */
  anchor: RefObject<number | undefined>;
  /** Another list starts at its top again. */
  resetKey: string;
  /** Something narrows the list: it can be taken away. */
  narrowed: boolean;
  onSort: (sort: string) => void;
  onColumns: (columns: ColumnChoice[]) => void;
  onSelect: (next: (before: Selection) => Selection) => void;
  onClear: () => void;
  onCreate: () => void;
}

export function ClientTable(props: ClientTableProps) {
  const { list, columns, facts, layout, sort, selection, anchor, onSelect } = props;
  const { t } = useTranslation("advanced");
  const { t: words } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const edits = useCan("edit");
  const manages = useCan("manage");
  const phone = usePhone();
  const waiting = useDelayed(list.placeholder);
  const { rows } = list;
  const drawn = useColumns(columns, facts);
  const onToggle = (index: number, extend: boolean) => {
    const from = anchor.current;
    if (!extend) anchor.current = index;
    onSelect((before) => touch(before, rows, index, from, extend));
  };
  const empty = (
    <EmptyState
      icon={<SearchX aria-hidden />}
      title={t(props.narrowed ? "list.noneMatch" : "list.none")}
      text={t(props.narrowed ? "list.noneMatchText" : "list.noneText")}
      actions={
        props.narrowed ? (
          <Button onClick={props.onClear}>{t("list.clear")}</Button>
        ) : (
          edits && (
            <>
              {manages && (
                <Button variant="primary" asChild>
                  <Link to="/clients/import">
                    <FileUp aria-hidden />
                    {t("transfer.import")}
                  </Link>
                </Button>
              )}
              <Button onClick={props.onCreate}>{t("create.open")}</Button>
            </>
          )
        )
      }
    />
  );
  const sorted = facts.get(sort.replace(/^-/, ""));
  const footer = list.total !== undefined && (
    <>
      <span>
        {t(sort.startsWith("-") ? "list.footerDesc" : "list.footerAsc", {
          count: list.total,
          n: format.number(list.total),
          fact: inSentence(sorted ? factLabel(t, sorted) : t("fact.health")),
        })}
      </span>
      <span>
        {t("list.sum")}{" "}
        <span className="tnum font-semibold text-ink">{format.money(list.sumMrrCents)}</span>
      </span>
    </>
  );
  return (
    <>
      {list.failed && !list.loadingMore && (
        <Notice
          className="mb-3"
          title={t("list.stale", { time: format.time(new Date(list.updatedAt)) })}
          action={
            <Button variant="link" onClick={list.refetch}>
              {words("actions.retry")}
            </Button>
          }
        />
      )}
      <div
        aria-busy={list.placeholder}
        className={cn("transition-opacity duration-120", waiting && "opacity-60")}
      >
        {layout === "cards" || phone ? (
          list.error && rows.length === 0 ? (
            <ErrorState title={t("list.error")} error={list.error} onRetry={list.refetch} />
          ) : list.pending ? (
            <Loading className="flex flex-col gap-3">
              <Skeleton className="h-32 w-full" />
              <Skeleton className="h-32 w-full" />
            </Loading>
          ) : rows.length === 0 ? (
            <Card>{empty}</Card>
          ) : (
            <>
              <ClientCards
                key={props.resetKey}
                label={t("list.label")}
                rows={rows}
                columns={columns}
                facts={facts}
                has={(client) => has(selection, client.id)}
                onToggle={edits ? (index) => onToggle(index, false) : undefined}
                hasMore={list.hasMore}
                loadingMore={list.loadingMore}
                onLoadMore={list.more}
                onRange={list.onRange}
              />
              <div className="flex flex-wrap justify-between gap-x-4 py-2.5 text-ink-2">
                {footer}
              </div>
            </>
          )
        ) : (
          <Card>
            <DataTable
              label={t("list.label")}
              columns={drawn}
              rows={rows}
              rowKey={(row) => row.id}
              rowLabel={(row) => row.name}
              onOpen={(row) => void navigate({ to: "/clients/$id", params: { id: row.id } })}
              sort={sort}
              onSort={props.onSort}
              resetKey={props.resetKey}
              total={list.total}
              hasMore={list.hasMore}
              loadingMore={list.loadingMore}
              onLoadMore={list.more}
              onRange={list.onRange}
              loading={list.pending}
              error={list.error}
              errorTitle={t("list.error")}
              onRetry={list.refetch}
              rowHeight={45}
              maxHeight="max(320px, calc(100dvh - 300px))"
              className="rounded-card"
              onResize={(key, width) => props.onColumns(resize(columns, key, width))}
              onMove={(key, to) => props.onColumns(move(columns, key, to))}
              selection={
                edits
                  ? {
                      has: (row) => has(selection, row.id),
                      all: stateOf(selection, rows),
                      onToggle,
                      onToggleAll: (on) =>
                        onSelect((before) =>
                          on
                            ? choose(
                                before,
                                rows.map(({ id }) => id),
                                true,
                              )
                            : { mode: "some", ids: new Set() },
                        ),
                      label: (row) => t("select.one", { name: row.name }),
                      allLabel: t("select.shown"),
                    }
                  : undefined
              }
              empty={empty}
              footer={footer}
            />
          </Card>
        )}
      </div>
    </>
  );
}

const FIGURES = new Set<Fact["kind"]>(["number", "money"]);

function useColumns(
  chosen: readonly ColumnChoice[],
  facts: ReadonlyMap<string, Fact>,
): Column<Client>[] {
  const { t } = useTranslation("advanced");
  const format = useFormat();
  return useMemo(
    () =>
      chosen.map((choice): Column<Client> => {
        if (choice.key === NAME) {
          return {
            key: NAME,
            header: t("list.client"),
            sort: NAME,
            width: widthOf(choice, "text"),
            cell: (client) => <NameCell client={client} t={t} />,
          };
        }
        const fact = facts.get(choice.key);
        if (!fact) return { key: choice.key, header: choice.key, cell: () => null };
        const figure = FIGURES.has(fact.kind) && fact.key !== "health";
        return {
          key: fact.key,
          header: factLabel(t, fact),
          sort: fact.sortable ? fact.key : undefined,
          // Low health comes first, large figures do.
          descFirst: figure || fact.kind === "instant",
          align: figure ? "end" : "start",
          width: widthOf(choice, fact.kind),
          className: "overflow-hidden",
          cell: (client) => <FactCell fact={fact} client={client} t={t} format={format} />,
        };
      }),
    [chosen, facts, t, format],
  );
}
