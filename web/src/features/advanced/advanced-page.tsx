/** Client management: views, filters, figures and the list itself; all of its state stands in the URL. */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  ArrowLeftRight,
  Columns3,
  Download,
  Ellipsis,
  FileUp,
  Filter,
  Plus,
  SlidersHorizontal,
} from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommands } from "@/components/layout/commands";
import { PageHeader } from "@/components/layout/page-header";
import { Button, IconButton } from "@/components/ui/button";
import { LiveSearch } from "@/components/ui/live-search";
import { Menu, MenuItem } from "@/components/ui/menu";
import { TextLink } from "@/components/ui/misc";
import { Segmented } from "@/components/ui/segmented";
import { ErrorState, Loading, Notice, Skeleton } from "@/components/ui/states";
import { LinkTab, LinkTabs } from "@/components/ui/tabs";
import { usePhone } from "@/lib/hooks";
import { errorText } from "@/lib/i18n";
import { useCan, useFormat } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import {
  expressionQuery,
  type Fact,
  factsQuery,
  figuresQuery,
  readExpression,
  type SavedView,
  tabsQuery,
  viewsQuery,
} from "./api";
import { type BulkKind, selectionBody } from "./api-bulk";
import { started } from "./builder";
import { BulkBar } from "./bulk-bar";
import { RunCard } from "./bulk-run";
import { BulkSheet } from "./bulk-sheet";
import { Chips } from "./chips";
import { ClientTable } from "./client-table";
import { type ColumnChoice, NAME, shownColumns, writeColumns } from "./columns";
import { ColumnsSheet } from "./columns-sheet";
import { CreateSheet } from "./create-sheet";
import { type ExportAsked, ExportSheet } from "./export-sheet";
import {
  append,
  asGroup,
  childrenOf,
  type Group,
  join,
  joinedBy,
  NOTHING,
  type Path,
  replace,
  type Tree,
  tidy,
} from "./expression";
import { FiguresStrip } from "./figures-strip";
import { FilterSheet, type FilterSheetProps } from "./filter-sheet";
import { ReassignSheet } from "./reassign-sheet";
import { type AdvancedSearch, both, filters, LAYOUTS, shown, TABS, tabOf } from "./search";
import { EVERYBODY, NOBODY, type Selection, size } from "./selection";
import { SortField } from "./sort-field";
import { useRows } from "./use-rows";
import { type Naming, ViewSheet } from "./view-sheet";
import { Views } from "./views";

export function AdvancedPage() {
  const { t } = useTranslation("advanced");
  const facts = useQuery(factsQuery);
  const views = useQuery(viewsQuery);
  const [search] = useUrlState<AdvancedSearch>();
  // A view has to be known before it can be shown.
  const waits = search.view !== undefined && views.isPending;
  if (facts.data && !waits) return <Page facts={facts.data} views={views.data} />;
  return (
    <>
      <PageHeader title={t("title")} />
      {facts.error ? (
        <ErrorState
          title={t("list.error")}
          error={facts.error}
          onRetry={() => void facts.refetch()}
        />
      ) : (
        <Loading className="flex flex-col gap-4">
          <Skeleton className="h-10 w-full" />
          <Skeleton className="h-96 w-full" />
        </Loading>
      )}
    </>
  );
}

