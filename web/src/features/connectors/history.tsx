/** What was imported, when and by whom. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { FileUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { LoadMore, RelativeTime, TextLink } from "@/components/ui/misc";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { errorCodeText } from "@/lib/i18n";
import { useCan, useFormat, useSession } from "@/lib/session";
import { historyQuery, type Import } from "./api";
import { COUNTS } from "./counts";

export function History({ onOpen }: { onOpen?: (id: string) => void }) {
  const { t } = useTranslation("connectors");
  const { workspace } = useSession();
  const manages = useCan("manage") && !workspace.isDemo;
  const list = useInfiniteQuery(historyQuery);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card aria-label={t("history.title")}>
      <CardHeader
        title={t("history.title")}
        subtitle={t("history.text")}
        actions={
          manages &&
          !onOpen && (
            <TextLink to="/clients/import" className="inline-flex items-center gap-1.5">
              <FileUp className="size-4" aria-hidden />
              {t("history.import")}
            </TextLink>
          )
        }
      />
      <CardBody>
        {list.error ? (
          <ErrorState
            title={t("history.error")}
            error={list.error}
            onRetry={() => void list.refetch()}
          />
        ) : list.isPending ? (
          <Loading>
            <Skeleton className="h-16 w-full" />
          </Loading>
        ) : items.length === 0 ? (
          <p className="text-ink-2">{t("history.none")}</p>
        ) : (
          <ul className="divide-y divide-border">
            {items.map((item) => (
              <Row key={item.id} item={item} onOpen={manages ? onOpen : undefined} />
            ))}
          </ul>
        )}
        <LoadMore
          auto={false}
          hasMore={list.hasNextPage}
          loading={list.isFetchingNextPage}
          onLoadMore={() => void list.fetchNextPage()}
        />
      </CardBody>
    </Card>
  );
}

function Row({ item, onOpen }: { item: Import; onOpen?: (id: string) => void }) {
  const { t } = useTranslation("connectors");
  const format = useFormat();
  const waiting = item.state === "new" || item.state === "checked";
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex flex-wrap items-center gap-x-2">
          <span className="min-w-0 break-words font-medium">{item.fileName}</span>
          <Badge>{t(`history.states.${item.state}`)}</Badge>
        </p>
        <p className="text-ink-2 text-meta">
          <RelativeTime at={item.startedAt ?? item.uploadedAt} />{" "}
          {t("history.by", { name: item.by || t("history.machine") })}
        </p>
        {item.failure && <p className="text-ink-2 text-meta">{errorCodeText(item.failure)}</p>}
      </div>
      {item.done > 0 && (
        <p className="tnum min-w-0 text-ink-2">
          {COUNTS.map((name) =>
            t(`history.count.${name}`, { count: item[name], n: format.number(item[name]) }),
          ).join(", ")}
        </p>
      )}
      {onOpen && (
        <Button size="sm" onClick={() => onOpen(item.id)}>
          {t(waiting ? "history.resume" : "history.open")}
        </Button>
      )}
    </li>
  );
}
