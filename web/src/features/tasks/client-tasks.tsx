/** A client's tasks: a card for the side of its page, and the whole list. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { LoadMore, TextLink } from "@/components/ui/misc";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { useCan, useFormat } from "@/lib/session";
import { clientTasksQuery, tasksQuery } from "./api";
import { TaskRow } from "./task-row";
import { type Editing, TaskSheet } from "./task-sheet";

interface Props {
  client: { id: string; name: string };
}

export function ClientTasksCard({ client }: Props) {
  const { t } = useTranslation("tasks");
  const format = useFormat();
  const may = useCan("edit");
  const [editing, setEditing] = useState<Editing>();
  const { data, error, refetch } = useQuery(clientTasksQuery(client.id));
  const count = data ? data.counts.overdue + data.counts.today + data.counts.later : 0;
  return (
    <Card aria-labelledby="client-tasks-side">
      <CardHeader
        id="client-tasks-side"
        title={
          count === 0 ? t("client.none") : t("client.title", { count, n: format.number(count) })
        }
        actions={
          <>
            {count > 0 && (
              <TextLink to="/clients/$id" params={{ id: client.id }} search={{ tab: "tasks" }}>
                {t("client.all")}
              </TextLink>
            )}
            {may && (
              <Button size="sm" onClick={() => setEditing({ client })}>
                <Plus aria-hidden />
                {t("new")}
              </Button>
            )}
          </>
        }
      />
      {error && !data ? (
        <ErrorState
          className="mx-4 mb-4"
          title={t("error")}
          error={error}
          onRetry={() => void refetch()}
        />
      ) : (
        data &&
        count > 0 && (
          <ul className="divide-y divide-border border-border border-t">
            {data.items.slice(0, 3).map((task) => (
              <TaskRow
                key={task.id}
                task={task}
                today={data.today}
                hideClient
                onEdit={() => setEditing({ task })}
              />
            ))}
          </ul>
        )
      )}
      <TaskSheet editing={editing} onClose={() => setEditing(undefined)} />
    </Card>
  );
}

/** Makes a task for the client, from the top of its page. */
export function NewTask({ client }: Props) {
  const { t } = useTranslation("tasks");
  const [editing, setEditing] = useState<Editing>();
  return (
    <>
      <Button onClick={() => setEditing({ client })} className="max-md:hidden">
        <Plus aria-hidden />
        {t("new")}
      </Button>
      <TaskSheet editing={editing} onClose={() => setEditing(undefined)} />
    </>
  );
}

export function ClientTasks({ client }: Props) {
  const { t } = useTranslation("tasks");
  const format = useFormat();
  const may = useCan("edit");
  const [editing, setEditing] = useState<Editing>();
  const open = useInfiniteQuery(tasksQuery({ client: client.id, owner: "all" }));
  const done = useInfiniteQuery(tasksQuery({ client: client.id, owner: "all", when: "done" }));
  const first = open.data?.pages[0];
  if (open.isError && !first) {
    return <ErrorState title={t("error")} error={open.error} onRetry={() => void open.refetch()} />;
  }
  if (!first) {
    return (
      <Loading>
        <Skeleton className="h-40 w-full" />
      </Loading>
    );
  }
  const { counts } = first;
  const count = counts.overdue + counts.today + counts.later;
  const rows = (query: typeof open) => query.data?.pages.flatMap((page) => page.items) ?? [];
  const list = (query: typeof open) => (
    <>
      <ul className="divide-y divide-border border-border border-t">
        {rows(query).map((task) => (
          <TaskRow
            key={task.id}
            task={task}
            today={first.today}
            hideClient
            showOwner
            onEdit={() => setEditing({ task })}
          />
        ))}
      </ul>
      <LoadMore
        hasMore={query.hasNextPage}
        loading={query.isFetchingNextPage}
        onLoadMore={() => void query.fetchNextPage()}
      />
    </>
  );
  return (
    <div className="flex flex-col gap-4 max-md:gap-3">
      <Card aria-labelledby="client-tasks">
        <CardHeader
          id="client-tasks"
          title={
            count === 0 ? t("client.none") : t("client.title", { count, n: format.number(count) })
          }
          actions={
            may && (
              <Button onClick={() => setEditing({ client })}>
                <Plus aria-hidden />
                {t("new")}
              </Button>
            )
          }
        />
        {count > 0 && list(open)}
      </Card>
      {counts.done > 0 && (
        <Card aria-labelledby="client-tasks-done">
          <CardHeader id="client-tasks-done" title={t("section.done")} />
          {list(done)}
        </Card>
      )}
      <TaskSheet editing={editing} onClose={() => setEditing(undefined)} />
    </div>
  );
}
