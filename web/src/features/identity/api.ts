/** Sign-in, links, people, tokens and the workspace's own settings. */
import { queryOptions } from "@tanstack/react-query";
import { api, type Narrow, type Schemas } from "@/lib/api";
import type { Role } from "@/lib/session";
import type { Holiday } from "./holidays";

// The description has text where these are words of a list.
export type LinkInfo = Narrow<
  Schemas["Link"],
  {
    purpose: "setup" | "sign_in" | "invite";
    role?: Role | null;
    account?: "new" | "password" | "link" | "signed_in" | null;
  }
>;
export type Member = Narrow<Schemas["Member"], { role: Role }>;
export type Invitation = Narrow<
  Schemas["MemberInvitation"],
  { role: Role; state: "waiting" | "expired" | "accepted" }
>;
export type OpenSession = Narrow<
  Schemas["OpenSession"],
  { device: "desktop" | "phone" | "tablet" | "unknown" }
>;
export type OwnWorkspace = Narrow<Schemas["OwnWorkspace"], { role: Role }>;
export type RoleTable = {
  roles: Role[];
  actions: Narrow<Schemas["RoleAction"], { leastRole: Role; roles: Role[] }>[];
};
export type Token = Narrow<Schemas["Token"], { kind: "api" | "write" }>;
export type Rate = Schemas["RateForm"];
export type Workspace = Narrow<
  Schemas["WorkspaceSettings"],
  { weekStart: "monday" | "sunday"; unknownGroups: "create" | "park" }
>;

// What is left out stays, or is not needed: the description has a default there, not an option.
export type LinkForm = Partial<Schemas["LinkForm"]>;
export type WorkspaceForm = Partial<Schemas["WorkspaceForm"]>;

/** Days that are not business days. */
export const holidaysQuery = queryOptions({
  queryKey: ["workspace", "holidays"],
  queryFn: ({ signal }) =>
    api.get<{ days: Holiday[] }>("/workspace/holidays", undefined, { signal }),
});
export const saveHolidays = (days: Holiday[]) =>
  api.put<{ days: Holiday[] }>("/workspace/holidays", { days });

export const ROLES: readonly Role[] = ["viewer", "member", "manager", "admin", "owner"];
export const rank = (role: Role) => ROLES.indexOf(role);

export const linkQuery = (token: string) =>
  queryOptions({
    queryKey: ["link", token],
    queryFn: ({ signal }) =>
      api.get<LinkInfo>(`/links/${encodeURIComponent(token)}`, undefined, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
export const consumeLink = (token: string, body: LinkForm) =>
  api.post(`/links/${encodeURIComponent(token)}`, body);

export const membersQuery = queryOptions({
  queryKey: ["members"],
  queryFn: ({ signal }) =>
    api.get<Narrow<Schemas["MemberList"], { items: Member[]; invitations: Invitation[] }>>(
      "/members",
      undefined,
      { signal },
    ),
});
export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: ({ signal }) => api.get<{ items: Token[] }>("/tokens", undefined, { signal }),
});
export const workspaceQuery = queryOptions({
  queryKey: ["workspace"],
  queryFn: ({ signal }) => api.get<Workspace>("/workspace", undefined, { signal }),
});
export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) => api.get<{ items: OpenSession[] }>("/sessions", undefined, { signal }),
});
export const memberSessionsQuery = (userId: string) =>
  queryOptions({
    queryKey: ["sessions", userId],
    queryFn: ({ signal }) =>
      api.get<{ items: OpenSession[] }>(`/members/${userId}/sessions`, undefined, { signal }),
  });
export const workspacesQuery = queryOptions({
  queryKey: ["workspaces"],
  queryFn: ({ signal }) => api.get<{ items: OwnWorkspace[] }>("/workspaces", undefined, { signal }),
});
/** The table of roles is part of the server: it changes with it. */
export const rolesQuery = queryOptions({
  queryKey: ["roles"],
  queryFn: ({ signal }) => api.get<RoleTable>("/roles", undefined, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
