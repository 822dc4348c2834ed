/** Two clients side by side: whose value of each field is kept, and what moves. It cannot be undone, and says so. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog-panel";
import { Field, FieldError } from "@/components/ui/field";
import { SearchInput } from "@/components/ui/input";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { toast } from "@/components/ui/toast";
import { api } from "@/lib/api";
import { useDebounced } from "@/lib/hooks";
import { errorCodeText, errorText } from "@/lib/i18n";
import { useFormat } from "@/lib/session";
import { type ClientDetail, type Compared, comparedQuery, duplicatesQuery } from "./api";
import { useShown } from "./page-conflict";
import { differing, MOVED, type Row } from "./page-merge";

interface Choice {
  id: string;
  name: string;
  externalId: string;
  domain?: string | null;
  like?: string;
}

export function MergeSheet({ client, onClose }: { client: ClientDetail; onClose: () => void }) {
  const { t } = useTranslation(["client", "common"]);
  const [other, setOther] = useState<Choice>();
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("merge.title", { name: client.name })}
      description={t("merge.text")}
    >
      {other ? (
        <Comparison
          client={client}
          other={other}
          onBack={() => setOther(undefined)}
          onClose={onClose}
        />
      ) : (
        <Pick client={client} onPick={setOther} />
      )}
    </Sheet>
  );
}

/** Which client is the same one: those that look like it, or any by its name. */
function Pick({ client, onPick }: { client: ClientDetail; onPick: (other: Choice) => void }) {
  const { t } = useTranslation("client");
  const [typed, setTyped] = useState("");
  const q = useDebounced(typed.trim());
  const likely = useQuery(duplicatesQuery(client.id));
  const search = useQuery({
    queryKey: ["clients", "merge", q],
    queryFn: ({ signal }) => api.get<{ items: Choice[] }>("/clients", { q, limit: 10 }, { signal }),
    enabled: q !== "",
  });
  const asked = q === "" ? likely : search;
  const items: Choice[] = (asked.data?.items ?? []).filter(({ id }) => id !== client.id);
  return (
    <div className="flex flex-col gap-4">
      <Field label={t("merge.search")}>
        <SearchInput value={typed} onChange={(event) => setTyped(event.target.value)} />
      </Field>
      {asked.error ? (
        <ErrorState title={t("merge.error")} error={asked.error} />
      ) : items.length === 0 && !asked.isPending ? (
        <p className="text-ink-2">{t(q === "" ? "merge.noneLikely" : "merge.noneFound")}</p>
      ) : (
        <ul className="flex flex-col gap-2">
          {items.map((item) => (
            <li key={item.id}>
              <button
                type="button"
                onClick={() => onPick(item)}
                className="w-full rounded-card border border-border px-3 py-2 text-left hover:border-border-strong hover:bg-sunken"
              >
                <span className="block break-words font-medium">{item.name}</span>
                <span className="block break-words text-ink-2 text-meta">
                  {[
                    item.externalId,
                    item.domain,
                    item.like && t(`merge.like.${item.like as "name"}`),
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Comparison({
  client,
  other,
  onBack,
  onClose,
}: {
  client: ClientDetail;
  other: Choice;
  onBack: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation(["client", "common"]);
  const queries = useQueryClient();
  const { data, error } = useQuery(comparedQuery(client.id, other.id));
  const [take, setTake] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  if (error) return <ErrorState title={t("merge.error")} error={error} />;
  if (!data) {
    return (
      <Loading>
        <Skeleton className="h-64 w-full" />
      </Loading>
    );
  }
  async function merge() {
    setBusy(true);
    setFailure(undefined);
    try {
      await api.post(`/clients/${client.id}/merge`, { with: other.id, take: [...take] });
      await queries.invalidateQueries({ queryKey: ["clients"] });
      toast({ message: t("merge.done", { name: other.name, into: client.name }) });
      onClose();
    } catch (refused) {
      setFailure(refused);
      setBusy(false);
    }
  }
  const choose = (key: string, theirs: boolean) => {
    const next = new Set(take);
    if (theirs) next.add(key);
    else next.delete(key);
    setTake(next);
  };
  return (
    <div className="flex flex-col gap-4">
      {data.obstacle && (
        <p role="alert" className="rounded-control bg-watch-soft px-3 py-2">
          {errorCodeText(data.obstacle)}
        </p>
      )}
      {differing(data).map((row) => (
        <FieldChoice
          key={row.key}
          row={row}
          names={[client.name, other.name]}
          theirs={take.has(row.key)}
          onChoose={(theirs) => choose(row.key, theirs)}
        />
      ))}
      <Moves compared={data} into={client.name} />
      <p className="text-ink-2">{t("merge.final", { id: data.other.externalId })}</p>
      {failure !== undefined && <FieldError>{errorText(failure)}</FieldError>}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onBack}>{t("merge.back")}</Button>
        {!data.obstacle && (
          <Button variant="primary" busy={busy} onClick={() => void merge()}>
            {t("merge.submit")}
          </Button>
        )}
      </div>
    </div>
  );
}

function FieldChoice({
  row,
  names,
  theirs,
  onChoose,
}: {
  row: Row;
  names: [string, string];
  theirs: boolean;
  onChoose: (theirs: boolean) => void;
}) {
  const { t } = useTranslation("client");
  const show = useShown();
  const id = useId();
  const text = (value: unknown) =>
    show(row.key, Array.isArray(value) ? value.join(", ") : (value as string | number | null));
  return (
    <fieldset className="rounded-card border border-border p-3">
      <legend className="px-1 font-medium">{row.label ?? t(`field.${row.key as "name"}`)}</legend>
      {[false, true].map((other) => (
        <label
          key={String(other)}
          className="flex min-h-9 cursor-pointer items-start gap-2 py-1 pointer-coarse:min-h-11"
        >
          <input
            type="radio"
            name={id}
            className="mt-1 size-4 accent-(--accent)"
            checked={theirs === other}
            onChange={() => onChoose(other)}
          />
          <span className="min-w-0">
            <span className="block break-words text-ink-2 text-meta">{names[other ? 1 : 0]}</span>
            <span className="block break-words font-medium">
              {text(other ? row.theirs : row.mine)}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** What hangs on the other and comes along, and what both pay together. */
function Moves({ compared, into }: { compared: Compared; into: string }) {
  const { t } = useTranslation("client");
  const format = useFormat();
  const id = useId();
  const moved = MOVED.filter((table) => compared.other.counts[table]);
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className="font-medium">
        {t("merge.moves", { name: into })}
      </h3>
      <dl className="mt-1 divide-y divide-border border-border border-y">
        {moved.map((table) => (
          <div key={table} className="flex justify-between gap-3 py-2">
            <dt className="text-ink-2">{t(`rows.${table}`)}</dt>
            <dd className="tnum font-medium">{format.number(compared.other.counts[table] ?? 0)}</dd>
          </div>
        ))}
        <div className="flex justify-between gap-3 py-2">
          <dt className="text-ink-2">{t("merge.mrr")}</dt>
          <dd className="tnum text-right font-medium">
            {format.money(compared.keep.mrrCents)} + {format.money(compared.other.mrrCents)} ={" "}
            {format.money(compared.keep.mrrCents + compared.other.mrrCents)}
          </dd>
        </div>
      </dl>
      {compared.keep.counts.journeys && compared.other.counts.journeys ? (
        <p className="mt-2 text-ink-2">{t("merge.journey", { name: into })}</p>
      ) : null}
    </section>
  );
}
