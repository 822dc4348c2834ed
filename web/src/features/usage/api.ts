/** Usage of one client, and what comes in: write keys, hours, quarantine. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, type Narrow, type Schemas } from "@/lib/api";
import { addDays } from "@/lib/format";

export type Days = 30 | 90 | 365;

/** A day without use is left out. */
export type Usage = Schemas["UsageBody"];
export type WriteKey = Schemas["KeyBody"];
/** `endpoint` is where events are sent: "http://…/v1/batch". */
export type Ingestion = Schemas["IngestionBody"];
// The description says nothing of free objects.
/** `raw` is the record as it was received. */
export type Quarantined = Narrow<Schemas["QuarantineItem"], { params: Record<string, unknown> }>;
export type Replayed = Narrow<Schemas["Replayed"], { params: Record<string, unknown> }>;

/** Every day of the range, those without use included: equal lengths of time on the axis. */
export function everyDay(usage: Usage): Usage {
  const known = new Map(usage.days.map((day) => [day.day, day]));
  const days: Usage["days"] = [];
  for (let day = usage.from; day <= usage.to; day = addDays(day, 1))
    days.push(known.get(day) ?? { day, count: 0, users: 0 });
  return { ...usage, days };
}

export const usageQuery = (id: string, days: Days) =>
  queryOptions({
    queryKey: ["usage", id, days],
    queryFn: ({ signal }) => api.get<Usage>(`/clients/${id}/usage`, { days }, { signal }),
    select: everyDay,
    placeholderData: (previous) => previous,
  });

export const ingestionQuery = queryOptions({
  queryKey: ["ingestion"],
  queryFn: ({ signal }) => api.get<Ingestion>("/ingestion", undefined, { signal }),
});

export const quarantineQuery = infiniteQueryOptions({
  queryKey: ["quarantine"],
  queryFn: ({ signal, pageParam }) =>
    api.get<Narrow<Schemas["QuarantinePage"], { items: Quarantined[] }>>(
      "/quarantine",
      { limit: 30, cursor: pageParam },
      { signal },
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.nextCursor,
});

export const createKey = (name: string) =>
  api.post<Schemas["TokenSecret"]>("/tokens", {
    kind: "write",
    name,
  } satisfies Schemas["TokenForm"]);
export const revokeKey = (id: string) => api.delete(`/tokens/${id}`);

export const replayOne = (id: string, raw?: string) =>
  api.post<Replayed>(
    `/quarantine/${id}/replay`,
    (raw === undefined ? {} : { raw }) satisfies Partial<Schemas["ReplayBody"]>,
  );
export const replayAll = () => api.post<Schemas["ReplayedAll"]>("/quarantine/replay");
export const dropOne = (id: string) => api.delete(`/quarantine/${id}`);
