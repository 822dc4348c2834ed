/** The trash, and what was erased: who is in the one can come back, who is in the other only once it is allowed. */
import {
  type InfiniteData,
  infiniteQueryOptions,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { Eraser, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { LoadMore, TextLink } from "@/components/ui/misc";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { toast, toastError } from "@/components/ui/toast";
import { api, type Narrow, type Schemas } from "@/lib/api";
import { useCan, useFormat } from "@/lib/session";
import { type Certificate, saveProof } from "./page-erase";
import { useRestore } from "./page-gone";

type Erasure = Narrow<
  Schemas["ErasureBody"],
  { kind: "client" | "contact"; certificate: Certificate }
>;
interface Page<T> {
  items: T[];
  nextCursor?: string | null;
}

const paged = <T,>(key: string, path: string) =>
  infiniteQueryOptions({
    queryKey: ["clients", key],
    queryFn: ({ signal, pageParam }) => api.get<Page<T>>(path, { cursor: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });
const trashQuery = paged<Schemas["TrashedBody"]>("trash", "/clients/trash");
const erasuresQuery = paged<Erasure>("erasures", "/erasures");

export function TrashPage() {
  const administer = useCan("administer");
  return (
    <div className="flex flex-col gap-4">
      <Trash />
      {administer && <Erasures />}
    </div>
  );
}

/** A list of the page: its title, how it loads, its rows, or what it says when it is empty. */
function Listed<T>({
  name,
  query,
  icon,
  children,
}: {
  name: "trash" | "erasures";
  query: UseInfiniteQueryResult<InfiniteData<Page<T>>>;
  icon: ReactNode;
  children: (item: T) => ReactNode;
}) {
  const { t } = useTranslation("client");
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card aria-labelledby={name}>
      <CardHeader id={name} title={t(`${name}.title`)} subtitle={t(`${name}.text`)} />
      {query.error ? (
        <ErrorState
          title={t(`${name}.error`)}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : query.isPending ? (
        <Loading className="p-4">
          <Skeleton className="h-16 w-full" />
        </Loading>
      ) : items.length === 0 ? (
        <EmptyState level={3} icon={icon} title={t(`${name}.none`)} />
      ) : (
        <ul className="divide-y divide-border border-border border-t">{items.map(children)}</ul>
      )}
      <LoadMore
        hasMore={query.hasNextPage}
        loading={query.isFetchingNextPage}
        onLoadMore={() => void query.fetchNextPage()}
      />
    </Card>
  );
}

function Trash() {
  const { t } = useTranslation("client");
  const format = useFormat();
  const manage = useCan("manage");
  const restore = useRestore();
  const query = useInfiniteQuery(trashQuery);
  return (
    <Listed name="trash" query={query} icon={<Trash2 aria-hidden />}>
      {(item) => (
        <li key={item.id} className="flex flex-wrap items-center gap-3 px-4 py-2">
          <span className="min-w-0 flex-1">
            <TextLink to="/clients/$id" params={{ id: item.id }}>
              {item.name}
            </TextLink>
            <span className="block text-ink-2 text-meta">
              {t("trash.until", {
                day: format.date(item.deletedAt),
                until: format.date(item.until),
              })}
            </span>
          </span>
          {manage && (
            <Button onClick={() => void restore(item).catch(toastError)}>
              {t("gone.restore")}
            </Button>
          )}
        </li>
      )}
    </Listed>
  );
}

function Erasures() {
  const { t } = useTranslation("client");
  const format = useFormat();
  const queries = useQueryClient();
  const query = useInfiniteQuery(erasuresQuery);
  async function allow(item: Erasure) {
    try {
      await api.post(`/erasures/${item.id}/allow`);
      await queries.invalidateQueries({ queryKey: erasuresQuery.queryKey });
      toast({ message: t("erasures.allowed") });
    } catch (error) {
      toastError(error);
    }
  }
  return (
    <Listed name="erasures" query={query} icon={<Eraser aria-hidden />}>
      {(item) => (
        <li key={item.id} className="flex flex-wrap items-center gap-3 px-4 py-2">
          <span className="min-w-0 flex-1">
            <span className="flex flex-wrap items-center gap-2 font-medium">
              {t(`erasures.kind.${item.kind}`)}
              {item.allowedAt && <Badge>{t("erasures.mayReturn")}</Badge>}
            </span>
            <span className="block text-ink-2 text-meta">
              {[
                format.dateTime(item.at),
                item.refusedAt &&
                  t("erasures.refused", {
                    count: item.refused,
                    n: format.number(item.refused),
                    day: format.date(item.refusedAt),
                  }),
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </span>
          <Button onClick={() => saveProof(item.certificate)}>{t("erase.save")}</Button>
          {!item.allowedAt && (
            <Button onClick={() => void allow(item)}>{t("erasures.allow")}</Button>
          )}
        </li>
      )}
    </Listed>
  );
}
