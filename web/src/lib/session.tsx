/** Who is signed in, in which workspace, and what that role may do. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useMemo } from "react";
import { api, type Narrow, type Schemas } from "./api";
import { type Format, type Locale, makeFormat } from "./format";
import { browserLocale, setLocale, useLocale } from "./i18n";
import { setTheme, type Theme } from "./theme";

export type Role = "owner" | "admin" | "manager" | "member" | "viewer";

/** The description has text where these are words of a list. */
export type Session = Narrow<
  Schemas["Session"],
  {
    user: Narrow<Schemas["SessionUser"], { locale?: Locale | null; theme: Theme }>;
    workspace: Narrow<Schemas["SessionWorkspace"], { role: Role; weekStart: "monday" | "sunday" }>;
    workspaces: Narrow<Schemas["SessionChoice"], { role: Role }>[];
  }
>;

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => api.get<Session>("/session", undefined, { signal }),
  staleTime: 5 * 60_000,
  retry: false,
});

/** Puts the person's own preferences in force. */
export async function applyPreferences(session: Session): Promise<void> {
  setTheme(session.user.theme);
  await setLocale(session.user.locale ?? browserLocale());
}

const RANK: Record<Role, number> = { viewer: 0, member: 1, manager: 2, admin: 3, owner: 4 };

/** The lowest role that may do each thing; the server decides in the end. */
const NEEDS = {
  read: "viewer",
  edit: "member",
  manage: "manager",
  administer: "admin",
  own: "owner",
} as const satisfies Record<string, Role>;
export type Action = keyof typeof NEEDS;

export function can(role: Role, action: Action): boolean {
  return RANK[role] >= RANK[NEEDS[action]];
}

const SessionContext = createContext<Session | null>(null);

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** Where the classes of health begin, by the profile of all clients whose segment has none of its own. */
export type HealthFloors = Schemas["SessionHealth"];

/** Outside a workspace, on pages for visitors, those of the built-in profile. */
const BUILT_IN: HealthFloors = { excellent: 80, good: 70, watch: 60 };

export const useHealthFloors = (): HealthFloors =>
  use(SessionContext)?.workspace.health ?? BUILT_IN;

export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error("useSession is for pages behind sign-in");
  return session;
}

export function useCan(action: Action): boolean {
  return can(useSession().workspace.role, action);
}

/** Numbers and dates in the language in use, the workspace's currency and its time zone. */
export function useFormat(): Format {
  const locale = useLocale();
  const workspace = use(SessionContext)?.workspace;
  const currency = workspace?.currency ?? "EUR";
  const timeZone = workspace?.timezone ?? "UTC";
  return useMemo(() => makeFormat({ locale, currency, timeZone }), [locale, currency, timeZone]);
}

/** Saves a preference; it is in force at once, and stays so even if saving fails. */
export function usePreferences() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (
      patch: Narrow<Schemas["ProfileForm"], { locale?: Locale; theme?: Theme }>,
    ) => {
      if (patch.theme) setTheme(patch.theme);
      if (patch.locale) await setLocale(patch.locale);
      await api.patch("/session", patch);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  });
}