function Page({ facts, views }: { facts: readonly Fact[]; views: SavedView[] | undefined }) {
  const { t } = useTranslation("advanced");
  const format = useFormat();
  const client = useQueryClient();
  const edits = useCan("edit");
  const manages = useCan("manage");
  const navigate = useNavigate();
  const phone = usePhone();
  const [search, set] = useUrlState<AdvancedSearch>();
  const view = views?.find(({ id }) => id === search.view);
  // A view that is gone is not asked for.
  const asked = search.view && views && !view ? { ...search, view: undefined } : search;
  const now = shown(asked, view);
  const byKey = useMemo(() => new Map(facts.map((fact) => [fact.key, fact])), [facts]);
  const chosen = now.columns && writeColumns(now.columns);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the columns as text are what changes
  const columns = useMemo(() => shownColumns(now.columns, facts), [chosen, facts]);

  const all = filters(asked, "all");
  const tabs = useQuery({ ...tabsQuery(all), placeholderData: keepPreviousData });
  const tab = tabOf(asked, tabs.data);
  const narrowing = filters(asked, tab);
  const list = useRows({
    ...narrowing,
    sort: now.sort,
    columns: columns
      .map(({ key }) => key)
      .filter((key) => key !== NAME)
      .join(","),
  });
  const figures = useQuery({ ...figuresQuery(narrowing), placeholderData: keepPreviousData });

  // A view says itself what its text means, as long as its facts are there.
  const said =
    view?.tree && view.count != null ? { where: view.where, tree: view.tree } : undefined;
  const written = useQuery({
    ...expressionQuery(now.where),
    enabled: now.where !== "" && now.where !== said?.where,
  });
  const unread = now.where === "" ? undefined : (written.error ?? undefined);
  const tree: Group =
    now.where === ""
      ? NOTHING
      : now.where === said?.where
        ? asGroup(said.tree)
        : asGroup(written.data?.tree ?? NOTHING);

  const { selection, setSelection, anchor } = useSelection(JSON.stringify(narrowing));
  const [filtering, setFiltering] = useState<FilterSheetProps["open"]>();
  const [choosing, setChoosing] = useState(false);
  const [creating, setCreating] = useState(false);
  const [naming, setNaming] = useState<Naming>();
  const [acting, setActing] = useState<BulkKind>();
  const [run, setRun] = useState<string>();
  const [exporting, setExporting] = useState<ExportAsked>();
  const total = list.placeholder ? undefined : list.total;
  const count = size(selection, total ?? 0);

  const where = (text: string) => set({ where: text }, { push: true });
  /** Puts a tree in force: the server writes it as text. */
  async function apply(next: Tree) {
    const said = tidy(next);
    if (childrenOf(said).length === 0) return where("");
    const expression = await client.fetchQuery({
      queryKey: ["clients", "expression", "tree", said],
      queryFn: () => readExpression({ tree: said }),
      retry: false,
    });
    client.setQueryData(expressionQuery(expression.text).queryKey, expression);
    where(expression.text);
  }
  const openFilters = useCallback(
    (focus?: Path, on: Group = tree) => setFiltering({ tree: on, text: now.where, focus }),
    [tree, now.where],
  );
  function addFilter() {
    const first = byKey.get("mrr") ?? facts[0];
    const on = first ? append(tree, [], started(first)) : tree;
    openFilters([childrenOf(tree).length], asGroup(on));
  }
  function openView(next: SavedView | undefined) {
    if (next) {
      // What was just saved is shown at once, before the list of views is asked for again.
      client.setQueryData(viewsQuery.queryKey, (before) => ({
        items: [...(before?.items ?? []).filter(({ id }) => id !== next.id), next],
      }));
    }
    set({ ...UNFILTERED, view: next?.id }, { push: true });
  }
  const kept = {
    where: now.where,
    sort: now.sort,
    columns,
    layout: now.layout,
  };
  const worth =
    now.where !== "" ||
    search.columns !== undefined ||
    search.sort !== undefined ||
    search.layout !== undefined;
  const saveAs = () => setNaming({ kept });
  const exportAll = () =>
    setExporting({ selection: selectionBody(EVERYBODY, narrowing), count: total ?? 0 });

  useCommands(
    useMemo(
      () => [
        { id: "filter", label: t("filter.title"), icon: <Filter aria-hidden />, run: openFilters },
        {
          id: "columns",
          label: t("columns.title"),
          icon: <Columns3 aria-hidden />,
          run: () => setChoosing(true),
        },
        ...(edits
          ? [
              {
                id: "create",
                label: t("create.open"),
                icon: <Plus aria-hidden />,
                run: () => setCreating(true),
              },
            ]
          : []),
      ],
      [t, edits, openFilters],
    ),
  );

  return (
    <>
      <PageHeader
        title={t("title")}
        crumbs={[{ label: t("crumb") }]}
        facts={
          figures.data &&
          t("facts", {
            count: figures.data.count,
            n: format.number(figures.data.count),
            mrr: format.money(figures.data.mrrCents),
          })
        }
        actions={
          edits && (
            <>
              <Menu
                trigger={
                  <IconButton label={t("transfer.more")}>
                    <Ellipsis aria-hidden />
                  </IconButton>
                }
              >
                {manages && (
                  <MenuItem
                    icon={<FileUp aria-hidden />}
                    onSelect={() => void navigate({ to: "/clients/import" })}
                  >
                    {t("transfer.import")}
                  </MenuItem>
                )}
                <MenuItem icon={<Download aria-hidden />} onSelect={exportAll}>
                  {t("transfer.export")}
                </MenuItem>
                <MenuItem
                  icon={<ArrowLeftRight aria-hidden />}
                  onSelect={() => set({ reassign: "" }, { push: true })}
                >
                  {t("reassign.open")}
                </MenuItem>
              </Menu>
              <Button variant="primary" onClick={() => setCreating(true)}>
                <Plus aria-hidden />
                {t(phone ? "create.short" : "create.open")}
              </Button>
            </>
          )
        }
        tabs={
          <LinkTabs label={t("tabs.label")}>
            {TABS.map((name) => (
              <LinkTab
                key={name}
                to="/clients/advanced"
                search={(previous) => ({ ...(previous as AdvancedSearch), tab: name })}
                // The tab that opens by itself stands in no address: it says so itself.
                aria-current={search.tab === undefined && name === tab ? "page" : undefined}
                resetScroll={false}
                replace
                count={tabs.data && format.number(tabs.data[name])}
              >
                {t(`tabs.${name}`)}
              </LinkTab>
            ))}
          </LinkTabs>
        }
      />
      <div className="flex flex-col gap-4 max-md:gap-3">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <Views
            views={views}
            current={view}
            changed={now.changed}
            worth={worth}
            kept={kept}
            onOpen={openView}
            onNew={saveAs}
            onEdit={(one) => setNaming({ view: one })}
          />
          <div className="flex flex-wrap items-center gap-2 max-md:w-full">
            <LiveSearch
              value={search.q}
              onChange={(q) => set({ q })}
              aria-label={t("search.label")}
              placeholder={t("search.short")}
              className="w-56 max-md:w-auto max-md:min-w-40 max-md:flex-1"
            />
            <Button onClick={() => openFilters()} className="md:hidden">
              <SlidersHorizontal aria-hidden />
              {t("filter.short")}
            </Button>
            {(phone || now.layout === "cards") && (
              <SortField sort={now.sort} facts={facts} onSort={(sort) => set({ sort })} />
            )}
            <Segmented
              label={t("layout.label")}
              value={now.layout}
              onChange={(layout) => set({ layout })}
              options={LAYOUTS.map((value) => ({ value, label: t(`layout.${value}`) }))}
              className="max-md:hidden"
            />
            <Button onClick={() => setChoosing(true)} className="max-md:hidden">
              <Columns3 aria-hidden />
              {t("columns.open")}
            </Button>
          </div>
        </div>
        {search.view && views && !view && (
          <Notice
            title={t("views.gone")}
            action={
              <TextLink to="/clients/advanced" search={{ ...search, view: undefined }}>
                {t("views.goneAll")}
              </TextLink>
            }
          />
        )}
        {unread ? (
          <Notice
            title={t("filter.unread")}
            action={
              <Button
                variant="link"
                onClick={() => setFiltering({ tree: NOTHING, text: now.where, written: true })}
              >
                {t("filter.mend")}
              </Button>
            }
          >
            <code className="break-all">{now.where}</code>
            <p>{errorText(unread)}</p>
          </Notice>
        ) : (
          <Chips
            tree={tree}
            facts={byKey}
            onEdit={openFilters}
            onRemove={(path) => void apply(replace(tree, path, undefined))}
            onTurn={() => void apply(join(tree, [], joinedBy(tree) === "all" ? "any" : "all"))}
            onAdd={addFilter}
            onClear={() => where("")}
          />
        )}
        {/* Filters that do not read are said once, where they can be mended. */}
        {unread ? null : figures.error && !figures.data ? (
          <ErrorState
            title={t("figures.error")}
            error={figures.error}
            onRetry={() => void figures.refetch()}
          />
        ) : (
          <FiguresStrip
            figures={figures.data}
            computedAt={figures.dataUpdatedAt}
            stale={figures.isPlaceholderData}
            narrow={(text) => ({ ...search, tab, where: both(now.where, text) })}
          />
        )}
        {run && <RunCard key={run} id={run} facts={facts} onClose={() => setRun(undefined)} />}
      </div>
      <section
        aria-label={t("list.label")}
        hidden={unread !== undefined}
        className="mt-4 max-md:mt-3"
      >
        <p role="status" className="sr-only">
          {total !== undefined ? t("filter.count", { count: total, n: format.number(total) }) : ""}
        </p>
        <ClientTable
          list={list}
          columns={columns}
          facts={byKey}
          layout={now.layout}
          sort={now.sort}
          selection={selection}
          anchor={anchor}
          resetKey={JSON.stringify({ ...narrowing, sort: now.sort })}
          // In a workspace without clients no tab leaves anybody out.
          narrowed={
            now.where !== "" || search.q !== undefined || (tab !== "all" && tabs.data?.all !== 0)
          }
          onSort={(sort) => set({ sort })}
          onColumns={(next) => set({ columns: writeColumns(next) })}
          onSelect={setSelection}
          onClear={() => set({ ...UNFILTERED, where: view ? "" : undefined, tab: "all" })}
          onCreate={() => setCreating(true)}
        />
      </section>
      {count > 0 && edits && (
        <BulkBar
          count={count}
          total={total}
          archived={tab === "archived"}
          onAll={() => setSelection(() => EVERYBODY)}
          onAction={setActing}
          onExport={() => setExporting({ selection: selectionBody(selection, narrowing), count })}
          onClear={() => setSelection(() => NOBODY)}
        />
      )}
      <ExportSheet
        asked={exporting}
        columns={columns}
        facts={byKey}
        sort={now.sort}
        onClose={() => setExporting(undefined)}
      />
      <FilterSheet
        open={filtering}
        facts={facts}
        onClose={() => setFiltering(undefined)}
        onApply={where}
      />
      <ColumnsSheet
        open={choosing}
        onClose={() => setChoosing(false)}
        columns={columns}
        facts={facts}
        onChange={(next: ColumnChoice[] | undefined) =>
          set({ columns: writeColumns(next ?? shownColumns(undefined, facts)) })
        }
      />
      <CreateSheet open={creating} facts={facts} onClose={() => setCreating(false)} />
      <ViewSheet naming={naming} onClose={() => setNaming(undefined)} onSaved={openView} />
      <ReassignSheet
        open={edits && search.reassign !== undefined}
        from={search.reassign || undefined}
        facts={facts}
        onClose={() => set({ reassign: undefined })}
        onStarted={(id) => {
          set({ reassign: undefined });
          setRun(id);
        }}
      />
      <BulkSheet
        kind={acting}
        count={count}
        selection={selectionBody(selection, narrowing)}
        facts={facts}
        onClose={() => setActing(undefined)}
        onStarted={(id) => {
          setActing(undefined);
          setRun(id);
          setSelection(() => NOBODY);
        }}
      />
    </>
  );
}

const UNFILTERED: AdvancedSearch = {
  where: undefined,
  q: undefined,
  sort: undefined,
  columns: undefined,
  layout: undefined,
};

/** What is chosen, as long as the same clients are meant. */
function useSelection(meant: string) {
  const [state, setState] = useState<{ meant: string; selection: Selection }>({
    meant,
    selection: NOBODY,
  });
  const anchor = useRef<number>(undefined);
  const selection = state.meant === meant ? state.selection : NOBODY;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list has other rows
  useEffect(() => {
    anchor.current = undefined;
  }, [meant]);
  const setSelection = useCallback(
    (next: (before: Selection) => Selection) =>
      setState((before) => ({
        meant,
        selection: next(before.meant === meant ? before.selection : NOBODY),
      })),
    [meant],
  );
  return { selection, setSelection, anchor };
}
