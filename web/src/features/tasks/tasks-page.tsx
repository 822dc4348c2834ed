/** One's day: what is overdue, what is for today, what comes later, what is done. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { ListChecks, Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommands } from "@/components/layout/commands";
import { PageHeader } from "@/components/layout/page-header";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { LoadMore, TextLink } from "@/components/ui/misc";
import { Segmented } from "@/components/ui/segmented";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { useCan, useFormat, useSession } from "@/lib/session";
import { useShortcuts } from "@/lib/shortcuts";
import { useUrlState } from "@/lib/use-url-state";
import { type Task, tasksQuery } from "./api";
import type { TasksSearch } from "./search";
import { byClient, byDay, type SectionKey, type TaskSection } from "./sections";
import { TaskRow } from "./task-row";
import { type Editing, TaskSheet } from "./task-sheet";

export function TasksPage() {
  const { t } = useTranslation("tasks");
  const format = useFormat();
  const may = useCan("edit");
  const { weekStart } = useSession().workspace;
  const [search, set] = useUrlState<TasksSearch>();
  const [editing, setEditing] = useState<Editing>();
  const query = useInfiniteQuery(tasksQuery({ owner: search.owner ?? "me" }));
  const first = query.data?.pages[0];
  const tasks = query.data?.pages.flatMap((page) => page.items) ?? [];
  const counts = first?.counts;
  const today = first?.today ?? format.today();
  const sections = search.group === "client" ? byClient(tasks) : byDay(tasks, today, weekStart);
  useShortcuts({ n: () => may && setEditing({}) });
  useCommands(
    useMemo(
      () =>
        may ? [{ id: "task-new", label: t("new"), icon: <Plus />, run: () => setEditing({}) }] : [],
      [may, t],
    ),
  );
  const facts = counts && [
    counts.overdue > 0 &&
      t("facts.overdue", { count: counts.overdue, n: format.number(counts.overdue) }),
    counts.today > 0 && t("facts.today", { count: counts.today, n: format.number(counts.today) }),
  ];
  return (
    <>
      <PageHeader
        title={t("title")}
        facts={facts && (facts.filter(Boolean).join(" · ") || t("facts.none"))}
        actions={
          <>
            <Segmented
              label={t("owner")}
              value={search.owner ?? "me"}
              onChange={(value) => set({ owner: value === "all" ? "all" : undefined })}
              options={[
                { value: "me", label: t("mine") },
                { value: "all", label: t("everyone") },
              ]}
            />
            <Segmented
              label={t("group")}
              value={search.group ?? "day"}
              onChange={(value) => set({ group: value === "client" ? "client" : undefined })}
              options={[
                { value: "day", label: t("byDay") },
                { value: "client", label: t("byClient") },
              ]}
            />
            {may && (
              <Button variant="primary" onClick={() => setEditing({})}>
                <Plus aria-hidden />
                {t("new")}
              </Button>
            )}
          </>
        }
      />
      <div className="flex flex-col gap-4 max-md:gap-3">
        {query.isError && !first ? (
          <ErrorState title={t("error")} error={query.error} onRetry={() => void query.refetch()} />
        ) : !first ? (
          <Loading className="flex flex-col gap-3">
            <Skeleton className="h-40 w-full" />
            <Skeleton className="h-40 w-full" />
          </Loading>
        ) : tasks.length === 0 ? (
          <Card>
            <EmptyState
              icon={<ListChecks aria-hidden />}
              title={t("empty.title")}
              text={t("empty.text")}
              actions={may && <Button onClick={() => setEditing({})}>{t("new")}</Button>}
              footer={<TextLink to="/clients/growth">{t("empty.actions")}</TextLink>}
            />
          </Card>
        ) : (
          sections.map((section) => (
            <Section
              key={section.key}
              section={section}
              today={today}
              showOwner={search.owner === "all"}
              grouped={search.group === "client"}
              onEdit={(task) => setEditing({ task })}
            />
          ))
        )}
        <LoadMore
          hasMore={query.hasNextPage}
          loading={query.isFetchingNextPage}
          onLoadMore={() => void query.fetchNextPage()}
        />
        {counts && counts.done > 0 && (
          <Done
            owner={search.owner ?? "me"}
            count={counts.done}
            shown={search.done === "show"}
            onShow={(shown) => set({ done: shown ? "show" : undefined })}
            today={today}
            onEdit={(task) => setEditing({ task })}
          />
        )}
        {tasks.length > 0 && <p className="text-ink-3 text-meta max-md:hidden">{t("keys")}</p>}
      </div>
      <TaskSheet editing={editing} onClose={() => setEditing(undefined)} />
    </>
  );
}

function Section({
  section,
  today,
  showOwner,
  grouped,
  onEdit,
}: {
  section: TaskSection;
  today: string;
  showOwner: boolean;
  grouped: boolean;
  onEdit: (task: Task) => void;
}) {
  const { t } = useTranslation("tasks");
  const format = useFormat();
  const id = `tasks-${section.key || "none"}`;
  return (
    <Card aria-labelledby={id}>
      <h2 id={id} className="flex items-baseline gap-2 px-4 pt-3 pb-2 font-semibold text-card">
        {!grouped ? (
          t(`section.${section.key as SectionKey}`)
        ) : section.client ? (
          <TextLink to="/clients/$id" params={{ id: section.client.id }} className="text-ink">
            {section.client.name}
          </TextLink>
        ) : (
          t("section.noClient")
        )}
        <span className="tnum font-normal text-body text-ink-3">
          {format.number(section.items.length)}
        </span>
      </h2>
      <ul className="divide-y divide-border border-border border-t">
        {section.items.map((task) => (
          <TaskRow
            key={task.id}
            task={task}
            today={today}
            hideClient={grouped}
            showOwner={showOwner}
            onEdit={() => onEdit(task)}
          />
        ))}
      </ul>
    </Card>
  );
}

function Done({
  owner,
  count,
  shown,
  onShow,
  today,
  onEdit,
}: {
  owner: string;
  count: number;
  shown: boolean;
  onShow: (shown: boolean) => void;
  today: string;
  onEdit: (task: Task) => void;
}) {
  const { t } = useTranslation("tasks");
  const format = useFormat();
  const query = useInfiniteQuery({ ...tasksQuery({ owner, when: "done" }), enabled: shown });
  const tasks = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <div>
        <Button variant="ghost" aria-expanded={shown} onClick={() => onShow(!shown)}>
          {shown ? t("hideDone") : t("showDone", { count, n: format.number(count) })}
        </Button>
      </div>
      {shown && tasks.length > 0 && (
        <Section
          section={{ key: "done", items: tasks }}
          today={today}
          showOwner={owner === "all"}
          grouped={false}
          onEdit={onEdit}
        />
      )}
      <LoadMore
        hasMore={shown && query.hasNextPage}
        loading={query.isFetchingNextPage}
        onLoadMore={() => void query.fetchNextPage()}
      />
    </>
  );
}
