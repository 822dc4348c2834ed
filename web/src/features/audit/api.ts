/** The audit log: its entries, its filter in the URL, and whether the chain is whole. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, apiUrl, type Narrow, type Params, type Schemas } from "@/lib/api";
import { day, type RawSearch, text } from "@/lib/search";

type Fields = Record<string, unknown>;

// The description says nothing of free objects.
export type Entry = Narrow<
  Schemas["AuditEntry"],
  {
    actorKind: "person" | "token" | "system";
    origin: "api" | "cli" | "system";
    before?: Fields | null;
    after?: Fields | null;
  }
>;
export type Verdict = Narrow<
  Schemas["AuditVerdict"],
  { brokenReason?: "missing" | "hash" | "payload" | "end" | null }
>;

/** What the log is limited to; it stands in the URL. */
export interface AuditSearch {
  /** The id of a person or token. */
  person?: string;
  /** The first word of operations: `members`. */
  what?: string;
  /** The id of a thing. */
  object?: string;
  from?: string;
  to?: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const id = (value: unknown) => {
  const found = text(value, 36);
  return found && UUID.test(found) ? found : undefined;
};

export function auditSearch(search: RawSearch): AuditSearch {
  const what = text(search.what, 40);
  return {
    person: id(search.person),
    what: what && /^[a-z_]+$/.test(what) ? what : undefined,
    object: id(search.object),
    from: day(search.from),
    to: day(search.to),
  };
}

export const NO_FILTER: AuditSearch = {
  person: undefined,
  what: undefined,
  object: undefined,
  from: undefined,
  to: undefined,
};

const params = ({ person, what, object, from, to }: AuditSearch): Params => ({
  person,
  operation: what && `${what}.`,
  object,
  from,
  to,
});

export const auditQuery = (search: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ["audit", "list", search],
    queryFn: ({ pageParam, signal }) =>
      api.get<Narrow<Schemas["AuditPage"], { items: Entry[] }>>(
        "/audit",
        { ...params(search), cursor: pageParam },
        { signal },
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (previous) => previous,
  });

/** What the browser opens to keep the filtered list as a file. */
export const exportUrl = (search: AuditSearch) => apiUrl("/audit/export", params(search));

export const verdictQuery = queryOptions({
  queryKey: ["audit", "verdict"],
  queryFn: ({ signal }) => api.get<Verdict>("/audit/verify", undefined, { signal }),
});
export const verifyAll = () => api.get<Verdict>("/audit/verify", { full: true });

/** Who may stand in the log today; whoever has left is found by their entries. */
export const membersQuery = queryOptions({
  queryKey: ["members"],
  queryFn: ({ signal }) => api.get<Schemas["MemberList"]>("/members", undefined, { signal }),
});
export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: ({ signal }) => api.get<Schemas["TokenList"]>("/tokens", undefined, { signal }),
});
