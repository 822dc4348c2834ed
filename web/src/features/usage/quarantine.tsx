/** Records set aside: why, from where, the record itself; mend it, send it again or drop it. */
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, Pencil, RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Sheet } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { WatchGlyph } from "@/components/ui/health";
import { Textarea } from "@/components/ui/input";
import { LoadMore, RelativeTime } from "@/components/ui/misc";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { toast, toastError } from "@/components/ui/toast";
import { errorText } from "@/lib/i18n";
import { useCan, useFormat } from "@/lib/session";
import {
  dropOne,
  type Quarantined,
  quarantineQuery,
  type Replayed,
  replayAll,
  replayOne,
} from "./api";
import { isJson, pretty, reasonText, remedyText } from "./quarantine-words";

function useFresh() {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: ["quarantine"] });
    void client.invalidateQueries({ queryKey: ["ingestion"] });
  };
}

export function Quarantine() {
  const { t } = useTranslation("usage");
  const format = useFormat();
  const manage = useCan("manage");
  const fresh = useFresh();
  const query = useInfiniteQuery(quarantineQuery);
  /** Dropped, as long as it can be taken back. */
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [edited, setEdited] = useState<Quarantined | null>(null);
  const items = (query.data?.pages.flatMap((page) => page.items) ?? []).filter(
    (item) => !hidden.has(item.id),
  );
  const total = Math.max(0, (query.data?.pages[0]?.total ?? 0) - hidden.size);

  const every = useMutation({
    mutationFn: replayAll,
    onSuccess: (result) => {
      toast({
        message: `${t("quarantine.accepted", { count: result.accepted, n: format.number(result.accepted) })} ${t(
          "quarantine.still",
          { count: result.stillQuarantined, n: format.number(result.stillQuarantined) },
        )}`,
      });
      fresh();
    },
    onError: toastError,
  });

  function show(id: string) {
    setHidden((before) => new Set([...before].filter((item) => item !== id)));
  }
  function drop(item: Quarantined) {
    setHidden((before) => new Set([...before, item.id]));
    toast({
      message: t("quarantine.dropped"),
      undo: () => show(item.id),
      onGone: () => {
        dropOne(item.id)
          .then(fresh)
          .catch((error) => {
            show(item.id);
            toastError(error);
          });
      },
    });
  }

  if (query.error && !query.data) {
    return (
      <ErrorState
        title={t("quarantine.error")}
        error={query.error}
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (query.isPending) {
    return (
      <Loading className="flex flex-col gap-3">
        <Skeleton className="h-32 w-full" />
        <Skeleton className="h-32 w-full" />
      </Loading>
    );
  }
  if (items.length === 0 && !query.hasNextPage) {
    return (
      <Card>
        <EmptyState
          icon={<CircleCheck aria-hidden />}
          title={t("quarantine.none")}
          text={t("quarantine.noneText")}
        />
      </Card>
    );
  }
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-prose text-ink-2">
          {t("quarantine.intro", { count: total, n: format.number(total) })}{" "}
          {!manage && t("quarantine.role")}
        </p>
        {manage && (
          <Button busy={every.isPending} onClick={() => every.mutate()}>
            <RotateCcw aria-hidden />
            {t("quarantine.replayAll")}
          </Button>
        )}
      </div>
      <ul className="flex flex-col gap-3">
        {items.map((item) => (
          <li key={item.id}>
            <Item
              item={item}
              manage={manage}
              onEdit={() => setEdited(item)}
              onDrop={() => drop(item)}
            />
          </li>
        ))}
      </ul>
      <LoadMore
        hasMore={query.hasNextPage}
        loading={query.isFetchingNextPage}
        onLoadMore={() => void query.fetchNextPage()}
      />
      <Sheet
        open={edited !== null}
        onOpenChange={(open) => !open && setEdited(null)}
        className="md:w-[560px]"
        title={t("quarantine.editTitle")}
        description={edited ? reasonText(format, edited.code, edited.params) : undefined}
      >
        {edited && <Editor key={edited.id} item={edited} onDone={() => setEdited(null)} />}
      </Sheet>
    </>
  );
}

function Item({
  item,
  manage,
  onEdit,
  onDrop,
}: {
  item: Quarantined;
  manage: boolean;
  onEdit: () => void;
  onDrop: () => void;
}) {
  const { t } = useTranslation("usage");
  const format = useFormat();
  const fresh = useFresh();
  const [refused, setRefused] = useState<string | null>(null);
  const replay = useMutation({
    mutationFn: () => replayOne(item.id),
    onSuccess: (result) => {
      setRefused(
        result.accepted
          ? null
          : t("quarantine.refusedAgain", { reason: replayReason(format, result, item) }),
      );
      if (result.accepted) toast({ message: t("quarantine.acceptedOne") });
      fresh();
    },
    onError: (error) => setRefused(errorText(error)),
  });
  const reason = reasonText(format, item.code, item.params);
  const remedy = remedyText(item.code);
  return (
    <Card className="p-4">
      <div className="flex items-start gap-3">
        <WatchGlyph className="mt-0.5 size-4" />
        <div className="min-w-0 flex-1">
          <h2 className="break-words font-semibold">{reason}</h2>
          {remedy && <p className="text-ink-2">{remedy}</p>}
          <p className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-2 text-meta">
            <span>
              {t("quarantine.received")} <RelativeTime at={item.receivedAt} />
            </span>
            <span aria-hidden>·</span>
            <span>
              {item.source
                ? t("quarantine.source", { source: item.source })
                : t("quarantine.sourceNone")}
            </span>
            {item.tries > 0 && (
              <Badge>
                {t("quarantine.tries", { count: item.tries, n: format.number(item.tries) })}
              </Badge>
            )}
          </p>
        </div>
      </div>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
        tabIndex={0}
        role="group"
        aria-label={t("quarantine.record")}
        className="mt-3 max-h-48 overflow-auto whitespace-pre-wrap break-words rounded-control border border-border bg-sunken p-3 font-mono text-meta"
      >
        {pretty(item.raw)}
      </pre>
      {refused && (
        <div className="mt-2">
          <FieldError>{refused}</FieldError>
        </div>
      )}
      {manage && (
        <div className="mt-3 flex flex-wrap gap-2">
          <Button size="sm" onClick={onEdit}>
            <Pencil aria-hidden />
            {t("quarantine.edit")}
          </Button>
          <Button size="sm" busy={replay.isPending} onClick={() => replay.mutate()}>
            <RotateCcw aria-hidden />
            {t("quarantine.replay")}
          </Button>
          <Button size="sm" variant="danger" onClick={onDrop}>
            <Trash2 aria-hidden />
            {t("quarantine.drop")}
          </Button>
        </div>
      )}
    </Card>
  );
}

function replayReason(
  format: ReturnType<typeof useFormat>,
  result: Replayed,
  item: Quarantined,
): string {
  return reasonText(
    format,
    result.code ?? item.code,
    result.params ?? (result.code === item.code ? item.params : {}),
  );
}

function Editor({ item, onDone }: { item: Quarantined; onDone: () => void }) {
  const { t } = useTranslation("usage");
  const format = useFormat();
  const fresh = useFresh();
  const [text, setText] = useState(() => pretty(item.raw));
  const [error, setError] = useState<string | null>(null);
  const replay = useMutation({
    mutationFn: () => replayOne(item.id, text),
    onSuccess: (result) => {
      fresh();
      if (result.accepted) {
        toast({ message: t("quarantine.acceptedOne") });
        onDone();
      } else {
        setError(t("quarantine.refusedAgain", { reason: replayReason(format, result, item) }));
      }
    },
    onError: (cause) => setError(errorText(cause)),
  });
  const check = () => {
    const valid = isJson(text);
    setError(valid ? null : reasonText(format, "usage_invalid_json"));
    return valid;
  };
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (check()) replay.mutate();
        else event.currentTarget.querySelector("textarea")?.focus();
      }}
    >
      <Field label={t("quarantine.record")} help={remedyText(item.code)} error={error}>
        <Textarea
          value={text}
          spellCheck={false}
          rows={18}
          className="font-mono md:text-meta"
          onChange={(event) => {
            setText(event.target.value);
            setError(null);
          }}
          onBlur={check}
        />
      </Field>
      <Button type="submit" variant="primary" busy={replay.isPending} className="self-start">
        {t("quarantine.editReplay")}
      </Button>
    </form>
  );
}
